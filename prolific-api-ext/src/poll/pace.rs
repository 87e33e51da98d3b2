use std::time::Duration;

use super::PollInterval;

/// How long a wait may take, and how often it looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) timeout: Duration,
    pub(super) interval: PollInterval,
}

impl Default for Pace {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(600), interval: PollInterval::default() }
    }
}
