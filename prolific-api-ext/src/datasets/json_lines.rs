use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny, de::MapAccess, de::Visitor};

use crate::{Error, Result};

/// How many records the API documents that one request may have.
pub(super) const RECORDS_A_REQUEST: usize = 1_000;

/// Records as JSON lines, in the pieces that are sent. Each record was found to be an object.
#[derive(Debug, Default)]
pub(super) struct JsonLines {
    chunks: Vec<Chunk>,
    under_way: BytesMut,
    records: usize,
}

/// As many records as one request may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) lines: Bytes,
    pub(super) records: usize,
}

impl JsonLines {
    pub(super) fn of_items(items: impl IntoIterator<Item: Serialize>) -> Result<Vec<Chunk>> {
        let mut lines = Self::default();
        for (index, item) in items.into_iter().enumerate() {
            let place = || format!("record {}", index + 1);
            let mut json = serde_json::to_vec(&item).map_err(|error| {
                let what = format!("{} can't be written as JSON: {error}", place());
                Error::invalid_input(what).caused_by(error)
            })?;
            // JSON that an item has in it ready made may run over lines. A line break is white
            // space there: in a text it would be written as `\n`.
            json.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|b| *b = b' ');
            lines.add(&json, place)?;
        }
        Ok(lines.finish())
    }

    /// Blank lines are skipped, as the server does.
    pub(super) fn of_text(text: &[u8]) -> Result<Vec<Chunk>> {
        let mut lines = Self::default();
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let line = line.trim_ascii();
            if !line.is_empty() {
                lines.add(line, || format!("line {}", index + 1))?;
            }
        }
        Ok(lines.finish())
    }

    fn add(&mut self, json: &[u8], place: impl Fn() -> String) -> Result<()> {
        // What is skipped over is not looked at: that it is Unicode is to be found here.
        let text = std::str::from_utf8(json).map_err(|error| {
            Error::invalid_input(format!("{} is not UTF-8: {error}", place())).caused_by(error)
        })?;
        if let Err(error) = serde_json::from_str::<Object>(text) {
            let what = format!("{} is not a JSON object: {error}", place());
            return Err(Error::invalid_input(what).caused_by(error));
        }
        self.under_way.extend_from_slice(json);
        self.under_way.extend_from_slice(b"\n");
        self.records += 1;
        if self.records == RECORDS_A_REQUEST {
            self.close();
        }
        Ok(())
    }

    fn close(&mut self) {
        let lines = self.under_way.split().freeze();
        self.chunks.push(Chunk { lines, records: std::mem::take(&mut self.records) });
    }

    fn finish(mut self) -> Vec<Chunk> {
        if self.records > 0 {
            self.close();
        }
        self.chunks
    }
}

/// Any JSON object, of which nothing is kept.
struct Object;

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self)
    }
}

impl<'de> Visitor<'de> for Object {
    type Value = Self;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{json, value::RawValue};

    use super::{JsonLines, RECORDS_A_REQUEST};
    use crate::ErrorKind;

    fn text(records: usize) -> String {
        (0..records).map(|number| format!("{{\"n\":{number}}}\n")).collect()
    }

    #[test]
    fn records_are_split_at_the_limit_of_a_request() {
        for (records, chunks) in [
            (0, vec![]),
            (1, vec![1]),
            (999, vec![999]),
            (1_000, vec![1_000]),
            (1_001, vec![1_000, 1]),
            (2_500, vec![1_000, 1_000, 500]),
        ] {
            let of_text = JsonLines::of_text(text(records).as_bytes()).unwrap();
            let items = (0..records).map(|number| json!({ "n": number }));
            assert_eq!(JsonLines::of_items(items).unwrap(), of_text);
            let counts: Vec<_> = of_text.iter().map(|chunk| chunk.records).collect();
            assert_eq!(counts, chunks);
            let joined: Vec<u8> = of_text.iter().flat_map(|chunk| chunk.lines.to_vec()).collect();
            assert_eq!(joined, text(records).as_bytes());
        }
        assert_eq!(RECORDS_A_REQUEST, 1_000);
    }

    #[test]
    fn blank_lines_and_white_space_around_lines_are_left_out() {
        let chunks = JsonLines::of_text(b"\n {\"a\": 1}\r\n\t\n\r\n{\"b\":\"\\n\"}").unwrap();
        assert_eq!(chunks.len(), 1);
        assert_eq!(
            (&*chunks[0].lines, chunks[0].records),
            (&b"{\"a\": 1}\n{\"b\":\"\\n\"}\n"[..], 2)
        );
    }

    #[test]
    fn json_that_runs_over_lines_becomes_one() {
        let raw = RawValue::from_string("{\n \"a\":\r\n [1,\n2] }".to_owned()).unwrap();
        let chunks = JsonLines::of_items([raw]).unwrap();
        assert_eq!(&*chunks[0].lines, b"{  \"a\":   [1, 2] }\n");
    }

    #[test]
    fn what_is_no_object_is_refused_and_its_place_is_named() {
        for (line, why) in [
            ("[1]", "line 3 is not a JSON object: invalid type: sequence, expected an object"),
            ("7", "line 3 is not a JSON object"),
            ("a,b", "line 3 is not a JSON object: expected value"),
            ("{\"a\":", "line 3 is not a JSON object: EOF"),
            ("{} {}", "line 3 is not a JSON object: trailing characters"),
            ("\u{feff}{}", "line 3 is not a JSON object"),
        ] {
            let error = JsonLines::of_text(format!("{{}}\n\n{line}\n").as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains(why), "{error}");
        }
        let error = JsonLines::of_text(b"{\"a\":\"\xff\"}").unwrap_err();
        assert!(error.to_string().contains("line 1 is not UTF-8"), "{error}");
        let error = JsonLines::of_items([json!({}), json!(null)]).unwrap_err();
        assert!(error.to_string().contains("record 2 is not a JSON object"), "{error}");
    }

    #[test]
    fn an_item_that_can_not_be_written_is_refused_and_its_place_is_named() {
        let by_pair = std::collections::HashMap::from([((1, 2), 3)]);
        let error = JsonLines::of_items([by_pair]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("record 1 can't be written as JSON"), "{error}");
        assert!(std::error::Error::source(&error).is_some());
    }
}
