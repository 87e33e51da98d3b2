use std::{
    borrow::Cow,
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::HeaderMap;
use prolific_api::Operation;
use reqwest::{
    Request, Response, Url,
    header::{AUTHORIZATION, HeaderValue, USER_AGENT},
};

use super::{
    Backoff, Environment, Fields, FullJitter, NoRetry, RateLimit, RetryBudget, RetryPolicy,
    StandardRetry, TokenBucket, TokioEnvironment, Unlimited,
};
use crate::{
    ResponseHead, Result,
    error::{Beginnings, MASK, masked_from, spelled},
    pages::Query,
    poll::PollInterval,
    response_head::Observer,
    spending::Guard,
    studies::PlaceTurns,
};

/// How calls are made. The clones of a client share the budget, the rate limit and the turn of
/// bonus requests.
#[derive(Clone)]
pub(crate) struct Policy {
    pub(crate) authorization: Authorization,
    /// What is looked for of the token in what the server says.
    pub(crate) spelled: Arc<[String]>,
    pub(crate) beginnings: Arc<Beginnings>,
    /// The server that the token is for.
    pub(crate) home: Url,
    /// Whether files may go over plain http, as the API was allowed to.
    pub(crate) allows_plain_http: bool,
    pub(crate) provided: Provided,
    /// Sent with every request to that server.
    pub(crate) headers: Arc<HeaderMap>,
    /// What every request calls its sender, where the transport does not.
    pub(crate) user_agent: Option<HeaderValue>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) least_time_to_act: Option<Duration>,
    /// How large the body of a success may be, and that of a list.
    pub(crate) body_limit: usize,
    pub(crate) list_body_limit: usize,
    pub(crate) retry: Arc<dyn RetryPolicy>,
    pub(crate) backoff: Arc<dyn Backoff>,
    pub(crate) budget: Arc<dyn RetryBudget>,
    pub(crate) rate_limit: Option<Arc<RateLimit>>,
    pub(crate) environment: Arc<dyn Environment>,
    /// Held by a bonus request while it is in flight: Prolific takes one at a time.
    pub(crate) bonus_turn: Arc<tokio::sync::Mutex<()>>,
    /// Who adds places to which study.
    pub(crate) place_turns: PlaceTurns,
    pub(crate) poll_interval: PollInterval,
    pub(crate) page_ahead: bool,
    /// Added to the query of every request.
    pub(crate) query: Arc<Query>,
    /// Added to the JSON body of every request.
    pub(crate) fields: Arc<Fields>,
    /// Called with the head of every response.
    pub(crate) observer: Option<Observer>,
    /// Whether the bodies of success responses are left to the caller.
    pub(crate) leaves_bodies: bool,
    /// What bounds spending, or makes a dry run.
    pub(crate) guard: Option<Guard>,
}

/// What the requests to the server of the token are authorized by.
#[derive(Clone)]
pub(crate) enum Authorization {
    Token(HeaderValue),
    /// Asked for each attempt.
    Provider(Arc<dyn Fn() -> NextToken + Send + Sync>),
}

/// The tokens that were provided last, to be told when a server repeats one.
pub(crate) type Provided = Arc<Mutex<VecDeque<HeaderValue>>>;

/// How many of them are kept.
const PROVIDED: usize = 4;

/// The value of an Authorization header.
pub(crate) type NextToken = Pin<Box<dyn Future<Output = Result<HeaderValue>> + Send>>;

impl Policy {
    /// The defaults.
    pub(crate) fn new(authorization: Authorization, home: Url) -> Self {
        let spelled = match &authorization {
            Authorization::Token(token) => spelled_value(token),
            Authorization::Provider(_) => Vec::new(),
        };
        Self {
            authorization,
            beginnings: Arc::new(Beginnings::of(&spelled)),
            spelled: spelled.into(),
            home,
            allows_plain_http: false,
            provided: Provided::default(),
            headers: Arc::default(),
            user_agent: None,
            attempt_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(120),
            least_time_to_act: None,
            body_limit: 8 << 20,
            list_body_limit: 32 << 20,
            retry: Arc::new(StandardRetry::default()),
            backoff: Arc::new(FullJitter::default()),
            budget: Arc::new(TokenBucket::default()),
            rate_limit: None,
            environment: Arc::new(TokioEnvironment),
            bonus_turn: Arc::default(),
            place_turns: PlaceTurns::default(),
            poll_interval: PollInterval::default(),
            page_ahead: true,
            query: Arc::default(),
            fields: Arc::default(),
            observer: None,
            leaves_bodies: false,
            guard: None,
        }
    }

    /// For what is tried again by others if it fails: one attempt, which has no part in the budget.
    pub(crate) fn once(&self) -> Self {
        Self { retry: Arc::new(NoRetry), budget: Arc::new(Unlimited), ..self.clone() }
    }

    /// How much time has to be left for an attempt of an operation that acts.
    pub(crate) fn least_time_to_act(&self) -> Duration {
        let whole = || self.attempt_timeout.min(self.total_timeout / 2);
        self.least_time_to_act.unwrap_or_else(whole)
    }

    /// Whether a request would have its turn under the request-rate limit at once.
    pub(crate) fn has_turn(&self) -> bool {
        let now = self.environment.now();
        self.rate_limit.as_ref().is_none_or(|limit| limit.earliest(now).is_zero())
    }

