use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use prolific_api::{Execute, Explained, Operation, ReadBody, ResponseFuture};
use reqwest::{Request, Response, header::AUTHORIZATION};
use tracing::{Instrument as _, Span};

use super::{
    Attempted, Attempts, Authorization, Bound, Call, Clock, Ending, Outcome, Policy,
    answer::{self, Answer, Lost},
    driver,
    failure::Failure,
    record::{CallFailure, Cause, Head, LastFailure, Record},
    replay::Requests,
    stream, trace,
};
use crate::{Error, error::authority, spending::Guard};

/// The policy at the raw client's seam: every operation goes through here, also one that has no
/// method of ours.
pub(crate) struct Seam {
    policy: Arc<Policy>,
}

impl Seam {
    pub(crate) fn new(policy: Arc<Policy>) -> Self {
        Self { policy }
    }
}

impl Execute for Seam {
    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        mut request: Request,
        operation: &'static Operation,
    ) -> ResponseFuture<'a> {
        if let Err(problem) = self.policy.add(&mut request) {
            return Box::pin(self.refused(client, request, operation, problem));
        }
        let guard = self.policy.guard.as_ref();
        match guard.and_then(|guard| Some((guard, Guard::concerned(operation, &request)?))) {
            Some((guard, known)) => {
                Box::pin(self.guarded(guard, client, request, (operation, known)))
            }
            None => self.send(client, request, operation),
        }
    }

    fn explain(&self, response: &Response) -> Option<Explained> {
        if Record::is_left(response) {
            return None;
        }
        let (record, undecodable) = (Record::of(response), response.extensions().get().cloned());
        Some(Explained(Arc::new(Error::of_answer(response, record.as_ref(), undecodable))))
    }
}

impl Seam {
    /// Ends a request that can't be made as it was asked for.
    async fn refused(
        &self,
        client: &reqwest::Client,
        request: Request,
        operation: &'static Operation,
        problem: String,
    ) -> reqwest::Result<Response> {
        let send = |request| client.execute(request);
        let exchange = Exchange::new(&self.policy, Some(operation), request, send);
        exchange.not_sent(Duration::ZERO, Cause::NoFields(problem)).into_result().await
    }

    /// Passes a request through the spending guard before it is sent.
    async fn guarded(
        &self,
        guard: &Guard,
        client: &reqwest::Client,
        request: Request,
        (operation, known): (&'static Operation, &'static Operation),
    ) -> reqwest::Result<Response> {
        let reservation = match guard.admit(&self.policy, client, &request, known).await {
            Ok(reservation) => reservation,
            Err(error) => {
                let send = |request| client.execute(request);
                let exchange = Exchange::new(&self.policy, Some(operation), request, send);
                let failure = exchange.not_sent(Duration::ZERO, Cause::NotAdmitted(error.into()));
                return failure.into_result().await;
            }
        };
        let result = self.send(client, request, operation).await;
        reservation.settle(&result);
        result
    }

    fn send<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: Request,
        operation: &'static Operation,
    ) -> ResponseFuture<'a> {
        let span = trace::call(&request, Some(operation));
        let send = |request| client.execute(request);
        let exchange = Exchange::new(&self.policy, Some(operation), request, send);
        if span.is_disabled() {
            return Box::pin(async move { exchange.run(None).await });
        }
        Box::pin(async move { exchange.run(Some(&span)).instrument(span.clone()).await })
    }
}

/// How much of its time a call has left that decodes its response itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLeft(pub(crate) Duration);

/// A call in flight. It is kept small, as every call allocates it.
pub(super) struct Exchange<'a, S, P> {
    policy: &'a Policy,
    operation: Option<&'static Operation>,
    is_at_home: bool,
    send: S,
    requests: Requests<P>,
}

