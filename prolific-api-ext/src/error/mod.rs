//! Errors.

mod builder;
mod conceal;
mod conversion;
mod doubt;
mod excerpt;
mod expense;
mod kind;
mod list;
mod mask;
mod payment;
mod raw;
mod refusal;
mod transfer;
mod upload;
mod wait;

pub use builder::ErrorBuilder;
pub use kind::ErrorKind;
pub(crate) use upload::StorageRefusal;
pub(crate) use wait::Course;

use std::{error, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use prolific_api::ResponseValue;
use reqwest::{StatusCode, header::HeaderMap};

use refusal::Refusal;
use wait::LastSeen;

use crate::{call::request_id, spending::Expense};

pub(crate) use conceal::marked;
pub(crate) use excerpt::excerpt;
pub(crate) use mask::{Beginnings, MASK, masked, masked_body, masked_from, spelled};
pub(crate) use raw::authority;

/// The error of a call, a list, a wait or a transfer. Handle it by its [`kind`](Self::kind); ask
/// [`is_transient`](Self::is_transient) whether to try again later, and
/// [`may_have_acted`](Self::may_have_acted) whether the server may have done something.
///
/// `Display` prints one line, and `Debug` the fields that are set;
/// [`source`](error::Error::source) has the cause. An error never shows the token, the body of a
/// request, or any part of the body of a successful response. The text of an error response is
/// shown without the token, the queries of links, and fields named like secrets; only
/// [`body`](Self::body) has it as received, except for the token.
///
/// # Examples
///
/// ```
/// # use prolific_api_ext::{ErrorKind, simulator::Simulator};
/// # prolific_api_ext::simulator::example(async |simulator, prolific| {
/// let error = prolific.datasets().status(&"no-such-dataset".parse()?).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NotFound);
/// assert_eq!(error.title(), Some("Not Found"));
/// # Ok(())
/// # });
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    is_transient: bool,
    message: String,
    operation: Option<&'static str>,
    status: Option<StatusCode>,
    refusal: Refusal,
    request_id: Option<String>,
    headers: HeaderMap,
    retry_after: Option<Duration>,
    attempts: u32,
    elapsed: Duration,
    body: Bytes,
    may_have_acted: bool,
    last_seen: Option<LastSeen>,
    extent: Option<Box<list::Extent>>,
    expense: Option<Box<Expense>>,
    source: Option<Source>,
}

/// Shared with what the raw client returned.
type Source = Arc<dyn error::Error + Send + Sync>;

impl Error {
    /// Returns the kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns `true` if the same call may succeed later and is safe to repeat. Waits continue
    /// after such errors, and calls are retried if their operation permits it
    /// ([`FailureKind`](crate::FailureKind)). Never `true` for a call that [may have
    /// acted](Self::may_have_acted).
    pub fn is_transient(&self) -> bool {
        self.0.is_transient && !self.0.may_have_acted
    }

    /// Returns the operation that failed, by its id in the document.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the title of the API's error, if it has one.
    pub fn title(&self) -> Option<&str> {
        self.0.refusal.title.as_deref()
    }

    /// Returns the explanation in the API's error, if it has one. Lists and fields are joined to
    /// one text.
    pub fn detail(&self) -> Option<&str> {
        self.0.refusal.detail.as_deref()
    }

    /// Returns the code of the API's error, if it has one.
    pub fn code(&self) -> Option<&str> {
        self.0.refusal.code.as_deref()
    }

