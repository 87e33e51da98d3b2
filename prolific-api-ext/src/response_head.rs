use std::{fmt, sync::Arc};

use prolific_api::Operation;
use reqwest::{StatusCode, header::HeaderMap};

use crate::{call::request_id, error::marked};

/// Status and headers of a response, without the token of the client.
///
/// # Examples
///
/// Prints the request id and rate limits of all calls of a client:
///
/// ```
/// # prolific_api_ext::simulator::example(async |simulator, prolific| {
/// let told = prolific.with_response_observer(|head| {
///     println!("{:?} {} {:?}", head.operation(), head.status(), head.request_id());
///     for (name, value) in head.rate_limits() {
///         println!("{name}: {value}");
///     }
/// });
/// let me = told.users().me().await?;
/// # Ok(())
/// # });
/// ```
#[derive(Clone)]
pub struct ResponseHead {
    operation: Option<&'static Operation>,
    status: StatusCode,
    headers: HeaderMap,
}

/// Called with the head of every response.
pub(crate) type Observer = Arc<dyn Fn(&ResponseHead) + Send + Sync>;

impl ResponseHead {
    pub(crate) fn new(
        operation: Option<&'static Operation>,
        status: StatusCode,
        headers: HeaderMap,
    ) -> Self {
        Self { operation, status, headers: marked(headers) }
    }

    /// The operation, by its id in the document. `None` for an undocumented one.
    pub fn operation(&self) -> Option<&'static str> {
        let documented = self.operation.filter(|operation| !operation.path.is_empty());
        documented.map(|operation| operation.operation_id)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers. `Debug` does not show the values of those that may be secret.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header, if it is present and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The server's id of the request (`x-request-id`), if it sent one.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The headers about rate limits, by name and value: those with `ratelimit` or `rate-limit` in
    /// their name, and `retry-after`. Prolific documents none of them.
    pub fn rate_limits(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().filter_map(|(name, value)| {
            let name = name.as_str();
            let tells = ["ratelimit", "rate-limit", "retry-after"];
            let is_told = tells.iter().any(|part| name.contains(part));
            Some((name, value.to_str().ok()?)).filter(|_| is_told)
        })
    }
}

/// Leaves out the values of headers, some of which are secrets.
impl fmt::Debug for ResponseHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseHead")
            .field("operation", &self.operation())
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}
