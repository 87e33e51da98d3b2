use std::{any::Any, time::Duration};

use super::{Error, ErrorKind, doubt::acting};

/// The last state that a wait saw: its name, and the whole value.
pub(super) struct LastSeen {
    name: String,
    state: Box<dyn Any + Send + Sync>,
}

/// How a wait went that failed.
pub(crate) struct Course {
    pub(crate) operation: Option<&'static str>,
    pub(crate) looks: u32,
    pub(crate) elapsed: Duration,
    pub(crate) retry_after: Option<Duration>,
}

impl Error {
    /// Returns the last state that a wait saw, as the API writes it, whatever error ended the wait.
    /// `None` if no state was seen.
    pub fn last_state(&self) -> Option<&str> {
        self.0.last_seen.as_ref().map(|last| &*last.name)
    }

    /// Returns the last state that a wait saw, as the wait would have returned it, or the report of a
    /// call that was done [in part](ErrorKind::Partial). `None` if no state was seen, or the wait or
    /// the call returns another type than `S`.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::DatasetStatus;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.dataset(["ERROR"]);
    /// let error = prolific.datasets().wait_until_ready(&id).await.unwrap_err();
    /// assert_eq!(error.last_seen(), Some(&DatasetStatus::Error));
    /// # Ok(())
    /// # });
    /// ```
    pub fn last_seen<S: 'static>(&self) -> Option<&S> {
        self.0.last_seen.as_ref()?.state.downcast_ref()
    }

    pub(crate) fn of_wait(kind: ErrorKind, message: String, course: Course) -> Self {
        let mut error = Self::new(kind, message).of_some(course.operation);
        error.0.attempts = course.looks;
        error.0.elapsed = course.elapsed;
        error.0.retry_after = course.retry_after;
        error
    }

    /// An operation that was done in part.
    pub(crate) fn partial(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Partial, message)
    }

    /// An operation that was done in part. One that acts has acted.
    pub(crate) fn partly(operation: &'static str, message: impl Into<String>) -> Self {
        let mut error = Self::partial(message).of(operation);
        error.0.may_have_acted = acting(operation).is_some();
        error
    }

    /// An operation whose turn did not come in time.
    pub(crate) fn timeout(message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::Timeout, message);
        error.0.is_transient = true;
        error
    }

    /// A poll that the deadline of its wait ended.
    pub(crate) fn cut_off() -> Self {
        let mut error = Self::new(ErrorKind::Timeout, "cut off at the deadline of the wait");
        error.0.attempts = 1;
        error
    }

    pub(crate) fn with_last_seen<S: Send + Sync + 'static>(
        mut self,
        name: String,
        state: S,
    ) -> Self {
        self.0.last_seen = Some(LastSeen { name, state: Box::new(state) });
        self
    }
}
