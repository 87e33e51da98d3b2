use std::time::Duration;

use reqwest::{Request, Response, Url};

use super::{Call, Operation, RetrySafety, Transport, server::Server};

/// The connect timeout and the timeout of a request of [`Client::new`].
const TIMEOUT: Duration = Duration::from_secs(15);

/// A client of the API: a method for each operation, which gives the builder of its request.
#[derive(Clone, Debug)]
pub struct Client {
    base_url: String,
    http: reqwest::Client,
    transport: Transport,
    server: Server,
}

impl Client {
    /// A client of the server at `base_url`, a scheme and a host, with a port and the beginning of a
    /// path where there is one. Requests time out after 15 seconds.
    ///
    /// # Panics
    ///
    /// Panics if reqwest can't make a client, as [`reqwest::Client::new`] does.
    #[allow(clippy::expect_used, reason = "what reqwest does itself")]
    pub fn new(base_url: &str, transport: Transport) -> Self {
        let http = reqwest::Client::builder().connect_timeout(TIMEOUT).timeout(TIMEOUT).build();
        Self::new_with_client(base_url, http.expect("reqwest makes a client"), transport)
    }

    /// The same, with a client of reqwest's that is configured by the caller.
    pub fn new_with_client(base_url: &str, http: reqwest::Client, transport: Transport) -> Self {
        Self { base_url: base_url.to_owned(), http, transport, server: Server::default() }
    }

    /// The URL that every path is appended to.
    pub fn baseurl(&self) -> &str {
        &self.base_url
    }

    /// The client of reqwest's that sends the requests.
    pub fn client(&self) -> &reqwest::Client {
        &self.http
    }

    /// How requests are sent.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Sends a request of `operation` by way of the [`Transport`], as every operation does.
    ///
    /// # Errors
    ///
    /// Whatever keeps a response from coming. A response of any status is no error here.
    pub async fn execute(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> reqwest::Result<Response> {
        self.transport.execute(&self.http, request, operation).await
    }

    /// Begins a call that is not documented, under the same policy as all others. A GET, HEAD or
    /// OPTIONS may be repeated; a request of any other method is not, unless [`Call::retry`] says
    /// that it may be.
    ///
    /// The `path` begins with `/`, and is sent as it is given, to the server of the client. One that
    /// has a query, or a segment that is empty, `.` or `..`, is an error of the call.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn call(client: prolific_api::Client) -> Result<(), prolific_api::Error> {
    /// let call = client.request("GET", "/api/v1/tomorrow/").query("limit", 10);
    /// let tomorrow: serde_json::Value = call.json().await?.into_inner();
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

    /// The URL of a path, or the text that is none.
    pub(super) fn url(&self, path: &str) -> Result<Url, String> {
        if let Some(url) = self.server.join(&self.base_url, path) {
            return Ok(url);
        }
        let url = format!("{}{path}", self.base_url);
        Url::parse(&url).map_err(|error| format!("the URL of the request: {error}"))
    }
}
