use std::{
    fmt,
    time::{Duration, SystemTime},
};

use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, ETAG, HeaderMap, IF_NONE_MATCH, LOCATION, RETRY_AFTER},
    redirect::Policy,
};

use super::{Address, Limits, backoff::retry_after};

/// What is asked for: pages of documentation come as HTML where nothing is said.
const ACCEPTED: &str =
    "text/markdown, application/yaml, application/json, text/plain;q=0.9, */*;q=0.1";

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;

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
        etag: Option<String>,
    },
}

/// Why nothing came.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    problem: String,
    may_pass: bool,
    hint: Option<Duration>,
}

impl Fault {
    /// One that is there the next time too.
    fn lasting(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), may_pass: false, hint: None }
    }

    fn passing(problem: impl Into<String>, hint: Option<Duration>) -> Self {
        Self { problem: problem.into(), may_pass: true, hint }
    }

    /// One of the address itself.
    pub(super) fn address(problem: impl Into<String>) -> Self {
        Self::lasting(problem)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Fault {}

/// Downloads a page, with several attempts where a fault may pass: 408, 429, any 5xx, a connection
/// that can't be made or breaks off, a timeout.
///
/// # Errors
///
/// The fault of the last attempt, with their number.
pub fn download(
    address: &Address,
    etag: Option<&str>,
    limits: &Limits,
    pause: &mut dyn FnMut(Duration),
) -> Result<Answer, Fault> {
    let client = client(address, limits)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Fault::lasting(format!("no runtime: {error}")))?;
    let mut attempt = 1;
    loop {
        let bounded = async {
            let answer = ask(&client, address, etag, limits);
            let answer = tokio::time::timeout(limits.timeout, answer).await;
            answer.unwrap_or_else(|_| {
                let allowed = limits.timeout.as_secs_f64();
                Err(Fault::passing(format!("no whole answer within {allowed} s"), None))
            })
        };
        let fault = match runtime.block_on(bounded) {
            Err(fault) if fault.may_pass => fault,
            settled => return settled,
        };
        let wait = limits.wait_after(attempt, fault.hint).filter(|_| attempt < limits.attempts);
        let Some(wait) = wait else {
            return Err(given_up(fault, attempt, limits));
        };
        pause(wait);
        attempt += 1;
    }
}

fn given_up(fault: Fault, attempts: u32, limits: &Limits) -> Fault {
    let times = if attempts == 1 { "attempt" } else { "attempts" };
    let too_long = fault.hint.filter(|hint| *hint > limits.longest_wait);
    let asked = too_long.map(|hint| format!(", and is not to be asked for {} s", hint.as_secs()));
    Fault::lasting(format!("{fault}{} ({attempts} {times})", asked.unwrap_or_default()))
}

fn client(address: &Address, limits: &Limits) -> Result<Client, Fault> {
    let builder = Client::builder()
        .user_agent(concat!("xtask-fetch/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(limits.timeout);
    let builder = if address.is_loopback() { builder.no_proxy() } else { builder };
    builder.build().map_err(|error| Fault::lasting(format!("no HTTP client: {}", told(error))))
}

/// One attempt.
async fn ask(
    client: &Client,
    address: &Address,
    etag: Option<&str>,
    limits: &Limits,
) -> Result<Answer, Fault> {
    let mut address = address.clone();
    for _ in 0..=MOST_REDIRECTS {
        let mut request = client.get(address.url()).header(ACCEPT, ACCEPTED);
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let response = request.send().await.map_err(unsent)?;
        let status = response.status();
        match status {
            StatusCode::OK => return whole(response, limits).await,
            StatusCode::NOT_MODIFIED if etag.is_some() => return Ok(Answer::NotModified),
            _ if is_redirect(status) => {
                let location = text(response.headers(), LOCATION.as_str()).unwrap_or_default();
                address = address.redirected(location)?;
            }
            _ => return Err(refused(&response)),
        }
    }
    Err(Fault::lasting(format!("more than {MOST_REDIRECTS} redirects")))
}

/// A request that can't be made at all, of whatever attempt, or that found no answer.
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
    let problem = format!("the server answers {status}");
    match status.as_u16() {
        408 | 429 | 500.. => {
            let hint = text(response.headers(), RETRY_AFTER.as_str());
            Fault::passing(problem, hint.and_then(|hint| retry_after(hint, SystemTime::now())))
        }
        _ => Fault::lasting(problem),
    }
}

async fn whole(mut response: Response, limits: &Limits) -> Result<Answer, Fault> {
    let too_large = || Fault::lasting(format!("the page has more than {} bytes", limits.bytes));
    if response.content_length().is_some_and(|length| length > limits.bytes) {
        return Err(too_large());
    }
    let etag = text(response.headers(), ETAG.as_str()).map(str::to_owned);
    let mut bytes = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let Some(chunk) = chunk.map_err(|error| Fault::passing(told(error), None))? else {
            return Ok(Answer::Whole { bytes, etag });
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
