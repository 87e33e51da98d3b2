use reqwest::StatusCode;

/// What sort of failure an [`Error`](crate::Error) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the client is missing or can't be used. Nothing was sent.
    Configuration,
    /// What the caller gave can't be sent. Nothing was sent.
    InvalidInput,
    /// No connection to the server was made, its TLS failed, or it broke.
    Connection,
    /// The answer did not come in time.
    Timeout,
    /// 400: the server can't make sense of what was sent.
    BadRequest,
    /// 401: the token is not accepted.
    Unauthorized,
    /// 403: the token does not allow this.
    Forbidden,
    /// 404: there is no such thing.
    NotFound,
    /// 409: the state of the thing does not allow this.
    Conflict,
    /// 422: the server can't act on what was sent.
    Unprocessable,
    /// 429: too many requests.
    RateLimited,
    /// Any other answer of 4xx.
    Refused,
    /// An answer of 5xx.
    Server,
    /// The body of the answer is larger than the limit, or holds more values or rows than a
    /// response may.
    BodyTooLarge,
    /// A list ended before as many rows had come as the server counts or promises;
    /// [`Error::rows_received`](crate::Error::rows_received) and
    /// [`Error::rows_expected`](crate::Error::rows_expected) say how many came of how many.
    Incomplete,
    /// A row of a list that is of another form than documented, or lacks what it can't do without;
    /// its JSON is the [body](crate::Error::body) of the error. The list goes on behind it.
    UnreadableRow,
    /// An answer that is none of the documented ones: a redirect, which is not followed, a success
    /// of another status, or one with a body of another form.
    UnexpectedAnswer,
    /// A file of this machine can't be read or written.
    File,
    /// The call would cost more than the [spending limit](crate::ProlificBuilder::spending_limit) leaves,
    /// or what it costs can't be told; [`Error::expense`](crate::Error::expense) has both. It was
    /// not sent.
    SpendingLimit,
    /// The call costs money, and the client makes a [dry run](crate::ProlificBuilder::dry_run);
    /// [`Error::expense`](crate::Error::expense) says how much. It was not sent; a
    /// payout has prepared bonuses by then, which cost nothing unless they are paid.
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
    /// Whether it is how a wait ended, not a call.
    pub(super) fn ends_a_wait(self) -> bool {
        matches!(self, Self::Failed | Self::WaitTimedOut)
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
