//! The commands.

mod fix;
mod json;
mod outcome;
mod regen;
mod rules;

pub use fix::Fix;
pub use regen::Regen;

use outcome::{File, FileState, Outcome, Reporting};
