//! What the API gives as CSV, as typed rows: demographics, submissions and credentials of a study.
//!
//! A [`Table`] is read row by row into types of your own, written to a file, or
//! [joined](Table::by_submission) with submissions or with answers. Its rows are about participants,
//! so that neither it nor a row shows them in `Debug`, and no error does.

mod columns;
mod index;
mod join;
mod keyed;
mod row;
mod table;

pub use index::Index;
pub use join::{Join, Joined};
pub use keyed::Keyed;
pub use row::Row;
pub use table::{Rows, Table};

/// How many rows are read of a table, and held of a list that is joined.
const MOST_ROWS: usize = 1_000_000;
