use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use futures_core::stream::{FusedStream, Stream as _};
use futures_util::{
    future::FutureExt as _,
    stream::{self, FuturesUnordered, StreamExt as _, unfold},
};

use super::{
    PollInterval, Watch,
    pace::Pace,
    term::Term,
    tracker::{Seen, Tracker},
    watch::Look,
};
use crate::{
    Error, Prolific, Result,
    call::{Clock, Environment, RateLimit, Sleep},
};

/// A stream that may be polled after its end.
pub(super) type Items<T> = Pin<Box<dyn FusedStream<Item = T> + Send>>;

/// What to wait for, and how; not started.
pub(super) struct Plan<K: 'static, S: 'static> {
    pub(super) prolific: Prolific,
    pub(super) watch: &'static Watch<K, S>,
    pub(super) keys: Vec<K>,
    pub(super) pace: Pace,
    pub(super) allows_partial: bool,
    pub(super) concurrency: usize,
}

/// An event of a wait.
pub(super) enum Event<'s, K, S> {
    /// A changed state, except the final one of a successful wait.
    Change(&'s S),
    /// The end of one wait.
    Settled(K, Result<S>),
}

impl<K, S> Plan<K, S>
where
    K: Clone + Send + Sync + 'static,
    S: PartialEq + Send + Sync + 'static,
{
    /// Streams what `pick` selects from the events. The clock starts at the first poll.
    pub(super) fn items<T: 'static>(self, pick: fn(Event<'_, K, S>) -> Option<T>) -> Items<T> {
        let clock = Clock::new(self.prolific.policy().environment.clone());
        let own = clock.clone();
        let items = async move {
            unfold(Schedule::new(self, own), move |mut schedule| async move {
                let item = schedule.next_item(pick).await?;
                Some((item, schedule))
            })
        };
        let mut items = Box::pin(items.flatten_stream());
        let by_clock = stream::poll_fn(move |context| {
            let polled = clock.poll(context, |context| items.as_mut().poll_next(context));
            if polled.is_ready() {
                // The caller may take time for each item.
                clock.pause();
            }
            polled
        });
        Box::pin(by_clock.fuse())
    }
}

/// The unsettled waits, and when each is polled next.
struct Schedule<K: 'static, S: 'static> {
    /// A client of single attempts: the schedule does the repeating.
    prolific: Prolific,
    clock: Arc<Clock>,
    limit: Option<Arc<RateLimit>>,
    turn: Turn,
    watch: &'static Watch<K, S>,
    interval: PollInterval,
    allows_partial: bool,
    concurrency: usize,
    term: Term,
    waits: Vec<Option<Entry<K, S>>>,
    due: BinaryHeap<Reverse<(Instant, usize)>>,
    under_way: FuturesUnordered<LookUnderWay<S>>,
    /// The next wait to settle. Its last state may be emitted as a change first.
    ending: Option<(usize, Ending<S>)>,
    timer: Option<(Instant, Sleep)>,
    /// Whether the deadline has ended all unsettled waits.
    is_closed: bool,
}

/// The turn of the next poll under the rate limit. All waits together hold one place in its queue.
enum Turn {
    NotAsked,
    Asked(Pin<Box<dyn Future<Output = bool> + Send>>),
    Had,
}

struct Entry<K, S> {
    key: K,
    tracker: Tracker<S>,
}

/// The ways in which a wait ends.
enum Ending<S> {
    Well(S),
    Badly,
    TimedOut,
    Broken(Error),
}

impl Turn {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Self::Asked(asked) = self else { return Poll::Pending };
        asked.as_mut().poll(context).map(|_| *self = Self::Had)
    }
}

