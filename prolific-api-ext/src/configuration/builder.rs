use std::{env, error, fmt, sync::Arc, time::Duration};

use reqwest::header::{HeaderMap, HeaderValue};

use super::{
    Setting,
    base_url::{checked, is_loopback},
    checked_header,
    token::{Token, provided},
};
use crate::{
    Backoff, Error, Minor, Money, Prolific, Result, RetryBudget, RetryPolicy,
    call::{Authorization, Policy, RateLimit},
    poll::PollInterval,
    spending::Guard,
};

const PROLIFIC: &str = "https://api.prolific.com";
const USER_AGENT: &str = concat!("prolific-api-ext/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Load balancers commonly close connections that were idle for 60 seconds.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The settings of a [`Prolific`] client. Returned by [`Prolific::builder`]. Only the
/// [`token`](Self::token) is required; every other setting has a default that suits most programs.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use prolific_api_ext::{Prolific, StandardRetry};
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let prolific = Prolific::builder()
///     .token("0123456789")
///     .user_agent("my-study/1.2")
///     .total_timeout(Duration::from_secs(60))
///     .retry_policy(StandardRetry::max_attempts(6))
///     .requests_per_second(10.0)
///     .build()?;
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, Default)]
#[must_use = "settings do nothing until the client is built"]
pub struct ProlificBuilder {
    token: Option<Setting>,
    token_provider: Option<Authorization>,
    base_url: Option<Setting>,
    allow_plain_http: bool,
    connect_timeout: Option<Duration>,
    pool_idle_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    total_timeout: Option<Duration>,
    least_time_to_act: Option<Duration>,
    poll_interval: Option<PollInterval>,
    page_ahead: Option<bool>,
    headers: Vec<(String, String)>,
    user_agent: Option<String>,
    body_limit: Option<usize>,
    list_body_limit: Option<usize>,
    requests_per_second: Option<f64>,
    retry: Option<Arc<dyn RetryPolicy>>,
    backoff: Option<Arc<dyn Backoff>>,
    budget: Option<Arc<dyn RetryBudget>>,
    spending_limit: Option<Money>,
    dry_run: bool,
    http_client: Option<reqwest::Client>,
}

impl ProlificBuilder {
    /// Starts from the environment (`PROLIFIC_TOKEN` and `PROLIFIC_URL`), to add other settings.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if a variable is not Unicode.
    pub fn from_env() -> Result<Self> {
        Ok(Self {
            token: from_variable("PROLIFIC_TOKEN")?,
            base_url: from_variable("PROLIFIC_URL")?,
            ..Self::default()
        })
    }

