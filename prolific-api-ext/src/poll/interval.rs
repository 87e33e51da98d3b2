use std::{ops::RangeInclusive, time::Duration};

/// How much each pause grows.
const GROWTH: f64 = 1.5;

/// Without a pause, a wait would spin.
const LEAST: Duration = Duration::from_millis(1);

/// The pause between polls: it grows with every poll from the shortest to the longest. Each pause
/// is shortened at random by up to a quarter, so that waits which started together don't poll
/// together.
///
/// A single [`Duration`] is both. Less than a millisecond counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollInterval {
    shortest: Duration,
    longest: Duration,
}

impl Default for PollInterval {
    /// From 1 to 10 seconds.
    fn default() -> Self {
        (Duration::from_secs(1)..=Duration::from_secs(10)).into()
    }
}

impl From<Duration> for PollInterval {
    fn from(pause: Duration) -> Self {
        (pause..=pause).into()
    }
}

impl From<RangeInclusive<Duration>> for PollInterval {
    fn from(pauses: RangeInclusive<Duration>) -> Self {
        let (shortest, longest) = pauses.into_inner();
        let shortest = shortest.max(LEAST);
        Self { shortest, longest: longest.max(shortest) }
    }
}

impl PollInterval {
    pub(crate) fn shortest(&self) -> Duration {
        self.shortest
    }

    /// An interval, multiplied.
    pub(crate) fn times(&self, factor: u32) -> Self {
        (self.shortest.saturating_mul(factor)..=self.longest.saturating_mul(factor)).into()
    }

    /// The pause after a number of polls, with random jitter.
    pub(crate) fn pause(&self, looks: u32, random: f64) -> Duration {
        let growth = GROWTH.powi(i32::try_from(looks.saturating_sub(1)).unwrap_or(i32::MAX));
        let seconds = (self.shortest.as_secs_f64() * growth).min(self.longest.as_secs_f64());
        let pause = seconds * (1.0 - random / 4.0);
        Duration::try_from_secs_f64(pause).unwrap_or(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::PollInterval;

    #[test]
    fn pauses_grow_to_the_longest_and_chance_takes_up_to_a_quarter() {
        let interval = PollInterval::from(Duration::from_secs(1)..=Duration::from_secs(4));
        let pauses = [1, 2, 3, 4, 5, u32::MAX].map(|looks| interval.pause(looks, 0.0).as_millis());
        assert_eq!(pauses, [1_000, 1_500, 2_250, 3_375, 4_000, 4_000]);
        assert_eq!(interval.pause(9, 1.0).as_millis(), 3_000);
    }

    #[test]
    fn a_pause_without_end_is_very_long_and_no_overflow() {
        assert_eq!(PollInterval::from(Duration::MAX).pause(9, 0.0), Duration::MAX);
    }

    #[test]
    fn an_interval_is_stretched_at_both_ends() {
        let stretched = PollInterval::default().times(6);
        assert_eq!(stretched, (Duration::from_secs(6)..=Duration::from_secs(60)).into());
        assert_eq!(PollInterval::from(Duration::MAX).times(2), Duration::MAX.into());
    }

    #[test]
    fn there_is_always_a_pause_and_it_grows() {
        let interval = PollInterval::from(Duration::ZERO..=Duration::from_secs(1));
        let pauses = [1, 2, 2_000].map(|looks| interval.pause(looks, 0.0));
        assert!(!pauses[0].is_zero() && pauses[0] < pauses[1], "{pauses:?}");
        assert_eq!(pauses[2], Duration::from_secs(1));
    }

    #[test]
    fn ends_that_are_the_wrong_way_round_are_the_shortest() {
        let interval = PollInterval::from(Duration::from_secs(3)..=Duration::from_secs(1));
        assert_eq!(interval, Duration::from_secs(3).into());
    }
}
