use std::{fmt, future::IntoFuture, pin::Pin};

use super::{Pace, Updates, Wait, paced};
use crate::Result;

/// A wait for something that can end well in more than one way. Awaiting it gives what came of
/// it; all else is as with a [`Wait`].
#[must_use = "a wait does nothing until it is awaited"]
pub struct OutcomeWait<S, T> {
    wait: Wait<S>,
    outcome: fn(S) -> Result<T>,
}

impl<S, T> OutcomeWait<S, T> {
    /// `outcome` makes of a state that ended well what came of it.
    pub(crate) fn new(wait: Wait<S>, outcome: fn(S) -> Result<T>) -> Self {
        Self { wait, outcome }
    }

    pub(crate) fn at(mut self, pace: Pace) -> Self {
        self.wait.pace = pace;
        self
    }

    paced! { this => this.wait.pace;
        /// How long to wait at most; see [`Wait::timeout`].
        timeout;
        /// How long to pause between looks; see [`Wait::interval`].
        interval;
    }

    /// The states as they change, in the place of the outcome; see [`Wait::updates`].
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