    /// Adds what every request has; a token that is provided is added by the attempt.
    #[inline]
    pub(super) fn dress(&self, request: &mut Request, is_at_home: bool) {
        if let Some(user_agent) = &self.user_agent {
            request.headers_mut().insert(USER_AGENT, user_agent.clone());
        }
        if !is_at_home {
            return;
        }
        if let Authorization::Token(token) = &self.authorization {
            request.headers_mut().insert(AUTHORIZATION, token.clone());
        }
        if !self.headers.is_empty() {
            request.headers_mut().extend(HeaderMap::clone(&self.headers));
        }
    }

    /// Adds parameters and fields of the caller's to a request of the API.
    ///
    /// # Errors
    ///
    /// Returns an error if its body takes no fields.
    pub(super) fn add(&self, request: &mut Request) -> Result<(), String> {
        if self.query.is_empty() && self.fields.is_empty() || !self.is_at_home(request.url()) {
            return Ok(());
        }
        if !self.query.is_empty() {
            self.query.put_into(request.url_mut());
        }
        self.fields.put_into(request)
    }

    /// Whether a request goes to the server that the token is for.
    pub(super) fn is_at_home(&self, url: &Url) -> bool {
        let port = |url: &Url| url.port_or_known_default();
        url.scheme() == self.home.scheme()
            && url.host_str() == self.home.host_str()
            && port(url) == port(&self.home)
    }

    /// Keeps a token that was provided.
    pub(super) fn provided(&self, token: &HeaderValue) {
        let mut provided = self.provided.lock().unwrap_or_else(PoisonError::into_inner);
        if !provided.contains(token) {
            provided.push_front(token.clone());
            provided.truncate(PROVIDED);
        }
    }

    /// What no error may repeat: the token, and the headers that were added.
    pub(super) fn secrets(&self) -> Vec<String> {
        let mut secrets = self.tokens();
        secrets.extend(self.headers.values().flat_map(spelled_value));
        secrets
    }

    fn tokens(&self) -> Vec<String> {
        let provided = self.provided.lock().unwrap_or_else(PoisonError::into_inner);
        self.spelled.iter().cloned().chain(provided.iter().flat_map(spelled_value)).collect()
    }

    /// Removes secrets that the server repeats from the headers of a response, which are part of errors
    /// and traces.
    pub(super) fn conceal(&self, headers: &mut HeaderMap) {
        // Most calls have a single secret, which needs no list.
        if let (Authorization::Token(_), true) = (&self.authorization, self.headers.is_empty()) {
            let own = |value| conceal(value, &self.spelled, &self.beginnings);
            return headers.values_mut().for_each(own);
        }
        let tokens = self.tokens();
        let added: Vec<String> = self.headers.values().flat_map(spelled_value).collect();
        let (of_tokens, of_added) = (Beginnings::of(&tokens), Beginnings::of(&added));
        for (name, value) in headers {
            conceal(value, &tokens, &of_tokens);
            // What says how to read the body may be the same as an added header, such as `accept`.
            if !name.as_str().starts_with("content-") {
                conceal(value, &added, &of_added);
            }
        }
    }

    /// Passes a response of the API to the observers.
    pub(super) fn observed(&self, operation: Option<&'static Operation>, response: &Response) {
        let Some(observer) = &self.observer else { return };
        observer(&ResponseHead::new(operation, response.status(), response.headers().clone()));
    }

    pub(super) fn leaves_no_time(&self) -> bool {
        self.total_timeout.is_zero() || self.attempt_timeout.is_zero()
    }

    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        let home = Url::parse("http://127.0.0.1").unwrap();
        Self::new(Authorization::Token(HeaderValue::from_static("Token test")), home)
    }
}

fn conceal(value: &mut HeaderValue, secrets: &[String], beginnings: &Beginnings) {
    if !beginnings.may_be_in(value.as_bytes()) {
        return;
    }
    let text = String::from_utf8_lossy(value.as_bytes());
    if let Cow::Owned(masked) = masked_from(&text, secrets, beginnings) {
        *value = HeaderValue::try_from(masked).unwrap_or(HeaderValue::from_static(MASK));
    }
}

/// What is looked for of the value of a header, less the scheme of the token.
fn spelled_value(value: &HeaderValue) -> Vec<String> {
    let text = String::from_utf8_lossy(value.as_bytes());
    spelled(text.strip_prefix("Token ").unwrap_or(&text))
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = self.headers.keys().map(http::HeaderName::as_str).collect::<Vec<_>>();
        f.debug_struct("Policy")
            .field("authorization", &"[redacted]")
            .field("allows_plain_http", &self.allows_plain_http)
            .field("headers", &headers)
            .field("user_agent", &self.user_agent)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("least_time_to_act", &self.least_time_to_act())
            .field("body_limit", &self.body_limit)
            .field("list_body_limit", &self.list_body_limit)
            .field("retry", &self.retry)
            .field("backoff", &self.backoff)
            .field("budget", &self.budget)
            .field("rate_limit", &self.rate_limit)
            .field("poll_interval", &self.poll_interval)
            .field("page_ahead", &self.page_ahead)
            .field("guard", &self.guard)
            .finish()
    }
}
