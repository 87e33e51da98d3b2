use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;

use super::{
    Error, ErrorKind,
    list::{Extent, incomplete},
    refusal::Refusal,
};
use crate::pages::Position;

/// Builds an [`Error`] by hand, to test code that handles errors. Returned by [`Error::builder`].
#[derive(Debug)]
#[must_use = "parts do nothing until the error is built"]
pub struct ErrorBuilder(Error);

impl Error {
    /// Builds an error as the client would, to test code that handles errors. By default it has no
    /// status and no operation, [is transient](Self::is_transient) if its kind usually is
    /// ([`Connection`](ErrorKind::Connection), [`Timeout`](ErrorKind::Timeout),
    /// [`RateLimited`](ErrorKind::RateLimited), [`Server`](ErrorKind::Server)), and [did not
    /// act](Self::may_have_acted).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use prolific_api_ext::{Error, ErrorKind, StatusCode};
    ///
    /// let busy = Error::builder(ErrorKind::RateLimited)
    ///     .status(StatusCode::TOO_MANY_REQUESTS)
    ///     .body(r#"{"error":{"title":"Slow down"}}"#)
    ///     .retry_after(Duration::from_secs(3))
    ///     .build();
    /// assert!(busy.is_transient());
    /// assert_eq!(busy.title(), Some("Slow down"));
    /// assert_eq!(busy.to_string(), "429 Too Many Requests: Slow down");
    /// ```
    pub fn builder(kind: ErrorKind) -> ErrorBuilder {
        use ErrorKind::{Connection, RateLimited, Server, Timeout};
        let mut error = Self::new(kind, "");
        error.0.is_transient = matches!(kind, Connection | RateLimited | Server | Timeout);
        ErrorBuilder(error)
    }
}

impl ErrorBuilder {
    /// Sets the message. Default: that of the body, or of the kind.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.0.0.message = message.into();
        self
    }

    /// Sets the status of the response.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.0.0.status = Some(status);
        self
    }

    /// Sets the body of the response. Title, detail and code are read from it.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.0.0.body = body.into();
        self.0.0.refusal = Refusal::read(&self.0.0.body);
        self
    }

    /// Sets the operation, by its id in the document. Unknown ids are ignored.
    pub fn operation(mut self, operation: &str) -> Self {
        let known = prolific_api::OPERATIONS.iter().find(|known| known.operation_id == operation);
        self.0.0.operation = known.map(|known| known.operation_id);
        self
    }

    /// Sets the request id of the response.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.0.0.request_id = Some(id.into());
        self
    }

    /// Sets the delay that the server asked for.
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.0.0.retry_after = Some(time);
        self
    }

    /// Sets the number of attempts.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.0.0.attempts = attempts;
        self
    }

    /// Sets the duration of the call.
    pub fn elapsed(mut self, elapsed: Duration) -> Self {
        self.0.0.elapsed = elapsed;
        self
    }

    /// Sets whether the same call may succeed later.
    pub fn transient(mut self, is_transient: bool) -> Self {
        self.0.0.is_transient = is_transient;
        self
    }

    /// Sets whether the server may have acted, which makes it
    /// [not transient](Error::is_transient).
    pub fn may_have_acted(mut self, may_have_acted: bool) -> Self {
        self.0.0.may_have_acted = may_have_acted;
        self
    }

    /// Sets the last state that a wait saw, and its name.
    pub fn last_seen<S: Send + Sync + 'static>(self, name: impl Into<String>, state: S) -> Self {
        Self(self.0.with_last_seen(name.into(), state))
    }

    /// Sets how many rows of a list were received, and the server's count.
    pub fn rows(mut self, received: u64, expected: Option<u64>) -> Self {
        let position = self.0.0.extent.take().and_then(|extent| extent.position);
        self.0.0.extent = Some(Box::new(Extent { received, expected, position }));
        self
    }

    /// Sets the position in a list at which it occurred.
    pub fn position(mut self, position: Position) -> Self {
        let rows = position.rows();
        let extent = self.0.0.extent.get_or_insert_with(|| {
            Box::new(Extent { received: rows, expected: None, position: None })
        });
        extent.position = Some(position);
        self
    }

    /// Returns the error.
    pub fn build(self) -> Error {
        let Self(mut error) = self;
        if error.0.message.is_empty() {
            error.0.message = match (&error.0.extent, error.0.body.is_empty()) {
                (Some(extent), true) if error.0.kind == ErrorKind::Incomplete => {
                    incomplete(extent.received, extent.expected)
                }
                (_, true) => format!("{:?}", error.0.kind),
                (_, false) => error.0.refusal.describe(&error.0.body),
            };
        }
        error
    }
}
