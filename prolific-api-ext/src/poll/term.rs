use std::time::{Duration, Instant};

/// The least time for a last poll, if polls are quick.
const LAST_LOOK: Duration = Duration::from_millis(500);

/// A poll has to end this long before the wait does: one that is cut off says nothing.
const MARGIN: Duration = Duration::from_millis(50);

/// The time from the first poll of a wait to its deadline. Time without polls is not counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    timeout: Duration,
    began: Instant,
    ends: Instant,
    /// The duration of the last poll.
    took: Duration,
    is_over: bool,
}

impl Term {
    /// `ends` is as much later as the clock can tell.
    pub(super) fn new(timeout: Duration, began: Instant, ends: Instant) -> Self {
        Self { timeout, began, ends, took: Duration::ZERO, is_over: false }
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(super) fn ends(&self) -> Instant {
        self.ends
    }

    pub(super) fn elapsed(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.began)
    }

    /// Once it is over, it stays over.
    pub(super) fn is_over(&mut self, now: Instant) -> bool {
        self.is_over |= now >= self.ends;
        self.is_over
    }

    /// How long the calls of a poll that starts now may take.
    pub(super) fn time_for_look(&self, now: Instant) -> Duration {
        let left = self.ends.saturating_duration_since(now);
        left.saturating_sub(MARGIN.min(left / 8))
    }

    /// Records the end of a poll that started at that time.
    pub(super) fn looked(&mut self, began: Instant, now: Instant) {
        self.took = now.saturating_duration_since(began);
    }

    /// When to poll next, after a pause and not before the server allows; `None` if no poll fits
    /// before the deadline. A pause that would outlast the wait is shortened for a last poll.
    pub(super) fn next_look(
        &self,
        now: Instant,
        pause: Duration,
        hint: Option<Duration>,
        rounds: usize,
    ) -> Option<Instant> {
        let after = |pause| now.checked_add(pause).unwrap_or(self.ends).min(self.ends);
        let not_before = after(hint.unwrap_or_default());
        let wanted = after(pause).max(not_before);
        let latest = self.ends.checked_sub(self.room(rounds)).unwrap_or(now);
        let next = if now < latest { wanted.min(latest.max(not_before)) } else { wanted };
        (next < self.ends).then_some(next)
    }

    /// The time reserved for last polls, one after another: twice what polls take.
    fn room(&self, rounds: usize) -> Duration {
        let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
        let least = LAST_LOOK.min(self.timeout / 10);
        self.took.saturating_mul(2).saturating_mul(rounds).max(least).min(self.timeout / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(timeout: u64) -> (Term, Instant) {
        let now = Instant::now();
        let timeout = Duration::from_millis(timeout);
        (Term::new(timeout, now, now + timeout), now)
    }

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_pause_that_would_outlast_the_wait_is_cut_short_and_a_hint_is_not() {
        // At, pause, hint, and how long the last look took, in a wait of ten seconds.
        let table = [
            ((0, 1_000, None, 0), Some(1_000)),
            ((0, 1_000, Some(3_000), 0), Some(3_000)),
            ((0, 9_000, None, 0), Some(9_000)),
            ((0, 9_800, None, 0), Some(9_500)),
            ((0, 60_000, None, 0), Some(9_500)),
            ((0, 60_000, None, 1_000), Some(8_000)),
            ((0, 60_000, Some(9_700), 0), Some(9_700)),
            ((0, 1_000, Some(10_000), 0), None),
            ((0, 1_000, Some(60_000), 0), None),
            ((9_500, 1_000, None, 0), None),
            ((9_500, 300, None, 0), Some(9_800)),
            ((9_999, 1_000, None, 0), None),
        ];
        for ((at, pause, hint, took), expected) in table {
            let (mut term, start) = term(10_000);
            let now = start + ms(at);
            term.looked(now, now + ms(took));
            let next = term.next_look(now, ms(pause), hint.map(ms), 1);
            assert_eq!(next, expected.map(|at| start + ms(at)), "{at} {pause} {hint:?} {took}");
        }
    }

    #[test]
    fn many_that_wait_for_their_last_look_get_it_in_turn() {
        let (mut term, start) = term(10_000);
        term.looked(start, start + ms(20));
        let next = |rounds| term.next_look(start, ms(60_000), None, rounds).unwrap() - start;
        assert_eq!(next(1), ms(9_500));
        assert_eq!(next(100), ms(6_000));
        assert_eq!(next(10_000), ms(5_000));
    }

    #[test]
    fn no_duration_overflows() {
        let now = Instant::now();
        let mut term = Term::new(Duration::MAX, now, now + ms(1_000_000));
        term.looked(now, now + ms(1_000));
        assert!(term.next_look(now, Duration::MAX, Some(Duration::MAX), usize::MAX).is_none());
        assert!(!term.is_over(now + ms(999_999)));
    }
}
