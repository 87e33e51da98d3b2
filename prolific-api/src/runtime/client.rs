use std::time::Duration;

use reqwest::{Request, Response, Url};

use super::{Call, Operation, RetrySafety, Transport, server::Server};

/// The connect timeout and request timeout of [`Client::new`].
const TIMEOUT: Duration = Duration::from_secs(15);

/// A client of the API. Each operation is a method that returns the builder of its request.
#[derive(Clone, Debug)]
pub struct Client {
    base_url: String,
    http: reqwest::Client,
    transport: Transport,
    server: Server,
}

impl Client {
    /// Creates a client of the server at `base_url`: scheme and host, optionally port and path
    /// prefix. Requests time out after 15 seconds.
    ///
    /// # Panics
    ///
    /// Panics if reqwest can't create a client, like [`reqwest::Client::new`].
    #[allow(clippy::expect_used, reason = "what reqwest does itself")]
    pub fn new(base_url: &str, transport: Transport) -> Self {
        let http = reqwest::Client::builder().connect_timeout(TIMEOUT).timeout(TIMEOUT).build();
        Self::new_with_client(base_url, http.expect("reqwest makes a client"), transport)
    }

    /// Creates a client with a reqwest client of your own.
    pub fn new_with_client(base_url: &str, http: reqwest::Client, transport: Transport) -> Self {
        Self { base_url: base_url.to_owned(), http, transport, server: Server::default() }
    }

    /// The base URL.
    pub fn baseurl(&self) -> &str {
        &self.base_url
    }

    /// The reqwest client.
    pub fn client(&self) -> &reqwest::Client {
        &self.http
    }

    /// How requests are sent.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Sends a request of `operation` through the [`Transport`], like every operation.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no response. A response of any status is not an error here.
    pub async fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> reqwest::Result<Response> {
        self.transport.execute(&self.http, request, operation).await
    }

    /// Starts an undocumented call, under the same policy as all others. GET, HEAD and OPTIONS may
    /// be repeated; other methods only if [`Call::retry`] allows it.
    ///
    /// `path` begins with `/`, is sent as given, and stays on the server of the client. A path that
    /// has a query, or a segment that is empty, `.` or `..`, fails the call.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn call(client: prolific_api::Client) -> Result<(), prolific_api::Error> {
    /// let call = client.request("GET", "/api/v1/tomorrow/").query("limit", 10);
    /// let tomorrow = call.json::<serde_json::Value>().await?.into_inner();
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: &str, path: impl Into<String>) -> Call<'_> {
        let safety = match method {
            "GET" | "HEAD" | "OPTIONS" => RetrySafety::Safe,
            _ => RetrySafety::Unsafe,
        };
        let operation = Operation::undocumented(method, safety);
        Call::at(self, operation, method.to_owned(), path.into())
    }

    /// The URL of a path, or the text that is not one.
    pub(super) fn url(&self, path: &str) -> Result<Url, String> {
        if let Some(url) = self.server.join(&self.base_url, path) {
            return Ok(url);
        }
        let url = format!("{}{path}", self.base_url);
        Url::parse(&url).map_err(|error| format!("the URL of the request: {error}"))
    }
}
