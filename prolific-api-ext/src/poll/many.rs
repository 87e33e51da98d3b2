use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use futures_core::Stream;
use futures_util::{
    future::{Either, select},
    stream::{FuturesUnordered, StreamExt as _, unfold},
};

use super::{
    PollInterval, State,
    wait::{Look, Seen, TIMEOUT, Tracker, Waiting},
};
use crate::{
    Result,
    call::{Environment, Sleep},
};

/// How many looks are under way at once, where nothing is said.
const CONCURRENCY: usize = 64;

/// A wait for many things at once. [`settled`](Self::settled) gives each as it ends.
///
/// One task does it all: what is not being looked at costs some hundred bytes. Looks come in the
/// order in which they fall due, so none waits for ever behind others.
#[must_use = "a wait does nothing until its stream is polled"]
pub struct WaitMany<K, S: State> {
    waits: Waits<K, S>,
    interval: PollInterval,
    timeout: Duration,
    concurrency: usize,
}

/// What is waited for, each with its key.
pub(crate) type Waits<K, S> = Vec<(K, Box<dyn Waiting<State = S>>)>;

impl<K: Send + 'static, S: State> WaitMany<K, S> {
    pub(crate) fn new(waits: Waits<K, S>) -> Self {
        let interval = PollInterval::default();
        Self { waits, interval, timeout: TIMEOUT, concurrency: CONCURRENCY }
    }

    /// How long to wait at most, for all of them together. 10 minutes where nothing is said.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long to pause between looks at one of them, `shortest..=longest` or one [`Duration`].
    /// 1 to 10 seconds where nothing is said.
    pub fn interval(mut self, interval: impl Into<PollInterval>) -> Self {
        self.interval = interval.into();
        self
    }

    /// How many looks may be under way at once. 64 where nothing is said; 0 is taken for 1.
    pub fn concurrency(mut self, looks: usize) -> Self {
        self.concurrency = looks.max(1);
        self
    }

    /// Each key with the final state, or with the error that ended its wait, as they settle.
    pub fn settled(self) -> Settled<K, S> {
        Settled(Box::pin(unfold(Schedule::new(self), |schedule| async {
            let mut schedule = schedule?;
            schedule.next_settled().await.map(|settled| (settled, Some(schedule)))
        })))
    }
}

impl<K, S: State> fmt::Debug for WaitMany<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitMany")
            .field("waits", &self.waits.len())
            .field("interval", &self.interval)
            .field("timeout", &self.timeout)
            .field("concurrency", &self.concurrency)
            .finish()
    }
}

/// What was waited for, as it settles; a [`Stream`]. Made by [`WaitMany::settled`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Settled<K, S>(Pin<Box<dyn Stream<Item = (K, Result<S>)> + Send>>);

impl<K, S> Stream for Settled<K, S> {
    type Item = (K, Result<S>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<K, S> fmt::Debug for Settled<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Settled")
    }
}

/// The waits that have not settled, and when each is looked at next.
struct Schedule<K, S: State> {
    waits: Vec<Option<Entry<K, S>>>,
    due: BinaryHeap<Reverse<(Instant, usize)>>,
    under_way: FuturesUnordered<IndexedLook<S>>,
    concurrency: usize,
    deadline: Instant,
    at_deadline: Sleep,
    timeout: Duration,
    environment: Arc<dyn Environment>,
}

struct Entry<K, S> {
    key: K,
    waiting: Box<dyn Waiting<State = S>>,
    tracker: Tracker<S>,
}

impl<K, S: State> Schedule<K, S> {
    /// None where there is nothing to wait for.
    fn new(many: WaitMany<K, S>) -> Option<Self> {
        let environment = many.waits.first()?.1.environment();
        let now = environment.now();
        let entry =
            |(key, waiting)| Some(Entry { key, waiting, tracker: Tracker::new(many.interval) });
        Some(Self {
            due: (0..many.waits.len()).map(|index| Reverse((now, index))).collect(),
            waits: many.waits.into_iter().map(entry).collect(),
            under_way: FuturesUnordered::new(),
            concurrency: many.concurrency,
            deadline: environment.after(many.timeout),
            at_deadline: environment.sleep(many.timeout),
            timeout: many.timeout,
            environment,
        })
    }

    async fn next_settled(&mut self) -> Option<(K, Result<S>)> {
        loop {
            let now = self.environment.now();
            if now >= self.deadline {
                return self.next_timed_out();
            }
            self.begin_looks(now);
            if self.under_way.is_empty() && self.due.is_empty() {
                return None;
            }
            if let Some((index, seen)) = self.next_seen(now).await
                && let Some(settled) = self.saw(index, seen)
            {
                return Some(settled);
            }
        }
    }

    /// What the next look sees, if one ends before another is due.
    async fn next_seen(&mut self, now: Instant) -> Option<(usize, Result<S>)> {
        // Without room for another look only the deadline can interrupt, whose timer is there.
        let mut until_due = self.next_due().map(|due| {
            let wake_at = due.min(self.deadline);
            self.environment.sleep(wake_at.saturating_duration_since(now))
        });
        let pause = until_due.as_mut().unwrap_or(&mut self.at_deadline);
        if self.under_way.is_empty() {
            pause.await;
            return None;
        }
        match select(self.under_way.next(), pause).await {
            Either::Left((seen, _)) => seen,
            Either::Right(_) => None,
        }
    }

    /// Begins the looks that are due, as many as may be under way.
    fn begin_looks(&mut self, now: Instant) {
        while self.next_due().is_some_and(|due| due <= now) {
            let Some(Reverse((_, index))) = self.due.pop() else {
                return;
            };
            if let Some(entry) = &self.waits[index] {
                self.under_way.push(IndexedLook { index, look: entry.waiting.look() });
            }
        }
    }

    /// When the next look is due, if there is room for one.
    fn next_due(&self) -> Option<Instant> {
        let has_room = self.under_way.len() < self.concurrency;
        self.due.peek().filter(|_| has_room).map(|Reverse((due, _))| *due)
    }

    fn saw(&mut self, index: usize, seen: Result<S>) -> Option<(K, Result<S>)> {
        let entry = self.waits[index].as_mut()?;
        let outcome = match entry.tracker.saw(seen, self.environment.random()) {
            Seen::Again(pause) | Seen::Changed(_, pause) => {
                self.due.push(Reverse((self.environment.after(pause), index)));
                return None;
            }
            Seen::Success(state) => Ok(state),
            Seen::Failure(_) => Err(entry.tracker.failed(&*entry.waiting)),
            Seen::Error(error) => Err(error),
        };
        self.waits[index].take().map(|entry| (entry.key, outcome))
    }

    /// Whatever has not settled at the deadline settles as timed out, one after the other.
    fn next_timed_out(&mut self) -> Option<(K, Result<S>)> {
        self.under_way.clear();
        while let Some(entry) = self.waits.pop() {
            if let Some(mut entry) = entry {
                let error = entry.tracker.timed_out(&*entry.waiting, self.timeout);
                return Some((entry.key, Err(error)));
            }
        }
        None
    }
}

/// A look, and at which it is.
struct IndexedLook<S> {
    index: usize,
    look: Look<S>,
}

impl<S> Future for IndexedLook<S> {
    type Output = (usize, Result<S>);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let index = self.index;
        self.look.as_mut().poll(context).map(|seen| (index, seen))
    }
}
