use std::{fmt, sync::Arc, time::Duration};

use super::FailedAttempt;

/// Decides how long to wait before an attempt.
pub trait Backoff: fmt::Debug + Send + Sync + 'static {
    /// Returns the delay after a failed attempt. `random` is at least 0 and less than 1. If the
    /// server asks for a longer delay, that is used.
    fn delay(&self, failed: &FailedAttempt, random: f64) -> Duration;
}

impl<T: Backoff + ?Sized> Backoff for Arc<T> {
    fn delay(&self, failed: &FailedAttempt, random: f64) -> Duration {
        (**self).delay(failed, random)
    }
}

/// The default backoff: a random delay between zero and an exponential maximum, so that clients
/// which failed together don't retry together. The cap applies before the jitter.
#[derive(Clone, Copy, Debug)]
pub struct FullJitter {
    base: Duration,
    cap: Duration,
}

impl FullJitter {
    /// Delays of up to `base` after the first failure, doubling up to `cap`.
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap }
    }

    fn ceiling(&self, failed: u32) -> Duration {
        let doublings = failed.saturating_sub(1).min(31);
        self.base.saturating_mul(1 << doublings).min(self.cap)
    }
}

impl Default for FullJitter {
    /// 0.5 seconds, doubling up to 8 seconds.
    fn default() -> Self {
        Self::new(Duration::from_millis(500), Duration::from_secs(8))
    }
}

impl Backoff for FullJitter {
    fn delay(&self, failed: &FailedAttempt, random: f64) -> Duration {
        let ceiling = self.ceiling(failed.number);
        let delay = ceiling.as_secs_f64() * random.clamp(0.0, 1.0);
        Duration::try_from_secs_f64(delay).unwrap_or(ceiling)
    }
}

#[cfg(test)]
mod tests {
    use prolific_api::RetrySafety;

    use super::{Backoff, Duration, FailedAttempt, FullJitter};
    use crate::FailureKind;

    fn failed(number: u32) -> FailedAttempt {
        let mut failed = FailedAttempt::new(FailureKind::Status, RetrySafety::Safe);
        failed.number = number;
        failed
    }

    #[test]
    fn the_ceiling_doubles_up_to_the_cap_and_the_jitter_stays_below_it() {
        let table = [
            (1, 500),
            (2, 1_000),
            (3, 2_000),
            (4, 4_000),
            (5, 8_000),
            (6, 8_000),
            (4_000_000_000, 8_000),
        ];
        for (number, ceiling) in table {
            let at = |random| FullJitter::default().delay(&failed(number), random).as_millis();
            assert_eq!((at(0.0), at(0.5), at(1.0)), (0, ceiling / 2, ceiling), "{number}");
        }
    }

    #[test]
    fn a_random_number_out_of_range_does_no_harm() {
        for random in [-1.0, 2.0, f64::INFINITY] {
            assert!(FullJitter::default().delay(&failed(1), random).as_millis() <= 500);
        }
        assert!(FullJitter::default().delay(&failed(1), f64::NAN).as_millis() <= 500);
        let endless = FullJitter::new(Duration::MAX, Duration::MAX);
        assert_eq!(endless.delay(&failed(1), 1.0), Duration::MAX);
    }
}
