use std::{fmt, time::Duration};

use prolific_api::RetrySafety;

use super::FailureKind;

/// Decides whether there is another attempt.
///
/// Whatever a policy says, a request whose body can't be sent again is not, and neither is an
/// operation that is [`Never`](RetrySafety::Never) to be repeated once it may have been sent.
pub trait RetryPolicy: fmt::Debug + Send + Sync + 'static {
    /// Whether to attempt again.
    fn should_retry(&self, failed: &FailedAttempt) -> bool;
}

/// An attempt that failed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FailedAttempt {
    /// Which one it was; the first is 1.
    pub number: u32,
    /// Why it failed.
    pub kind: FailureKind,
    /// Whether the operation may be repeated.
    pub safety: RetrySafety,
    /// How long the call has taken so far.
    pub elapsed: Duration,
}

/// The default policy: at most 4 attempts, and only where
/// [`FailureKind::may_be_retried`] says so.
#[derive(Clone, Copy, Debug)]
pub struct StandardRetry {
    max_attempts: u32,
}

impl StandardRetry {
    /// At most so many attempts, the first one counted. Less than 1 is taken for 1.
    pub fn max_attempts(max_attempts: u32) -> Self {
        Self { max_attempts: max_attempts.max(1) }
    }
}

impl Default for StandardRetry {
    fn default() -> Self {
        Self::max_attempts(4)
    }
}

impl RetryPolicy for StandardRetry {
    fn should_retry(&self, failed: &FailedAttempt) -> bool {
        failed.number < self.max_attempts && failed.kind.may_be_retried(failed.safety)
    }
}

/// One attempt and no more.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRetry;

impl RetryPolicy for NoRetry {
    fn should_retry(&self, _: &FailedAttempt) -> bool {
        false
    }
}
