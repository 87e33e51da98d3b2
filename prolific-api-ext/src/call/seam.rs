use std::{fmt, future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use prolific_api::{Execute, Operation, OperationInfo, ResponseFuture};
use reqwest::{
    Request, Response, Url,
    header::{AUTHORIZATION, HeaderValue, USER_AGENT},
};
use tracing::{Instrument as _, Span};

use super::{
    Backoff, Environment, FailureKind, FullJitter, RateLimit, RetryBudget, RetryPolicy,
    StandardRetry, TokenBucket, TokioEnvironment,
    answer::{self, Answer, Lost},
    attempt_loop::{self, Attempted, Call, Ending, Failed, Outcome},
    failure::Failure,
    record::{CallFailure, Cause, Head, LastFailure, Record},
    replay::Requests,
    stream, trace,
};

/// How calls are made. The clones of a client share the budget, the rate limit and the
/// turn of bonus requests.
#[derive(Clone)]
pub(crate) struct Policy {
    pub(crate) authorization: HeaderValue,
    /// The server that the token is for.
    pub(crate) home: Url,
    /// What every request calls its sender, where the transport does not.
    pub(crate) user_agent: Option<HeaderValue>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) retry: Arc<dyn RetryPolicy>,
    pub(crate) backoff: Arc<dyn Backoff>,
    pub(crate) budget: Arc<dyn RetryBudget>,
    pub(crate) rate_limit: Option<Arc<RateLimit>>,
    pub(crate) environment: Arc<dyn Environment>,
    /// Held by a bonus request while it is under way: Prolific takes one at a time.
    pub(crate) bonus_turn: Arc<tokio::sync::Mutex<()>>,
}

impl Policy {
    /// The defaults, with this Authorization header for the server of this URL.
    pub(crate) fn new(authorization: HeaderValue, home: Url) -> Self {
        Self {
            authorization,
            home,
            user_agent: None,
            attempt_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(120),
            body_limit: 64 << 20,
            retry: Arc::new(StandardRetry::default()),
            backoff: Arc::new(FullJitter::default()),
            budget: Arc::new(TokenBucket::default()),
            rate_limit: None,
            environment: Arc::new(TokioEnvironment),
            bonus_turn: Arc::default(),
        }
    }

    /// Whether a request goes to the server that the token is for.
    fn is_at_home(&self, url: &Url) -> bool {
        let port = |url: &Url| url.port_or_known_default();
        url.scheme() == self.home.scheme()
            && url.host_str() == self.home.host_str()
            && port(url) == port(&self.home)
    }

    fn leaves_no_time(&self) -> bool {
        self.total_timeout.is_zero() || self.attempt_timeout.is_zero()
    }

    #[cfg(test)]
    pub(super) fn for_tests() -> Self {
        let home = Url::parse("http://127.0.0.1").unwrap();
        Self::new(HeaderValue::from_static("Token test"), home)
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("authorization", &"[redacted]")
            .field("user_agent", &self.user_agent)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("body_limit", &self.body_limit)
            .field("retry", &self.retry)
            .field("backoff", &self.backoff)
            .field("budget", &self.budget)
            .field("rate_limit", &self.rate_limit)
            .finish()
    }
}

/// The policy at the raw client's seam: every operation goes through here, also one that has no
/// method of ours.
pub(crate) struct Seam(pub(crate) Arc<Policy>);

impl Execute for Seam {
    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: Request,
        operation: &'a OperationInfo,
    ) -> ResponseFuture<'a> {
        let operation = Operation::by_id(operation.operation_id);
        let span = trace::call(&request, operation);
        let send = |request| client.execute(request);
        let exchange = Exchange::new(&self.0, operation, request, send);
        if span.is_disabled() {
            return Box::pin(async move { exchange.run(None).await });
        }
        Box::pin(async move { exchange.run(Some(&span)).instrument(span.clone()).await })
    }
}

