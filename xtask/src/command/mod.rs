//! The commands.

mod diff;
mod fetch;
mod fix;
mod json;
mod listing;
mod outcome;
mod regen;
mod rules;

pub use diff::Diff;
pub use fetch::Fetch;
pub use fix::Fix;
pub use regen::Regen;

use outcome::{File, FileState, Outcome, ReportForm, Reporting, command_line, counted};
