use std::{error, fmt, io};

use super::RowProblem;
use crate::Error;

/// How many rows a message names.
const SHOWN: usize = 10;

/// Why a [`BonusPlan`](super::BonusPlan) can't be made. Rows are named by their line or number,
/// never by their content.
///
/// It becomes an [`Error`] of the kind [`InvalidInput`](crate::ErrorKind::InvalidInput) by `?`.
#[derive(Debug)]
#[non_exhaustive]
pub enum PlanError {
    /// There is no bonus in it.
    Empty,
    /// It has more bonuses than it may.
    TooManyRows {
        /// How many it may have.
        limit: usize,
    },
    /// The file is larger than it may be.
    TooLarge {
        /// How many bytes it may have.
        limit: u64,
    },
    /// The file can't be read.
    Read(io::Error),
    /// The header of the file names no column of ids or of amounts, or one of them twice.
    Header(&'static str),
    /// Rows that can't be paid: all of them, in order.
    Rows(Vec<BadRow>),
    /// The sum has more digits than an amount may.
    TooMuch,
}

/// A row that can't be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadRow {
    /// The line of the file, from 1 and the header included; of bonuses that are not from a file
    /// their number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub problem: RowProblem,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no bonus to pay: give at least one"),
            Self::TooManyRows { limit } => {
                write!(f, "there are more than {limit} bonuses: split them, or raise `max_rows`")
            }
            Self::TooLarge { limit } => {
                write!(f, "the file is larger than {limit} bytes: split it, or raise `max_bytes`")
            }
            Self::Read(_) => f.write_str("the file can't be read"),
            Self::Header(why) => f.write_str(why),
            Self::Rows(rows) => rows_on_one_line(f, rows),
            Self::TooMuch => f.write_str("the sum of the bonuses has too many digits"),
        }
    }
}

fn rows_on_one_line(f: &mut fmt::Formatter<'_>, rows: &[BadRow]) -> fmt::Result {
    let noun = if rows.len() == 1 { "row" } else { "rows" };
    write!(f, "{} {noun} can't be paid", rows.len())?;
    for (index, BadRow { line, problem }) in rows.iter().take(SHOWN).enumerate() {
        let separator = if index == 0 { ": " } else { "; " };
        write!(f, "{separator}{line}: {problem}")?;
    }
    match rows.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, "; and {more} more"),
    }
}

impl error::Error for PlanError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            _ => None,
        }
    }
}

impl From<PlanError> for Error {
    fn from(error: PlanError) -> Self {
        Self::invalid_input(error.to_string()).caused_by(error)
    }
}
