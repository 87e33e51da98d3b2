use std::{
    fmt,
    future::{Future, IntoFuture},
    path::{Path, PathBuf},
    pin::{Pin, pin},
    time::{Duration, Instant},
};

use futures_util::future::{Either, select};
use prolific_api::{ClientInfo as _, RetrySafety};
use reqwest::{
    Response, StatusCode, Version,
    header::{
        ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap,
        HeaderName, HeaderValue, IF_RANGE, RANGE, TRANSFER_ENCODING, USER_AGENT,
    },
};

use super::{DownloadLink, Link, download_file::PartialFile};
use crate::{
    Error, FailedAttempt, FailureKind, Prolific, Result,
    call::{Policy, asked_to_wait},
};

/// How many links may be refused one after the other before any more of the file has come.
const REFUSALS: u32 = 3;

type OnProgress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A link that is asked for.
pub(crate) type NextLink = Pin<Box<dyn Future<Output = Result<DownloadLink>> + Send>>;

/// Gives a link, and another one each time it is asked.
pub(crate) type Links = Box<dyn FnMut() -> NextLink + Send>;

/// A file to be downloaded. Awaiting it gives where it is and how large.
///
/// The file appears under its name when it is whole and on the disk, and replaces what had the
/// name. Until then it is a `.prolific-….part` in the same folder, which is removed when the
/// download fails or is dropped.
///
/// A download that breaks off goes on where it was, if the server can (its first answer had a
/// strong ETag, and it answers 206 to `Range` with `If-Range`), and begins anew otherwise. A link
/// that has expired, or is refused with 403 or 410, is asked for again. How often it is tried
/// without any more of the file coming is up to the retry policy of the client; the whole has no
/// bound in time, as files may be large.
///
/// Only https is used, except on this machine, and the API token is never sent with it.
///
/// # Errors
///
/// [`File`](crate::ErrorKind::File) where the file can't be written,
/// [`Connection`](crate::ErrorKind::Connection) or [`Timeout`](crate::ErrorKind::Timeout) where it
/// broke off too often, that of the status where the storage refuses,
/// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer can't be told from a
/// half one, and those of asking for the link.
#[must_use = "a download does nothing until it is awaited"]
pub struct Download {
    prolific: Prolific,
    what: String,
    links: Links,
    to: PathBuf,
    idle_timeout: Option<Duration>,
    on_progress: Option<OnProgress>,
}

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Where it is.
    pub path: PathBuf,
    /// How large it is, in bytes.
    pub bytes: u64,
}

impl Download {
    /// `what` says what a message calls the file.
    pub(crate) fn new(prolific: Prolific, what: String, links: Links, to: &Path) -> Self {
        let to = to.to_owned();
        Self { prolific, what, links, to, idle_timeout: None, on_progress: None }
    }

    /// Is told how much of the file has come and how much it is, in bytes, at the beginning and
    /// whenever more comes. How much it is need not be known; what has come falls back to zero
    /// where the download begins anew.
    pub fn on_progress(
        mut self,
        on_progress: impl FnMut(u64, Option<u64>) + Send + 'static,
    ) -> Self {
        self.on_progress = Some(Box::new(on_progress));
        self
    }

    /// How long nothing may come before the attempt is given up. As long as an attempt of the
    /// client may take (30 seconds) where nothing is said.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    async fn run(self) -> Result<Downloaded> {
        let Self { prolific, what, links, to, idle_timeout, on_progress } = self;
        let idle = idle_timeout.unwrap_or(prolific.policy().attempt_timeout);
        let file = PartialFile::create(to)?;
        let started = prolific.policy().environment.now();
        let mut transfer = Transfer {
            prolific,
            what,
            links,
            idle,
            on_progress,
            file,
            link: None,
            etag: None,
            total: None,
            furthest: 0,
            refusals: 0,
            failures: 0,
            retried: None,
            attempts: 0,
            started,
        };
        transfer.fetch().await?;
        let bytes = transfer.file.length();
        Ok(Downloaded { path: transfer.file.place().await?, bytes })
    }
}

impl IntoFuture for Download {
    type Output = Result<Downloaded>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<Downloaded>> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("of", &self.what)
            .field("to", &self.to)
            .field("idle_timeout", &self.idle_timeout)
            .finish_non_exhaustive()
    }
}

/// A download under way.
struct Transfer {
    prolific: Prolific,
    what: String,
    links: Links,
    idle: Duration,
    on_progress: Option<OnProgress>,
    file: PartialFile,
    link: Option<DownloadLink>,
    /// What tells one version of the file from another.
    etag: Option<HeaderValue>,
    total: Option<u64>,
    /// The most that was ever there: going there again is no progress.
    furthest: u64,
    /// Links that were refused, and attempts that failed, since the last progress.
    refusals: u32,
    failures: u32,
    /// The failure that the last retry followed.
    retried: Option<FailedAttempt>,
    attempts: u32,
    started: Instant,
}

