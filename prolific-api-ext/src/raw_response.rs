use bytes::Bytes;
use prolific_api::{Undecodable, read_json};
use reqwest::{Response, StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;

use crate::{
    Error, ResponseHead, Result,
    call::{Record, shape},
};

/// The success that a [`RawRequest`](crate::RawRequest) was answered with, its whole body included.
#[derive(Clone, Debug)]
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

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.head.headers()
    }

    /// Status and headers: [`request_id`](ResponseHead::request_id) and
    /// [`rate_limits`](ResponseHead::rate_limits) are there.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// How many attempts were made.
    pub fn attempts(&self) -> u32 {
        self.record.attempts
    }

    /// The body as it came; empty if there was none.
    pub fn body(&self) -> &Bytes {
        &self.record.body
    }

    /// Decodes the body as JSON: a type of yours, or [`serde_json::Value`]. No body is taken for
    /// `null`.
    ///
    /// # Errors
    ///
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the body is of another form, with
    /// what the server was asked to do [in doubt](Error::may_have_acted) unless it may be repeated;
    /// [`BodyTooLarge`](crate::ErrorKind::BodyTooLarge) if it holds more values than a sensible one.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        shape::check(self.body())
            .map_err(|why| Error::too_large(why).of_response(&self.response(), &self.record))?;
        let body = if self.body().is_empty() { b"null" } else { &**self.body() };
        read_json(body).map_err(|error| {
            let undecodable = Undecodable::new(error);
            Error::of_answer(&self.response(), Some(&self.record), Some(undecodable))
        })
    }

    /// The response for an error to tell of.
    fn response(&self) -> Response {
        let mut response = http::Response::new("");
        *response.status_mut() = self.status();
        response.headers_mut().clone_from(self.headers());
        response.into()
    }
}