    /// Returns the server's id of the request (`x-request-id`), if it sent one.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the headers of the response, as received, except for the token; empty without a
    /// whole response, and for errors of lists, waits and models themselves. `Debug` does not show
    /// the values of those that may be secret, such as `set-cookie` and `location`.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Returns how long the server asks to wait before the next request, if it does. For a wait
    /// that timed out, it is the hint that the last poll received.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the number of attempts; 0 if none was started. For a successful response that lacks
    /// a required field, earlier attempts are not counted. For a wait that
    /// [failed](ErrorKind::Failed) or [timed out](ErrorKind::WaitTimedOut), it is the number of
    /// polls, each of one or more attempts.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns how long the call or wait took, with all attempts and pauses.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Returns the body of the response as received, except for the token in an error response;
    /// empty if there was none. It may hold secrets, such as a presigned link. For an error
    /// response it is the first 64 KiB, for a [row that can't be read](ErrorKind::UnreadableRow)
    /// the JSON of the row.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// A response that lacks what it has to contain.
    pub(crate) fn unexpected(message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::UnexpectedAnswer, message);
        error.0.attempts = 1;
        error
    }

    pub(crate) fn caused_by(self, source: impl error::Error + Send + Sync + 'static) -> Self {
        self.caused_by_shared(Arc::new(source))
    }

    pub(crate) fn caused_by_boxed(self, source: Box<dyn error::Error + Send + Sync>) -> Self {
        self.caused_by_shared(Arc::from(source))
    }

    fn caused_by_shared(mut self, source: Source) -> Self {
        self.0.source = Some(source);
        self
    }

    /// Adds the successful response that it is about.
    pub(crate) fn answered<T>(mut self, answer: &ResponseValue<T>) -> Self {
        self.0.status = Some(answer.status());
        self.0.request_id = request_id(answer.headers()).map(str::to_owned);
        self.0.headers = marked(answer.headers().clone());
        self
    }

    /// Sets the operation, if it is not known yet.
    pub(crate) fn of(mut self, operation: &'static str) -> Self {
        if self.0.operation.is_none() {
            self.0.operation = Some(operation);
            let was_accepted = self.0.status.is_some_and(|status| status.is_success());
            if was_accepted && let Some(operation) = doubt::acting(operation) {
                self.may_have(operation);
            }
        }
        self
    }

    /// Sets the operation, if there is one and none is known yet.
    pub(crate) fn of_some(self, operation: Option<&'static str>) -> Self {
        match operation {
            Some(operation) => self.of(operation),
            None => self,
        }
    }

    /// Adds what had been done before.
    pub(crate) fn having_done(mut self, done: &str) -> Self {
        self.add(done);
        self
    }

    fn add(&mut self, said: &str) {
        self.0.message = format!("{}; {said}", self.0.message);
    }

    #[cfg(test)]
    pub(crate) fn for_tests(kind: ErrorKind, retry_after: Option<Duration>) -> Self {
        let made = Self::builder(kind).message("made for a test");
        retry_after.into_iter().fold(made, ErrorBuilder::retry_after).build()
    }

    #[cfg(test)]
    pub(crate) fn with_body(mut self, body: &str) -> Self {
        self.0.body = Bytes::copy_from_slice(body.as_bytes());
        self
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            is_transient: false,
            message: message.into(),
            operation: None,
            status: None,
            refusal: Refusal::default(),
            request_id: None,
            headers: HeaderMap::new(),
            retry_after: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            body: Bytes::new(),
            may_have_acted: false,
            last_seen: None,
            extent: None,
            expense: None,
            source: None,
        }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, message, operation, status, request_id, attempts, .. } = &*self.0;
        if kind.is_of_an_outcome() {
            return f.write_str(message);
        }
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        if let Some(status) = status {
            write!(f, "{status}: ")?;
        }
        f.write_str(message)?;
        match (request_id.as_deref().map(excerpt), attempts) {
            (Some(id), 2..) => write!(f, " (request {id}, {attempts} attempts)"),
            (Some(id), _) => write!(f, " (request {id})"),
            (None, 2..) => write!(f, " ({attempts} attempts)"),
            (None, _) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// A field, unless it is not set.
        fn set<'a, T: fmt::Debug>(
            name: &'static str,
            value: &'a Option<T>,
        ) -> Option<(&'static str, &'a dyn fmt::Debug)> {
            value.as_ref().map(|value| (name, value as _))
        }

        let inner = &*self.0;
        let attempts = (inner.attempts > 0).then_some(inner.attempts);
        let elapsed = (!inner.elapsed.is_zero()).then_some(inner.elapsed);
        let body_length = (!inner.body.is_empty()).then_some(inner.body.len());
        let may_have_acted = inner.may_have_acted.then_some(true);
        let last_state = self.last_state();
        let (received, expected) = (self.rows_received(), self.rows_expected());
        let fields = [
            set("operation", &inner.operation),
            set("status", &inner.status),
            set("request_id", &inner.request_id),
            set("retry_after", &inner.retry_after),
            set("attempts", &attempts),
            set("elapsed", &elapsed),
            set("body_length", &body_length),
            set("may_have_acted", &may_have_acted),
            set("last_state", &last_state),
            set("rows_received", &received),
            set("rows_expected", &expected),
            set("source", &inner.source),
        ];
        let mut shown = f.debug_struct("Error");
        shown.field("kind", &inner.kind).field("message", &inner.message);
        for (name, value) in fields.into_iter().flatten() {
            shown.field(name, value);
        }
        shown.finish()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Error, ErrorKind, StatusCode};

    #[test]
    fn debug_shows_the_fields_that_are_set() {
        let error = Error::builder(ErrorKind::NotFound).message("no such study").build();
        assert_eq!(format!("{error:?}"), r#"Error { kind: NotFound, message: "no such study" }"#);
        let error = Error::builder(ErrorKind::Server)
            .operation("publish-study")
            .status(StatusCode::BAD_GATEWAY)
            .body("<html>")
            .request_id("r-7")
            .attempts(2)
            .elapsed(Duration::from_millis(30))
            .may_have_acted(true)
            .build();
        assert_eq!(
            format!("{error:?}"),
            "Error { kind: Server, message: \"<html>\", operation: \"publish-study\", status: 502, \
             request_id: \"r-7\", attempts: 2, elapsed: 30ms, body_length: 6, may_have_acted: true }"
        );
    }

    #[test]
    fn a_result_stays_small() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }
}
