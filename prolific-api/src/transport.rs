use std::{fmt, pin::Pin, sync::Arc};

use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::{Request, Response};

use crate::{Client, concealed_headers::conceal, request::Server};

/// What [`Execute::execute`] returns.
pub type ResponseFuture<'a> = Pin<Box<dyn Future<Output = reqwest::Result<Response>> + Send + 'a>>;

/// Sends the requests of every operation: the place for authentication, retries, limits, traces.
///
/// # Examples
///
/// ```
#[doc = include_str!("../examples/with_token.rs")]
/// ```
pub trait Execute: Send + Sync + 'static {
    /// Sends `request` by `client`; `operation` says of which operation it is.
    ///
    /// # Errors
    ///
    /// Whatever keeps an answer from coming. An answer of any status is no error here.
    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: Request,
        operation: &'a OperationInfo,
    ) -> ResponseFuture<'a>;
}

/// How a [`Client`] sends its requests.
///
/// By default it just sends them: this crate has no policy of its own, not even a token.
#[derive(Clone, Default)]
pub struct Transport {
    execute: Option<Arc<dyn Execute>>,
    pub(crate) server: Server,
}

impl Transport {
    /// Sends every request by way of `execute`.
    pub fn new(execute: impl Execute) -> Self {
        Self { execute: Some(Arc::new(execute)), server: Server::default() }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if self.execute.is_some() { "Transport(custom)" } else { "Transport(plain)" };
        f.write_str(text)
    }
}

impl ClientHooks<Transport> for Client {
    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        let executed = match &self.inner.execute {
            Some(execute) => execute.execute(&self.client, request, info).await,
            None => self.client.execute(request).await,
        };
        executed.map(conceal)
    }
}
