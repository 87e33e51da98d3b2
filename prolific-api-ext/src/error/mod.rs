//! What can go wrong.

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

pub(crate) use excerpt::excerpt;
pub(crate) use mask::{MASK, masked, masked_body, spelled};
pub(crate) use raw::authority;

/// Why something did not work.
///
/// Displayed, it is one line. [`source`](error::Error::source) keeps what caused it. Neither the
/// token, nor the body of a request, nor anything of the body of a success is ever in it. What a
/// server says of a refusal is, without the token, the queries of links and what is named as a secret;
/// only [`body`](Self::body) has it as it came, the token aside.
///
/// # Examples
///
/// ```
/// # use prolific_api_ext::{ErrorKind, simulator::Simulator};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> prolific_api_ext::Result<()> {
/// # let simulator = Simulator::start();
/// # let prolific = simulator.prolific()?;
/// let error = prolific.datasets().status(&"no-such-dataset".parse()?).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::NotFound);
/// assert_eq!(error.title(), Some("Not Found"));
/// # Ok(())
/// # }
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

/// Shared with whatever the raw client handed out.
type Source = Arc<dyn error::Error + Send + Sync>;

impl Error {
    /// What sort of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns `true` if the same call may succeed later and can do no harm: what a wait outlasts,
    /// and what is retried where the operation may be ([`FailureKind`](crate::FailureKind)). Never
    /// `true` of a call that [may have acted](Self::may_have_acted).
    pub fn is_transient(&self) -> bool {
        self.0.is_transient && !self.0.may_have_acted
    }

    /// The operation that failed, by its id in the document.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The status of the answer, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The API's own title of what is wrong, if the answer has one.
    pub fn title(&self) -> Option<&str> {
        self.0.refusal.title.as_deref()
    }

    /// The API's own explanation, if the answer has one; lists and fields joined to one text.
    pub fn detail(&self) -> Option<&str> {
        self.0.refusal.detail.as_deref()
    }

    /// The API's own code of what is wrong, if the answer has one.
    pub fn code(&self) -> Option<&str> {
        self.0.refusal.code.as_deref()
    }

    /// What the server calls the request (`x-request-id`), if it says so.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The headers of the response, if one came whole; none of an error that a list, a wait or a model
    /// of ours ended with. They are as they came, the token of the client aside.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// How long the server asks to wait before the next request, if it does. Of a wait that timed
    /// out it is what the last look was told.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many attempts were made; 0 where none was begun. Of an answer of success that lacks
    /// what it has to say, the attempts before it are not counted. Of a wait that
    /// [failed](ErrorKind::Failed) or [timed out](ErrorKind::WaitTimedOut) it is the looks, each a
    /// call of one attempt or more.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call or the wait took, all its attempts and pauses included.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The body of the answer as it came, but for the token of the client in a refusal; empty if none
    /// did. It may hold secrets, such as a presigned link. Of a refusal it is the first 64 KiB, of a
    /// [row that can't be read](ErrorKind::UnreadableRow) the JSON of that row.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// What the server answered does not say what it should.
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

    /// Says which response of success it is about.
    pub(crate) fn answered<T>(mut self, answer: &ResponseValue<T>) -> Self {
        self.0.status = Some(answer.status());
        self.0.request_id = request_id(answer.headers()).map(str::to_owned);
        self.0.headers = answer.headers().clone();
        self
    }

    /// Names the operation, where it is not known yet.
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

    /// Names the operation, if there is one and it is not known yet.
    pub(crate) fn of_some(self, operation: Option<&'static str>) -> Self {
        match operation {
            Some(operation) => self.of(operation),
            None => self,
        }
    }

    /// Adds what had been done before it.
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
        if kind.ends_a_wait() {
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
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("operation", &inner.operation)
            .field("status", &inner.status)
            .field("request_id", &inner.request_id)
            .field("retry_after", &inner.retry_after)
            .field("attempts", &inner.attempts)
            .field("elapsed", &inner.elapsed)
            .field("body_length", &inner.body.len())
            .field("may_have_acted", &inner.may_have_acted)
            .field("last_state", &self.last_state())
            .field("rows_received", &self.rows_received())
            .field("rows_expected", &self.rows_expected())
            .field("source", &inner.source)
            .finish()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn a_result_stays_small() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }
}
