use std::time::Duration;

use prolific_api::RetrySafety;
use reqwest::StatusCode;

/// What kept an attempt from succeeding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// No connection stood: nothing was sent.
    NotSent,
    /// 429: the server turned the request away without acting on it.
    RateLimited,
    /// 408, 500, 502, 503 or 504: the server may have acted.
    Status,
    /// No whole answer came in time: the server may have acted.
    Timeout,
    /// The connection broke, before or in the middle of the answer: the server may have acted.
    Broken,
    /// Anything else: the next attempt would fail the same way.
    Permanent,
}

impl FailureKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::NotSent,
        Self::RateLimited,
        Self::Status,
        Self::Timeout,
        Self::Broken,
        Self::Permanent,
    ];

    /// Whether an operation of this safety may be attempted again after such a failure.
    ///
    /// What the server did not act on may always be repeated. What it may have acted on is
    /// repeated where doing it twice does what doing it once does.
    pub fn may_be_retried(self, safety: RetrySafety) -> bool {
        match self {
            Self::NotSent | Self::RateLimited => true,
            Self::Status | Self::Timeout | Self::Broken => {
                matches!(safety, RetrySafety::Safe | RetrySafety::Idempotent)
            }
            Self::Permanent => false,
        }
    }

    /// Whether it may pass: what a wait outlasts.
    pub fn is_transient(self) -> bool {
        self != Self::Permanent
    }

    pub(crate) fn of_status(status: StatusCode) -> Option<Self> {
        match status.as_u16() {
            200..=299 => None,
            429 => Some(Self::RateLimited),
            408 | 500 | 502 | 503 | 504 => Some(Self::Status),
            _ => Some(Self::Permanent),
        }
    }

    pub(crate) fn of_error(error: &reqwest::Error) -> Self {
        if error.is_connect() {
            Self::NotSent
        } else if error.is_timeout() {
            Self::Timeout
        } else if error.is_builder() || error.is_redirect() {
            Self::Permanent
        } else {
            Self::Broken
        }
    }

    /// The value of `error.type` in a trace.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::RateLimited => "rate_limited",
            Self::Status => "status",
            Self::Timeout => "timeout",
            Self::Broken => "broken",
            Self::Permanent => "permanent",
        }
    }
}

/// A failure, the status that came with it, and how long the server asks to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) kind: FailureKind,
    pub(crate) status: Option<StatusCode>,
    pub(crate) hint: Option<Duration>,
}

impl Failure {
    pub(crate) fn new(kind: FailureKind) -> Self {
        Self { kind, status: None, hint: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{FailureKind, RetrySafety};

    #[test]
    fn the_page_on_retries_shows_the_table_that_is_used() {
        use RetrySafety::{Conditional, Idempotent, Never, Safe, Unsafe};
        let page = include_str!("../retries.md");
        let rows: Vec<Vec<&str>> = page
            .lines()
            .filter(|line| line.starts_with('|') && !line.starts_with("|-"))
            .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
            .collect();
        assert_eq!(rows[0][1..], ["Safe", "Idempotent", "Conditional", "Unsafe", "Never"]);
        assert_eq!(rows.len(), 1 + FailureKind::ALL.len());
        for (kind, row) in FailureKind::ALL.iter().zip(&rows[1..]) {
            assert_eq!(row[0], format!("{kind:?}"));
            let used = [Safe, Idempotent, Conditional, Unsafe, Never]
                .map(|safety| if kind.may_be_retried(safety) { "yes" } else { "no" });
            assert_eq!(row[1..], used, "{kind:?}");
        }
    }
}
