use std::{fmt, future::IntoFuture, pin::Pin};

use super::{Pace, Wait, paced};
use crate::Result;

type Started<S> = Pin<Box<dyn Future<Output = Result<Wait<S>>> + Send>>;

/// Starts something on the server and waits for it to end well. Awaiting it gives the final
/// state. Nothing is sent before it is first polled; dropping it ends the wait, not what was
/// started.
#[must_use = "nothing is started until it is awaited"]
pub struct StartAndWait<S> {
    subject: String,
    start: Started<S>,
    pace: Pace,
}

impl<S> StartAndWait<S> {
    /// `start` gives what to wait for.
    pub(crate) fn new(
        subject: String,
        start: impl Future<Output = Result<Wait<S>>> + Send + 'static,
    ) -> Self {
        Self { subject, start: Box::pin(start), pace: Pace::default() }
    }

    paced! { this => this.pace;
        /// How long to wait at most, once it is started, as of [`Wait::timeout`].
        timeout;
        /// How long to pause between looks, as of [`Wait::interval`].
        interval;
    }
}

impl<S: Send + 'static> IntoFuture for StartAndWait<S> {
    type Output = Result<S>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<S>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { start, pace, .. } = self;
        Box::pin(async move { start.await?.at(pace).await })
    }
}

impl<S> fmt::Debug for StartAndWait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartAndWait")
            .field("for", &self.subject)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}
