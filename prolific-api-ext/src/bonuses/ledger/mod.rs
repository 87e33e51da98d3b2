//! The file that records which bonuses of a plan were paid, so that a killed run can continue.
//!
//! Each record is written and synced before the step that it announces: a payment is only sent once
//! its record is on disk. A record that was truncated by a crash therefore announced nothing yet,
//! and is removed.

mod error;
mod file;
mod progress;
mod record;

pub use error::LedgerError;

pub(super) use file::Ledger;
pub(super) use progress::{PartState, Progress};
pub(super) use record::{Header, Record, VERSION, hex};
