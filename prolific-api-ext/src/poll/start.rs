use std::{fmt, future::IntoFuture, pin::Pin, time::Duration};

use super::{PollInterval, Wait};
use crate::Result;

type Started<S> = Pin<Box<dyn Future<Output = Result<Wait<S>>> + Send>>;

/// Starts something on the server and waits for it to end well. Awaiting it gives the final
/// state. Nothing is sent before it is first polled; dropping it ends the wait, not what was
/// started.
#[must_use = "nothing is started until it is awaited"]
pub struct StartAndWait<S> {
    subject: String,
    start: Started<S>,
    timeout: Option<Duration>,
    interval: Option<PollInterval>,
}

impl<S> StartAndWait<S> {
    /// `start` gives what to wait for.
    pub(crate) fn new(
        subject: String,
        start: impl Future<Output = Result<Wait<S>>> + Send + 'static,
    ) -> Self {
        Self { subject, start: Box::pin(start), timeout: None, interval: None }
    }

    /// How long to wait at most, once it is started, as of [`Wait::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long to pause between looks, as of [`Wait::interval`].
    pub fn interval(mut self, interval: impl Into<PollInterval>) -> Self {
        self.interval = Some(interval.into());
        self
    }
}

impl<S: Send + 'static> IntoFuture for StartAndWait<S> {
    type Output = Result<S>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<S>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { start, timeout, interval, .. } = self;
        Box::pin(async move {
            let mut wait = start.await?;
            if let Some(timeout) = timeout {
                wait = wait.timeout(timeout);
            }
            if let Some(interval) = interval {
                wait = wait.interval(interval);
            }
            wait.await
        })
    }
}

impl<S> fmt::Debug for StartAndWait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartAndWait")
            .field("for", &self.subject)
            .field("timeout", &self.timeout)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}
