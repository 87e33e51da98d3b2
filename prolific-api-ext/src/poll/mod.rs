//! Waiting for work on the server.
//!
//! Every wait of this crate is a [`Wait`]: a poll that reads a state, and a test that says what the
//! state means. [`Wait::new`] builds your own.

mod interval;
mod many;
mod own;
mod pace;
mod schedule;
mod start;
mod term;
#[cfg(test)]
mod tests;
mod tracker;
mod wait;
mod watch;

pub use interval::PollInterval;
pub use many::{Settled, WaitMany};
pub use start::StartAndWait;
pub use wait::{Updates, Wait};
pub use watch::Standing;

pub(crate) use pace::{Pace, paced};
pub(crate) use watch::Watch;
