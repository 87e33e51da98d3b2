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
        write!(f, "the response is not of the documented form: {}", self.0)
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
    decode_or_else(response, b"").await
}

/// Decodes a successful response that may have no body.
pub(super) async fn decode_optional<T: DeserializeOwned>(
    response: Response,
) -> Result<ResponseValue<Option<T>>, Error> {
    decode_or_else(response, b"null").await
}

/// Decodes a response; an empty body becomes `nothing`.
async fn decode_or_else<T: DeserializeOwned>(
    mut response: Response,
    nothing: &'static [u8],
) -> Result<ResponseValue<T>, Error> {
    let or_nothing = |body: Bytes| if body.is_empty() { Bytes::from_static(nothing) } else { body };
    if let Some(read) = response.extensions_mut().remove::<ReadBody>() {
        if read.is_left {
            response.extensions_mut().insert(read);
            return Err(Error::UnexpectedResponse(response));
        }
        let head = Head::take(&mut response);
        let decoded = head.decode(or_nothing(read.body.clone()), || response.url().clone());
        return decoded.map_err(|mut whole| {
            whole.extensions_mut().insert(read);
            Error::UnexpectedResponse(*whole)
        });
    }
    let (head, url) = (Head::take(&mut response), response.url().clone());
    let broken = |error: reqwest::Error| Error::ResponseBodyError(error.without_url());
    let body = response.bytes().await.map_err(broken)?;
    head.decode(or_nothing(body), || url).map_err(|whole| Error::UnexpectedResponse(*whole))
}

/// A response without its body and URL.
struct Head {
    status: StatusCode,
    headers: HeaderMap,
    extensions: http::Extensions,
}

impl Head {
    fn take(response: &mut Response) -> Self {
        let headers = mem::take(response.headers_mut());
        let extensions = mem::take(response.extensions_mut());
        Self { status: response.status(), headers, extensions }
    }

    /// The value of the body, or the whole response.
    fn decode<T: DeserializeOwned>(
        self,
        body: Bytes,
        url: impl FnOnce() -> Url,
    ) -> Result<ResponseValue<T>, Box<Response>> {
        let Self { status, headers, extensions } = self;
        let error = match read_json(&body) {
            Ok(inner) => return Ok(ResponseValue::new(inner, status, headers)),
            Err(error) => error,
        };
        // Only the builder of responses can keep their URL.
        let mut whole = http::Response::builder().url(url()).body(body).unwrap_or_default();
        *whole.status_mut() = status;
        *whole.headers_mut() = headers;
        whole.extensions_mut().extend(extensions);
        whole.extensions_mut().insert(Undecodable::new(error));
        Err(Box::new(whole.into()))
    }
}
