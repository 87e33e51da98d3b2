use prolific_api::Undecodable;
use serde::de::DeserializeOwned;

use super::{by_page::Row, list::List, seen::Key};
use crate::{Error, Result};

/// Makes items of rows.
pub(super) struct Reader<L: List, T> {
    pub(super) operation: &'static str,
    pub(super) read: fn(L::Row) -> Result<T>,
}

impl<L: List, T> Reader<L, T> {
    /// The item of a row that could be decoded.
    pub(super) fn item(&self, row: L::Row) -> Result<Row<T>> {
        let key = match L::id(&row) {
            Some(id) => Key::of_id(id),
            None => Key::of_content(&serde_json::to_vec(&row).unwrap_or_default()),
        };
        let item = (self.read)(row)?;
        Ok(Row { key, item: Ok(item) })
    }

    /// The item of a row, or why there is none, with the JSON of the row.
    pub(super) fn loose_item(&self, at: usize, json: &str) -> Row<T> {
        let why = match decode::<L::Row>(json) {
            Ok(row) => match self.item(row) {
                Ok(row) => return row,
                Err(error) => error,
            },
            Err(error) => Error::unexpected(Undecodable::new(error).to_string()),
        };
        let item = Err(Error::unreadable_row(at, &why, json).of(self.operation));
        Row { key: Key::of_content(json.as_bytes()), item }
    }
}

/// A row of JSON; halves of characters in it, which texts that were cut have, become U+FFFD.
fn decode<R: DeserializeOwned>(json: &str) -> serde_json::Result<R> {
    serde_json::from_slice(json.as_bytes()).or_else(|error| match with_whole_characters(json) {
        Some(mended) => serde_json::from_slice(mended.as_bytes()),
        None => Err(error),
    })
}

/// The JSON with U+FFFD in the place of every escaped surrogate that stands alone, if any does.
fn with_whole_characters(json: &str) -> Option<String> {
    let mut mended = String::new();
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let length = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                mended.push_str("\\ufffd");
                rest = &escape[6..];
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 1 + escape[1..].chars().next().map_or(0, char::len_utf8),
        };
        let (kept, after) = escape.split_at(length);
        mended.push_str(kept);
        rest = after;
    }
    mended.push_str(rest);
    (mended != json).then_some(mended)
}

/// The unit of UTF-16 that an escape stands for.
fn unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::with_whole_characters;

    #[test]
    fn halves_of_characters_become_replacement_characters_and_nothing_else_does() {
        let table = [
            (r#""nice \ud83d""#, Some(r#""nice \ufffd""#)),
            (r#""\ude00 \uD83D\uD83D\uDE00""#, Some(r#""\ufffd \ufffd\uD83D\uDE00""#)),
            (r#""\ud83d\ude00""#, None),
            (r#""\\ud83d""#, None),
            (r#""\\\ud83d""#, Some(r#""\\\ufffd""#)),
            (r#""é \" ü""#, None),
            (r#""\ud83"#, None),
            (r#""\"#, None),
        ];
        for (json, mended) in table {
            assert_eq!(with_whole_characters(json).as_deref(), mended, "{json}");
        }
    }
}
