use std::{
    fmt,
    future::{Future, IntoFuture},
    path::{Path, PathBuf},
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use prolific_api::{Operation, RetrySafety};
use reqwest::{
    Response, StatusCode, Version,
    header::{
        ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap,
        HeaderName, HeaderValue, IF_RANGE, RANGE, TRANSFER_ENCODING, USER_AGENT,
    },
};

use tracing::Instrument as _;

use super::{
    DownloadLink, Link,
    download_file::PartialFile,
    ending::{Stop, TOTAL_TIMEOUT, conclude, in_time_left},
};
use crate::{
    Error, FailureKind, Prolific, Result,
    call::{
        Attempted, Attempts, Bound, Call, Clock, Failure, Policy, asked_to_wait, drive,
        transfer_span,
    },
};

/// How policies and errors see a download.
static DOWNLOAD: Operation =
    Operation::new("download-file", "GET", "").with_retry(RetrySafety::Safe);

/// How many links in a row may be refused without progress.
const REFUSALS: u32 = 3;

/// The default maximum size of a file in bytes: larger than any documented, so that no storage
/// fills a disk.
const MAX_BYTES: u64 = 64 << 30;

type OnProgress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A link being requested.
pub(crate) type NextLink = Pin<Box<dyn Future<Output = Result<DownloadLink>> + Send>>;

/// Returns a link, another one for each call.
pub(crate) type Links = Box<dyn FnMut() -> NextLink + Send>;

/// A file to download. Awaiting it returns its path and size.
///
/// The file appears under its name once it is complete and on disk, and replaces a file of that
/// name. Only the user of the program can read it (0600 on Unix); if it replaces a file, it keeps
/// that file's mode. Folders, pipes and devices are never replaced.
///
/// Until then it is a `.prolific-….part` in the same folder, which is removed if the download fails
/// or is dropped. A part left behind by a killed process is removed by the next download into the
/// folder.
///
/// A download that breaks off is resumed if the server supports it (its first response had a strong
/// ETag, and it responds with 206 to `Range` with `If-Range`), and otherwise starts over. A link
/// that has expired, or is refused with 403 or 410, is replaced. The retry policy of the client
/// decides how many attempts without progress are made. The whole download is bounded by
/// [`total_timeout`](Self::total_timeout) and [`max_bytes`](Self::max_bytes).
///
/// The API token is never sent with it. Links have to be https, or plain http if that [is
/// allowed](crate::ProlificBuilder::allow_plain_http) for the API. They must not contain a user
/// name, or lead to loopback, link-local or private addresses unless the API is there as well.
///
/// # Errors
///
/// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if the path can't be that of a file;
/// [`File`](crate::ErrorKind::File) if the file can't be written;
/// [`Connection`](crate::ErrorKind::Connection) or [`Timeout`](crate::ErrorKind::Timeout) if it
/// broke off too often; [`BodyTooLarge`](crate::ErrorKind::BodyTooLarge) if it is larger than
/// allowed; the kind of the status if the storage refuses;
/// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if a complete response can't be told
/// from a partial one; another [`ErrorKind`](crate::ErrorKind) if requesting the link fails.
#[must_use = "a download does nothing until it is awaited"]
pub struct Download {
    prolific: Prolific,
    what: String,
    links: Links,
    to: PathBuf,
    limits: Limits,
    on_progress: Option<OnProgress>,
}

/// The limits of a download.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) total_timeout: Duration,
    pub(crate) max_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { idle_timeout: None, total_timeout: TOTAL_TIMEOUT, max_bytes: MAX_BYTES }
    }
}

/// Defines the setters of [`Limits`], which all downloads have.
macro_rules! limited {
    ($this:ident => $limits:expr) => {
        /// Sets how long the download may stall before the attempt fails. Default: the attempt
        /// timeout of the client.
        pub fn idle_timeout(mut self, timeout: Duration) -> Self {
            let $this = &mut self;
            $limits.idle_timeout = Some(timeout);
            self
        }

        /// Sets the total time, including requesting links and all attempts. Default: 24 hours.
        pub fn total_timeout(mut self, timeout: Duration) -> Self {
            let $this = &mut self;
            $limits.total_timeout = timeout;
            self
        }

        /// Sets the maximum size in bytes. A larger file fails with
        /// [`BodyTooLarge`](crate::ErrorKind::BodyTooLarge), and nothing of it is kept. Default: 64
        /// GiB.
        pub fn max_bytes(mut self, bytes: u64) -> Self {
            let $this = &mut self;
            $limits.max_bytes = bytes;
            self
        }
    };
}

pub(crate) use limited;

/// A downloaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Where it is.
    pub path: PathBuf,
    /// The size in bytes.
    pub bytes: u64,
}

impl Download {
    /// `what` is the name of the file in messages.
    pub(crate) fn new(prolific: Prolific, what: String, links: Links, to: &Path) -> Self {
        let to = to.to_owned();
        Self { prolific, what, links, to, limits: Limits::default(), on_progress: None }
    }

