use std::time::Duration;

use super::PollInterval;

/// Timeout and interval of a wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) timeout: Duration,
    /// Default: that of the client.
    pub(crate) interval: Option<PollInterval>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(600), interval: None }
    }
}

/// Defines the setters of a wait, `timeout` and `interval`, each with the documentation before its
/// name. `this => place` is where its [`Pace`] is.
macro_rules! paced {
    (
        $this:ident => $pace:expr;
        $(#[$timeout:meta])* timeout;
        $(#[$interval:meta])* interval;
    ) => {
        $(#[$timeout])*
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            let $this = &mut self;
            $pace.timeout = timeout;
            self
        }

        $(#[$interval])*
        pub fn interval(mut self, interval: impl Into<$crate::poll::PollInterval>) -> Self {
            let $this = &mut self;
            $pace.interval = Some(interval.into());
            self
        }
    };
}

pub(crate) use paced;
