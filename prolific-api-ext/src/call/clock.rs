//! The clock of a call, which runs while the call is polled.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Wake, Waker, ready},
    time::{Duration, Instant},
};

use super::{Environment, Sleep};

/// The time of a future: the time between being woken and being polled does not count, since the
/// future was ready and its owner did something else.
///
/// Timeouts therefore pause for a call that is kept unpolled in a `select!`, and for the next page
/// of a list whose items are handled slowly.
pub(crate) struct Clock {
    environment: Arc<dyn Environment>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    poller: Option<Waker>,
    /// Since when the future has been ready.
    ready_since: Option<Instant>,
    away: Duration,
}

impl Clock {
    pub(crate) fn new(environment: Arc<dyn Environment>) -> Arc<Self> {
        Arc::new(Self { environment, state: Mutex::default() })
    }

    pub(crate) fn environment(&self) -> &dyn Environment {
        &*self.environment
    }

    /// The time of this clock, which lags behind the environment's by the time spent unpolled.
    pub(crate) fn now(&self) -> Instant {
        let now = self.environment.now();
        now.checked_sub(self.state().away).unwrap_or(now)
    }

    /// Runs a future on this clock. It is pinned, as a moved future takes its space twice.
    pub(crate) fn run<F: Future>(
        self: &Arc<Self>,
        mut future: Pin<&mut F>,
    ) -> impl Future<Output = F::Output> {
        poll_fn(move |context| self.poll(context, |context| future.as_mut().poll(context)))
    }

    /// Polls on this clock. The context is the one to poll with.
    pub(crate) fn poll<T>(
        self: &Arc<Self>,
        context: &mut Context<'_>,
        poll: impl FnOnce(&mut Context<'_>) -> T,
    ) -> T {
        self.resume(context.waker());
        let waker = Waker::from(self.clone());
        poll(&mut Context::from_waker(&waker))
    }

    /// Records that the owner got an item, so that the future can continue at once.
    pub(crate) fn pause(&self) {
        self.state().ready_since.get_or_insert_with(|| self.environment.now());
    }

    fn resume(&self, poller: &Waker) {
        let mut state = self.state();
        if let Some(since) = state.ready_since.take() {
            state.away += self.environment.now().saturating_duration_since(since);
        }
        match &mut state.poller {
            Some(known) => known.clone_from(poller),
            none => *none = Some(poller.clone()),
        }
    }

    /// A timer that fires after this much time of this clock.
    pub(crate) fn timer(&self, duration: Duration) -> Timer<'_> {
        let (began, sleep) = (self.now(), self.environment.sleep(duration));
        Timer { clock: self, began, duration, sleep }
    }

    pub(crate) async fn sleep(&self, duration: Duration) {
        let mut timer = self.timer(duration);
        poll_fn(|context| timer.poll(context)).await;
    }

    /// The output of a future, unless `moved` was longer than `idle` ago before it came.
    pub(crate) async fn while_moving<T>(
        &self,
        idle: Duration,
        moved: impl Fn() -> Instant,
        mut future: Pin<&mut impl Future<Output = T>>,
    ) -> Option<T> {
        let mut left = idle;
        loop {
            if let Some(output) = self.timer(left).cut(future.as_mut()).await {
                return Some(output);
            }
            let still = self.now().saturating_duration_since(moved());
            left = idle.checked_sub(still).filter(|left| !left.is_zero())?;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Clock {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut state = self.state();
        state.ready_since.get_or_insert_with(|| self.environment.now());
        let poller = state.poller.clone();
        drop(state);
        if let Some(poller) = poller {
            poller.wake();
        }
    }
}

/// Fires once a [`Clock`] has reached a time.
pub(crate) struct Timer<'a> {
    clock: &'a Clock,
    began: Instant,
    duration: Duration,
    sleep: Sleep,
}

impl Timer<'_> {
    /// The output of a future, unless the timer fires first. A ready output wins over the timer.
    pub(crate) fn cut<F: Future>(
        &mut self,
        mut future: Pin<&mut F>,
    ) -> impl Future<Output = Option<F::Output>> {
        poll_fn(move |context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => self.poll(context).map(|()| None),
        })
    }

    pub(crate) fn duration(&self) -> Duration {
        self.duration
    }

    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.sleep.as_mut().poll(context));
            let passed = self.clock.now().saturating_duration_since(self.began);
            let left = self.duration.saturating_sub(passed);
            if left.is_zero() {
                return Poll::Ready(());
            }
            self.sleep = self.clock.environment.sleep(left);
        }
    }
}