    /// Calls `progress` with the bytes received so far and the total, at the start and whenever
    /// more arrives. The total may be unknown; the bytes received fall back to zero if the download
    /// starts over.
    pub fn on_progress(
        mut self,
        on_progress: impl FnMut(u64, Option<u64>) + Send + 'static,
    ) -> Self {
        self.on_progress = Some(Box::new(on_progress));
        self
    }

    limited! { this => this.limits }

    pub(crate) fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    async fn run(self) -> Result<Downloaded> {
        let Self { prolific, what, links, to, limits, on_progress } = self;
        let policy = prolific.policy();
        let idle = limits.idle_timeout.unwrap_or(policy.attempt_timeout);
        let (clock, span) = (Clock::new(policy.environment.clone()), transfer_span("download"));
        let bound = Bound::Transfer(limits.total_timeout);
        let call = Call { operation: Some(&DOWNLOAD), is_replayable: true, bound };
        let mut transfer = Transfer {
            prolific: &prolific,
            clock: clock.clone(),
            what,
            links,
            idle,
            max_bytes: limits.max_bytes,
            on_progress,
            file: PartialFile::create(to).await?,
            link: None,
            etag: None,
            total: None,
            furthest: 0,
            refusals: 0,
        };
        let ending = {
            let driven = pin!(drive(policy, call, &clock, &mut transfer));
            clock.run(driven).instrument(span.clone()).await
        };
        conclude(ending, &DOWNLOAD, &span)?;
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
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// A download in progress.
struct Transfer<'a> {
    prolific: &'a Prolific,
    clock: Arc<Clock>,
    what: String,
    links: Links,
    idle: Duration,
    max_bytes: u64,
    on_progress: Option<OnProgress>,
    file: PartialFile,
    link: Option<DownloadLink>,
    /// What identifies a version of the file.
    etag: Option<HeaderValue>,
    total: Option<u64>,
    /// The furthest it ever got: reaching that again is no progress.
    furthest: u64,
    /// The number of links refused since the last progress.
    refusals: u32,
}

/// Why an attempt did not complete the file.
struct Fault(Failure, Error);

impl From<Error> for Fault {
    /// The next attempt would fail the same way.
    fn from(error: Error) -> Self {
        let failure = Failure { status: error.status(), ..Failure::new(FailureKind::Permanent) };
        Self(failure, error)
    }
}

impl Attempts for Transfer<'_> {
    type Success = ();
    type Failure = Stop;

    async fn attempt(&mut self, left: Duration) -> Attempted<(), Stop> {
        let (clock, what) = (self.clock.clone(), format!("the download of {}", self.what));
        in_time_left(&clock, left, &what, self.attempt()).await
    }
}

