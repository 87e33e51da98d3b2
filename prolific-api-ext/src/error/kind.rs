use reqwest::StatusCode;

/// The kind of an [`Error`](crate::Error). Match on it to decide what to do;
/// [`is_transient`](crate::Error::is_transient) and
/// [`may_have_acted`](crate::Error::may_have_acted) answer the two most frequent questions without
/// a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the client is missing or invalid. Nothing was sent.
    Configuration,
    /// An argument can't be sent. Nothing was sent.
    InvalidInput,
    /// No connection was made, TLS failed, or the connection broke.
    Connection,
    /// The response did not arrive in time.
    Timeout,
    /// 400: the server does not understand the request.
    BadRequest,
    /// 401: the token is invalid.
    Unauthorized,
    /// 403: the token does not permit this.
    Forbidden,
    /// 404: not found.
    NotFound,
    /// 409: the state of the resource does not permit this.
    Conflict,
    /// 422: the server can't process the request.
    Unprocessable,
    /// 429: too many requests.
    RateLimited,
    /// Any other 4xx status.
    Refused,
    /// A 5xx status.
    Server,
    /// The body of the response is larger than the limit, or holds too many values or rows.
    BodyTooLarge,
    /// A list ended with fewer rows than the server counts or promises; see
    /// [`Error::rows_received`](crate::Error::rows_received) and
    /// [`Error::rows_expected`](crate::Error::rows_expected).
    Incomplete,
    /// A row of a list can't be decoded, or lacks a required field. The [body](crate::Error::body)
    /// of the error is its JSON. The list continues after it.
    UnreadableRow,
    /// An undocumented response: a redirect (which is not followed), a success with another status,
    /// or one whose body can't be decoded.
    UnexpectedAnswer,
    /// A local file can't be read or written.
    File,
    /// The call would exceed the [spending limit](crate::ProlificBuilder::spending_limit), or its
    /// cost can't be determined; see [`Error::expense`](crate::Error::expense). It was not sent.
    SpendingLimit,
    /// The call costs money, and the client is in a [dry run](crate::ProlificBuilder::dry_run);
    /// [`Error::expense`](crate::Error::expense) says how much. It was not sent; a payout has
    /// prepared bonuses by then, which cost nothing unless they are paid.
    DryRun,
    /// Whether bonuses of a payout were paid is not known.
    InDoubt,
    /// What was waited for has failed; [`Error::last_state`](crate::Error::last_state) says as
    /// what.
    Failed,
    /// Some of what was asked for was done, and some was not;
    /// [`Error::last_seen`](crate::Error::last_seen) has the report of both.
    Partial,
    /// What was waited for did not come in time;
    /// [`Error::last_state`](crate::Error::last_state) says how it stood.
    WaitTimedOut,
}

impl ErrorKind {
    /// Whether it is an outcome of calls, none of which has to have failed.
    pub(super) fn is_of_an_outcome(self) -> bool {
        matches!(self, Self::Failed | Self::Partial | Self::WaitTimedOut)
    }

    pub(super) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::BadRequest,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            408 => Self::Timeout,
            409 => Self::Conflict,
            422 => Self::Unprocessable,
            429 => Self::RateLimited,
            402..=499 => Self::Refused,
            500..=599 => Self::Server,
            _ => Self::UnexpectedAnswer,
        }
    }

    /// Of a failure of the transport.
    pub(super) fn of_transport(error: &reqwest::Error) -> Self {
        if error.is_builder() {
            Self::InvalidInput
        } else if error.is_redirect() {
            Self::UnexpectedAnswer
        } else if error.is_timeout() {
            Self::Timeout
        } else {
            Self::Connection
        }
    }
}
