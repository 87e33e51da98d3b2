//! Waiting for what takes long on the server.

mod interval;
mod many;
#[cfg(test)]
mod simulated_clock;
mod wait;

pub use interval::PollInterval;
pub use many::{Settled, WaitMany};
pub use wait::{Updates, Wait};

pub(crate) use wait::{Look, Waiting};

/// A state of something that changes on the server.
pub trait State: Clone + PartialEq + Send + Sync + 'static {
    /// The state as the API writes it.
    fn as_str(&self) -> &str;

    /// Whether no other state follows.
    fn is_terminal(&self) -> bool;

    /// Whether it ended badly.
    fn is_failure(&self) -> bool;
}
