use std::{fmt, pin::Pin, sync::Arc};

use reqwest::{Request, Response};

use super::{Error, Explained, Operation, concealed_headers::conceal};

/// What [`Execute::execute`] returns.
pub type ResponseFuture<'a> = Pin<Box<dyn Future<Output = reqwest::Result<Response>> + Send + 'a>>;

/// Sends the requests of every operation: the place for authentication, retries, limits and
/// tracing.
///
/// # Examples
///
/// ```
#[doc = include_str!("../../examples/with_token.rs")]
/// ```
pub trait Execute: Send + Sync + 'static {
    /// Sends `request` with `client`; `operation` is the operation it belongs to.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response. A response of any status is not an error here.
    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: Request,
        operation: &'static Operation,
    ) -> ResponseFuture<'a>;

    /// Explains a response that is not a documented success, or can't be decoded, for
    /// [`Error`](super::Error) to show. Default: no explanation.
    fn explain(&self, _response: &Response) -> Option<Explained> {
        None
    }
}

/// How a [`Client`](super::Client) sends requests.
///
/// By default it just sends them: this crate has no policies, not even a token.
#[derive(Clone, Default)]
pub struct Transport(Option<Arc<dyn Execute>>);

impl Transport {
    /// Sends every request through `execute`.
    pub fn new(execute: impl Execute) -> Self {
        Self(Some(Arc::new(execute)))
    }

    pub(super) async fn execute(
        &self,
        client: &reqwest::Client,
        request: Request,
        operation: &'static Operation,
    ) -> reqwest::Result<Response> {
        let executed = match &self.0 {
            Some(execute) => execute.execute(client, request, operation).await,
            None => client.execute(request).await,
        };
        executed.map(conceal).map_err(without_query)
    }

    /// The error, with the explanation of its response.
    pub(super) fn explained(&self, error: Error) -> Error {
        match (&self.0, error) {
            (Some(execute), Error::UnexpectedResponse(mut response)) => {
                if let Some(explained) = execute.explain(&response) {
                    response.extensions_mut().insert(explained);
                }
                Error::UnexpectedResponse(response)
            }
            (_, error) => error,
        }
    }
}

/// The error, less what may be secret in its URL, which it shows.
fn without_query(mut error: reqwest::Error) -> reqwest::Error {
    if let Some(url) = error.url_mut() {
        url.set_query(None);
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    error
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.0.is_some() { "Transport(custom)" } else { "Transport(plain)" };
        f.write_str(text)
    }
}
