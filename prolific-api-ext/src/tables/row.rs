use std::{fmt, sync::Arc};

use csv::StringRecord;

use super::{Keyed, columns::Columns};

/// A row of a [`Table`](super::Table), with cells by column name. Hidden in `Debug`.
#[derive(Clone, PartialEq)]
pub struct Row {
    columns: Arc<Columns>,
    cells: StringRecord,
}

impl Row {
    pub(super) fn new(columns: Arc<Columns>, cells: StringRecord) -> Self {
        Self { columns, cells }
    }

    /// Returns a cell. `None` if there is no such column, or the row is too short.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(self.columns.position(column)?)
    }

    /// Returns the cells with their column names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.names().iter().zip(self.cells.iter())
    }

    /// A cell that is not empty.
    fn filled(&self, at: Option<usize>) -> Option<&str> {
        self.cells.get(at?).map(str::trim).filter(|cell| !cell.is_empty())
    }
}

impl Keyed for Row {
    /// The cell of the column `submission_id`, `Submission id` or the like.
    fn submission(&self) -> Option<&str> {
        self.filled(self.columns.submission())
    }

    /// The cell of the column `participant_id`, `Participant id` or the like.
    fn participant(&self) -> Option<&str> {
        self.filled(self.columns.participant())
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("cells", &self.cells.len()).finish_non_exhaustive()
    }
}