impl<K, S> Schedule<K, S>
where
    K: Clone + Send + Sync + 'static,
    S: PartialEq + Send + Sync + 'static,
{
    fn new(plan: Plan<K, S>, clock: Arc<Clock>) -> Self {
        let Plan { prolific, watch, keys, pace, allows_partial, concurrency } = plan;
        let began = clock.now();
        let ends = prolific.policy().environment.after(pace.timeout);
        let term = Term::new(pace.timeout, began, ends);
        let interval = pace.interval.unwrap_or(prolific.policy().poll_interval);
        Self {
            due: (0..keys.len()).map(|index| Reverse((began, index))).collect(),
            waits: keys
                .into_iter()
                .map(|key| Some(Entry { key, tracker: Tracker::default() }))
                .collect(),
            under_way: FuturesUnordered::new(),
            ending: None,
            timer: None,
            is_closed: false,
            limit: prolific.policy().rate_limit.clone(),
            prolific: prolific.for_polls(),
            clock,
            turn: Turn::NotAsked,
            watch,
            interval,
            allows_partial,
            concurrency,
            term,
        }
    }

    fn environment(&self) -> &dyn Environment {
        &*self.prolific.policy().environment
    }

    async fn next_item<T>(&mut self, pick: fn(Event<'_, K, S>) -> Option<T>) -> Option<T> {
        loop {
            let item = pick(self.next_event().await?);
            if item.is_some() {
                return item;
            }
        }
    }

    /// `None` when everything has settled.
    async fn next_event(&mut self) -> Option<Event<'_, K, S>> {
        loop {
            let now = self.clock.now();
            if let Some((key, outcome)) = self.next_settled(now) {
                return Some(Event::Settled(key, outcome));
            }
            if self.under_way.is_empty() && self.due.is_empty() {
                return None;
            }
            if let Some(looked) = self.next_looked(now).await
                && let Some(index) = self.saw(looked)
            {
                return self.waits.get(index)?.as_ref()?.tracker.last().map(Event::Change);
            }
        }
    }

    /// The result of a poll, if one ends before another is due. At the deadline, only polls that
    /// have finished count.
    async fn next_looked(&mut self, now: Instant) -> Option<Looked<S>> {
        if self.term.is_over(now) {
            let looked = self.under_way.next().now_or_never().flatten();
            if looked.is_none() {
                self.close();
            }
            return looked;
        }
        self.begin_looks(now);
        let wake_at = self.next_due().unwrap_or(self.term.ends()).min(self.term.ends());
        let mut timer = match self.timer.take() {
            Some((at, timer)) if at == wake_at => timer,
            _ => self.environment().sleep(wake_at.saturating_duration_since(now)),
        };
        let (looked, has_fired) = poll_fn(|context| {
            if let Poll::Ready(Some(looked)) = self.under_way.poll_next_unpin(context) {
                return Poll::Ready((Some(looked), false));
            }
            if self.turn.poll(context).is_ready() {
                return Poll::Ready((None, false));
            }
            timer.as_mut().poll(context).map(|()| (None, true))
        })
        .await;
        self.timer = (!has_fired).then_some((wake_at, timer));
        looked
    }

    /// Starts due polls, as many as concurrency and rate limit allow.
    fn begin_looks(&mut self, now: Instant) {
        while self.next_due().is_some_and(|due| due <= now) && self.takes_turn() {
            let Some(Reverse((_, index))) = self.due.pop() else {
                return;
            };
            let client = self.client(now);
            if let Some(entry) = self.waits.get_mut(index).and_then(Option::as_mut) {
                entry.tracker.look_begins();
                let look = (self.watch.look)(client, entry.key.clone());
                self.under_way.push(LookUnderWay { index, began: now, look });
            }
        }
    }

    /// Takes a turn if there is one; otherwise requests it.
    fn takes_turn(&mut self) -> bool {
        let Some(limit) = self.limit.clone() else { return true };
        let had = std::mem::replace(&mut self.turn, Turn::NotAsked);
        if matches!(had, Turn::Had) {
            return true;
        }
        let clock = self.clock.clone();
        self.turn = Turn::Asked(Box::pin(async move { limit.turn(&clock, Duration::MAX).await }));
        false
    }

    /// A client whose calls end within the wait, and whose errors say why they did not succeed.
    fn client(&self, now: Instant) -> Prolific {
        let time = self.term.time_for_look(now);
        if time < self.prolific.policy().total_timeout {
            return self.prolific.with_total_timeout(time);
        }
        self.prolific.clone()
    }

    /// When the next poll is due, if there is room for one.
    fn next_due(&self) -> Option<Instant> {
        let has_room =
            self.under_way.len() < self.concurrency && !matches!(self.turn, Turn::Asked(_));
        self.due.peek().filter(|_| has_room).map(|Reverse((due, _))| *due)
    }

    /// How many polls each slot has to make for everything to be polled once more.
    fn rounds(&self) -> usize {
        (self.due.len() + self.under_way.len()).div_ceil(self.concurrency).max(1)
    }

    /// Applies the result of a poll. Returns the wait whose state changed.
    fn saw(&mut self, looked: Looked<S>) -> Option<usize> {
        let Looked { index, began, seen } = looked;
        let now = self.clock.now();
        self.term.looked(began, now);
        let entry = self.waits.get_mut(index)?.as_mut()?;
        let seen = entry.tracker.saw(seen, self.watch, &entry.key, self.allows_partial);
        let (is_change, ending) = match seen {
            Seen::Nothing => (false, None),
            Seen::Change => (true, None),
            Seen::Success(state) => (false, Some(Ending::Well(state))),
            Seen::Failure => (true, Some(Ending::Badly)),
            Seen::Error(error) => (false, Some(Ending::Broken(error))),
        };
        self.ending = match ending {
            Some(ending) => Some((index, ending)),
            None => self.schedule(index, now),
        };
        is_change.then_some(index)
    }

    /// Schedules the next poll of a wait. The wait ends if none fits in.
    fn schedule(&mut self, index: usize, now: Instant) -> Option<(usize, Ending<S>)> {
        let tracker = &self.waits.get(index)?.as_ref()?.tracker;
        let random = self.environment().random();
        let pause = self.interval.pause(tracker.looks(), random);
        let rounds = self.rounds();
        match self.term.next_look(now, pause, tracker.hint(), rounds) {
            None => Some((index, Ending::TimedOut)),
            Some(due) => {
                self.due.push(Reverse((due, index)));
                None
            }
        }
    }

    /// Ends everything unsettled at the deadline: running polls are cancelled, and due ones are not
    /// started.
    fn close(&mut self) {
        for look in self.under_way.iter() {
            if let Some(entry) = self.waits.get_mut(look.index).and_then(Option::as_mut) {
                entry.tracker.is_cut_off(self.watch.operation);
            }
        }
        self.under_way.clear();
        self.due.clear();
        self.is_closed = true;
    }

    /// A wait that has ended, and how.
    fn next_settled(&mut self, now: Instant) -> Option<(K, Result<S>)> {
        let (entry, ending) = match self.ending.take() {
            Some((index, ending)) => (self.waits.get_mut(index)?.take()?, ending),
            None if self.is_closed => (self.next_unsettled()?, Ending::TimedOut),
            None => return None,
        };
        let Entry { key, tracker } = entry;
        let outcome = match ending {
            Ending::Well(state) => Ok(state),
            Ending::Badly => Err(tracker.ended_badly(self.watch, &key, self.term.elapsed(now))),
            Ending::TimedOut => Err(tracker.timed_out(self.watch, &key, &self.term, now)),
            Ending::Broken(error) => Err(tracker.broken(error, self.watch)),
        };
        Some((key, outcome))
    }

    fn next_unsettled(&mut self) -> Option<Entry<K, S>> {
        std::iter::from_fn(|| self.waits.pop()).flatten().next()
    }
}

/// A poll, and its number.
struct LookUnderWay<S> {
    index: usize,
    began: Instant,
    look: Look<S>,
}

/// The result of a poll.
struct Looked<S> {
    index: usize,
    began: Instant,
    seen: Result<S>,
}

impl<S> Future for LookUnderWay<S> {
    type Output = Looked<S>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { index, began, .. } = *self;
        self.look.as_mut().poll(context).map(|seen| Looked { index, began, seen })
    }
}