/// A call under way. It is kept small, as every call allocates it.
pub(super) struct Exchange<'a, S, P> {
    policy: &'a Policy,
    operation: Option<&'static Operation>,
    send: S,
    requests: Requests<P>,
}

impl<'a, S, P> Exchange<'a, S, P>
where
    S: Fn(Request) -> P,
    P: Future<Output = reqwest::Result<Response>>,
{
    pub(super) fn new(
        policy: &'a Policy,
        operation: Option<&'static Operation>,
        mut request: Request,
        send: S,
    ) -> Self {
        if policy.is_at_home(request.url()) {
            request.headers_mut().insert(AUTHORIZATION, policy.authorization.clone());
        }
        if let Some(user_agent) = &policy.user_agent {
            request.headers_mut().insert(USER_AGENT, user_agent.clone());
        }
        // Handed over at once a request need not be kept, which most calls gain by.
        let requests = match &policy.rate_limit {
            None => Requests::now(request, &send),
            Some(_) => Requests::later(request),
        };
        Self { policy, operation, requests, send }
    }

    pub(super) async fn run(&self, span: Option<&Span>) -> reqwest::Result<Response> {
        if self.policy.leaves_no_time() {
            let failure = self.not_sent(Duration::ZERO, Cause::NoTime);
            trace::ended(span, 0, || None, Some(failure.cause.failure_kind()));
            return Box::pin(failure.into_result()).await;
        }
        let call = Call { operation: self.operation, is_replayable: self.requests.are_copies() };
        let ending = attempt_loop::run(self.policy, call, |left| self.attempt(left)).await;
        match self.conclude(ending, span) {
            Ok(response) => Ok(response),
            Err(failure) => Box::pin(failure.into_result()).await,
        }
    }

    async fn attempt(&self, left: Duration) -> Attempted<Answer, Result<Answer, Box<Lost>>> {
        let Some(answer) = self.requests.next(&self.send) else {
            let failure = Failure::new(FailureKind::Permanent);
            return Attempted::Failure(failure, Err(Lost::before_any_answer(Cause::NotReplayable)));
        };
        let timeout = self.policy.attempt_timeout.min(left);
        answer::receive(answer, self.policy, self.operation, timeout).await
    }

    /// The answer that came last, which knows how the call went; or that none came.
    fn conclude(
        &self,
        ending: Ending<Answer, Result<Answer, Box<Lost>>>,
        span: Option<&Span>,
    ) -> Result<Response, Box<CallFailure>> {
        let Ending { attempts, elapsed, outcome } = ending;
        let operation = self.operation;
        let record = |failed, body| Record { operation, attempts, elapsed, failed, body };
        match outcome {
            Outcome::Success(Answer { response, body }) => {
                trace::ended(span, attempts, || Some(Head::of(&response)), None);
                Ok(self.succeeded(response, body, record))
            }
            Outcome::Failure(Failed { failure, ended, value }) => {
                let failed = Some(LastFailure { retry_after: failure.hint, ended });
                let head = || match &value {
                    Ok(answer) => Some(Head::of(&answer.response)),
                    Err(lost) => lost.head.clone(),
                };
                trace::ended(span, attempts, head, Some(failure.kind));
                match value {
                    Ok(Answer { mut response, body }) => {
                        response.extensions_mut().insert(record(failed, body.unwrap_or_default()));
                        Ok(response)
                    }
                    Err(lost) => {
                        let Lost { cause, head } = *lost;
                        let (record, url) = (record(failed, Bytes::new()), self.url());
                        Err(Box::new(CallFailure { record, cause, head, url }))
                    }
                }
            }
            Outcome::NoTurn => {
                let failure = self.not_sent(elapsed, Cause::NoTurn);
                trace::ended(span, 0, || None, Some(failure.cause.failure_kind()));
                Err(failure)
            }
        }
    }

    /// The raw client may yet find that it can't take the answer, which then has to say how the
    /// call went.
    fn succeeded(
        &self,
        mut response: Response,
        body: Option<Bytes>,
        record: impl FnOnce(Option<LastFailure>, Bytes) -> Record,
    ) -> Response {
        let Some(body) = body else {
            let record = record(None, Bytes::new());
            return self.streaming(response, record);
        };
        response.extensions_mut().insert(record(None, body));
        response
    }

    fn streaming(&self, mut response: Response, record: Record) -> Response {
        response.extensions_mut().insert(record.clone());
        let Policy { attempt_timeout, environment, .. } = self.policy;
        let environment = environment.clone();
        stream::with_idle_timeout(response, *attempt_timeout, environment, record, self.url())
    }

    fn not_sent(&self, elapsed: Duration, cause: Cause) -> Box<CallFailure> {
        let (operation, body) = (self.operation, Bytes::new());
        let record = Record { operation, attempts: 0, elapsed, failed: None, body };
        Box::new(CallFailure { record, cause, head: None, url: self.url() })
    }

    /// What is asked, less what may be secret in it.
    fn url(&self) -> Url {
        let mut url = self.requests.url().clone();
        url.set_query(None);
        url.set_fragment(None);
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_call_under_way_is_small() {
        let policy = Policy::for_tests();
        let client = reqwest::Client::new();
        let request = Request::new(reqwest::Method::GET, "http://127.0.0.1/".parse().unwrap());
        let send = |request| client.execute(request);
        let exchange = Exchange::new(&policy, None, request, send);
        let size = size_of_val(&async move { exchange.run(None).await });
        assert!(size <= 1_152, "{size} bytes");
    }

    #[test]
    fn the_page_on_retries_has_the_defaults_that_are_used() {
        let page = include_str!("../retries.md").replace('\n', " ");
        let policy = Policy::for_tests();
        let (total, attempt) = (policy.total_timeout.as_secs(), policy.attempt_timeout.as_secs());
        for said in [
            format!("within {total} seconds, each within {attempt} seconds"),
            format!("{} tokens, of which a retry", TokenBucket::default().tokens()),
        ] {
            assert!(page.contains(&said), "{said}");
        }
    }

    /// A call that is handed to the transport at the time that is given.
    async fn handed_over(policy: &Policy) -> Duration {
        let started = tokio::time::Instant::now();
        let at = std::cell::Cell::new(None);
        let request = Request::new(reqwest::Method::GET, "http://127.0.0.1/".parse().unwrap());
        let send = |_| {
            at.set(Some(started.elapsed()));
            std::future::ready(Ok(Response::from(http::Response::new("{}"))))
        };
        Exchange::new(policy, None, request, send).run(None).await.unwrap();
        at.get().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn the_transport_gets_a_request_when_its_turn_has_come_and_not_before() {
        let mut policy = Policy::for_tests();
        policy.rate_limit = RateLimit::per_second(0.1).map(Arc::new);
        assert_eq!(handed_over(&policy).await, Duration::ZERO);
        assert_eq!(handed_over(&policy).await, Duration::from_secs(10));
    }

    /// A clock on which no time is ever left.
    #[derive(Debug)]
    struct AtOnce;

    impl Environment for AtOnce {
        fn now(&self) -> std::time::Instant {
            TokioEnvironment.now()
        }

        fn time_of_day(&self) -> std::time::SystemTime {
            TokioEnvironment.time_of_day()
        }

        fn sleep(&self, _: Duration) -> crate::call::Sleep {
            Box::pin(std::future::ready(()))
        }

        fn random(&self) -> f64 {
            0.0
        }
    }

    #[tokio::test]
    async fn an_attempt_is_timed_out_by_the_injected_clock() {
        let mut policy = Policy::for_tests();
        policy.environment = Arc::new(AtOnce);
        let request = Request::new(reqwest::Method::GET, "http://127.0.0.1/".parse().unwrap());
        let never = |_| std::future::pending::<reqwest::Result<Response>>();
        let error = Exchange::new(&policy, None, request, never).run(None).await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
    }
}
