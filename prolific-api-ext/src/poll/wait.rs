use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use futures_core::Stream;
use futures_util::{
    future::{Either, select},
    stream::unfold,
};

use super::{PollInterval, State};
use crate::{Error, Result, call::Environment, error::excerpt};

pub(super) const TIMEOUT: Duration = Duration::from_secs(600);

/// A look at a state.
pub(crate) type Look<S> = Pin<Box<dyn Future<Output = Result<S>> + Send>>;

/// What is waited for: how to look, and what to say of it.
pub(crate) trait Waiting: Send + Sync + 'static {
    /// What is looked at.
    type State: State;

    /// Looks once.
    fn look(&self) -> Look<Self::State>;

    /// What it is called in a message: `dataset 0199…`.
    fn subject(&self) -> String;

    /// What to say of a wait that ended in this state, where that needs saying.
    fn advice(&self, last: &Self::State) -> Option<&'static str>;

    /// Time and chance.
    fn environment(&self) -> Arc<dyn Environment>;
}

/// A wait for something to end well. Awaiting it gives the final state; dropping it ends it.
///
/// A call that fails transiently does not end a wait: it looks again until its time is up.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<S: State> {
    waiting: Arc<dyn Waiting<State = S>>,
    interval: PollInterval,
    timeout: Duration,
}

impl<S: State> Wait<S> {
    pub(crate) fn new(waiting: impl Waiting<State = S>) -> Self {
        Self { waiting: Arc::new(waiting), interval: PollInterval::default(), timeout: TIMEOUT }
    }

    /// How long to wait at most. 10 minutes where nothing is said.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long to pause between looks, `shortest..=longest` or one [`Duration`]. 1 to 10 seconds
    /// where nothing is said. A server that asks for a longer pause gets it.
    pub fn interval(mut self, interval: impl Into<PollInterval>) -> Self {
        self.interval = interval.into();
        self
    }

    /// The states as they change, each once. The last item is the final state, or the error that
    /// ended the wait; a final state that is a failure comes as itself and then as the error.
    pub fn updates(self) -> Updates<S> {
        let progress = Progress::new(self.waiting, self.interval, self.timeout);
        Updates(Box::pin(unfold(Some(progress), |progress| async {
            let mut progress = progress?;
            match progress.next_change().await {
                Change::State(state) => Some((Ok(state), Some(progress))),
                Change::Last(state) => Some((Ok(state), None)),
                Change::Error(error) => Some((Err(error), None)),
            }
        })))
    }

    async fn run(self) -> Result<S> {
        let mut progress = Progress::new(self.waiting, self.interval, self.timeout);
        loop {
            match progress.next_change().await {
                Change::State(_) => {}
                Change::Last(state) => return Ok(state),
                Change::Error(error) => return Err(error),
            }
        }
    }
}

impl<S: State> IntoFuture for Wait<S> {
    type Output = Result<S>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<S>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<S: State> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("for", &self.waiting.subject())
            .field("interval", &self.interval)
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// The changes of a state that is waited for, a [`Stream`]. Made by [`Wait::updates`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Updates<S>(Pin<Box<dyn Stream<Item = Result<S>> + Send>>);

impl<S> Stream for Updates<S> {
    type Item = Result<S>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<S> fmt::Debug for Updates<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Updates")
    }
}

enum Change<S> {
    State(S),
    Last(S),
    Error(Error),
}

/// A wait under way.
struct Progress<S: State> {
    waiting: Arc<dyn Waiting<State = S>>,
    environment: Arc<dyn Environment>,
    deadline: Instant,
    timeout: Duration,
    tracker: Tracker<S>,
    pause: Duration,
}

impl<S: State> Progress<S> {
    fn new(
        waiting: Arc<dyn Waiting<State = S>>,
        interval: PollInterval,
        timeout: Duration,
    ) -> Self {
        let environment = waiting.environment();
        let deadline = environment.after(timeout);
        let tracker = Tracker::new(interval);
        Self { waiting, environment, deadline, timeout, tracker, pause: Duration::ZERO }
    }

