use std::time::{Duration, SystemTime};

/// How much is tried, taken and waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How often a page is asked for, the first time among them; 4 unless set.
    pub attempts: u32,
    /// The time that one attempt may take, redirects and body among it; 30 s unless set.
    pub timeout: Duration,
    /// The most bytes of a response; 16 MiB unless set.
    pub bytes: u64,
    /// The time that all sources and indexes of a run may take together; 15 minutes unless set.
    pub total: Duration,
    /// The wait before the second attempt, which doubles from one to the next; 1 s unless set.
    pub first_wait: Duration,
    /// The longest wait that a server may ask for; 60 s unless set. A page whose server wants a
    /// longer one fails.
    pub longest_wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempts: 4,
            timeout: Duration::from_secs(30),
            bytes: 16 << 20,
            total: Duration::from_secs(15 * 60),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
        }
    }
}

impl Limits {
    /// The wait after the attempt of this number, counted from 1. The server's hint is a lower
    /// bound; none where it asks for more than is allowed.
    pub(super) fn wait_after(&self, attempt: u32, hint: Option<Duration>) -> Option<Duration> {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let wait = self.first_wait.saturating_mul(doubled).min(self.longest_wait);
        match hint {
            Some(hint) if hint > self.longest_wait => None,
            hint => Some(wait.max(hint.unwrap_or_default())),
        }
    }
}

/// Reads a `Retry-After`: seconds, or a point in time.
pub(super) fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let seconds = text.trim().parse().ok().map(Duration::from_secs);
    seconds.or_else(|| {
        let until = httpdate::parse_http_date(text.trim()).ok()?;
        Some(until.duration_since(now).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{Limits, retry_after};

    #[test]
    fn waits_double_and_keep_to_the_hint_of_the_server() {
        let limits = Limits::default();
        let seconds = |attempt, hint: Option<u64>| {
            limits.wait_after(attempt, hint.map(Duration::from_secs)).map(|wait| wait.as_secs())
        };
        assert_eq!([1, 2, 3].map(|attempt| seconds(attempt, None)), [Some(1), Some(2), Some(4)]);
        assert_eq!(seconds(1, Some(7)), Some(7));
        assert_eq!(seconds(3, Some(2)), Some(4));
        assert_eq!(seconds(1, Some(60)), Some(60));
        assert_eq!(seconds(1, Some(61)), None);
        assert_eq!(seconds(u32::MAX, None), Some(60));
    }

    #[test]
    fn a_hint_is_seconds_or_a_date() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(retry_after("5", now), Some(Duration::from_secs(5)));
        assert_eq!(
            retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now),
            Some(Duration::from_secs(10))
        );
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:27 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
