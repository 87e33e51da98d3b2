use std::{fmt, sync::Arc, time::Duration};

use prolific_api::RetrySafety;
use reqwest::StatusCode;

use super::FailureKind;

/// Decides whether there is another attempt.
///
/// Whatever a policy says, a request whose body can't be sent again is not, and neither is an
/// operation that is [`Never`](RetrySafety::Never) to be repeated once it may have been sent.
pub trait RetryPolicy: fmt::Debug + Send + Sync + 'static {
    /// Whether to attempt again.
    fn should_retry(&self, failed: &FailedAttempt) -> bool;
}

impl<T: RetryPolicy + ?Sized> RetryPolicy for Arc<T> {
    fn should_retry(&self, failed: &FailedAttempt) -> bool {
        (**self).should_retry(failed)
    }
}

/// An attempt that failed.
///
/// # Examples
///
/// A policy of one's own, and a test of it:
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
    /// Which one it was; the first is 1.
    pub number: u32,
    /// Why it failed.
    pub kind: FailureKind,
    /// Whether the operation may be repeated.
    pub safety: RetrySafety,
    /// The operation, by its id in the document; none of one that is not documented.
    pub operation_id: Option<&'static str>,
    /// The status of the answer, if one came.
    pub status: Option<StatusCode>,
    /// How long the server asks to wait, if it does.
    pub retry_after: Option<Duration>,
    /// How long the call has taken so far.
    pub elapsed: Duration,
}

impl FailedAttempt {
    /// A first attempt that failed at once, without an answer: to test a policy with. Its fields
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
