use std::{
    pin::pin,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::{Either, select};

use super::{Environment, environment::FAR_OFF};

/// How late a timer may fire without a turn being lost: at a high rate turns are closer together
/// than timers are exact.
const LATENESS: Duration = Duration::from_millis(2);

/// Spaces the requests of a client and its clones evenly, first come first served.
#[derive(Debug)]
pub(crate) struct RateLimit {
    interval: Duration,
    /// Held by the one whose turn is next until it has come. Whoever goes away before leaves the
    /// turn to the one behind: only a turn that is taken moves the next one on.
    queue: tokio::sync::Mutex<()>,
    next: Mutex<Option<Instant>>,
}

impl RateLimit {
    /// At most so many requests a second; none where the number says nothing.
    pub(crate) fn per_second(requests: f64) -> Option<Self> {
        let interval = Duration::try_from_secs_f64(requests.recip()).ok()?;
        let is_rate = requests.is_finite() && requests > 0.0 && interval <= FAR_OFF;
        is_rate.then(|| Self {
            interval,
            queue: tokio::sync::Mutex::default(),
            next: Mutex::default(),
        })
    }

    /// How long it is at least until a turn comes.
    pub(super) fn earliest(&self, now: Instant) -> Duration {
        self.next_turn(now).saturating_duration_since(now)
    }

    /// The turn of whoever asks now. One that nobody asked for in time is not made up for.
    fn next_turn(&self, now: Instant) -> Instant {
        let next = *self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.filter(|next| now.saturating_duration_since(*next) <= LATENESS).unwrap_or(now)
    }

    /// Waits for a turn and takes it. `false` means that none comes within `patience`.
    pub(super) async fn turn(&self, environment: &dyn Environment, patience: Duration) -> bool {
        let deadline = environment.after(patience);
        let comes_in_time =
            |now: Instant| self.earliest(now) < deadline.saturating_duration_since(now);
        if !comes_in_time(environment.now()) {
            return false;
        }
        let _held = match self.queue.try_lock() {
            Ok(held) => held,
            Err(_) => match select(pin!(self.queue.lock()), environment.sleep(patience)).await {
                Either::Left((held, _)) => held,
                Either::Right(_) => return false,
            },
        };
        let now = environment.now();
        if !comes_in_time(now) {
            return false;
        }
        let turn = self.next_turn(now);
        let wait = turn.saturating_duration_since(now);
        if !wait.is_zero() {
            environment.sleep(wait).await;
        }
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(turn + self.interval);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use futures_util::{StreamExt as _, stream::FuturesOrdered};
    use tokio::time::{Instant, sleep, timeout};

    use super::RateLimit;
    use crate::call::TokioEnvironment;

    const PATIENCE: Duration = Duration::from_secs(60);

    fn limit(requests: f64) -> RateLimit {
        RateLimit::per_second(requests).unwrap()
    }

    async fn turn(limit: &RateLimit) -> bool {
        limit.turn(&TokioEnvironment, PATIENCE).await
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_spaced_evenly_and_a_pause_is_not_made_up_for() {
        let (limit, started) = (limit(10.0), Instant::now());
        let mut at = Vec::new();
        for pause in [0, 0, 50, 1_000, 0] {
            sleep(Duration::from_millis(pause)).await;
            assert!(turn(&limit).await);
            at.push(started.elapsed().as_millis());
        }
        assert_eq!(at, [0, 100, 200, 1_200, 1_300]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_beyond_the_exactness_of_timers_is_reached_and_not_passed() {
        let (limit, started) = (limit(10_000.0), Instant::now());
        for number in 0..1_000 {
            assert!(turn(&limit).await);
            let allowed = started.elapsed() + super::LATENESS;
            assert!(f64::from(number) <= allowed.as_secs_f64() * 10_000.0, "{number}");
        }
        assert!(started.elapsed() <= Duration::from_millis(101), "{:?}", started.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_dropped_leaves_its_turn_to_others() {
        let (limit, started) = (limit(1.0), Instant::now());
        assert!(turn(&limit).await);
        for _ in 0..50 {
            assert!(timeout(Duration::from_millis(10), turn(&limit)).await.is_err());
        }
        let mut waits: Vec<_> = (0..3).map(|_| Box::pin(turn(&limit))).collect();
        for wait in &mut waits {
            assert!(timeout(Duration::from_millis(10), wait).await.is_err());
        }
        // The first of the queue, who has waited the longest, goes away; the second moves up.
        drop(waits.remove(0));
        assert!(waits.remove(0).await);
        assert_eq!(started.elapsed(), Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn turns_come_in_the_order_of_asking() {
        let (limit, started) = (Arc::new(limit(1.0)), Instant::now());
        let ask = |_| {
            let limit = limit.clone();
            async move {
                assert!(turn(&limit).await);
                started.elapsed().as_secs()
            }
        };
        let at: Vec<_> = (0..20).map(ask).collect::<FuturesOrdered<_>>().collect().await;
        assert_eq!(at, (0..20).collect::<Vec<_>>());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_comes_too_late_is_refused_at_once_and_left_to_others() {
        let (limit, started) = (limit(1.0), Instant::now());
        let turn = |patience| limit.turn(&TokioEnvironment, Duration::from_millis(patience));
        assert!(!turn(0).await);
        assert!(turn(1).await);
        assert!(!turn(999).await);
        assert!(!turn(1_000).await);
        assert_eq!(started.elapsed(), Duration::ZERO);
        assert!(turn(1_001).await);
        assert_eq!(started.elapsed(), Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_stands_too_far_behind_waits_no_longer_than_the_patience() {
        let (limit, started) = (Arc::new(limit(1.0)), Instant::now());
        let ask = |_| {
            let limit = limit.clone();
            async move { limit.turn(&TokioEnvironment, Duration::from_millis(2_500)).await }
        };
        let turns: Vec<_> = (0..5).map(ask).collect::<FuturesOrdered<_>>().collect().await;
        assert_eq!(turns, [true, true, true, false, false]);
        assert!(started.elapsed() <= Duration::from_millis(2_500));
    }

    #[test]
    fn a_rate_that_says_nothing_is_none() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-19, 1e-300] {
            assert!(RateLimit::per_second(rate).is_none(), "{rate}");
        }
    }
}
