use std::{error, fmt, io, time::Duration};

use bytes::Bytes;
use prolific_api::Operation;
use reqwest::Response;

use super::FailureKind;

/// How a call that did not succeed went. It travels with the answer or the error through the raw
/// client, so that whoever reads it there still knows.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) failure: FailureKind,
    /// How long the server asked to wait.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) ended: Ended,
    pub(crate) body: Bytes,
}

/// Why there was no further attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The policy wanted none, or must not have one.
    ByPolicy,
    /// The body of the request could not be sent again.
    NotReplayable,
    /// The next one would have begun after the deadline.
    Deadline,
    /// The budget of retries was used up.
    Budget,
}

/// What the raw client hands out where no answer came.
#[derive(Debug)]
pub(crate) struct CallFailure {
    pub(crate) record: Record,
    pub(crate) cause: Cause,
}

#[derive(Debug)]
pub(crate) enum Cause {
    Transport(reqwest::Error),
    TimedOut(io::Error),
    BodyTooLarge { limit: usize },
    NoTurn,
    NotReplayable,
}

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Transport(error) => error.fmt(f),
            cause => cause.fmt(f),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::TimedOut(error) => error.fmt(f),
            Self::BodyTooLarge { limit } => write!(
                f,
                "the body of the answer is larger than {limit} bytes: raise `body_limit` on the builder"
            ),
            Self::NotReplayable => f.write_str("the body of the request can't be sent again"),
            Self::NoTurn => f.write_str(
                "the request-rate limit left no turn before the deadline: raise it, or the timeout",
            ),
        }
    }
}

impl Cause {
    /// The error, less the query of its URL: it would show in `Debug` and in the chain of causes.
    pub(super) fn transport(mut error: reqwest::Error) -> Self {
        if let Some(url) = error.url_mut() {
            url.set_query(None);
        }
        Self::Transport(error)
    }

    pub(super) fn failure_kind(&self) -> FailureKind {
        match self {
            Self::Transport(error) => FailureKind::of_error(error),
            Self::TimedOut(_) => FailureKind::Timeout,
            Self::BodyTooLarge { .. } | Self::NoTurn | Self::NotReplayable => {
                FailureKind::Permanent
            }
        }
    }

    /// Of this kind, so that `reqwest::Error::is_timeout` knows it for what it is.
    pub(super) fn timed_out(timeout: Duration) -> Self {
        let text = format!("no whole answer within {timeout:?}");
        Self::TimedOut(io::Error::new(io::ErrorKind::TimedOut, text))
    }
}

impl error::Error for CallFailure {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.cause {
            Cause::Transport(error) => Some(error),
            Cause::TimedOut(error) => Some(error),
            Cause::BodyTooLarge { .. } | Cause::NoTurn | Cause::NotReplayable => None,
        }
    }
}

impl CallFailure {
    /// As a failure of the transport, the only kind that the raw client can hand on: reqwest makes
    /// an error of whatever a body fails with.
    pub(super) async fn into_result(self) -> reqwest::Result<Response> {
        let body = reqwest::Body::wrap_stream(FailingStream(Some(self)));
        let response = Response::from(http::Response::new(body));
        let read = response.bytes().await.map_err(reqwest::Error::without_url);
        read.map(|bytes| Response::from(http::Response::new(bytes)))
    }

    /// Finds it again in the chain of causes.
    pub(crate) fn within(error: &reqwest::Error) -> Option<&Self> {
        let mut cause: Option<&(dyn error::Error + 'static)> = Some(error);
        while let Some(error) = cause {
            if let Some(found) = error.downcast_ref::<Self>() {
                return Some(found);
            }
            cause = error.source();
        }
        None
    }
}

/// Fails at once with what it holds.
struct FailingStream(Option<CallFailure>);

impl futures_core::Stream for FailingStream {
    type Item = Result<Bytes, CallFailure>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(Err))
    }
}