    /// Sets the API token, without the word `Token`. Required.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(Setting { name: "the token", value: token.into() });
        self
    }

    /// Sets a provider of the API token, for tokens that are rotated, instead of a fixed
    /// [`token`](Self::token). It is called before every attempt, and may take as long as an
    /// attempt.
    ///
    /// If the provider fails, the call fails with
    /// [`Configuration`](crate::ErrorKind::Configuration) before it is sent, with the provider's
    /// error as its source.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{io, sync::{Arc, RwLock}};
    ///
    /// let current = Arc::new(RwLock::new(String::from("0123456789")));
    /// let shared = current.clone();
    /// let provider = move || {
    ///     let token = shared.read().map(|token| token.clone());
    ///     let token = token.map_err(|_| io::Error::other("the token is lost"));
    ///     async move { token }
    /// };
    /// let prolific = prolific_api_ext::Prolific::builder().token_provider(provider).build()?;
    /// *current.write().unwrap() = String::from("9876543210"); // used from the next attempt on
    /// # Ok::<(), prolific_api_ext::Error>(())
    /// ```
    pub fn token_provider<P, F, E>(mut self, provider: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<String, E>> + Send + 'static,
        E: Into<Box<dyn error::Error + Send + Sync>> + 'static,
    {
        self.token_provider = Some(provided(provider));
        self
    }

    /// Sets the server. Default: `https://api.prolific.com`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(Setting { name: "the base URL", value: url.into() });
        self
    }

    /// Allows a base URL with plain `http` to hosts other than loopback, and links to files with
    /// it. Anyone on the network path can then read the token and the files.
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// Sets the connect timeout. Default: 10 seconds. Has no effect on an
    /// [`http_client`](Self::http_client) of your own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets how long idle connections are kept. Default: 30 seconds, since load balancers commonly
    /// close them after 60, and a request that crosses with that fails. Has no effect on an
    /// [`http_client`](Self::http_client) of your own.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool_idle_timeout = Some(timeout);
        self
    }

    /// Sets the timeout of a single attempt, including its response body. Default: 30 seconds. For
    /// responses that are files, it bounds the time to the first byte and then each wait for the
    /// next. For uploads, it bounds how long they may stall.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the timeout of a call with all its attempts and pauses. Default: 120 seconds. Reading a
    /// response that is a file does not count, and uploads are not bounded by it.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// Sets the time that has to be left for an attempt of an operation that is neither safe nor
    /// idempotent, such as a payment. With less, the call fails before it is sent, as an attempt
    /// that is cut off leaves it unknown whether the server acted. Default: the attempt timeout, or
    /// half of the total timeout if that is less.
    pub fn least_time_to_act(mut self, time: Duration) -> Self {
        self.least_time_to_act = Some(time);
        self
    }

    /// Sets the pause of waits between polls: a range, `shortest..=longest`, or one [`Duration`].
    /// Default: 1 to 10 seconds. Each wait can set [its own](crate::poll::Wait::interval).
    pub fn poll_interval(mut self, interval: impl Into<PollInterval>) -> Self {
        self.poll_interval = Some(interval.into());
        self
    }

    /// Sets whether lists request the next page while the items of a page are being processed.
    /// Default: `true`. Each list can set [its own](crate::pages::Pages::page_ahead).
    pub fn page_ahead(mut self, page_ahead: bool) -> Self {
        self.page_ahead = Some(page_ahead);
        self
    }

    /// Sets a header of every request to the API; other servers don't receive it. Its value is
    /// never shown.
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the program's name and version, `name/version`, to be sent in the User-Agent header
    /// after this crate's own.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.user_agent = Some(application.into());
        self
    }

    /// Sets the maximum size of a JSON response in bytes, except for lists. Default: 8 MiB.
    ///
    /// A larger response fails with [`BodyTooLarge`](crate::ErrorKind::BodyTooLarge), as does one
    /// of more than 250,000 objects and lists, or 2,000,000 values, since parsed values take many
    /// times the memory of their text. Of an error response, at most 64 KiB are read.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// Sets the maximum size of a page of a list, or of a list that is not paged, in bytes.
    /// Default: 32 MiB.
    pub fn list_body_limit(mut self, bytes: usize) -> Self {
        self.list_body_limit = Some(bytes);
        self
    }

    /// Sets the maximum number of requests a second, of the client and its clones together.
    /// Default: no limit.
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.requests_per_second = Some(requests);
        self
    }

    /// Sets the policy that decides whether to retry after a failed attempt. Default:
    /// [`StandardRetry`](crate::StandardRetry).
    pub fn retry_policy(mut self, policy: impl RetryPolicy) -> Self {
        self.retry = Some(Arc::new(policy));
        self
    }

    /// Sets the pauses between attempts. Default: [`FullJitter`](crate::FullJitter).
    pub fn backoff(mut self, backoff: impl Backoff) -> Self {
        self.backoff = Some(Arc::new(backoff));
        self
    }

    /// Sets the budget for retries of the client and its clones together. Default:
    /// [`TokenBucket`](crate::TokenBucket).
    pub fn retry_budget(mut self, budget: impl RetryBudget) -> Self {
        self.budget = Some(Arc::new(budget));
        self
    }

    /// Sets the spending limit of the client and its clones: the total, with fees and tax, of
    /// publishing studies, adding places, approving submissions and paying bonuses. Default: no
    /// limit.
    ///
    /// A call that would exceed it fails with [`SpendingLimit`](crate::ErrorKind::SpendingLimit)
    /// before it is sent. Before each such call, the API is asked for its cost, which takes a few
    /// more requests. See [`spending`](crate::spending).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{Money, Prolific, money::Currency};
    ///
    /// # fn run() -> prolific_api_ext::Result<()> {
    /// let limit = Money::from_major("250.00", Currency::Gbp)?;
    /// let prolific = Prolific::builder().token("0123456789").spending_limit(limit).build()?;
    /// # Ok(())
    /// # }
    /// # run().unwrap();
    /// ```
    pub fn spending_limit(mut self, limit: Money) -> Self {
        self.spending_limit = Some(limit);
        self
    }

    /// Sends nothing that costs money: such a call fails with [`DryRun`](crate::ErrorKind::DryRun),
    /// and the error says what it would have cost. Everything else is sent, including drafts and
    /// prepared bonuses. See [`spending`](crate::spending).
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }

    /// Sets an HTTP client of your own, for proxies, certificates and the like. Its connect
    /// timeout, redirect policy and (unless [`user_agent`](Self::user_agent) is set here) user
    /// agent are then up to you. Disable redirects: they turn a POST into a GET. Retries that it
    /// makes itself are not counted as attempts.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Creates the client.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration), naming the setting and how to
    /// correct it, if one is missing or invalid.
    pub fn build(self) -> Result<Prolific> {
        let authorization = self.authorization()?;
        let default = || Setting { name: "the base URL", value: PROLIFIC.to_owned() };
        let base_url = self.base_url.clone().unwrap_or_else(default);
        let home = checked(&base_url, self.allow_plain_http)?;
        let base_url = home.as_str().trim_end_matches('/').to_owned();
        let is_local = is_loopback(&home);
        let mut policy = Policy::new(authorization, home);
        set(&mut policy.attempt_timeout, timeout("the attempt timeout", self.attempt_timeout)?);
        set(&mut policy.total_timeout, timeout("the total timeout", self.total_timeout)?);
        set(&mut policy.body_limit, body_limit("the body limit", self.body_limit)?);
        let of_lists = body_limit("the body limit of lists", self.list_body_limit)?;
        set(&mut policy.list_body_limit, of_lists);
        set(&mut policy.retry, self.retry.clone());
        set(&mut policy.backoff, self.backoff.clone());
        set(&mut policy.budget, self.budget.clone());
        set(&mut policy.poll_interval, self.poll_interval);
        set(&mut policy.page_ahead, self.page_ahead);
        policy.least_time_to_act = self.least_time_to_act;
        policy.allows_plain_http = self.allow_plain_http;
        policy.headers = self.checked_headers()?;
        policy.rate_limit = self.rate_limit()?;
        policy.guard = self.guard()?;
        let user_agent = self.checked_user_agent()?;
        let http = match self.http_client_of_the_caller()? {
            Some(client) => {
                policy.user_agent = self.user_agent.is_some().then_some(user_agent);
                client
            }
            None => self.own_http_client(user_agent, is_local)?,
        };
        Ok(Prolific::assemble(&base_url, http, policy))
    }

    fn authorization(&self) -> Result<Authorization> {
        match (&self.token, &self.token_provider) {
            (Some(_), Some(_)) => Err(Error::configuration(
                "both a token and a token provider are set: remove one of them",
            )),
            (Some(Setting { name, value }), None) => {
                Ok(Authorization::Token(Token::new(name, value)?.to_header()?))
            }
            (None, Some(provider)) => Ok(provider.clone()),
            (None, None) => Err(Error::configuration(
                "no API token: set PROLIFIC_TOKEN, or call `.token(…)` on the builder",
            )),
        }
    }

    fn checked_headers(&self) -> Result<Arc<HeaderMap>> {
        let headers = self.headers.iter().map(|(name, value)| checked_header(name, value));
        headers.collect::<Result<HeaderMap>>().map(Arc::new)
    }

    /// The HTTP client that was given; settings of connections don't affect it.
    fn http_client_of_the_caller(&self) -> Result<Option<reqwest::Client>> {
        let settings = [
            ("the connect timeout", "connect_timeout", self.connect_timeout),
            ("the pool idle timeout", "pool_idle_timeout", self.pool_idle_timeout),
        ];
        for (name, method, value) in settings {
            if timeout(name, value)?.is_some() && self.http_client.is_some() {
                return Err(Error::configuration(format!(
                    "{name} has no effect on your own HTTP client: set it there, with \
                     `reqwest::ClientBuilder::{method}`"
                )));
            }
        }
        Ok(self.http_client.clone())
    }

    fn own_http_client(&self, user_agent: HeaderValue, is_local: bool) -> Result<reqwest::Client> {
        let mut client = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            .pool_idle_timeout(self.pool_idle_timeout.unwrap_or(POOL_IDLE_TIMEOUT))
            // The API documents no redirects. Following one would turn a POST into a GET, and what
            // followed from that would be taken for the result of the POST.
            .redirect(reqwest::redirect::Policy::none())
            // Retries are ours: attempts are to be counted, and delayed.
            .retry(reqwest::retry::never());
        if is_local {
            // What is allowed to be plain http must not leave the machine.
            client = client.no_proxy();
        }
        client.build().map_err(|error| {
            let what = "the HTTP client can't be created: is TLS set up on this system?";
            Error::configuration(what).caused_by(error)
        })
    }

    fn checked_user_agent(&self) -> Result<HeaderValue> {
        let user_agent = match &self.user_agent {
            Some(application) => format!("{USER_AGENT} {application}"),
            None => USER_AGENT.to_owned(),
        };
        let is_plain = user_agent.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        HeaderValue::try_from(user_agent).ok().filter(|_| is_plain).ok_or_else(|| {
            Error::configuration(
                "the user agent contains a line break or a non-ASCII character: write it as \
                 name/version",
            )
        })
    }

    fn guard(&self) -> Result<Option<Guard>> {
        if self.spending_limit.as_ref().is_some_and(|limit| limit.minor() < Minor::ZERO) {
            return Err(Error::configuration("the spending limit is negative"));
        }
        let is_needed = self.dry_run || self.spending_limit.is_some();
        let guard = || Guard::new(self.spending_limit.clone(), self.dry_run);
        Ok(is_needed.then(guard))
    }

    fn rate_limit(&self) -> Result<Option<Arc<RateLimit>>> {
        let Some(rate) = self.requests_per_second else {
            return Ok(None);
        };
        match RateLimit::per_second(rate) {
            Some(limit) => Ok(Some(Arc::new(limit))),
            None => Err(Error::configuration(format!(
                "{rate} requests per second is not a valid rate: give a number above zero, or \
                 don't set it for no limit"
            ))),
        }
    }
}

