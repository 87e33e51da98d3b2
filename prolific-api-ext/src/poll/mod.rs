//! Waiting for what takes long on the server.

mod interval;
mod many;
mod outcome;
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
pub use outcome::OutcomeWait;
pub use start::StartAndWait;
pub use wait::{Updates, Wait};

pub(crate) use pace::{Pace, paced};
pub(crate) use watch::{Standing, Watch};
