use std::{fmt, future::IntoFuture, pin::Pin};

use super::{Pace, Updates, Wait, paced};
use crate::Result;

/// A wait that can succeed in more than one way. Awaiting it returns the outcome; otherwise it is
/// like a [`Wait`].
#[must_use = "a wait does nothing until it is awaited"]
pub struct OutcomeWait<S, T> {
    wait: Wait<S>,
    outcome: fn(S) -> Result<T>,
}

impl<S, T> OutcomeWait<S, T> {
    /// `outcome` converts a final state into the outcome.
    pub(crate) fn new(wait: Wait<S>, outcome: fn(S) -> Result<T>) -> Self {
        Self { wait, outcome }
    }

    pub(crate) fn at(mut self, pace: Pace) -> Self {
        self.wait.pace = pace;
        self
    }

    paced! { this => this.wait.pace;
        /// Sets the timeout; see [`Wait::timeout`].
        timeout;
        /// Sets the pause between polls; see [`Wait::interval`].
        interval;
    }

    /// Streams the states as they change, instead of the outcome; see [`Wait::updates`].
    pub fn updates(self) -> Updates<S> {
        self.wait.updates()
    }
}

impl<S: Send + 'static, T: 'static> IntoFuture for OutcomeWait<S, T> {
    type Output = Result<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { wait, outcome } = self;
        let end = wait.into_future();
        Box::pin(async move { outcome(end.await?) })
    }
}

impl<S, T> fmt::Debug for OutcomeWait<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wait.fmt(f)
    }
}
