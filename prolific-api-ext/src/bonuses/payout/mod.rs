//! The payment of a plan, from its first request to its last, over as many runs as it takes.

mod builder;
mod error;
mod evidence;
mod report;
mod run;

pub use builder::Payout;
pub use error::{Doubt, PayoutError};
pub use report::{PaidBy, PaidPart, PayoutReport, PayoutStep, Resolution};
