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

/// How many looks are under way at once, where nothing is said.
const CONCURRENCY: usize = 64;

/// A wait for many things at once. [`settled`](Self::settled) gives each as it ends.
///
/// One task does it all: what is not being looked at costs some hundred bytes. Looks come in the
/// order in which they fall due, so none waits for ever behind others. Nothing begins before the
/// stream is first polled.
#[must_use = "a wait does nothing until its stream is polled"]
pub struct WaitMany<K: 'static, S: 'static>(Plan<K, S>);

impl<K, S> WaitMany<K, S> {
    pub(crate) fn new(
        prolific: Prolific,
        watch: &'static Watch<K, S>,
        keys: impl IntoIterator<Item = K>,
    ) -> Self {
        let keys = keys.into_iter().collect();
        Self(Plan { prolific, watch, keys, pace: Pace::default(), concurrency: CONCURRENCY })
    }

    paced! { this => this.0.pace;
        /// How long to wait at most, for all of them together, from the first poll on. 10 minutes
        /// where nothing is said. Time in which nobody polls the stream, though it could go on, is
        /// not counted: whoever handles an item may take their time.
        timeout;
        /// How long to pause between looks at one of them, `shortest..=longest` or one
        /// [`Duration`](std::time::Duration). 1 to 10 seconds where nothing is said. A server that
        /// turns a look away and asks for a longer pause gets it.
        interval;
    }

    /// How many looks may be under way at once. 64 where nothing is said; 0 is taken for 1.
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
    /// Each key with the final state, or with the error that ended its wait, as they settle.
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
            .field("concurrency", &self.0.concurrency)
            .finish()
    }
}

/// What was waited for, as it settles; a [`Stream`]. Made by [`WaitMany::settled`].
///
/// It may be polled after its end, and then gives nothing.
#[must_use = "a stream does nothing until it is polled"]
pub struct Settled<K, S>(Items<(K, Result<S>)>);

impl<K, S> Settled<K, S> {
    /// What settles next, or none after the end, without a trait of another crate. Dropped before
    /// it is ready, it loses nothing.
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
