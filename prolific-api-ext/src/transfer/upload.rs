use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::{Bytes, BytesMut};
use futures_util::future::{Either, select};
use prolific_api::{Operation, RetrySafety};
use reqwest::{
    Method, Request, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, USER_AGENT},
};
use tracing::Instrument as _;

use super::{
    Link, UploadFile,
    ending::{Stop, TOTAL_TIMEOUT, conclude, in_time_left},
    upload_answer,
    upload_body::{Fault, Meter, body, goes_on},
    upload_file::Opened,
};
use crate::{
    Error, FailureKind, ImportId, Prolific, Result,
    call::{
        Attempted, Attempts, Bound, Call, Clock, Failure, Policy, asked_to_wait, drive,
        transfer_span,
    },
    error::excerpt,
};

/// What a policy and an error see an upload as. Sending the same file to the same link again does
/// what doing it once does.
static UPLOAD: Operation =
    Operation::new("upload-file", "PUT", "").with_retry(RetrySafety::Idempotent);

/// How much of what the storage says of a refusal is read, in bytes.
const SAID: usize = 64 << 10;

/// How long a storage may take to respond after it has received the whole file, by default.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// Told of every piece that was handed to the connection: the bytes sent, and those of the file.
pub(crate) type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// A link that a file can be sent to, and how.
#[derive(Clone, Debug)]
pub(crate) struct UploadLink {
    pub(crate) link: Link,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) expires_at: Option<SystemTime>,
    /// The import that the link opened.
    pub(crate) import_id: Option<ImportId>,
}

impl UploadLink {
    /// A link to put a file to. Another method than the documented one may do anything to whatever is
    /// there.
    pub(crate) fn new(link: Link, method: Option<&str>) -> Result<Self> {
        match method.unwrap_or("PUT") {
            "PUT" => {}
            other => {
                let other = excerpt(other);
                let message = format!("the link is for {other}, but only PUT is documented");
                return Err(Error::unexpected(message));
            }
        }
        Ok(Self { link, content_type: None, expires_at: None, import_id: None })
    }
}

/// A file that was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The import that the link opened which the file went to.
    pub(crate) import_id: Option<ImportId>,
    /// How long the file is.
    pub(crate) bytes: u64,
}

/// How long an upload may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) response_timeout: Duration,
    pub(crate) total_timeout: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self { response_timeout: RESPONSE_TIMEOUT, total_timeout: TOTAL_TIMEOUT }
    }
}

/// Sends a file to a link that `ask` asks for, and asks for another one where that has expired.
///
/// An attempt may take as long as data is flowing: it ends if nothing is transferred for as long as
/// an attempt of a call may take, or if there is no response in that time after the whole file was
/// sent. The total timeout of calls does not apply, nor does the request-rate limit, which is the
/// API's and not the storage's.
pub(crate) async fn upload<A, F>(
    prolific: &Prolific,
    file: &UploadFile,
    progress: Option<Progress>,
    times: Times,
    ask: A,
) -> Result<Sent>
where
    A: Fn() -> F + Send + Sync,
    F: Future<Output = Result<UploadLink>> + Send,
{
    let policy = prolific.policy();
    let (clock, span) = (Clock::new(policy.environment.clone()), transfer_span("upload"));
    let bound = Bound::Transfer(times.total_timeout);
    let call = Call { operation: Some(&UPLOAD), is_replayable: true, bound };
    let (clock_of_attempts, state) = (&clock, State::default());
    let mut uploading =
        Uploading { prolific, policy, clock: clock_of_attempts, file, progress, times, ask, state };
    let driven = pin!(drive(policy, call, &clock, &mut uploading));
    let ending = clock.run(driven).instrument(span.clone()).await;
    conclude(ending, &UPLOAD, &span)
}

/// An upload in progress.
struct Uploading<'a, A> {
    prolific: &'a Prolific,
    policy: &'a Policy,
    clock: &'a Arc<Clock>,
    file: &'a UploadFile,
    progress: Option<Progress>,
    times: Times,
    ask: A,
    state: State,
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

impl<A, F> Attempts for Uploading<'_, A>
where
    A: Fn() -> F + Send + Sync,
    F: Future<Output = Result<UploadLink>> + Send,
{
    type Success = Sent;
    type Failure = Stop;

    async fn attempt(&mut self, left: Duration) -> Attempted<Sent, Stop> {
        let clock = self.clock.clone();
        in_time_left(&clock, left, "the upload", self.attempt()).await
    }
}

