use std::{
    fmt,
    time::{Duration, Instant, SystemTime},
};

use reqwest::{
    Client, Response, StatusCode,
    header::{
        ACCEPT, ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
        RETRY_AFTER,
    },
    redirect::Policy,
};

use super::{Address, Limits, Version, backoff::retry_after};

/// The accepted types: by default, documentation sites serve HTML.
const ACCEPTED: &str =
    "text/markdown, application/yaml, application/json, text/plain;q=0.9, */*;q=0.1";

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;

/// The longest entity tag, or time, that is kept, in bytes.
const LONGEST_VERSION: usize = 256;

/// What a server has.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// What is known already.
    NotModified,
    /// Something else.
    Whole {
        /// The content, byte for byte.
        bytes: Vec<u8>,
        /// What the server calls this version of it.
        version: Version,
    },
}

/// Why nothing came.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    problem: String,
    kind: ResponseKind,
}

/// The consequence of a fault for the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ResponseKind {
    /// It may be another the next time, but not before the server's hint.
    Passing(Option<Duration>),
    /// It is there the next time too.
    Lasting,
    /// The server has nothing there.
    Gone,
    /// It is on another host.
    Moved(Option<Address>),
}

impl Fault {
    fn lasting(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), kind: ResponseKind::Lasting }
    }

    fn passing(problem: impl Into<String>, hint: Option<Duration>) -> Self {
        Self { problem: problem.into(), kind: ResponseKind::Passing(hint) }
    }

    /// One of the address itself.
    pub(super) fn address(problem: impl Into<String>) -> Self {
        Self::lasting(problem)
    }

    pub(super) fn moved(problem: impl Into<String>, to: Option<Address>) -> Self {
        Self { problem: problem.into(), kind: ResponseKind::Moved(to) }
    }

    /// Whether the server has nothing there.
    pub(super) fn is_gone(&self) -> bool {
        self.kind == ResponseKind::Gone
    }

    /// What to do about it.
    pub(super) fn remedy(&self) -> String {
        match &self.kind {
            ResponseKind::Passing(_) => "run `cargo xtask fetch` again later".to_owned(),
            ResponseKind::Lasting => "correct `url`".to_owned(),
            ResponseKind::Gone => {
                "correct `url`, or remove the source from the manifest".to_owned()
            }
            ResponseKind::Moved(None) => "set `url` to where the documentation is now".to_owned(),
            ResponseKind::Moved(Some(to)) => {
                format!("if the documentation moved there, set `url` to {to}")
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Fault {}

/// The downloads of a run, which share its time and its connections.
#[derive(Debug)]
pub struct Downloads {
    limits: Limits,
    runtime: tokio::runtime::Runtime,
    start: Instant,
    /// Goes by the proxy of the environment, as loopback must not.
    client: Client,
    loopback: Client,
}

impl Downloads {
    /// Starts the clock of a run.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no runtime or no TLS.
    pub fn new(limits: Limits) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            Fault::lasting(format!("the async runtime can't be started: {error}"))
        })?;
        let builder = || {
            Client::builder()
                .user_agent(concat!("xtask-fetch/", env!("CARGO_PKG_VERSION")))
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .connect_timeout(limits.timeout)
        };
        let no_client =
            |error| Fault::lasting(format!("the HTTP client can't be created: {}", told(error)));
        let client = builder().build().map_err(no_client)?;
        let loopback = builder().no_proxy().build().map_err(no_client)?;
        Ok(Self { limits, runtime, start: Instant::now(), client, loopback })
    }

    /// Downloads a page, with several attempts where a fault may pass: 408, 429, any 5xx, a
    /// connection that can't be made or breaks off, a timeout. `pause` waits between them.
    ///
    /// # Errors
    ///
    /// The fault of the last attempt, with their number.
    pub fn get(
        &self,
        address: &Address,
        known: &Version,
        pause: &mut dyn FnMut(Duration),
    ) -> Result<Answer, Fault> {
        let mut attempt = 1;
        loop {
            let fault = match self.attempt(address, known) {
                Err(fault) => fault,
                answer => return answer,
            };
            let ResponseKind::Passing(hint) = fault.kind else {
                return Err(fault);
            };
            let wait = self.limits.wait_after(attempt, hint);
            let Some(wait) = wait.filter(|_| attempt < self.limits.attempts) else {
                return Err(self.given_up(&fault, hint, attempt));
            };
            pause(wait);
            attempt += 1;
        }
    }

    /// Downloads what may or may not be there, in one attempt.
    pub(super) fn try_get(&self, address: &Address) -> Option<Vec<u8>> {
        match self.attempt(address, &Version::default()) {
            Ok(Answer::Whole { bytes, .. }) => Some(bytes),
            _ => None,
        }
    }

    fn attempt(&self, address: &Address, known: &Version) -> Result<Answer, Fault> {
        let left = self.limits.total.saturating_sub(self.start.elapsed());
        if left.is_zero() {
            let total = self.limits.total.as_secs();
            return Err(Fault::lasting(format!(
                "the time limit of {total} s for all sources is exceeded"
            )));
        }
        let allowed = self.limits.timeout.min(left);
        self.runtime.block_on(async {
            let answer = tokio::time::timeout(allowed, self.ask(address, known)).await;
            answer.unwrap_or_else(|_| {
                let allowed = allowed.as_secs_f64();
                Err(Fault::passing(format!("no complete response within {allowed} s"), None))
            })
        })
    }

    fn given_up(&self, fault: &Fault, hint: Option<Duration>, attempts: u32) -> Fault {
        let times = if attempts == 1 { "attempt" } else { "attempts" };
        let too_long = hint.filter(|hint| *hint > self.limits.longest_wait);
        let asked = too_long.map(|hint| format!(", and asks to wait {} s", hint.as_secs()));
        let problem = format!("{fault}{} ({attempts} {times})", asked.unwrap_or_default());
        Fault::passing(problem, hint)
    }

    async fn ask(&self, address: &Address, known: &Version) -> Result<Answer, Fault> {
        let mut address = address.clone();
        for _ in 0..=MOST_REDIRECTS {
            let response = self.request(&address, known).send().await.map_err(unsent)?;
            let status = response.status();
            match status {
                StatusCode::OK => return whole(response, &self.limits).await,
                StatusCode::NOT_MODIFIED if *known != Version::default() => {
                    return Ok(Answer::NotModified);
                }
                _ if is_redirect(status) => {
                    let location = text(response.headers(), LOCATION.as_str());
                    address = address.redirected(location.unwrap_or_default())?;
                }
                _ => return Err(refused(&response)),
            }
        }
        Err(Fault::lasting(format!("more than {MOST_REDIRECTS} redirects")))
    }

    fn request(&self, address: &Address, known: &Version) -> reqwest::RequestBuilder {
        let client = if address.is_loopback() { &self.loopback } else { &self.client };
        let request = client.get(address.url()).header(ACCEPT, ACCEPTED);
        let conditions = [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)];
        conditions.into_iter().fold(request, |request, (name, value)| match value {
            Some(value) => request.header(name, value),
            None => request,
        })
    }
}

