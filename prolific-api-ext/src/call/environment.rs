use std::{
    fmt,
    future::Future,
    pin::Pin,
    time::{Duration, Instant, SystemTime},
};

/// Longer than any program runs: a hundred years.
pub(crate) const FAR_OFF: Duration = Duration::from_secs(100 * 365 * 86_400);

/// A pause.
pub(crate) type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Time and randomness, which tests can replace.
pub(crate) trait Environment: fmt::Debug + Send + Sync + 'static {
    /// A monotonic clock.
    fn now(&self) -> Instant;

    /// The time of day, to compare with dates of the server.
    fn time_of_day(&self) -> SystemTime;

    /// Waits.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// At least 0 and less than 1.
    fn random(&self) -> f64;

    /// The instant after a duration; far in the future if the clock can't represent it.
    fn after(&self, duration: Duration) -> Instant {
        let now = self.now();
        now.checked_add(duration).unwrap_or_else(|| now + FAR_OFF)
    }
}

/// The clock and the timer of tokio.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TokioEnvironment;

impl Environment for TokioEnvironment {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn time_of_day(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }
}
