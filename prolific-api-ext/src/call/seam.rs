use std::{fmt, future::Future, sync::Arc, time::Duration};

use prolific_api::{Execute, Operation, OperationInfo, ResponseFuture, RetrySafety};
use reqwest::{
    Request, Response, Url,
    header::{AUTHORIZATION, HeaderValue},
};
use tracing::{Instrument as _, Span};

use super::{
    Backoff, Environment, FailureKind, FullJitter, RateLimit, RetryBudget, RetryPolicy,
    StandardRetry, TokenBucket, TokioEnvironment,
    answer::{self, Answer},
    attempt_loop::{self, Attempted, Call, Ending, Failed},
    failure::Failure,
    record::{CallFailure, Cause, Record},
    replay::Requests,
    trace,
};

/// How calls are made. The clones of a client share the budget and the rate limit.
#[derive(Clone)]
pub(crate) struct Policy {
    pub(crate) authorization: HeaderValue,
    /// The server that the token is for.
    pub(crate) home: Url,
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) retry: Arc<dyn RetryPolicy>,
    pub(crate) backoff: Arc<dyn Backoff>,
    pub(crate) budget: Arc<dyn RetryBudget>,
    pub(crate) rate_limit: Option<Arc<RateLimit>>,
    pub(crate) environment: Arc<dyn Environment>,
}

impl Policy {
    /// The defaults, with this Authorization header for the server of this URL.
    pub(crate) fn new(authorization: HeaderValue, home: Url) -> Self {
        Self {
            authorization,
            home,
            attempt_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(120),
            body_limit: 64 << 20,
            retry: Arc::new(StandardRetry::default()),
            backoff: Arc::new(FullJitter::default()),
            budget: Arc::new(TokenBucket::default()),
            rate_limit: None,
            environment: Arc::new(TokioEnvironment),
        }
    }

    /// Whether a request goes to the server that the token is for.
    fn is_at_home(&self, url: &Url) -> bool {
        let port = |url: &Url| url.port_or_known_default();
        url.scheme() == self.home.scheme()
            && url.host_str() == self.home.host_str()
            && port(url) == port(&self.home)
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
        Self { policy, operation, requests: Requests::new(request, &send), send }
    }

    pub(super) async fn run(&self, span: Option<&Span>) -> reqwest::Result<Response> {
        let call = Call {
            safety: self.operation.map_or(RetrySafety::Unsafe, |operation| operation.retry),
            is_replayable: self.requests.are_copies(),
        };
        let ending = attempt_loop::run(self.policy, call, |left| self.attempt(left)).await;
        match self.conclude(ending, span) {
            Ok(response) => Ok(response),
            Err(failure) => Box::pin(failure.into_result()).await,
        }
    }

    /// The answer that came last, which knows how the call went; or that none came.
    fn conclude(
        &self,
        ending: Ending<Response, Result<Answer, Cause>>,
        span: Option<&Span>,
    ) -> Result<Response, CallFailure> {
        let Ending { attempts, elapsed, outcome } = ending;
        let Failed { failure, ended, value } = match outcome {
            Ok(response) => {
                trace::ended(span, attempts, Some(&response), None);
                return Ok(response);
            }
            Err(failed) => failed,
        };
        let response = value.as_ref().ok().map(|answer| &answer.response);
        trace::ended(span, attempts, response, Some(failure.kind));
        let record = Record {
            operation: self.operation,
            attempts,
            elapsed,
            failure: failure.kind,
            retry_after: failure.hint,
            ended,
            body: value.as_ref().map(|answer| answer.body.clone()).unwrap_or_default(),
        };
        match value {
            Ok(Answer { mut response, .. }) => {
                response.extensions_mut().insert(record);
                Ok(response)
            }
            Err(cause) => Err(CallFailure { record, cause }),
        }
    }

    async fn attempt(&self, left: Duration) -> Attempted<Response, Result<Answer, Cause>> {
        let Some(wait) = self.turn(left) else {
            return permanent(Cause::NoTurn);
        };
        if !wait.is_zero() {
            self.policy.environment.sleep(wait).await;
        }
        let Some(answer) = self.requests.next(&self.send) else {
            return permanent(Cause::NotReplayable);
        };
        let timeout = self.policy.attempt_timeout.min(left.saturating_sub(wait));
        answer::receive(answer, self.policy, timeout).await
    }

    /// How long to wait for the turn that the request-rate limit gives, if one comes in time.
    fn turn(&self, left: Duration) -> Option<Duration> {
        match &self.policy.rate_limit {
            None => Some(Duration::ZERO),
            Some(limit) => limit.reserve(self.policy.environment.now(), left),
        }
    }
}

fn permanent(cause: Cause) -> Attempted<Response, Result<Answer, Cause>> {
    Attempted::Failure(Failure::new(FailureKind::Permanent), Err(cause))
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
}
