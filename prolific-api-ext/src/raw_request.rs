use std::{fmt, time::Duration};

use bytes::Bytes;
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use crate::{Error, Prolific, RawResponse, Result, RetrySafety};

/// A request for an undocumented operation. Returned by [`Prolific::request`].
///
/// It is sent under the policy of its client: authenticated, timed out, limited, retried and traced
/// like every other call. Invalid settings are reported by [`send`](Self::send).
#[must_use = "a request does nothing until it is sent"]
pub struct RawRequest {
    prolific: Prolific,
    method: Method,
    path: String,
    query: Vec<(String, Value)>,
    body: Option<(String, Bytes)>,
    retry: Option<RetrySafety>,
    refused: Option<Error>,
}

impl RawRequest {
    pub(crate) fn new(prolific: Prolific, method: Method, path: String) -> Self {
        let (query, body, retry, refused) = (Vec::new(), None, None, None);
        Self { prolific, method, path, query, body, retry, refused }
    }

    /// Adds a query parameter. A list is sent as one parameter per item; null is not sent.
    pub fn query(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match serde_json::to_value(value) {
            Ok(value) => self.query.push((name, value)),
            Err(error) => self.refuse(format!("the parameter {name:?} can't be sent: {error}")),
        }
        self
    }

    /// Sets a header of this request. See
    /// [`default_header`](crate::ProlificBuilder::default_header) for reserved ones.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match self.prolific.with_header(name, value) {
            Ok(prolific) => self.prolific = prolific,
            Err(error) => drop(self.refused.get_or_insert(error)),
        }
        self
    }

    /// Sets a JSON body.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.body = Some(("application/json".to_owned(), body.into())),
            Err(error) => self.refuse(format!("the body can't be sent: {error}")),
        }
        self
    }

    /// Sets a body of another media type, such as `text/csv`.
    pub fn body(mut self, media_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        self.body = Some((media_type.into(), body.into()));
        self
    }

    /// Sets the total timeout of the request with all its attempts. Default: that of the client.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.prolific = self.prolific.with_total_timeout(timeout);
        self
    }

    /// Sets the timeout of a single attempt. Default: that of the client.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.prolific = self.prolific.with_attempt_timeout(timeout);
        self
    }

    /// Sets whether the request may be repeated; [errors and retries](crate::guide::errors_and_retries) says what that means
    /// for each failure. Default: [`Safe`](RetrySafety::Safe) for GET, HEAD and OPTIONS, otherwise
    /// [`Unsafe`](RetrySafety::Unsafe).
    pub fn retry(mut self, safety: RetrySafety) -> Self {
        self.retry = Some(safety);
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// path does not begin with `/`, has a query, or has a segment that is empty, `.` or `..`, or
    /// if anything else can't be sent; [`Configuration`](crate::ErrorKind::Configuration) if a
    /// header is invalid or reserved; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    /// Any success status is a success.
    pub async fn send(self) -> Result<RawResponse> {
        let Self { prolific, method, path, query, body, retry, refused } = self;
        if let Some(refused) = refused {
            return Err(refused);
        }
        let prolific = prolific.with_bodies_left();
        let mut call = prolific.api().request(method.as_str(), path);
        if let Some(safety) = retry {
            call = call.retry(safety);
        }
        for (name, value) in query {
            call = call.query(name, value);
        }
        if let Some((media_type, body)) = body {
            call = call.header("content-type", &media_type).raw_body(body);
        }
        Ok(RawResponse::new(call.response().await?))
    }

    fn refuse(&mut self, why: String) {
        self.refused.get_or_insert_with(|| Error::invalid_input(why));
    }
}

/// Leaves out what is sent, which may be secret.
impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
