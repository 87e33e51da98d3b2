use std::{
    error, fmt, io,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use prolific_api::{Explained, Operation, ReadBody};
use reqwest::{Response, StatusCode};

use super::{FailureKind, trace};
use crate::Error;

/// The course of a call. It travels with the response or the error through the raw client, so that
/// it is available there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) failed: Option<LastFailure>,
    /// Whether the server may have acted on an attempt before the last.
    pub(crate) in_doubt: bool,
    pub(crate) body: Bytes,
}

impl Record {
    /// Whether the body of a response was left to the caller.
    pub(crate) fn is_left(response: &Response) -> bool {
        response.extensions().get::<ReadBody>().is_some_and(|read| read.is_left)
    }

    /// That of a response that the raw client hands out.
    pub(super) fn of(response: &Response) -> Option<Self> {
        match response.extensions().get::<ReadBody>() {
            Some(ReadBody { body, call, .. }) => {
                let record = call.downcast_ref::<Self>()?;
                Some(Self { body: body.clone(), ..record.clone() })
            }
            None => response.extensions().get().cloned(),
        }
    }

    /// Takes it from a response that the raw client handed out.
    pub(crate) fn take(response: &mut Response) -> Option<Self> {
        let extensions = response.extensions_mut();
        let Some(ReadBody { body, call, .. }) = extensions.remove() else {
            return extensions.remove();
        };
        let record = call.downcast::<Self>().ok().map(Arc::unwrap_or_clone)?;
        Some(Self { body, ..record })
    }
}

/// How the last attempt failed, and why no other followed it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LastFailure {
    /// How long the server asked to wait.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) ended: Ended,
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
    /// An operation that acts would have been begun with too little time to end in.
    TooLittleTime,
    /// The request-rate limit left no turn before the deadline.
    NoTurn,
    /// Another bonus request had the turn until the deadline.
    NoBonusTurn,
}

/// What the raw client returns without a complete response. Displayed as the [`Error`] made from it.
pub(crate) struct CallFailure {
    pub(crate) record: Record,
    pub(crate) cause: Cause,
    /// The beginning of the answer, where at least that came.
    pub(crate) head: Option<Head>,
    /// The host that was asked, and its port.
    pub(crate) server: Option<String>,
    /// The error that is made of it, once somebody looks at it.
    error: OnceLock<Error>,
}

/// What an answer says before its body.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) request_id: Option<String>,
}

impl Head {
    pub(super) fn of(response: &Response) -> Self {
        let request_id = trace::request_id(response.headers()).map(str::to_owned);
        Self { status: response.status(), request_id }
    }
}

#[derive(Debug)]
pub(crate) enum Cause {
    Transport(Arc<reqwest::Error>),
    TimedOut(Arc<io::Error>),
    BodyTooLarge {
        limit: usize,
    },
    /// It holds more than a sensible response does.
    TooManyValues(String),
    /// The body has this encoding, which was not requested.
    Encoded(String),
    /// It ended before its first attempt.
    NotBegun(Ended),
    NoTime,
    NoToken(Arc<Error>),
    /// The spending guard did not let it pass.
    NotAdmitted(Arc<Error>),
    NotReplayable,
    /// Its body takes no further fields.
    NoFields(String),
}

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.error(), f)
    }
}

impl fmt::Debug for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.error(), f)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::TimedOut(error) => error.fmt(f),
            Self::BodyTooLarge { limit } => write!(
                f,
                "the response body is larger than {limit} bytes: raise `body_limit` on the \
                 builder, or `list_body_limit` for lists"
            ),
            Self::TooManyValues(why) | Self::NoFields(why) => f.write_str(why),
            Self::Encoded(encoding) => write!(
                f,
                "the response is encoded as {encoding}, which was not requested: a proxy or cache \
                 may have added the encoding"
            ),
            Self::NotReplayable => f.write_str("the request body can't be sent again"),
            Self::NotBegun(ended) => f.write_str(why_not_begun(*ended)),
            Self::NoToken(_) => f.write_str("the token provider failed"),
            Self::NotAdmitted(_) => f.write_str("the spending guard refused the call"),
            Self::NoTime => f.write_str("a timeout of this client is zero: set a longer one"),
        }
    }
}

