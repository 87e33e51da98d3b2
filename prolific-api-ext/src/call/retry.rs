use std::{fmt, sync::Arc, time::Duration};

use prolific_api::RetrySafety;
use reqwest::StatusCode;

use super::FailureKind;

/// Decides whether to retry after a failed attempt. Implement it for a policy of your own, and set
/// it with [`ProlificBuilder::retry_policy`](crate::ProlificBuilder::retry_policy).
///
/// Whatever a policy says, a request whose body can't be sent again is not retried, nor is an
/// operation that must [`Never`](RetrySafety::Never) be repeated once it may have been sent.
pub trait RetryPolicy: fmt::Debug + Send + Sync + 'static {
    /// Returns `true` to make another attempt.
    fn should_retry(&self, failed: &FailedAttempt) -> bool;
}

impl<T: RetryPolicy + ?Sized> RetryPolicy for Arc<T> {
    fn should_retry(&self, failed: &FailedAttempt) -> bool {
        (**self).should_retry(failed)
    }
}

/// A failed attempt.
///
/// # Examples
///
/// A policy of your own, with a test:
///
/// ```
/// use prolific_api_ext::{FailedAttempt, FailureKind, RetryPolicy, RetrySafety};
///
/// #[derive(Debug)]
/// struct TwiceWhenBusy;
///
/// impl RetryPolicy for TwiceWhenBusy {
///     fn should_retry(&self, failed: &FailedAttempt) -> bool {
///         failed.number < 3 && failed.kind == FailureKind::RateLimited
///     }
/// }
///
/// let mut failed = FailedAttempt::new(FailureKind::RateLimited, RetrySafety::Safe);
/// assert!(TwiceWhenBusy.should_retry(&failed));
/// failed.number = 3;
/// assert!(!TwiceWhenBusy.should_retry(&failed));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedAttempt {
    /// The number of the attempt, starting at 1.
    pub number: u32,
    /// Why it failed.
    pub kind: FailureKind,
    /// Whether the operation may be repeated.
    pub safety: RetrySafety,
    /// The operation, by its id in the document. `None` for an undocumented one.
    pub operation_id: Option<&'static str>,
    /// The status of the response, if there was one.
    pub status: Option<StatusCode>,
    /// How long the server asks to wait, if it does.
    pub retry_after: Option<Duration>,
    /// The duration of the call so far.
    pub elapsed: Duration,
}

impl FailedAttempt {
    /// A first attempt that failed at once without a response, to test a policy with. Its fields
    /// can be set.
    pub fn new(kind: FailureKind, safety: RetrySafety) -> Self {
        Self {
            number: 1,
            kind,
            safety,
            operation_id: None,
            status: None,
            retry_after: None,
            elapsed: Duration::ZERO,
        }
    }
}

/// The default policy: up to 4 attempts, as far as [`FailureKind::may_be_retried`] allows.
#[derive(Clone, Copy, Debug)]
pub struct StandardRetry {
    max_attempts: u32,
}

impl StandardRetry {
    /// Allows this many attempts, including the first. Less than 1 counts as 1.
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

/// Allows a single attempt.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRetry;

impl RetryPolicy for NoRetry {
    fn should_retry(&self, _: &FailedAttempt) -> bool {
        false
    }
}