    /// Looks until the state changes, or the wait is over.
    async fn next_change(&mut self) -> Change<S> {
        if self.tracker.has_failed() {
            return Change::Error(self.tracker.failed(&*self.waiting));
        }
        loop {
            let left = self.deadline.saturating_duration_since(self.environment.now());
            if self.pause >= left {
                self.environment.sleep(left).await;
                return Change::Error(self.tracker.timed_out(&*self.waiting, self.timeout));
            }
            self.environment.sleep(self.pause).await;
            let left = left.saturating_sub(self.pause);
            let seen = match select(self.waiting.look(), self.environment.sleep(left)).await {
                Either::Left((seen, _)) => seen,
                Either::Right(_) => {
                    return Change::Error(self.tracker.timed_out(&*self.waiting, self.timeout));
                }
            };
            match self.tracker.saw(seen, self.environment.random()) {
                Seen::Again(pause) => self.pause = pause,
                Seen::Changed(state, pause) => {
                    self.pause = pause;
                    return Change::State(state);
                }
                Seen::Failure(state) => return Change::State(state),
                Seen::Success(state) => return Change::Last(state),
                Seen::Error(error) => return Change::Error(error),
            }
        }
    }
}

/// What has been seen so far, and what follows from the next look.
pub(super) struct Tracker<S> {
    interval: PollInterval,
    looks: u32,
    last: Option<S>,
    /// The last look, if it failed.
    failed: Option<Error>,
}

/// What a look means for the wait.
pub(super) enum Seen<S> {
    /// Nothing new: look again after a pause.
    Again(Duration),
    /// Another state: look again after a pause.
    Changed(S, Duration),
    /// It ended well.
    Success(S),
    /// It ended badly.
    Failure(S),
    /// It can't be looked at.
    Error(Error),
}

impl<S: State> Tracker<S> {
    pub(super) fn new(interval: PollInterval) -> Self {
        Self { interval, looks: 0, last: None, failed: None }
    }

    pub(super) fn saw(&mut self, seen: Result<S>, random: f64) -> Seen<S> {
        self.looks = self.looks.saturating_add(1);
        let pause = self.interval.pause(self.looks, random);
        let state = match seen {
            Ok(state) => state,
            Err(error) if error.is_transient() => {
                let pause = pause.max(error.retry_after().unwrap_or_default());
                self.failed = Some(error);
                return Seen::Again(pause);
            }
            Err(error) => return Seen::Error(error),
        };
        self.failed = None;
        let is_new = self.last.as_ref() != Some(&state);
        self.last = Some(state.clone());
        match (state.is_failure(), state.is_terminal(), is_new) {
            (true, _, _) => Seen::Failure(state),
            (_, true, _) => Seen::Success(state),
            (_, _, true) => Seen::Changed(state, pause),
            _ => Seen::Again(pause),
        }
    }

    fn has_failed(&self) -> bool {
        self.last.as_ref().is_some_and(State::is_failure)
    }

    pub(super) fn failed(&self, waiting: &dyn Waiting<State = S>) -> Error {
        let state = self.last.as_ref().map_or("", State::as_str);
        let shown = excerpt(state);
        Error::failed(format!("{} ended as {shown}", waiting.subject()), state)
    }

    pub(super) fn timed_out(
        &mut self,
        waiting: &dyn Waiting<State = S>,
        timeout: Duration,
    ) -> Error {
        let subject = waiting.subject();
        let last = self.last.as_ref();
        let advice = last.and_then(|last| waiting.advice(last));
        let mut message = match last {
            Some(last) => {
                format!("{subject} was still {} after {timeout:?}", excerpt(last.as_str()))
            }
            None => format!("{subject} was not seen within {timeout:?}"),
        };
        if let Some(advice) = advice {
            message = format!("{message}: {advice}");
        }
        let failed = self.failed.take();
        if let Some(failed) = &failed {
            message = format!("{message}; the last look failed: {failed}");
        }
        Error::wait_timed_out(message, last.map(State::as_str), failed)
    }
}
