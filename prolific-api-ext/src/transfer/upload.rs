use std::{
    future::Future,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::{Bytes, BytesMut};
use futures_util::future::{Either, select};
use prolific_api::{ClientInfo as _, Operation, RetrySafety};
use reqwest::{
    Method, Request, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, USER_AGENT},
};
use tracing::{Instrument as _, field::Empty};

use super::{
    Link, UploadFile, upload_answer,
    upload_body::{Fault, Meter, body},
    upload_file::Opened,
};
use crate::{
    Error, FailedAttempt, FailureKind, ImportId, Prolific, Result, RetryPolicy,
    call::{
        Attempted, Call, Ended, Ending, FAR_OFF, Failed, Failure, LastFailure, Outcome, Policy,
        Record, asked_to_wait, attempt,
    },
};

/// What a policy and an error see an upload as. Sending the same file to the same link again does
/// what doing it once does.
static UPLOAD: Operation =
    Operation::new("upload-file", "PUT", "").with_retry(RetrySafety::Idempotent);

/// How much of what the storage says of a refusal is read, in bytes.
const SAID: usize = 64 << 10;

/// Told of every piece that was handed to the connection: the bytes sent, and those of the file.
pub(crate) type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// A link that a file can be sent to, and how.
#[derive(Clone, Debug)]
pub(crate) struct UploadLink {
    pub(crate) link: Link,
    pub(crate) method: Method,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) expires_at: Option<SystemTime>,
    /// The import that the link opened.
    pub(crate) import_id: Option<ImportId>,
}

/// A file that was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The import that the link opened which the file went to.
    pub(crate) import_id: Option<ImportId>,
    /// How long the file is.
    pub(crate) bytes: u64,
}

/// Sends a file to a link that `ask` asks for, and asks for another one where that has expired.
///
/// An attempt may take as long as it goes on: it ends when nothing moves for as long as an attempt
/// of a call may take. The bound on whole calls does not hold, nor does the limit of requests,
/// which is the API's and not the storage's.
pub(crate) async fn upload<A, F>(
    prolific: &Prolific,
    file: &UploadFile,
    progress: Option<Progress>,
    ask: A,
) -> Result<Sent>
where
    A: Fn() -> F,
    F: Future<Output = Result<UploadLink>>,
{
    let policy = without_deadline(prolific.policy());
    let span = tracing::info_span!(
        "prolific.upload",
        otel.kind = "client",
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.r#type = Empty,
    );
    let call = Call { operation: Some(&UPLOAD), is_replayable: true };
    let uploading =
        Uploading { prolific, policy: &policy, file, progress, ask, state: Mutex::default() };
    let ending = attempt(&policy, call, |_| uploading.attempt()).instrument(span.clone()).await;
    if ending.attempts > 1 {
        span.record("http.request.resend_count", ending.attempts - 1);
    }
    if let Outcome::Failure(Failed { failure, .. }) = &ending.outcome {
        let status = failure.status.map(|status| status.as_u16());
        span.record("http.response.status_code", status);
        span.record("error.type", failure.kind.as_str());
    }
    conclude(ending, prolific.policy().total_timeout)
}

fn without_deadline(policy: &Policy) -> Policy {
    let mut patient = policy.clone();
    patient.retry =
        Arc::new(WithinCall { policy: policy.retry.clone(), time: policy.total_timeout });
    patient.total_timeout = FAR_OFF;
    patient.rate_limit = None;
    patient
}

/// A storage that asks to wait longer than a call may take is not waited for.
#[derive(Debug)]
struct WithinCall {
    policy: Arc<dyn RetryPolicy>,
    time: Duration,
}

impl RetryPolicy for WithinCall {
    fn should_retry(&self, failed: &FailedAttempt) -> bool {
        let is_in_time = failed.retry_after.is_none_or(|hint| hint < self.time);
        is_in_time && self.policy.should_retry(failed)
    }
}

/// Why an attempt did not send the file.
#[derive(Debug)]
enum Stop {
    /// There was no link to send it to.
    NoLink(Error),
    NotSent(Error),
}

