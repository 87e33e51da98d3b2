use std::{fmt, future::IntoFuture, pin::Pin};

use super::{Pace, Wait, paced};
use crate::Result;

type Started<S> = Pin<Box<dyn Future<Output = Result<Wait<S>>> + Send>>;

/// Starts work on the server and waits for it to succeed. Awaiting it returns the final state.
/// Nothing is sent before the first poll; dropping it ends the wait, not the work.
#[must_use = "nothing is started until it is awaited"]
pub struct StartAndWait<S> {
    subject: String,
    start: Started<S>,
    pace: Pace,
    allows_partial: bool,
}

impl<S> StartAndWait<S> {
    /// `start` returns what to wait for.
    pub(crate) fn new(
        subject: String,
        start: impl Future<Output = Result<Wait<S>>> + Send + 'static,
    ) -> Self {
        Self { subject, start: Box::pin(start), pace: Pace::default(), allows_partial: false }
    }

    paced! { this => this.pace;
        /// Sets the timeout once it is started; see [`Wait::timeout`].
        timeout;
        /// Sets the pause between polls; see [`Wait::interval`].
        interval;
    }

    /// Returns the state even if only a part was done, instead of a
    /// [`Partial`](crate::ErrorKind::Partial) error; see [`Wait::allow_partial`].
    pub fn allow_partial(mut self) -> Self {
        self.allows_partial = true;
        self
    }
}

impl<S: Send + 'static> IntoFuture for StartAndWait<S> {
    type Output = Result<S>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<S>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { start, pace, allows_partial, .. } = self;
        Box::pin(async move { start.await?.at(pace).allowing(allows_partial).await })
    }
}

impl<S> fmt::Debug for StartAndWait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartAndWait")
            .field("for", &self.subject)
            .field("pace", &self.pace)
            .field("allows_partial", &self.allows_partial)
            .finish_non_exhaustive()
    }
}