/// A request that can't be made at all, of whatever attempt, or that found no response.
fn unsent(error: reqwest::Error) -> Fault {
    match error.is_builder() {
        true => Fault::lasting(told(error)),
        false => Fault::passing(told(error), None),
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn refused(response: &Response) -> Fault {
    let status = response.status();
    let problem = format!("the server returned {status}");
    match status.as_u16() {
        404 | 410 => Fault { problem, kind: ResponseKind::Gone },
        408 | 429 | 500.. => {
            let hint = text(response.headers(), RETRY_AFTER.as_str());
            Fault::passing(problem, hint.and_then(|hint| retry_after(hint, SystemTime::now())))
        }
        _ => Fault::lasting(problem),
    }
}

async fn whole(mut response: Response, limits: &Limits) -> Result<Answer, Fault> {
    let too_large =
        || Fault::lasting(format!("the response is larger than {} bytes", limits.bytes));
    if response.content_length().is_some_and(|length| length > limits.bytes) {
        return Err(too_large());
    }
    let header = |name: &str| {
        let value = text(response.headers(), name).filter(|value| value.len() <= LONGEST_VERSION);
        value.map(str::to_owned)
    };
    let version =
        Version { etag: header(ETAG.as_str()), last_modified: header(LAST_MODIFIED.as_str()) };
    let mut bytes = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let Some(chunk) = chunk.map_err(|error| Fault::passing(told(error), None))? else {
            return Ok(Answer::Whole { bytes, version });
        };
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > limits.bytes {
            return Err(too_large());
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// An error with its causes, without the URL, which may hold what is not for a log.
fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
