use std::{any::Any, time::Duration};

use super::{Error, ErrorKind};

/// What was last seen of what was waited for: its name, and all that the look gave.
pub(super) struct LastSeen {
    name: String,
    state: Box<dyn Any + Send + Sync>,
}

/// How a wait went that did not end well.
pub(crate) struct Course {
    pub(crate) operation: Option<&'static str>,
    pub(crate) looks: u32,
    pub(crate) elapsed: Duration,
    pub(crate) retry_after: Option<Duration>,
}

impl Error {
    /// The last state that was seen of what was waited for, as the API writes it. An error that
    /// ended a wait has it whatever its kind, if any state was seen.
    pub fn last_state(&self) -> Option<&str> {
        self.0.last_seen.as_ref().map(|last| &*last.name)
    }

    /// The last state that was seen of what was waited for, as the wait would have given it. None
    /// where no state was seen, or `S` is not what the wait gives.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::DatasetStatus;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.dataset(["ERROR"]);
    /// let error = prolific.datasets().wait_until_ready(&id).await.unwrap_err();
    /// assert_eq!(error.last_seen(), Some(&DatasetStatus::Error));
    /// # Ok(())
    /// # }
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

    /// Something that was done in part.
    pub(crate) fn partial(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Partial, message)
    }

    /// Something that had to wait too long to be sent.
    pub(crate) fn timeout(message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::Timeout, message);
        error.0.is_transient = true;
        error
    }

    /// A look that the deadline of its wait ended.
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