impl fmt::Debug for ProlificBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProlificBuilder")
            .field("token", &self.token.as_ref().map(|_| "[redacted]"))
            .field("token_provider", &self.token_provider.as_ref().map(|_| "[redacted]"))
            .field("base_url", &self.base_url.as_ref().map(|_| "[not checked yet]"))
            .field("allow_plain_http", &self.allow_plain_http)
            .field("connect_timeout", &self.connect_timeout)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("least_time_to_act", &self.least_time_to_act)
            .field("poll_interval", &self.poll_interval)
            .field("page_ahead", &self.page_ahead)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("user_agent", &self.user_agent)
            .field("body_limit", &self.body_limit)
            .field("list_body_limit", &self.list_body_limit)
            .field("requests_per_second", &self.requests_per_second)
            .field("retry", &self.retry)
            .field("backoff", &self.backoff)
            .field("budget", &self.budget)
            .field("spending_limit", &self.spending_limit)
            .field("dry_run", &self.dry_run)
            .finish_non_exhaustive()
    }
}

fn set<T>(setting: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *setting = given;
    }
}

fn body_limit(name: &str, limit: Option<usize>) -> Result<Option<usize>> {
    match limit {
        Some(0) => Err(Error::configuration(format!(
            "{name} is zero, so no response could be read: don't set it to use the default"
        ))),
        limit => Ok(limit),
    }
}

