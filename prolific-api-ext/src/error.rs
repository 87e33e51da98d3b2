use std::{error, fmt, time::Duration};

use bytes::Bytes;
use reqwest::StatusCode;

/// How much of a body that is no JSON an error shows.
const SHOWN: usize = 200;

/// Why something did not work.
///
/// Displayed, it is one line. [`source`](error::Error::source) keeps what caused it.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    operation: Option<&'static str>,
    status: Option<StatusCode>,
    body: Bytes,
    last_status: Option<String>,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

/// What sort of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the client is missing or can't be used. Nothing was sent.
    Configuration,
    /// What the caller gave can't be sent. Nothing was sent.
    InvalidInput,
    /// No connection to the server stood, or it broke.
    Connection,
    /// The answer did not come in time.
    Timeout,
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
    /// An answer that is none of the documented ones: a redirect elsewhere, say, or a success
    /// with a body of another form.
    UnexpectedAnswer,
    /// What was waited for has failed; [`Error::last_status`] says as what.
    Failed,
    /// What was waited for did not come in time; [`Error::last_status`] says how it stood.
    WaitTimedOut,
}

impl Error {
    /// What sort of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed, by its id in the document.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The status of the answer, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The body of the answer as it came; empty if none did.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The last status that was seen of what was waited for.
    pub fn last_status(&self) -> Option<&str> {
        self.0.last_status.as_deref()
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// What the server answered does not say what it should.
    pub(crate) fn unexpected(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::UnexpectedAnswer, message).of(operation)
    }

    pub(crate) fn failed(message: impl Into<String>, last_status: &str) -> Self {
        Self::new(ErrorKind::Failed, message).with_last_status(last_status)
    }

    pub(crate) fn wait_timed_out(what: &str, timeout: Duration, last_status: Option<&str>) -> Self {
        let seen = last_status.unwrap_or("never seen");
        let message = format!("{what} was not ready after {timeout:?}; its last status: {seen}");
        let error = Self::new(ErrorKind::WaitTimedOut, message);
        match last_status {
            Some(status) => error.with_last_status(status),
            None => error,
        }
    }

    pub(crate) fn caused_by(mut self, source: impl error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    /// What the raw client made of a call that did not succeed.
    pub(crate) async fn from_raw(operation: &'static str, error: prolific_api::Error<()>) -> Self {
        use prolific_api::Error as Raw;
        match error {
            Raw::UnexpectedResponse(response) => Self::from_response(operation, response).await,
            Raw::CommunicationError(error)
            | Raw::ResponseBodyError(error)
            | Raw::InvalidUpgrade(error) => Self::from_transport(operation, error),
            Raw::InvalidResponsePayload(body, error) => {
                let mut unexpected = Self::unexpected(
                    operation,
                    format!("the answer is not of the documented form: {error}"),
                );
                unexpected.0.body = body;
                unexpected.caused_by(error)
            }
            Raw::InvalidRequest(message) => Self::invalid_input(message).of(operation),
            Raw::ErrorResponse(response) => Self::unexpected(operation, "an answer without a body")
                .with_status(response.status()),
            Raw::Custom(message) => Self::unexpected(operation, message),
        }
    }

    async fn from_response(operation: &'static str, response: reqwest::Response) -> Self {
        let status = response.status();
        let (body, broken) = match response.bytes().await {
            Ok(body) => (body, None),
            Err(error) => (Bytes::new(), Some(error)),
        };
        let message = described(&body);
        let mut error = Self::new(kind_of(status), message).of(operation).with_status(status);
        error.0.body = body;
        error.0.source = broken.map(|error| Box::new(error.without_url()) as _);
        error
    }

    fn from_transport(operation: &'static str, error: reqwest::Error) -> Self {
        let server = error.url().and_then(authority).unwrap_or_else(|| "the server".to_owned());
        let (kind, message) = if error.is_connect() {
            (ErrorKind::Connection, format!("no connection to {server}"))
        } else if error.is_timeout() {
            (ErrorKind::Timeout, format!("no answer from {server} in time"))
        } else {
            (ErrorKind::Connection, format!("the connection to {server} broke"))
        };
        let cause = innermost(&error);
        Self::new(kind, format!("{message}: {cause}")).of(operation).caused_by(error.without_url())
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            operation: None,
            status: None,
            body: Bytes::new(),
            last_status: None,
            source: None,
        }))
    }

    fn of(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    fn with_last_status(mut self, status: &str) -> Self {
        self.0.last_status = Some(status.to_owned());
        self
    }
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        422 => ErrorKind::Unprocessable,
        429 => ErrorKind::RateLimited,
        400..=499 => ErrorKind::Refused,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::UnexpectedAnswer,
    }
}

/// What the body of an answer says, on one line.
fn described(body: &Bytes) -> String {
    if body.is_empty() {
        return "without a body".to_owned();
    }
    let title_and_detail =
        serde_json::from_slice::<serde_json::Value>(body).ok().and_then(|json| {
            let error = json.get("error").unwrap_or(&json);
            let text = |key: &str| error.get(key)?.as_str().map(str::to_owned);
            match (text("title"), text("detail")) {
                (Some(title), Some(detail)) => Some(format!("{title}: {detail}")),
                (title, detail) => title.or(detail),
            }
        });
    title_and_detail.map_or_else(|| excerpt(&String::from_utf8_lossy(body)), |text| excerpt(&text))
}

fn excerpt(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None => one_line,
    }
}

/// Host and port, which tell the server apart without repeating what was asked.
fn authority(url: &reqwest::Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// The last cause of a chain is the one that says what happened.
fn innermost(error: &dyn error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { message, operation, status, .. } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        if let Some(status) = status {
            write!(f, "{status}: ")?;
        }
        f.write_str(message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, message, operation, status, body, last_status, source } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("message", message)
            .field("operation", operation)
            .field("status", status)
            .field("body_length", &body.len())
            .field("last_status", last_status)
            .field("source", source)
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
    use bytes::Bytes;

    use super::{Error, described};

    #[test]
    fn a_result_stays_small() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn every_body_can_be_described_on_one_line() {
        let cases: [(&[u8], &str); 7] = [
            (b"", "without a body"),
            (
                br#"{"error":{"status":404,"title":"Not found","detail":"No such dataset"}}"#,
                "Not found: No such dataset",
            ),
            (br#"{"detail":"Invalid token."}"#, "Invalid token."),
            (br#"{"title":"T"}"#, "T"),
            (b"<html>\n <body>502</body>\n</html>", "<html> <body>502</body> </html>"),
            (b"{\"error\":", "{\"error\":"),
            (b"\xff\xfe", "\u{fffd}\u{fffd}"),
        ];
        for (body, expected) in cases {
            assert_eq!(described(&Bytes::from_static(body)), expected);
        }
        let long = described(&Bytes::from(vec![b'x'; 5_000]));
        assert_eq!(long.chars().count(), 201);
    }
}
