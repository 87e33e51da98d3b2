use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::sync::Notify;

/// The clock of a [`Simulator`](super::Simulator). Runs in real time, unless it was advanced or
/// stopped.
///
/// Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Face>);

#[derive(Debug, Default)]
struct Face {
    hands: Mutex<Hands>,
    /// Notified when something may be due.
    woken: Notify,
}

#[derive(Debug, Default)]
struct Hands {
    ahead: Duration,
    stopped_at: Option<SystemTime>,
}

impl Hands {
    fn now(&self) -> SystemTime {
        self.stopped_at.unwrap_or_else(SystemTime::now) + self.ahead
    }
}

impl Clock {
    /// Returns the time.
    pub fn now(&self) -> SystemTime {
        self.hands().now()
    }

    /// Advances it: links expire, and with [`Pace::Time`] work makes progress.
    pub fn advance(&self, by: Duration) {
        self.hands().ahead += by;
        self.wake();
    }

    /// Stops it: from now on, only [`advance`](Self::advance) moves it.
    pub fn stop(&self) {
        self.hands().stopped_at.get_or_insert_with(SystemTime::now);
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.hands().stopped_at.is_some()
    }

    /// Wakes all waiting tasks, to check what is due.
    pub(super) fn wake(&self) {
        self.0.woken.notify_one();
    }

    /// Waits for the next [`wake`](Self::wake).
    pub(super) async fn woken(&self) {
        self.0.woken.notified().await;
    }
}

/// What makes long-running work progress: imports, migrations, setups, syncs, exports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pace {
    /// Each poll advances the work by one step, so that a program sees every state once, however
    /// fast it polls. The default.
    #[default]
    Look,
    /// The work advances by one step after each such period of the [`Clock`].
    Time(Duration),
}

/// The time and the pace at the moment of a poll.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) now: SystemTime,
    pub(super) pace: Pace,
}

impl Moment {
    /// The time as the API writes it.
    pub(super) fn text(&self) -> String {
        time_text(self.now)
    }
}

/// A time as the API writes it.
pub(super) fn time_text(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).map(|time| format!("{time:.6}")).unwrap_or_default()
}

/// A time in seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> f64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// A time as the API writes it, in seconds since 1970.
pub(super) fn seconds_of(text: &str) -> Option<f64> {
    let time: jiff::Timestamp = text.parse().ok()?;
    Some(time.as_millisecond() as f64 / 1000.0)
}

/// The progress of something that takes time.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    steps: usize,
    looks: usize,
    since: SystemTime,
}

impl Progress {
    /// Creates a process that ends after this many steps.
    pub(super) fn new(steps: usize, moment: Moment) -> Self {
        Self { steps, looks: 0, since: moment.now }
    }

    /// Returns the number of the step at this poll; the last one is the end.
    pub(super) fn look(&mut self, moment: Moment) -> usize {
        let step = match moment.pace {
            Pace::Look => self.looks,
            Pace::Time(each) => {
                let passed = moment.now.duration_since(self.since).unwrap_or_default().as_nanos();
                let step = passed.checked_div(each.as_nanos()).unwrap_or(u128::MAX);
                usize::try_from(step).unwrap_or(usize::MAX)
            }
        };
        self.looks += 1;
        step.min(self.steps)
    }

    /// Whether a step is the end.
    pub(super) fn is_over(&self, step: usize) -> bool {
        step >= self.steps
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Moment, Pace, Progress, time_text};
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_stopped_clock_moves_by_hand_alone() {
        let clock = Clock::default();
        clock.stop();
        let then = clock.now();
        assert_eq!(clock.clone().now(), then);
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), then + Duration::from_secs(90));
    }

    #[test]
    fn a_thing_moves_by_looks_or_by_time() {
        let moment = |pace, seconds| Moment {
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
            pace,
        };
        let mut by_looks = Progress::new(2, moment(Pace::Look, 0));
        let steps = [(); 4].map(|()| by_looks.look(moment(Pace::Look, 0)));
        assert_eq!(steps, [0, 1, 2, 2]);

        let pace = Pace::Time(Duration::from_secs(10));
        let mut by_time = Progress::new(2, moment(pace, 0));
        let steps = [0, 9, 10, 19, 20, 500].map(|seconds| by_time.look(moment(pace, seconds)));
        assert_eq!(steps, [0, 0, 1, 1, 2, 2]);
        assert!(by_time.is_over(2) && !by_time.is_over(1));
    }

    #[test]
    fn times_are_written_as_the_api_writes_them() {
        assert_eq!(time_text(SystemTime::UNIX_EPOCH), "1970-01-01T00:00:00.000000Z");
    }
}
