//! The records of a file or of an append, parsed and checked against a dataset.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Value, json};

use super::schema::{Schema, TASK_GROUP_COLUMN};

/// A parsed record: its fields by name.
pub(super) type Record = BTreeMap<String, Value>;

/// The maximum number of rejected records in a response.
const NAMED_ERRORS: usize = 1000;

/// The content of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Parsed {
    /// The accepted records, each as one line of JSON with its fields in order.
    pub(super) accepted: Vec<Box<str>>,
    pub(super) rejected: usize,
    /// The first rejections.
    pub(super) errors: Vec<RecordError>,
    pub(super) has_grouping: bool,
}

/// Why a record was rejected.
#[derive(Clone, Debug)]
pub(super) struct RecordError {
    index: usize,
    field: String,
    reason: String,
}

impl RecordError {
    pub(super) fn to_json(&self) -> Value {
        json!({ "record_index": self.index, "field": self.field, "reason": self.reason })
    }
}

/// The field name in the rejection of a line that is not a record.
const RAW: &str = "_raw";

impl Parsed {
    /// Parses lines of JSON, skipping blank ones. `first` is the index of the first record.
    pub(super) fn of_lines(body: &[u8], schema: Option<&Schema>, first: usize) -> Self {
        let mut parsed = Self::default();
        let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        for (index, line) in (first..).zip(lines) {
            let record = serde_json::from_slice(line);
            let record =
                record.map_err(|error| (RAW.to_owned(), format!("is not a JSON object: {error}")));
            parsed.take(index, record, schema);
        }
        parsed
    }

    /// Parses CSV with a header; indices count from 0.
    pub(super) fn of_csv(body: &[u8], schema: Option<&Schema>) -> Self {
        let text = String::from_utf8_lossy(body);
        let mut rows = csv_rows(text.strip_prefix('\u{feff}').unwrap_or(&text));
        let header = rows.next().unwrap_or_default();
        let has_grouping = header.iter().any(|name| name == TASK_GROUP_COLUMN);
        let mut parsed = Self { has_grouping, ..Self::default() };
        for (index, row) in rows.enumerate() {
            parsed.take(index, record_of(&header, &row), schema);
        }
        parsed
    }

    /// Content with only file names.
    pub(super) fn of_names(names: Vec<String>) -> Self {
        let accepted =
            names.iter().map(|name| json!({ "filename": name }).to_string().into()).collect();
        Self { accepted, ..Self::default() }
    }

    fn take(
        &mut self,
        index: usize,
        record: Result<Record, (String, String)>,
        schema: Option<&Schema>,
    ) {
        let checked = record.and_then(|record| match schema {
            Some(schema) => schema.check(record),
            None => Ok(record),
        });
        match checked {
            Ok(record) => {
                let line = serde_json::to_string(&record).unwrap_or_default();
                self.accepted.push(line.into());
            }
            Err((field, reason)) => {
                self.rejected += 1;
                if self.errors.len() < NAMED_ERRORS {
                    self.errors.push(RecordError { index, field, reason });
                }
            }
        }
    }

    /// The total number of records.
    pub(super) fn count(&self) -> usize {
        self.accepted.len() + self.rejected
    }
}

fn record_of(header: &[Cow<'_, str>], row: &[Cow<'_, str>]) -> Result<Record, (String, String)> {
    if header.len() != row.len() {
        let reason = format!("has {} values for {} columns", row.len(), header.len());
        return Err((RAW.to_owned(), reason));
    }
    let fields = header.iter().zip(row).filter(|(_, value)| !value.is_empty());
    Ok(fields.map(|(name, value)| (name.to_string(), Value::String(value.to_string()))).collect())
}

/// The rows of CSV according to RFC 4180, without blank lines.
fn csv_rows(text: &str) -> impl Iterator<Item = Vec<Cow<'_, str>>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(['\r', '\n']);
        let mut row = Vec::new();
        while !rest.is_empty() || !row.is_empty() {
            let (value, after) = csv_value(rest);
            row.push(value);
            match after.strip_prefix(',') {
                Some(more) => rest = more,
                None => {
                    rest = after;
                    return Some(row);
                }
            }
            if rest.is_empty() {
                row.push(Cow::Borrowed(""));
                return Some(row);
            }
        }
        None
    })
}

/// The first value of a text, and the delimiter after it: a comma, the end of a line or nothing.
fn csv_value(text: &str) -> (Cow<'_, str>, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', '\r', '\n']).unwrap_or(text.len());
        return (Cow::Borrowed(&text[..end]), &text[end..]);
    };
    let mut end = 0;
    while let Some(quote) = quoted[end..].find('"') {
        end += quote;
        if !quoted[end + 1..].starts_with('"') {
            let after = &quoted[end + 1..];
            let skipped = after.find([',', '\r', '\n']).unwrap_or(after.len());
            return (Cow::Owned(quoted[..end].replace("\"\"", "\"")), &after[skipped..]);
        }
        end += 2;
    }
    (Cow::Owned(quoted.replace("\"\"", "\"")), "")
}

#[cfg(test)]
mod tests {
    use super::{Parsed, csv_rows};

    #[test]
    fn csv_is_read_with_quotes_and_line_ends_of_both_kinds() {
        let text = "a,b\r\n\"x, \"\"y\"\"\nz\",2\n\n,\n\"\",last";
        let rows: Vec<_> = csv_rows(text).collect();
        let expected: [&[&str]; 4] = [&["a", "b"], &["x, \"y\"\nz", "2"], &["", ""], &["", "last"]];
        assert_eq!(rows, expected);
        assert_eq!(csv_rows("a,").collect::<Vec<_>>(), [["a", ""]]);
        assert_eq!(csv_rows("").count(), 0);
    }

    #[test]
    fn a_line_that_is_no_record_is_refused_alone() {
        let parsed = Parsed::of_lines(b"{\"b\":1,\"a\":2}\n\nnot json\n[1]\r\n{}", None, 1);
        assert_eq!(parsed.accepted[0].as_ref(), "{\"a\":2,\"b\":1}");
        assert_eq!((parsed.accepted.len(), parsed.rejected, parsed.count()), (2, 2, 4));
        let error = parsed.errors[0].to_json();
        assert_eq!((&error["record_index"], &error["field"]), (&2.into(), &"_raw".into()));
    }

    #[test]
    fn a_row_of_another_width_is_refused_alone() {
        let parsed = Parsed::of_csv("\u{feff}a,META_TASK_GROUP_ID\n1,g\n2\n".as_bytes(), None);
        assert_eq!((parsed.accepted.len(), parsed.rejected), (1, 1));
        assert!(parsed.has_grouping);
        assert_eq!(parsed.accepted[0].as_ref(), "{\"META_TASK_GROUP_ID\":\"g\",\"a\":\"1\"}");
    }
}
