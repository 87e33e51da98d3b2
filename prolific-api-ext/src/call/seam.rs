use std::{fmt, sync::Arc, time::Duration};

use prolific_api::{Execute, Operation, OperationInfo, ResponseFuture, RetrySafety};
use reqwest::{
    Request, Response,
    header::{AUTHORIZATION, HeaderValue},
};
use tracing::Instrument as _;

use super::{
    Backoff, Environment, FailureKind, FullJitter, RateLimit, RetryBudget, RetryPolicy,
    StandardRetry, TokenBucket, TokioEnvironment,
    answer::{self, Answer},
    attempt_loop::{self, Attempted, Call, Ending, Failed},
    failure::Failure,
    record::{CallFailure, Cause, Record},
    trace,
};

/// How calls are made. The clones of a client share the budget and the rate limit.
#[derive(Clone)]
pub(crate) struct Policy {
    pub(crate) authorization: HeaderValue,
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
    /// The defaults, with this Authorization header.
    pub(crate) fn new(authorization: HeaderValue) -> Self {
        Self {
            authorization,
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

    #[cfg(test)]
    pub(super) fn for_tests() -> Self {
        Self::new(HeaderValue::from_static("Token test"))
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
        let call = self.call(client, request, operation, span.clone());
        if span.is_disabled() { Box::pin(call) } else { Box::pin(call.instrument(span)) }
    }
}

impl Seam {
    async fn call(
        &self,
        client: &reqwest::Client,
        mut request: Request,
        operation: Option<&'static Operation>,
        span: tracing::Span,
    ) -> reqwest::Result<Response> {
        let policy = &*self.0;
        request.headers_mut().insert(AUTHORIZATION, policy.authorization.clone());
        let mut requests = Requests::new(request);
        let call = Call {
            safety: operation.map_or(RetrySafety::Unsafe, |operation| operation.retry),
            is_replayable: requests.spare.is_some(),
        };
        let attempt = |left| self.attempt(client, requests.next(), left);
        let ending = attempt_loop::run(policy, call, attempt).await;
        let Ending { attempts, elapsed, outcome } = ending;
        let Failed { failure, ended, value } = match outcome {
            Ok(response) => {
                trace::ended(&span, attempts, Some(&response), None);
                return Ok(response);
            }
            Err(failed) => failed,
        };
        let response = value.as_ref().ok().map(|answer| &answer.response);
        trace::ended(&span, attempts, response, Some(failure.kind));
        let record = Record {
            operation,
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
            Err(cause) => CallFailure { record, cause }.into_result().await,
        }
    }

    async fn attempt(
        &self,
        client: &reqwest::Client,
        request: Option<Request>,
        left: Duration,
    ) -> Attempted<Response, Result<Answer, Cause>> {
        let policy = &*self.0;
        let Some(mut request) = request else {
            return permanent(Cause::NotReplayable);
        };
        let Some(wait) = self.turn(left) else {
            return permanent(Cause::NoTurn);
        };
        if !wait.is_zero() {
            policy.environment.sleep(wait).await;
        }
        *request.timeout_mut() = Some(policy.attempt_timeout.min(left.saturating_sub(wait)));
        match client.execute(request).await {
            Ok(response) => {
                let now = policy.environment.time_of_day();
                answer::receive(response, policy.body_limit, now).await
            }
            Err(error) => {
                let failure = Failure::new(FailureKind::of_error(&error));
                Attempted::Failure(failure, Err(Cause::Transport(error)))
            }
        }
    }

    /// How long to wait for the turn that the request-rate limit gives, if one comes in time.
    fn turn(&self, left: Duration) -> Option<Duration> {
        let policy = &*self.0;
        match &policy.rate_limit {
            None => Some(Duration::ZERO),
            Some(limit) => limit.reserve(policy.environment.now(), left),
        }
    }
}

fn permanent(cause: Cause) -> Attempted<Response, Result<Answer, Cause>> {
    Attempted::Failure(Failure::new(FailureKind::Permanent), Err(cause))
}

/// The request of each attempt: the one that was given first, copies of it then.
struct Requests {
    first: Option<Request>,
    spare: Option<Request>,
}

impl Requests {
    fn new(request: Request) -> Self {
        Self { spare: request.try_clone(), first: Some(request) }
    }

    fn next(&mut self) -> Option<Request> {
        self.first.take().or_else(|| self.spare.as_ref().and_then(Request::try_clone))
    }
}
