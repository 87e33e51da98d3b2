use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Spaces the requests of a client and its clones evenly, first come first served.
#[derive(Debug)]
pub(crate) struct RateLimit {
    interval: Duration,
    next: Mutex<Option<Instant>>,
}

impl RateLimit {
    /// At most so many requests a second; none where the number says nothing.
    pub(crate) fn per_second(requests: f64) -> Option<Self> {
        let interval = Duration::try_from_secs_f64(requests.recip()).ok()?;
        (requests.is_finite() && requests > 0.0).then(|| Self { interval, next: Mutex::new(None) })
    }

    /// Takes the next turn, if it comes within `patience`; gives how long to wait for it.
    pub(super) fn reserve(&self, now: Instant, patience: Duration) -> Option<Duration> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.map_or(now, |next| next.max(now));
        let wait = turn.saturating_duration_since(now);
        if wait > patience {
            return None;
        }
        *next = Some(turn + self.interval);
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::RateLimit;

    #[test]
    fn turns_are_spaced_evenly_and_a_pause_is_not_made_up_for() {
        let limit = RateLimit::per_second(10.0).unwrap();
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let patience = Duration::from_secs(1);
        let waits = [0, 0, 50, 1_000, 1_000]
            .map(|now| limit.reserve(at(now), patience).unwrap().as_millis());
        assert_eq!(waits, [0, 100, 150, 0, 100]);
    }

    #[test]
    fn a_turn_that_comes_too_late_is_left_to_others() {
        let limit = RateLimit::per_second(1.0).unwrap();
        let now = Instant::now();
        limit.reserve(now, Duration::ZERO).unwrap();
        assert_eq!(limit.reserve(now, Duration::from_millis(999)), None);
        assert_eq!(limit.reserve(now, Duration::from_secs(1)), Some(Duration::from_secs(1)));
    }

    #[test]
    fn a_rate_that_says_nothing_is_none() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
            assert!(RateLimit::per_second(rate).is_none(), "{rate}");
        }
    }
}