/// Why an attempt did not give the whole file.
enum Fault {
    /// The next one would fail the same way.
    Permanent(Error),
    /// The link is no longer good.
    Refused(Error),
    /// It may pass; the server may say when.
    Passing(FailureKind, Error, Option<Duration>),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Permanent(error)
    }
}

impl Transfer {
    fn policy(&self) -> &Policy {
        self.prolific.policy()
    }

    /// Attempts it until all of it is there.
    async fn fetch(&mut self) -> Result<()> {
        loop {
            let link = self.valid_link().await?;
            self.attempts += 1;
            match self.attempt(&link).await {
                Ok(()) => {
                    self.policy().budget.deposit(self.retried.as_ref());
                    return Ok(());
                }
                Err(Fault::Permanent(error)) => return Err(self.ended(error, None)),
                Err(Fault::Refused(error)) => {
                    self.link = None;
                    self.refusals += 1;
                    if self.refusals >= REFUSALS {
                        return Err(self.ended(error, None));
                    }
                }
                Err(Fault::Passing(kind, error, hint)) => {
                    let Some(pause) = self.pause_before_next(kind, &error, hint) else {
                        return Err(self.ended(error, hint));
                    };
                    self.policy().environment.sleep(pause).await;
                }
            }
        }
    }

    /// The link at hand, or another one where it is no longer good.
    async fn valid_link(&mut self) -> Result<Link> {
        let now = self.policy().environment.time_of_day();
        let at_hand = self.link.take().filter(|link| !link.has_expired(now));
        let link = match at_hand {
            Some(link) => link,
            None => (self.links)().await?,
        };
        let checked = Link::new(link.expose_url(), &self.what)?;
        self.link = Some(link);
        Ok(checked)
    }

    /// None where the policy wants no other attempt.
    fn pause_before_next(
        &mut self,
        kind: FailureKind,
        error: &Error,
        hint: Option<Duration>,
    ) -> Option<Duration> {
        self.failures += 1;
        let mut failed = FailedAttempt::new(kind, RetrySafety::Safe);
        failed.number = self.failures;
        failed.status = error.status();
        failed.retry_after = hint;
        failed.elapsed = self.elapsed();
        let policy = self.policy();
        let pause = policy.backoff.delay(&failed, policy.environment.random());
        let pause = pause.max(hint.unwrap_or_default());
        let is_wanted = policy.retry.should_retry(&failed) && pause < policy.total_timeout;
        if !is_wanted || !policy.budget.withdraw(&failed) {
            return None;
        }
        self.retried = Some(failed);
        Some(pause)
    }

    fn elapsed(&self) -> Duration {
        self.policy().environment.now().saturating_duration_since(self.started)
    }

    fn ended(&self, error: Error, hint: Option<Duration>) -> Error {
        error.after(self.attempts, self.elapsed(), hint)
    }

    async fn attempt(&mut self, link: &Link) -> Result<(), Fault> {
        let asked_for_rest = self.file.length() > 0 && self.etag.is_some();
        let mut response = self.ask(link).await?;
        Link::new(response.url().as_str(), &self.what)?;
        match response.status() {
            StatusCode::OK => self.begin(&response).await?,
            StatusCode::PARTIAL_CONTENT if asked_for_rest => self.resume(&response)?,
            StatusCode::RANGE_NOT_SATISFIABLE if asked_for_rest => {
                return Err(self.anew("the storage has no rest of it"));
            }
            status => return Err(self.refusal(status, response.headers(), link)),
        }
        self.report();
        while let Some(chunk) = self.next_chunk(&mut response).await? {
            self.file.append(&chunk).await?;
            if self.total.is_some_and(|total| self.file.length() > total) {
                return Err(self.anew("more came than was announced"));
            }
            self.advance();
        }
        match self.total {
            Some(total) if total != self.file.length() => Err(self.broken_off(
                FailureKind::Broken,
                &format!("it ended after {} of {total} bytes", self.file.length()),
            )),
            _ => Ok(()),
        }
    }

    async fn ask(&mut self, link: &Link) -> Result<Response, Fault> {
        let request = self.prolific.api().client().get(link.url());
        // The length that is announced is to be that of the file.
        let mut request = request.header(ACCEPT_ENCODING, "identity");
        if let Some(user_agent) = &self.policy().user_agent {
            request = request.header(USER_AGENT, user_agent);
        }
        if let (Some(etag), from @ 1..) = (&self.etag, self.file.length()) {
            request = request.header(RANGE, format!("bytes={from}-")).header(IF_RANGE, etag);
        }
        self.in_time(request.send()).await
    }