fn conclude(ending: Ending<Sent, Stop>, time: Duration) -> Result<Sent> {
    let Ending { attempts, elapsed, outcome } = ending;
    let record =
        |failed| Record { operation: Some(&UPLOAD), attempts, elapsed, failed, body: Bytes::new() };
    match outcome {
        Outcome::Success(sent) => Ok(sent),
        Outcome::Failure(Failed { value: Stop::NoLink(error), .. }) => Err(error),
        Outcome::Failure(Failed { failure, ended, value: Stop::NotSent(error) }) => {
            // A storage that was given up for what it asks has the reason of a deadline.
            let asks_too_much = failure.hint.is_some_and(|hint| hint >= time);
            let ended = if asks_too_much { Ended::Deadline } else { ended };
            Err(error.of_upload(&record(Some(LastFailure { retry_after: failure.hint, ended }))))
        }
        Outcome::NoTurn => {
            Err(Error::unexpected("the upload had no turn").of_upload(&record(None)))
        }
    }
}

/// An upload under way.
struct Uploading<'a, A> {
    prolific: &'a Prolific,
    policy: &'a Policy,
    file: &'a UploadFile,
    progress: Option<Progress>,
    ask: A,
    state: Mutex<State>,
}

/// What attempts leave to those that follow.
#[derive(Debug, Default)]
struct State {
    link: Option<UploadLink>,
    /// Whether the link of the last attempt was refused.
    was_refused: bool,
    /// How long the file was at the first attempt.
    length: Option<u64>,
}