impl Transfer<'_> {
    fn policy(&self) -> &Policy {
        self.prolific.policy()
    }

    async fn attempt(&mut self) -> Attempted<(), Stop> {
        let link = match self.valid_link().await {
            Ok(link) => link,
            Err(error) => return Stop::NoLink(error).for_good(),
        };
        let before = self.furthest;
        match self.take_from(&link).await {
            Ok(status) => Attempted::Success(status, ()),
            Err(Fault(mut failure, error)) => {
                failure.made_progress = self.furthest > before;
                Attempted::Failure(failure, Stop::Failed(error))
            }
        }
    }

    /// The current link, or another one if it is no longer good.
    async fn valid_link(&mut self) -> Result<Link> {
        let now = self.policy().environment.time_of_day();
        let at_hand = self.link.take().filter(|link| !link.has_expired(now));
        let link = match at_hand {
            Some(link) => link,
            None => (self.links)().await?,
        };
        let checked = Link::new(link.expose_url(), &self.what, self.policy())?;
        self.link = Some(link);
        Ok(checked)
    }

    async fn take_from(&mut self, link: &Link) -> Result<StatusCode, Fault> {
        let asked_for_rest = self.file.length() > 0 && self.etag.is_some();
        let mut response = self.ask(link).await?;
        Link::new(response.url().as_str(), &self.what, self.policy())?;
        let status = response.status();
        match status {
            StatusCode::OK => self.begin(&response).await?,
            StatusCode::PARTIAL_CONTENT if asked_for_rest => self.resume(&response)?,
            StatusCode::RANGE_NOT_SATISFIABLE if asked_for_rest => {
                return Err(self.restart("the storage did not return the rest of it"));
            }
            status => return Err(self.refusal(status, response.headers(), link)),
        }
        self.report();
        if self.total.is_some_and(|total| total > self.max_bytes) {
            return Err(self.too_large());
        }
        while let Some(chunk) = self.next_chunk(&mut response, link).await? {
            let length = self.file.length().saturating_add(chunk.len() as u64);
            if self.total.is_some_and(|total| length > total) {
                return Err(self.restart("more was received than announced"));
            }
            if length > self.max_bytes {
                return Err(self.too_large());
            }
            self.file.append(&chunk).await?;
            self.advance();
        }
        match self.total {
            Some(total) if total != self.file.length() => Err(self.broken_off(
                FailureKind::Broken,
                &format!("it ended after {} of {total} bytes", self.file.length()),
            )),
            _ => Ok(status),
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
        self.in_time(request.send(), link).await
    }

    async fn next_chunk(
        &mut self,
        response: &mut Response,
        link: &Link,
    ) -> Result<Option<Bytes>, Fault> {
        self.in_time(response.chunk(), link).await
    }

    /// The output, unless nothing happens for too long.
    async fn in_time<T>(
        &mut self,
        coming: impl Future<Output = reqwest::Result<T>>,
        link: &Link,
    ) -> Result<T, Fault> {
        match self.clock.timer(self.idle).cut(pin!(coming)).await {
            Some(Ok(come)) => Ok(come),
            Some(Err(error)) => {
                let failure = Failure::new(FailureKind::of_error(&error));
                Err(Fault(failure, Error::of_storage_connection(error, link.host())))
            }
            None => {
                Err(self
                    .broken_off(FailureKind::Timeout, &format!("it stalled for {:?}", self.idle)))
            }
        }
    }

    /// Receives the whole file, perhaps in another version.
    async fn begin(&mut self, response: &Response) -> Result<(), Fault> {
        let headers = response.headers();
        if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Err(self.unexpected("is encoded, which was not requested"));
        }
        let total = number(headers, CONTENT_LENGTH);
        let has_an_end =
            response.version() > Version::HTTP_11 || headers.contains_key(TRANSFER_ENCODING);
        if total.is_none() && !has_an_end {
            return Err(self.unexpected(
                "has no length, so a partial file could not be told from a complete one",
            ));
        }
        self.etag = headers.get(ETAG).filter(|etag| is_strong(etag)).cloned();
        self.total = total;
        if self.file.length() > 0 {
            self.file.restart().await?;
        }
        Ok(())
    }

    /// Receives the rest of the file, if it is the requested one.
    fn resume(&mut self, response: &Response) -> Result<(), Fault> {
        let headers = response.headers();
        let (from, total) = headers.get(CONTENT_RANGE).and_then(content_range).unzip();
        let total = total.flatten();
        let is_same = headers.get(ETAG).is_none_or(|etag| Some(etag) == self.etag.as_ref());
        if from != Some(self.file.length()) || !is_same || total != self.total.or(total) {
            return Err(self.restart("a different part was received than requested"));
        }
        self.total = self.total.or(total);
        Ok(())
    }

    fn advance(&mut self) {
        if self.file.length() > self.furthest {
            (self.furthest, self.refusals) = (self.file.length(), 0);
        }
        self.report();
    }

    fn report(&mut self) {
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(self.file.length(), self.total);
        }
    }

    /// Makes the next attempt request all of it.
    fn restart(&mut self, why: &str) -> Fault {
        self.etag = None;
        self.broken_off(FailureKind::Broken, why)
    }

    fn broken_off(&self, kind: FailureKind, why: &str) -> Fault {
        let message = format!("the download of {} was interrupted: {why}", self.what);
        Fault(Failure::new(kind), Error::broken_off(kind, message))
    }

    fn too_large(&self) -> Fault {
        Error::file_too_large(&self.what, self.max_bytes).into()
    }

    fn unexpected(&self, why: &str) -> Fault {
        Error::unexpected(format!("{} {why}", self.what)).into()
    }

    fn refusal(&mut self, status: StatusCode, headers: &HeaderMap, link: &Link) -> Fault {
        let message = format!("the storage at {} returned no file for {}", link.host(), self.what);
        let error = Error::of_storage(status, message);
        let hint = asked_to_wait(headers, self.policy().environment.time_of_day());
        let kind = match status {
            StatusCode::FORBIDDEN | StatusCode::GONE => self.link_refused(),
            status => FailureKind::of_status(status).unwrap_or(FailureKind::Permanent),
        };
        Fault(Failure::of_status(kind, status, hint), error)
    }

    /// Replaces the link, a few times in a row.
    fn link_refused(&mut self) -> FailureKind {
        self.link = None;
        self.refusals += 1;
        if self.refusals < REFUSALS { FailureKind::Status } else { FailureKind::Permanent }
    }
}

/// Only a strong ETag guarantees that every byte is the same.
fn is_strong(etag: &HeaderValue) -> bool {
    etag.as_bytes().starts_with(b"\"")
}

fn number(headers: &HeaderMap, name: HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// Of `bytes 5-9/10`, the first byte and, if known, the total.
fn content_range(value: &HeaderValue) -> Option<(u64, Option<u64>)> {
    let (range, total) = value.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
    let (from, _) = range.split_once('-')?;
    Some((from.parse().ok()?, total.parse().ok()))
}

#[cfg(test)]
#[path = "download_tests.rs"]
mod tests;
