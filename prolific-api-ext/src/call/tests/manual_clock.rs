use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::{Duration, Instant, SystemTime},
};

use crate::call::{Environment, Sleep};

/// A clock that a test advances. Its timers wake the tasks that wait for their time, and nothing
/// else is polled.
#[derive(Debug)]
pub(super) struct ManualClock {
    start: Instant,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    elapsed: Duration,
    timers: Vec<(Duration, Waker)>,
}

impl ManualClock {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), state: Arc::default() })
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.state.lock().unwrap().elapsed
    }

    /// When the next timer fires.
    pub(super) fn next_timer(&self) -> Option<Duration> {
        self.state.lock().unwrap().timers.iter().map(|(at, _)| *at).min()
    }

    /// Moves it to a time, past every timer that fires until then, one after the other.
    pub(super) fn advance_to(&self, until: Duration) {
        while let Some(at) = self.next_timer().filter(|at| *at <= until) {
            let mut state = self.state.lock().unwrap();
            state.elapsed = state.elapsed.max(at);
            let place = state.timers.iter().position(|(timer, _)| *timer == at).unwrap();
            let (_, waker) = state.timers.remove(place);
            drop(state);
            waker.wake();
        }
        let mut state = self.state.lock().unwrap();
        state.elapsed = state.elapsed.max(until);
    }
}

impl Environment for ManualClock {
    fn now(&self) -> Instant {
        self.start + self.elapsed()
    }

    fn time_of_day(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let state = self.state.clone();
        let until = self.elapsed().saturating_add(duration);
        Box::pin(poll_fn(move |context| {
            let mut state = state.lock().unwrap();
            if state.elapsed >= until {
                return Poll::Ready(());
            }
            state.timers.push((until, context.waker().clone()));
            Poll::Pending
        }))
    }

    fn random(&self) -> f64 {
        0.5
    }
}

/// A future that is polled when the test says so.
pub(super) struct Held<T> {
    future: Pin<Box<dyn Future<Output = T>>>,
    flag: Arc<Flag>,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl<T> Held<T> {
    pub(super) fn new(future: impl Future<Output = T> + 'static) -> Self {
        Self { future: Box::pin(future), flag: Arc::new(Flag(AtomicBool::new(true))) }
    }

    /// Polls it if it was woken since it was last polled.
    pub(super) fn poll_if_woken(&mut self) -> Poll<T> {
        match self.flag.0.load(Ordering::SeqCst) {
            true => self.poll(),
            false => Poll::Pending,
        }
    }

    pub(super) fn poll(&mut self) -> Poll<T> {
        self.flag.0.store(false, Ordering::SeqCst);
        let waker = Waker::from(self.flag.clone());
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}
