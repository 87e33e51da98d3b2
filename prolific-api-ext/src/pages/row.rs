use prolific_api::{Undecodable, read_json};

use super::{by_page::Row, list::List, seen::Key};
use crate::{Error, Result};

/// Converts rows into items.
pub(super) struct Reader<L: List, T> {
    pub(super) operation: &'static str,
    pub(super) read: fn(L::Row) -> Result<T>,
}

impl<L: List, T> Reader<L, T> {
    /// The item of a decoded row.
    pub(super) fn item(&self, row: L::Row) -> Result<Row<T>> {
        let key = match L::id(&row) {
            Some(id) => Key::of_id(id),
            None => Key::of_content(&serde_json::to_vec(&row).unwrap_or_default()),
        };
        let item = (self.read)(row)?;
        Ok(Row { key, item: Ok(item) })
    }

    /// The item of a row, or the error, with the JSON of the row.
    pub(super) fn loose_item(&self, at: usize, json: &str) -> Row<T> {
        let why = match read_json::<L::Row>(json.as_bytes()) {
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