impl<A, F> Uploading<'_, A>
where
    A: Fn() -> F,
    F: Future<Output = Result<UploadLink>>,
{
    async fn attempt(&self) -> Attempted<Sent, Stop> {
        let opened = match self.open().await {
            Ok(opened) => opened,
            Err(error) => return permanent(Stop::NotSent(error)),
        };
        let link = match self.link().await {
            Ok(link) => link,
            Err(error) => return permanent(Stop::NoLink(error)),
        };
        let (environment, bytes) = (self.policy.environment.clone(), opened.length);
        let meter = Meter::new(environment, self.progress.clone(), bytes);
        match self.send(&link, opened, &meter).await {
            Err((failure, error)) => Attempted::Failure(failure, Stop::NotSent(error)),
            Ok(()) => Attempted::Success(Sent { import_id: link.import_id, bytes }),
        }
    }

    async fn open(&self) -> Result<Opened> {
        let name = self.file.name().unwrap_or_default();
        let opened = self.file.open().await.map_err(|error| {
            Error::unreadable(format!("the file {name:?} can't be opened: {error}"), Some(error))
        })?;
        let before = *self.state().length.get_or_insert(opened.length);
        if before == opened.length {
            return Ok(opened);
        }
        let now = opened.length;
        Err(changed(name, &format!("it had {before} bytes, and {now} when it was opened again")))
    }

    /// The link of the attempt before, unless that will not do.
    async fn link(&self) -> Result<UploadLink> {
        let now = self.policy.environment.time_of_day();
        let known = self.state().link.clone();
        // Whether a link that was just given out has expired its storage knows better than the
        // clock of this machine.
        if let Some(link) = known.filter(|link| link.expires_at.is_none_or(|end| now < end)) {
            return Ok(link);
        }
        let link = (self.ask)().await?;
        self.state().link = Some(link.clone());
        Ok(link)
    }

    async fn send(
        &self,
        link: &UploadLink,
        opened: Opened,
        meter: &Arc<Meter>,
    ) -> Result<(), (Failure, Error)> {
        let request = self.request(link, opened, meter);
        let client = self.prolific.api().client();
        let answered = while_it_moves(self.policy, client.execute(request), meter).await;
        if let Some(fault) = meter.take_fault() {
            return Err((Failure::new(FailureKind::Permanent), self.unreadable(fault)));
        }
        let host = link.link.host();
        match answered {
            None => {
                let error = Error::stalled(host, self.policy.attempt_timeout);
                Err((Failure::new(FailureKind::Timeout), error))
            }
            Some(Err(error)) => {
                let failure = Failure::new(FailureKind::of_error(&error));
                Err((failure, Error::of_storage_connection(error, host)))
            }
            Some(Ok(response)) if response.status().is_success() => {
                self.state().was_refused = false;
                let status = Some(response.status());
                let failure = Failure { status, ..Failure::new(FailureKind::Broken) };
                match meter.is_whole() {
                    true => Ok(()),
                    false => Err((failure, Error::answered_early(host, response.status()))),
                }
            }
            Some(Ok(response)) => Err(self.refused(link, response).await),
        }
    }

    fn request(&self, link: &UploadLink, opened: Opened, meter: &Arc<Meter>) -> Request {
        let mut request = Request::new(link.method.clone(), link.link.url());
        let headers = request.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(opened.length));
        if let Some(content_type) = &link.content_type {
            headers.insert(CONTENT_TYPE, content_type.clone());
        }
        if let Some(user_agent) = &self.policy.user_agent {
            headers.insert(USER_AGENT, user_agent.clone());
        }
        *request.body_mut() = Some(body(opened, meter.clone()));
        request
    }

    /// What the storage answered, and whether another attempt may help: one link that it does not
    /// take is given up for another, and the next one is not.
    async fn refused(&self, link: &UploadLink, mut response: Response) -> (Failure, Error) {
        let status = response.status();
        let now = self.policy.environment.time_of_day();
        let hint = asked_to_wait(response.headers(), now);
        let request_id = ["x-amz-request-id", "x-request-id"]
            .iter()
            .find_map(|name| response.headers().get(*name)?.to_str().ok().map(str::to_owned));
        let said = self.said(&mut response).await;
        let mut refusal = upload_answer::read(&said, &link.link.url());
        refusal.request_id = request_id;
        let is_expired = status == StatusCode::FORBIDDEN || upload_answer::is_expired(&refusal);
        let was_refused = std::mem::replace(&mut self.state().was_refused, is_expired);
        let kind = match FailureKind::of_status(status).unwrap_or(FailureKind::Permanent) {
            _ if is_expired && was_refused => FailureKind::Permanent,
            _ if is_expired || upload_answer::is_slow(&refusal) => FailureKind::Status,
            kind => kind,
        };
        if is_expired {
            self.state().link = None;
        }
        let error = Error::of_storage_refusal(status, link.link.host(), refusal);
        (Failure { kind, status: Some(status), hint }, error)
    }

    /// The beginning of what the storage says, as far as it comes in time.
    async fn said(&self, response: &mut Response) -> Bytes {
        let mut timer = self.policy.environment.sleep(self.policy.attempt_timeout);
        let mut said = BytesMut::new();
        while said.len() < SAID {
            match select(pin!(response.chunk()), &mut timer).await {
                Either::Left((Ok(Some(chunk)), _)) => said.extend_from_slice(&chunk),
                _ => break,
            }
        }
        said.freeze()
    }

    fn unreadable(&self, fault: Fault) -> Error {
        let name = self.file.name().unwrap_or_default();
        match fault {
            Fault::Read(error) => {
                let message = format!("the file {name:?} can't be read to its end: {error}");
                Error::unreadable(message, Some(error))
            }
            Fault::Shorter => changed(name, "it is shorter than it was when it was opened"),
            Fault::Longer => changed(name, "it is longer than it was when it was opened"),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What comes of sending; none where nothing moves for as long as an attempt may take.
async fn while_it_moves<T>(
    policy: &Policy,
    sending: impl Future<Output = T>,
    meter: &Meter,
) -> Option<T> {
    let mut sending = pin!(sending);
    let environment = &policy.environment;
    loop {
        let still = environment.now().saturating_duration_since(meter.moved());
        let left = policy.attempt_timeout.checked_sub(still).filter(|left| !left.is_zero())?;
        match select(sending.as_mut(), environment.sleep(left)).await {
            Either::Left((sent, _)) => return Some(sent),
            Either::Right(_) => {}
        }
    }
}

fn permanent(stop: Stop) -> Attempted<Sent, Stop> {
    Attempted::Failure(Failure::new(FailureKind::Permanent), stop)
}

fn changed(name: &str, how: &str) -> Error {
    let message =
        format!("the file {name:?} changed while it was uploaded: {how}; upload it again");
    Error::unreadable(message, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::TokioEnvironment;

    #[tokio::test(start_paused = true)]
    async fn an_attempt_may_take_long_as_long_as_it_goes_on() {
        let policy = Prolific::builder().token("t").build().unwrap().policy().clone();
        let meter = Meter::new(Arc::new(TokioEnvironment), None, 100);
        let began = tokio::time::Instant::now();
        let sending = async {
            for _ in 0..10 {
                tokio::time::sleep(Duration::from_secs(29)).await;
                meter.count(1);
            }
            std::future::pending::<()>().await;
        };
        assert_eq!(while_it_moves(&policy, sending, &meter).await, None);
        assert_eq!(began.elapsed().as_secs(), 290 + 30);
    }
}
