use std::{fmt, sync::Arc};

use csv::StringRecord;

/// A row of a [`Table`](super::Table), whose cells are had by the name of the column. `Debug` shows
/// no cell.
#[derive(Clone, PartialEq)]
pub struct Row {
    columns: Arc<StringRecord>,
    cells: StringRecord,
}

impl Row {
    pub(super) fn new(columns: Arc<StringRecord>, cells: StringRecord) -> Self {
        Self { columns, cells }
    }

    /// A cell. None where there is no such column, or the row is too short for it.
    pub fn get(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at)
    }

    /// The cells, each with the name of its column.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().zip(self.cells.iter())
    }

    /// A cell that is not empty, of a column whose name is this one but for capitals, blanks and
    /// underscores.
    pub(super) fn find(&self, column: &str) -> Option<&str> {
        let is_column = |name: &str| {
            let letters = name.chars().filter(|letter| letter.is_ascii_alphabetic());
            letters.map(|letter| letter.to_ascii_lowercase()).eq(column.chars())
        };
        let at = self.columns.iter().position(is_column)?;
        self.cells.get(at).map(str::trim).filter(|cell| !cell.is_empty())
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("cells", &self.cells.len()).finish_non_exhaustive()
    }
}
