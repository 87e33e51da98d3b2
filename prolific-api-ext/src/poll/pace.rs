use std::time::Duration;

use super::PollInterval;

/// How long a wait may take, and how often it looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) timeout: Duration,
    /// That of the client where nothing is said.
    pub(crate) interval: Option<PollInterval>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(600), interval: None }
    }
}

/// Makes the setters of whatever waits, `timeout` and `interval`, each with the documentation that
/// stands before its name; `this => place` says where its [`Pace`] is.
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
