use std::{
    error::{self, Error as _},
    io,
    time::Duration,
};

use prolific_api::RetrySafety;
use reqwest::StatusCode;

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// No connection was made. Nothing was sent.
    NotSent,
    /// 429 or 425: the server refused the request without acting on it.
    RateLimited,
    /// 408, 500, 502, 503, 504, or 520 to 530 of a proxy: the server may have acted.
    Status,
    /// No whole response arrived in time: the server may have acted.
    Timeout,
    /// The connection broke before or during the response: the server may have acted.
    Broken,
    /// TLS failed: the certificate is not trusted, or the server does not speak TLS. Nothing was
    /// sent, and the next attempt would fail the same way. The platform's libraries of Windows and
    /// macOS do not say so, so that with `native-tls` it is [`NotSent`](Self::NotSent) there.
    Tls,
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
        Self::Tls,
        Self::Permanent,
    ];

    /// Returns `true` if an operation of this safety may be retried after such a failure.
    ///
    /// A request that the server did not act on may always be retried. One that it may have acted
    /// on is retried if the operation is safe or idempotent.
    pub fn may_be_retried(self, safety: RetrySafety) -> bool {
        match self {
            Self::NotSent | Self::RateLimited => true,
            Self::Status | Self::Timeout | Self::Broken => {
                matches!(safety, RetrySafety::Safe | RetrySafety::Idempotent)
            }
            Self::Tls | Self::Permanent => false,
        }
    }

    /// Returns `true` if the failure may pass, so that a wait continues.
    pub fn is_transient(self) -> bool {
        !matches!(self, Self::Tls | Self::Permanent)
    }

    pub(crate) fn of_status(status: StatusCode) -> Option<Self> {
        match status.as_u16() {
            200..=299 => None,
            425 | 429 => Some(Self::RateLimited),
            408 | 500 | 502 | 503 | 504 | 520..=530 => Some(Self::Status),
            _ => Some(Self::Permanent),
        }
    }

    pub(crate) fn of_error(error: &reqwest::Error) -> Self {
        if error.is_connect() {
            if is_tls(error) { Self::Tls } else { Self::NotSent }
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
            Self::Tls => "tls",
            Self::Permanent => "permanent",
        }
    }
}

/// Whether a connection failed because of TLS.
///
/// rustls reports that as invalid data inside an I/O error, the platform's library as its own error. A
/// connection that ends during the handshake, and a name that can't be resolved, are neither.
fn is_tls(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn error::Error + 'static)> = error.source();
    while let Some(error) = cause {
        if is_of_platform(error) {
            return true;
        }
        let Some(io) = error.downcast_ref::<io::Error>() else {
            cause = error.source();
            continue;
        };
        let Some(inner) = io.get_ref() else { return false };
        if io.kind() == io::ErrorKind::InvalidData {
            return true;
        }
        cause = Some(inner);
    }
    false
}

/// Whether the platform's library says what is wrong with TLS. OpenSSL does by a cause, which is lacking or an
/// I/O error if the connection ended. On Windows and macOS there is none, so that every failure may pass there.
#[cfg(feature = "native-tls")]
fn is_of_platform(error: &(dyn error::Error + 'static)) -> bool {
    error.is::<native_tls::Error>() && error.source().is_some_and(|cause| !cause.is::<io::Error>())
}

#[cfg(not(feature = "native-tls"))]
fn is_of_platform(_: &(dyn error::Error + 'static)) -> bool {
    false
}

/// A failed attempt, with the status and the server's hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) kind: FailureKind,
    pub(crate) status: Option<StatusCode>,
    /// How long the server asks to wait.
    pub(crate) hint: Option<Duration>,
    /// Whether the server may have acted on it.
    pub(crate) in_doubt: bool,
    /// Whether a transfer got further than ever before, which resets the count of attempts.
    pub(crate) made_progress: bool,
}

impl Failure {
    /// A failure without a response.
    pub(crate) fn new(kind: FailureKind) -> Self {
        use FailureKind::{Broken, Status, Timeout};
        let in_doubt = matches!(kind, Status | Timeout | Broken);
        Self { kind, status: None, hint: None, in_doubt, made_progress: false }
    }

    /// An error response.
    pub(crate) fn of_status(kind: FailureKind, status: StatusCode, hint: Option<Duration>) -> Self {
        let in_doubt = !is_turned_down(status);
        Self { status: Some(status), hint, in_doubt, ..Self::new(kind) }
    }
}

/// Whether a status means that the server did not act. 408 does not: the server gave up on the
/// request, and does not say how far it had come.
pub(crate) fn is_turned_down(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT
}

#[cfg(test)]
mod tests {
    use super::{FailureKind, RetrySafety};

    #[test]
    fn the_page_on_retries_shows_the_table_that_is_used() {
        use RetrySafety::{Conditional, Idempotent, Never, Safe, Unsafe};
        let page = include_str!("../guide/errors_and_retries.md");
        let rows: Vec<Vec<&str>> = page
            .lines()
            .skip_while(|line| !line.starts_with("| [`FailureKind`]"))
            .take_while(|line| line.starts_with('|'))
            .filter(|line| !line.starts_with("|-"))
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