fn timeout(name: &str, timeout: Option<Duration>) -> Result<Option<Duration>> {
    match timeout {
        Some(Duration::ZERO) => Err(Error::configuration(format!(
            "{name} is zero, so every call would time out: don't set it to use the default"
        ))),
        timeout => Ok(timeout),
    }
}

/// An empty variable counts as not set.
fn from_variable(name: &'static str) -> Result<Option<Setting>> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(Setting { name, value })),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Error::configuration(format!("{name} is not Unicode: set it again")))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::ProlificBuilder;
    use crate::{ErrorKind, Prolific};

    fn refusal(builder: ProlificBuilder) -> String {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        error.to_string()
    }

    fn with_token() -> ProlificBuilder {
        Prolific::builder().token("0123")
    }

    fn own_client() -> ProlificBuilder {
        with_token().http_client(reqwest::Client::new())
    }

    #[test]
    fn a_setting_that_can_not_be_used_says_why() {
        let url = |url: &str| with_token().base_url(url);
        let cases = [
            (url("api.prolific.com"), "is not a URL"),
            (url("https://me:secret@host:99999"), "is not a URL"),
            (url("secret-0123"), "is not a URL"),
            (url("ftp://api.prolific.com"), "neither https nor http"),
            (url("http://api.prolific.com"), "plain http"),
            (url("http://10.0.0.1"), "plain http"),
            (url("https://me:secret@api.prolific.com"), "a user name or a password"),
            (url("https://api.prolific.com/?a=b"), "contains a `?`"),
            (Prolific::builder(), "PROLIFIC_TOKEN"),
            (Prolific::builder().token("Token 0123"), "remove the word"),
            (with_token().attempt_timeout(Duration::ZERO), "the attempt timeout is zero"),
            (with_token().total_timeout(Duration::ZERO), "the total timeout is zero"),
            (with_token().connect_timeout(Duration::ZERO), "the connect timeout is zero"),
            (with_token().requests_per_second(0.0), "not a valid rate"),
            (with_token().requests_per_second(1e-19), "not a valid rate"),
            (with_token().body_limit(0), "the body limit is zero"),
            (with_token().list_body_limit(0), "the body limit of lists is zero"),
            (with_token().user_agent("a\nb"), "the user agent contains a line break"),
            (with_token().user_agent("ü"), "the user agent contains"),
            (own_client().user_agent("ü"), "the user agent contains"),
            (
                own_client().connect_timeout(Duration::from_secs(1)),
                "ClientBuilder::connect_timeout",
            ),
            (own_client().connect_timeout(Duration::ZERO), "the connect timeout is zero"),
        ];
        for (builder, why) in cases {
            let text = refusal(builder);
            assert!(text.contains(why), "{text}");
            assert!(!text.contains("secret") && !text.contains("0123"), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback_unless_it_is_allowed() {
        for url in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:1/base/"] {
            let prolific = with_token().base_url(url).build().unwrap();
            assert!(format!("{prolific:?}").contains(url.trim_end_matches('/')));
        }
        assert!(with_token().base_url("http://10.0.0.1").allow_plain_http().build().is_ok());
    }

    #[test]
    fn nothing_that_is_made_of_a_client_shows_the_token() {
        let prolific = Prolific::builder().token("sesame-open").build().unwrap();
        let datasets = prolific.datasets();
        let id = crate::DatasetId::new("d1").unwrap();
        let wait = || datasets.wait_until_ready(&id);
        let shown = [
            format!("{:#?} {:?}", prolific, prolific.api()),
            format!("{datasets:?} {:?} {:?}", prolific.hooks(), prolific.studies()),
            format!("{:?} {:?}", wait(), wait().updates()),
            format!("{:?}", datasets.wait_many([id.clone()])),
            format!("{:?}", datasets.wait_many([id.clone()]).settled()),
            format!("{:?}", datasets.upload_and_wait(&id, std::path::Path::new("/no/file"))),
            format!("{:?}", prolific.workspaces().list()),
            format!("{:?}", prolific.workspaces().list().by_page()),
            format!("{:?}", prolific.api().get_task_builder_dataset_status().dataset_id("d1")),
        ];
        for shown in shown {
            assert!(!shown.contains("sesame"), "{shown}");
        }
    }

    #[test]
    fn debug_shows_the_settings_but_not_the_token() {
        let builder =
            Prolific::builder().token("sesame-open").total_timeout(Duration::from_secs(77));
        let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
        assert!(!shown.contains("sesame"), "{shown}");
        assert_eq!(shown.matches("77s").count(), 2, "{shown}");
    }
}
