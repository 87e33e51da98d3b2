use std::fmt;

use bytes::Bytes;
use prolific_api::{Undecodable, read_json};
use reqwest::{Response, StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;

use crate::{
    Error, ResponseHead, Result,
    call::{Record, shape},
};

/// The successful response to a [`RawRequest`](crate::RawRequest), with its whole body.
#[derive(Clone)]
pub struct RawResponse {
    head: ResponseHead,
    record: Record,
}

impl RawResponse {
    pub(crate) fn new(mut response: Response) -> Self {
        let record = Record::take(&mut response).unwrap_or_default();
        let headers = std::mem::take(response.headers_mut());
        Self { head: ResponseHead::new(record.operation, response.status(), headers), record }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.head.status()
    }

    /// The headers. `Debug` does not show the values of those that may be secret.
    pub fn headers(&self) -> &HeaderMap {
        self.head.headers()
    }

    /// Status and headers, with [`request_id`](ResponseHead::request_id) and
    /// [`rate_limits`](ResponseHead::rate_limits).
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// The number of attempts.
    pub fn attempts(&self) -> u32 {
        self.record.attempts
    }

    /// The body as received; empty if there was none.
    pub fn body(&self) -> &Bytes {
        &self.record.body
    }

    /// Decodes the body as JSON, into your own type or [`serde_json::Value`]. A missing body counts
    /// as `null`.
    ///
    /// # Errors
    ///
    /// Returns [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the body can't be
    /// decoded; unless the request may be repeated, the error [may have
    /// acted](Error::may_have_acted). [`BodyTooLarge`](crate::ErrorKind::BodyTooLarge) if it holds
    /// too many values.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        shape::check(self.body())
            .map_err(|why| Error::too_large(why).of_response(&self.response(), &self.record))?;
        let body = if self.body().is_empty() { b"null" } else { &**self.body() };
        read_json(body).map_err(|error| {
            let undecodable = Undecodable::new(error);
            Error::of_answer(&self.response(), Some(&self.record), Some(undecodable))
        })
    }

    /// The response that an error refers to.
    fn response(&self) -> Response {
        let mut response = http::Response::new("");
        *response.status_mut() = self.status();
        response.headers_mut().clone_from(self.headers());
        response.into()
    }
}

/// Leaves out the body, which may have secrets in it.
impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("head", &self.head)
            .field("attempts", &self.attempts())
            .field("body_length", &self.body().len())
            .finish_non_exhaustive()
    }
}