impl error::Error for Cause {}

impl Cause {
    /// The error, less its URL: the query would show in `Debug` and in the chain of causes.
    pub(super) fn transport(error: reqwest::Error) -> Self {
        Self::Transport(Arc::new(error.without_url()))
    }

    pub(crate) fn failure_kind(&self) -> FailureKind {
        match self {
            Self::Transport(error) => FailureKind::of_error(error),
            Self::TimedOut(_) => FailureKind::Timeout,
            Self::NotBegun(_) => FailureKind::NotSent,
            Self::NotAdmitted(error) if error.is_transient() => FailureKind::NotSent,
            Self::BodyTooLarge { .. }
            | Self::TooManyValues(_)
            | Self::Encoded(_)
            | Self::NoTime
            | Self::NoToken(_)
            | Self::NotAdmitted(_)
            | Self::NoFields(_)
            | Self::NotReplayable => FailureKind::Permanent,
        }
    }

    /// Whether the request may have reached the server.
    pub(crate) fn may_have_been_sent(&self) -> bool {
        match self {
            Self::Transport(error) => !error.is_builder() && !error.is_connect(),
            Self::TimedOut(_)
            | Self::BodyTooLarge { .. }
            | Self::TooManyValues(_)
            | Self::Encoded(_) => true,
            Self::NotBegun(_)
            | Self::NoTime
            | Self::NoToken(_)
            | Self::NotAdmitted(_)
            | Self::NoFields(_)
            | Self::NotReplayable => false,
        }
    }

    /// Like a token that was not provided.
    pub(super) fn no_token_in_time(timeout: Duration) -> Self {
        let message = format!("the token provider returned no token within {timeout:?}");
        Self::NoToken(Arc::new(Error::configuration(message)))
    }

    /// Of this kind, so that `reqwest::Error::is_timeout` knows it for what it is.
    pub(super) fn timed_out(text: String) -> Self {
        Self::TimedOut(Arc::new(io::Error::new(io::ErrorKind::TimedOut, text)))
    }
}

fn why_not_begun(ended: Ended) -> &'static str {
    match ended {
        Ended::NoTurn => {
            "the request-rate limit left no slot before the deadline: raise the rate or the timeout"
        }
        Ended::NoBonusTurn => {
            "another bonus request of this client was in progress until the deadline: Prolific \
             accepts one at a time"
        }
        _ => {
            "too little time was left to start an operation that acts on the server: raise the \
             total timeout, or lower `least_time_to_act`"
        }
    }
}

impl error::Error for CallFailure {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.cause {
            Cause::Transport(error) => Some(&**error),
            Cause::TimedOut(error) => Some(&**error),
            // What is displayed is what they say.
            Cause::NoToken(error) | Cause::NotAdmitted(error) => error.source(),
            _ => None,
        }
    }
}

impl CallFailure {
    pub(super) fn new(
        record: Record,
        cause: Cause,
        head: Option<Head>,
        server: Option<String>,
    ) -> Self {
        Self { record, cause, head, server, error: OnceLock::new() }
    }

    pub(crate) fn error(&self) -> &Error {
        self.error.get_or_init(|| Error::of_failure(self))
    }

    pub(super) fn explained(self) -> Explained {
        Explained(Arc::new(self))
    }

    /// As a failure of the transport, the only kind that the raw client can hand on: reqwest makes
    /// an error of whatever a body fails with.
    pub(super) async fn into_result(self: Box<Self>) -> reqwest::Result<Response> {
        let body = reqwest::Body::wrap_stream(FailingStream(Some(self.explained())));
        let response = Response::from(http::Response::new(body));
        let read = response.bytes().await.map_err(reqwest::Error::without_url);
        read.map(|bytes| Response::from(http::Response::new(bytes)))
    }

    /// Finds it again in the chain of causes.
    pub(crate) fn within(error: &reqwest::Error) -> Option<&Self> {
        Explained::within(error)?.0.downcast_ref()
    }
}

/// Fails at once with what it holds.
struct FailingStream(Option<Explained>);

impl futures_core::Stream for FailingStream {
    type Item = Result<Bytes, Explained>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(Err))
    }
}
