//! CSV downloads as typed rows: demographics, submissions and credentials of a study.
//!
//! A [`Table`] can be read row by row into your own types, written to a file, or
//! [joined](Table::by_submission) with submissions or responses. Rows are personal data: neither
//! `Debug` nor an error shows their contents.

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

/// The maximum number of rows of a table, and of rows held of a joined list.
const MOST_ROWS: usize = 1_000_000;