impl<'a, S, P> Exchange<'a, S, P>
where
    S: Fn(Request) -> P + Sync,
    P: Future<Output = reqwest::Result<Response>> + Send,
{
    #[inline]
    pub(super) fn new(
        policy: &'a Policy,
        operation: Option<&'static Operation>,
        request: Request,
        send: S,
    ) -> Self {
        let is_at_home = policy.is_at_home(request.url());
        let is_provided = matches!(policy.authorization, Authorization::Provider(_));
        // Handed over at once a request need not be kept, which most calls gain by.
        let requests = match policy.rate_limit.is_none() && !(is_at_home && is_provided) {
            true => Requests::now(request, |mut request| {
                policy.dress(&mut request, is_at_home);
                send(request)
            }),
            false => Requests::later(request),
        };
        Self { policy, operation, is_at_home, send, requests }
    }

    pub(super) async fn run(&self, span: Option<&Span>) -> reqwest::Result<Response> {
        if self.policy.leaves_no_time() {
            let failure = self.not_sent(Duration::ZERO, Cause::NoTime);
            trace::ended(span, 0, || None, Some(failure.cause.failure_kind()));
            return Box::pin(failure.into_result()).await;
        }
        let clock = Clock::new(self.policy.environment.clone());
        let started = clock.now();
        let is_replayable = self.requests.are_copies();
        let call = Call { operation: self.operation, is_replayable, bound: Bound::Call };
        let ending = {
            let mut attempts = (self, &*clock);
            let driven = pin!(driver::drive(self.policy, call, &clock, &mut attempts));
            clock.run(driven).await
        };
        let failure = match self.conclude(ending, span) {
            Ok(mut response) if self.policy.leaves_bodies => {
                let spent = clock.now().saturating_duration_since(started);
                let left = self.policy.total_timeout.saturating_sub(spent);
                response.extensions_mut().insert(TimeLeft(left));
                return Ok(response);
            }
            Ok(response) => return Ok(response),
            Err(failure) => failure,
        };
        Box::pin(failure.into_result()).await
    }

    /// The answer that came last, which knows how the call went; or that none came.
    fn conclude(
        &self,
        ending: Ending<Answer, Result<Answer, Box<Lost>>>,
        span: Option<&Span>,
    ) -> Result<Response, Box<CallFailure>> {
        let Ending { attempts, elapsed, in_doubt, outcome } = ending;
        let operation = self.operation;
        let record = |failed, body| Record { operation, attempts, elapsed, failed, in_doubt, body };
        match outcome {
            Outcome::Success(Answer { response, body }) => {
                trace::ended(span, attempts, || Some(Head::of(&response)), None);
                Ok(self.succeeded(response, body, record))
            }
            Outcome::Failure(failure, value, ended) => {
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
                        let (record, server) = (record(failed, Bytes::new()), self.server());
                        Err(Box::new(CallFailure::new(record, cause, head, server)))
                    }
                }
            }
            Outcome::NotSent(ended) => {
                let failure = self.not_sent(elapsed, Cause::NotBegun(ended));
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
        // An extension less is felt in the cost of a call.
        if answer::is_decoded(self.operation, response.status()) {
            let call = Arc::new(record(None, Bytes::new()));
            let is_left = self.policy.leaves_bodies;
            response.extensions_mut().insert(ReadBody { body, call, is_left });
        } else {
            response.extensions_mut().insert(record(None, body));
        }
        response
    }

    fn streaming(&self, mut response: Response, record: Record) -> Response {
        response.extensions_mut().insert(record.clone());
        let Policy { attempt_timeout, environment, .. } = self.policy;
        let environment = environment.clone();
        stream::with_idle_timeout(response, *attempt_timeout, environment, record, self.server())
    }

    fn not_sent(&self, elapsed: Duration, cause: Cause) -> Box<CallFailure> {
        let (operation, body) = (self.operation, Bytes::new());
        let (failed, in_doubt) = (None, false);
        let record = Record { operation, attempts: 0, elapsed, failed, in_doubt, body };
        Box::new(CallFailure::new(record, cause, None, self.server()))
    }

    fn server(&self) -> Option<String> {
        authority(self.requests.url())
    }
}

impl<S, P> Attempts for (&Exchange<'_, S, P>, &Clock)
where
    S: Fn(Request) -> P + Sync,
    P: Future<Output = reqwest::Result<Response>> + Send,
{
    type Success = Answer;
    type Failure = Result<Answer, Box<Lost>>;

    async fn attempt(&mut self, left: Duration) -> Attempted<Answer, Self::Failure> {
        let (exchange, clock) = *self;
        let timeout = exchange.policy.attempt_timeout.min(left);
        let mut deadline = clock.timer(timeout);
        let mut token = None;
        if let Authorization::Provider(next) = &exchange.policy.authorization
            && exchange.is_at_home
        {
            match deadline.cut(pin!(next())).await {
                Some(Ok(next)) => {
                    exchange.policy.provided(&next);
                    token = Some(Box::new(next));
                }
                Some(Err(error)) => return not_sent(Cause::NoToken(Arc::new(error))),
                None => return not_sent(Cause::no_token_in_time(timeout)),
            }
        }
        let send = |mut request: Request| {
            exchange.policy.dress(&mut request, exchange.is_at_home);
            if let Some(token) = token {
                request.headers_mut().insert(AUTHORIZATION, *token);
            }
            (exchange.send)(request)
        };
        let Some(sent) = exchange.requests.next(send) else {
            return not_sent(Cause::NotReplayable);
        };
        let sent = pin!(sent);
        answer::receive(sent, exchange.policy, exchange.operation, &mut deadline).await
    }
}

fn not_sent<T>(cause: Cause) -> Attempted<T, Result<Answer, Box<Lost>>> {
    let failure = Failure { in_doubt: false, ..Failure::new(cause.failure_kind()) };
    Attempted::Failure(failure, Err(Lost::before_any_answer(cause)))
}