    async fn next_chunk(&mut self, response: &mut Response) -> Result<Option<bytes::Bytes>, Fault> {
        self.in_time(response.chunk()).await
    }

    /// What comes of it, unless nothing does for too long.
    async fn in_time<T>(
        &mut self,
        coming: impl Future<Output = reqwest::Result<T>>,
    ) -> Result<T, Fault> {
        let timer = self.policy().environment.sleep(self.idle);
        match select(pin!(coming), timer).await {
            Either::Left((Ok(come), _)) => Ok(come),
            Either::Left((Err(error), _)) => {
                let kind = FailureKind::of_error(&error);
                let error = Error::from(prolific_api::Error::<()>::CommunicationError(error));
                Err(match kind {
                    FailureKind::Permanent => Fault::Permanent(error),
                    kind => Fault::Passing(kind, error, None),
                })
            }
            Either::Right(_) => Err(self.broken_off(
                FailureKind::Timeout,
                &format!("nothing more came for {:?}", self.idle),
            )),
        }
    }

    /// The whole file comes, perhaps in another version.
    async fn begin(&mut self, response: &Response) -> Result<(), Fault> {
        let headers = response.headers();
        if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Err(self.unexpected("comes encoded, though it was asked for as it is"));
        }
        let total = number(headers, CONTENT_LENGTH);
        let has_an_end =
            response.version() > Version::HTTP_11 || headers.contains_key(TRANSFER_ENCODING);
        if total.is_none() && !has_an_end {
            return Err(self.unexpected(
                "comes without its length, so that a half one could not be told from the whole",
            ));
        }
        self.etag = headers.get(ETAG).filter(|etag| is_strong(etag)).cloned();
        self.total = total;
        if self.file.length() > 0 {
            self.file.restart().await?;
        }
        Ok(())
    }

    /// The rest of the file comes, if it is what was asked for.
    fn resume(&mut self, response: &Response) -> Result<(), Fault> {
        let headers = response.headers();
        let (from, total) = headers.get(CONTENT_RANGE).and_then(content_range).unzip();
        let total = total.flatten();
        let is_same = headers.get(ETAG).is_none_or(|etag| Some(etag) == self.etag.as_ref());
        if from != Some(self.file.length()) || !is_same || total != self.total.or(total) {
            return Err(self.anew("another part of it came than was asked for"));
        }
        self.total = self.total.or(total);
        Ok(())
    }

    fn advance(&mut self) {
        if self.file.length() > self.furthest {
            (self.furthest, self.refusals, self.failures) = (self.file.length(), 0, 0);
        }
        self.report();
    }

    fn report(&mut self) {
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(self.file.length(), self.total);
        }
    }

    /// The next attempt asks for all of it.
    fn anew(&mut self, why: &str) -> Fault {
        self.etag = None;
        self.broken_off(FailureKind::Broken, why)
    }

    fn broken_off(&self, kind: FailureKind, why: &str) -> Fault {
        let message = format!("the download of {} broke off: {why}", self.what);
        Fault::Passing(kind, Error::broken_off(kind, message), None)
    }

    fn unexpected(&self, why: &str) -> Fault {
        Fault::Permanent(Error::unexpected(format!("{} {why}", self.what)))
    }

    fn refusal(&self, status: StatusCode, headers: &HeaderMap, link: &Link) -> Fault {
        let message = format!("the storage at {} gives no file for {}", link.host(), self.what);
        let error = Error::of_storage(status, message);
        match (status, FailureKind::of_status(status)) {
            (StatusCode::FORBIDDEN | StatusCode::GONE, _) => Fault::Refused(error),
            (_, Some(kind)) if kind.is_transient() => {
                let now = self.policy().environment.time_of_day();
                Fault::Passing(kind, error, asked_to_wait(headers, now))
            }
            _ => Fault::Permanent(error),
        }
    }
}

/// Only a strong one says that every byte is the same.
fn is_strong(etag: &HeaderValue) -> bool {
    etag.as_bytes().starts_with(b"\"")
}

fn number(headers: &HeaderMap, name: HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// Of `bytes 5-9/10`, the first and, where it is known, the whole.
fn content_range(value: &HeaderValue) -> Option<(u64, Option<u64>)> {
    let (range, total) = value.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
    let (from, _) = range.split_once('-')?;
    Some((from.parse().ok()?, total.parse().ok()))
}

#[cfg(test)]
#[path = "download_tests.rs"]
mod tests;
