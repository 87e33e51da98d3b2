use std::{any::Any, error, fmt, mem, sync::Arc};

use bytes::Bytes;
use progenitor_client::ResponseValue;
use reqwest::{Response, ResponseBuilderExt as _, StatusCode, Url, header::HeaderMap};
use serde::de::DeserializeOwned;

use super::{Error, mismatch::described, read_json::read_json};

/// Why a successful response could not be decoded.
///
/// Found in the extensions of the response, which the client returns whole as
/// [`Error::UnexpectedResponse`], with status, headers and body.
///
/// Says where the body is wrong and what was expected, and shows nothing of its contents.
#[derive(Clone)]
pub struct Undecodable(Arc<str>);

impl Undecodable {
    /// Creates one for a body that was decoded elsewhere.
    pub fn new(error: serde_json::Error) -> Self {
        Self(described(&error).into())
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the response does not have the documented form: {}", self.0)
    }
}

impl fmt::Debug for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Undecodable").field(&self.0).finish()
    }
}

impl error::Error for Undecodable {}

/// The body of a response that an [`Execute`](super::Execute) has already read, in its extensions:
/// [`decode`] uses it instead of reading the body again.
///
/// Only for documented successes of operations with a JSON response, which are decoded; the body of
/// any other response has to stay in place. A response that could not be decoded has it in its
/// extensions again.
#[derive(Clone, Debug)]
pub struct ReadBody {
    /// The whole body.
    pub body: Bytes,
    /// What the [`Execute`](super::Execute) knows about the call besides.
    pub call: Arc<dyn Any + Send + Sync>,
    /// Whether the caller decodes the body: [`decode`] then returns the response as
    /// [`Error::UnexpectedResponse`], with this in its extensions.
    pub is_left: bool,
}

/// Decodes a successful response, as every operation does.
///
/// # Errors
///
/// Returns [`Error::UnexpectedResponse`] with the whole response, and an [`Undecodable`] in its
/// extensions, if the body can't be decoded; [`Error::ResponseBodyError`] if it breaks off.
pub async fn decode<T: DeserializeOwned>(response: Response) -> Result<ResponseValue<T>, Error> {
    Whole::of(response, b"").await?.decode()
}

/// A response with its body. What does not depend on the type of the body is apart from what does: that is
/// compiled for each type.
pub(super) struct Whole {
    status: StatusCode,
    headers: HeaderMap,
    extensions: http::Extensions,
    body: Bytes,
    origin: Origin,
}

/// Where a response is from.
enum Origin {
    /// What is left of it, with its body as it was read by another.
    Read(Box<Response>, ReadBody),
    Url(Url),
}

impl Whole {
    /// Reads the body of a response; `nothing` is what an empty one is read as.
    pub(super) async fn of(mut response: Response, nothing: &'static [u8]) -> Result<Self, Error> {
        let read = response.extensions_mut().remove::<ReadBody>();
        if let Some(read) = read.as_ref().filter(|read| read.is_left) {
            response.extensions_mut().insert(read.clone());
            return Err(Error::UnexpectedResponse(response));
        }
        let status = response.status();
        let headers = mem::take(response.headers_mut());
        let extensions = mem::take(response.extensions_mut());
        let (body, origin) = match read {
            Some(read) => (read.body.clone(), Origin::Read(Box::new(response), read)),
            None => {
                let url = response.url().clone();
                let broken = |error: reqwest::Error| Error::ResponseBodyError(error.without_url());
                (response.bytes().await.map_err(broken)?, Origin::Url(url))
            }
        };
        let body = if body.is_empty() { Bytes::from_static(nothing) } else { body };
        Ok(Self { status, headers, extensions, body, origin })
    }

    /// The value of the body, or the whole response.
    #[allow(clippy::result_large_err, reason = "it is the error that the client's methods return")]
    pub(super) fn decode<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        match read_json(&self.body) {
            Ok(inner) => Ok(ResponseValue::new(inner, self.status, self.headers)),
            Err(error) => Err(self.undecodable(error)),
        }
    }

    fn undecodable(self, error: serde_json::Error) -> Error {
        let Self { status, headers, extensions, body, origin } = self;
        let (url, read) = match origin {
            Origin::Read(response, read) => (response.url().clone(), Some(read)),
            Origin::Url(url) => (url, None),
        };
        // Only the builder of responses can keep their URL.
        let mut whole = http::Response::builder().url(url).body(body).unwrap_or_default();
        *whole.status_mut() = status;
        *whole.headers_mut() = headers;
        whole.extensions_mut().extend(extensions);
        whole.extensions_mut().insert(Undecodable::new(error));
        if let Some(read) = read {
            whole.extensions_mut().insert(read);
        }
        Error::UnexpectedResponse(whole.into())
    }
}
