use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::{Stream, stream::FusedStream};
use futures_util::StreamExt;

use super::{
    Pace, Watch, paced,
    schedule::{Event, Items, Plan},
};
use crate::{Prolific, Result};

/// The default number of concurrent polls.
const CONCURRENCY: usize = 64;

/// A wait for many things at once, such as all datasets of a workspace. [`settled`](Self::settled)
/// streams each result as it arrives. Prefer it to many single waits: it shares the client's rate
/// limit fairly among them.
///
/// Runs as a single task; an idle wait costs a few hundred bytes. Polls run in the order in which
/// they are due, so none starves. Nothing starts before the stream is first polled.
#[must_use = "a wait does nothing until its stream is polled"]
pub struct WaitMany<K: 'static, S: 'static>(Plan<K, S>);

impl<K, S> WaitMany<K, S> {
    pub(crate) fn new(
        prolific: Prolific,
        watch: &'static Watch<K, S>,
        keys: impl IntoIterator<Item = K>,
    ) -> Self {
        let keys = keys.into_iter().collect();
        let (pace, allows_partial) = (Pace::default(), false);
        Self(Plan { prolific, watch, keys, pace, allows_partial, concurrency: CONCURRENCY })
    }

    paced! { this => this.0.pace;
        /// Sets the timeout of all waits together, from the first poll of the stream. Default: 10
        /// minutes. Time in which the stream is ready and nobody polls it does not count, so you
        /// can take your time for each item.
        timeout;
        /// Sets the pause between polls of one thing: a range, `shortest..=longest`, or one
        /// [`Duration`](std::time::Duration). Default: 1 to 10 seconds. If a server refuses a poll
        /// and asks for a longer pause, that is used.
        interval;
    }

    /// Returns the state even of what was done only in part, instead of a
    /// [`Partial`](crate::ErrorKind::Partial) error; see
    /// [`Wait::allow_partial`](super::Wait::allow_partial).
    pub fn allow_partial(mut self) -> Self {
        self.0.allows_partial = true;
        self
    }

    /// Sets the maximum number of concurrent polls. Default: 64. 0 counts as 1.
    pub fn concurrency(mut self, looks: usize) -> Self {
        self.0.concurrency = looks.max(1);
        self
    }
}

impl<K, S> WaitMany<K, S>
where
    K: Clone + Send + Sync + 'static,
    S: PartialEq + Send + Sync + 'static,
{
    /// Streams each key with its final state, or with the error that ended its wait, as they
    /// arrive.
    pub fn settled(self) -> Settled<K, S> {
        Settled(self.0.items(|event| match event {
            Event::Change(_) => None,
            Event::Settled(key, end) => Some((key, end)),
        }))
    }
}

impl<K, S> fmt::Debug for WaitMany<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitMany")
            .field("waits", &self.0.keys.len())
            .field("pace", &self.0.pace)
            .field("allows_partial", &self.0.allows_partial)
            .field("concurrency", &self.0.concurrency)
            .finish()
    }
}

/// The results of many waits, a [`Stream`]. Returned by [`WaitMany::settled`].
///
/// Returns `None` when polled after its end.
#[must_use = "a stream does nothing until it is polled"]
pub struct Settled<K, S>(Items<(K, Result<S>)>);

impl<K, S> Settled<K, S> {
    /// Returns the next result, or `None` at the end, without importing a stream trait. Cancel
    /// safe: dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<(K, Result<S>)> {
        StreamExt::next(self).await
    }
}

impl<K, S> Stream for Settled<K, S> {
    type Item = (K, Result<S>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<K, S> FusedStream for Settled<K, S> {
    fn is_terminated(&self) -> bool {
        self.0.is_terminated()
    }
}

impl<K, S> fmt::Debug for Settled<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Settled")
    }
}
