//! The file that says what of a plan was paid, from which a run goes on that was killed.
//!
//! Each record is written, and synced, before what it announces is done: a payment is only sent once
//! its record stands. So a record that was torn by a crash announced nothing yet, and is cut off.

mod error;
mod file;
mod progress;
mod record;

pub use error::LedgerError;

pub(super) use file::Ledger;
pub(super) use progress::{PartState, Progress};
pub(super) use record::{Header, Record, VERSION, hex};