impl<A, F> Uploading<'_, A>
where
    A: Fn() -> F + Send + Sync,
    F: Future<Output = Result<UploadLink>> + Send,
{
    async fn attempt(&mut self) -> Attempted<Sent, Stop> {
        let opened = match self.open().await {
            Ok(opened) => opened,
            Err(error) => return Stop::Failed(error).for_good(),
        };
        let link = match self.link().await {
            Ok(link) => link,
            Err(error) => return Stop::NoLink(error).for_good(),
        };
        let bytes = opened.length;
        let meter = Meter::new(self.clock.clone(), self.progress.clone(), bytes);
        match self.send(&link, opened, &meter).await {
            Err((failure, error)) => Attempted::Failure(failure, Stop::Failed(error)),
            Ok(status) => Attempted::Success(status, Sent { import_id: link.import_id, bytes }),
        }
    }

    async fn open(&mut self) -> Result<Opened> {
        let name = self.file.name().unwrap_or_default();
        let mut opened = self.file.open().await.map_err(|error| {
            Error::unreadable(format!("the file {name:?} can't be opened: {error}"), Some(error))
        })?;
        // An empty body is not asked for its first piece.
        if opened.length == 0
            && goes_on(&mut opened.reader).await.map_err(|fault| self.unreadable(fault))?
        {
            let message = format!(
                "the file {name:?} reports a size of zero but is not empty: read it completely and \
                 upload its bytes"
            );
            return Err(Error::unreadable(message, None));
        }
        let before = *self.state.length.get_or_insert(opened.length);
        if before == opened.length {
            return Ok(opened);
        }
        let now = opened.length;
        Err(changed(name, &format!("it had {before} bytes, but {now} when it was opened again")))
    }

    /// The link of the attempt before, unless that will not do.
    async fn link(&mut self) -> Result<UploadLink> {
        let now = self.policy.environment.time_of_day();
        let known = self.state.link.clone();
        // Whether a link that was just given out has expired its storage knows better than the
        // clock of this machine.
        if let Some(link) = known.filter(|link| link.expires_at.is_none_or(|end| now < end)) {
            return Ok(link);
        }
        let link = (self.ask)().await?;
        self.state.link = Some(link.clone());
        Ok(link)
    }

    async fn send(
        &mut self,
        link: &UploadLink,
        opened: Opened,
        meter: &Arc<Meter>,
    ) -> Result<StatusCode, (Failure, Error)> {
        let request = self.request(link, opened, meter);
        let sending = self.prolific.api().client().execute(request);
        let idle = self.policy.attempt_timeout;
        let mut sending = pin!(sending);
        let whole = pin!(meter.whole());
        let sent_or_answered = pin!(select(sending.as_mut(), whole));
        let moved = || meter.moved();
        let answered = match self.clock.while_moving(idle, moved, sent_or_answered).await {
            None => None,
            Some(Either::Left((answered, _))) => Some(answered),
            Some(Either::Right(((), _))) => {
                self.clock.timer(self.times.response_timeout).cut(sending).await
            }
        };
        if let Some(fault) = meter.take_fault() {
            return Err((Failure::new(FailureKind::Permanent), self.unreadable(fault)));
        }
        let host = link.link.host();
        match answered {
            None => {
                let error = match meter.is_whole() {
                    true => Error::unanswered(host, self.times.response_timeout),
                    false => Error::stalled(host, idle),
                };
                Err((Failure::new(FailureKind::Timeout), error))
            }
            Some(Err(error)) => {
                let failure = Failure::new(FailureKind::of_error(&error));
                Err((failure, Error::of_storage_connection(error, host)))
            }
            // An HTTP client of the caller's own may follow redirects, which drop the body.
            Some(Ok(response)) if *response.url() != link.link.url() => {
                let error = Error::unexpected(format!("{host} redirected the upload"));
                Err((Failure::new(FailureKind::Permanent), error))
            }
            Some(Ok(response)) if response.status().is_success() => {
                self.state.was_refused = false;
                let status = response.status();
                if meter.is_whole() {
                    return Ok(status);
                }
                let failure = Failure::of_status(FailureKind::Broken, status, None);
                Err((failure, Error::answered_early(host, status)))
            }
            Some(Ok(response)) => Err(self.refused(link, response).await),
        }
    }

    fn request(&self, link: &UploadLink, opened: Opened, meter: &Arc<Meter>) -> Request {
        let mut request = Request::new(Method::PUT, link.link.url());
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
    async fn refused(&mut self, link: &UploadLink, mut response: Response) -> (Failure, Error) {
        let status = response.status();
        let now = self.policy.environment.time_of_day();
        let hint = asked_to_wait(response.headers(), now);
        let request_id = ["x-amz-request-id", "x-request-id"]
            .iter()
            .find_map(|name| response.headers().get(*name)?.to_str().ok().map(str::to_owned));
        let said = self.said(&mut response).await;
        let refusal = upload_answer::read(&said, request_id.as_deref(), &link.link.url());
        let is_expired = status == StatusCode::FORBIDDEN || upload_answer::is_expired(&refusal);
        let was_refused = std::mem::replace(&mut self.state.was_refused, is_expired);
        let kind = match FailureKind::of_status(status).unwrap_or(FailureKind::Permanent) {
            _ if is_expired && was_refused => FailureKind::Permanent,
            _ if is_expired || upload_answer::is_slow(&refusal) => FailureKind::Status,
            kind => kind,
        };
        if is_expired {
            self.state.link = None;
        }
        let error = Error::of_storage_refusal(status, link.link.host(), refusal);
        (Failure::of_status(kind, status, hint), error)
    }

    /// The beginning of the storage's response, as far as it is received in time.
    async fn said(&self, response: &mut Response) -> Bytes {
        let mut deadline = self.clock.timer(self.policy.attempt_timeout);
        let mut said = BytesMut::new();
        while said.len() < SAID {
            match deadline.cut(pin!(response.chunk())).await {
                Some(Ok(Some(chunk))) => said.extend_from_slice(&chunk),
                _ => break,
            }
        }
        said.freeze()
    }

    fn unreadable(&self, fault: Fault) -> Error {
        let name = self.file.name().unwrap_or_default();
        match fault {
            Fault::Read(error) => {
                let message = format!("the file {name:?} can't be read completely: {error}");
                Error::unreadable(message, Some(error))
            }
            Fault::Shorter => changed(name, "it is shorter than when it was opened"),
            Fault::Longer => changed(name, "it is longer than when it was opened"),
        }
    }
}

fn changed(name: &str, how: &str) -> Error {
    let message =
        format!("the file {name:?} changed while it was uploaded: {how}; upload it again");
    Error::unreadable(message, None)
}
