use std::{
    fmt,
    future::IntoFuture,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Export, ExportFilter, Owner};
use crate::{
    Error, ExportId, Prolific, Result,
    poll::{Pace, paced},
    transfer::{Download, DownloadLink, Downloaded, Limits, Links, limited},
};

type OnProgress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// An export to a file: requests it, waits until the ZIP is built, and downloads it like a
/// [`Download`]. Nothing is sent before it is first polled; if dropped, it leaves no file, and the
/// server continues building.
#[must_use = "an export does nothing until it is awaited"]
pub struct ExportToFile {
    prolific: Prolific,
    owner: Owner,
    to: PathBuf,
    filter: ExportFilter,
    pace: Pace,
    limits: Limits,
    on_progress: Option<OnProgress>,
}

/// The default interval and timeout: as often as the documentation asks for.
fn default_pace() -> Pace {
    let interval = Duration::from_secs(3)..=Duration::from_secs(5);
    Pace { interval: Some(interval.into()), ..Pace::default() }
}

impl ExportToFile {
    pub(crate) fn new(prolific: Prolific, owner: Owner, to: &Path) -> Self {
        Self {
            prolific,
            owner,
            to: to.to_owned(),
            filter: ExportFilter::default(),
            pace: default_pace(),
            limits: Limits::default(),
            on_progress: None,
        }
    }

    /// Sets which responses it contains. Default: all.
    pub fn filter(mut self, filter: ExportFilter) -> Self {
        self.filter = filter;
        self
    }

    paced! { this => this.pace;
        /// Sets how long building the ZIP may take; see
        /// [`Wait::timeout`](crate::poll::Wait::timeout).
        timeout;
        /// Sets the pause between polls; see [`Wait::interval`](crate::poll::Wait::interval).
        /// Default: 3 to 5 seconds, as the documentation asks.
        interval;
    }

    /// Calls `progress` with the bytes received so far; see [`Download::on_progress`].
    pub fn on_progress(
        mut self,
        on_progress: impl FnMut(u64, Option<u64>) + Send + 'static,
    ) -> Self {
        self.on_progress = Some(Box::new(on_progress));
        self
    }

    limited! { this => this.limits }

    fn into_download(self) -> Download {
        let Self { prolific, owner, to, filter, pace, limits, on_progress } = self;
        let what = format!("the export of {owner}");
        let links = links(prolific.clone(), owner, filter, pace, None);
        let mut download = Download::new(prolific, what, links, &to).limits(limits);
        if let Some(on_progress) = on_progress {
            download = download.on_progress(on_progress);
        }
        download
    }
}

impl IntoFuture for ExportToFile {
    type Output = Result<Downloaded>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<Downloaded>> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        self.into_download().into_future()
    }
}

impl fmt::Debug for ExportToFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExportToFile")
            .field("of", &self.owner)
            .field("to", &self.to)
            .field("filter", &self.filter)
            .finish_non_exhaustive()
    }
}

/// The download of an export that was requested before.
pub(crate) fn download(prolific: &Prolific, owner: Owner, export: &Export, to: &Path) -> Download {
    let what = format!("the export of {owner}");
    let filter = ExportFilter::default();
    let export = Some(export.clone());
    let links = links(prolific.clone(), owner, filter, default_pace(), export);
    Download::new(prolific.clone(), what, links, to)
}

/// Links to one export. The first is that of `known`, if it has one.
fn links(
    prolific: Prolific,
    owner: Owner,
    filter: ExportFilter,
    pace: Pace,
    known: Option<Export>,
) -> Links {
    let is_given = known.is_some();
    let (id, first) = known.map(|export| (export.id, export.link)).unwrap_or_default();
    let (mut first, id) = (first, Arc::new(Mutex::new(id)));
    Box::new(move || {
        let (prolific, owner, filter) = (prolific.clone(), owner.clone(), filter.clone());
        let (given, id) = (first.take(), id.clone());
        Box::pin(async move {
            if let Some(link) = given {
                return Ok(link);
            }
            let known_id = id.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if is_given && known_id.is_none() {
                return Err(Error::invalid_input(format!(
                    "the export of {owner} has no id, so its link can't be requested: request the \
                     export again"
                )));
            }
            let export = match known_id {
                Some(export) => wait(&prolific, &owner, export, pace).await?,
                None => requested(&prolific, &owner, &filter, pace).await?,
            };
            id.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&export.id);
            link_of(&owner, export)
        })
    })
}

/// Requests an export and waits until it is complete.
async fn requested(
    prolific: &Prolific,
    owner: &Owner,
    filter: &ExportFilter,
    pace: Pace,
) -> Result<Export> {
    let export = owner.request(prolific, filter).await?;
    if export.status.is_failure() {
        return Err(owner.failed(export));
    }
    if export.link.is_some() {
        return Ok(export);
    }
    wait(prolific, owner, owner.id_of(&export)?, pace).await
}

async fn wait(prolific: &Prolific, owner: &Owner, export: ExportId, pace: Pace) -> Result<Export> {
    owner.wait(prolific, export).at(pace).await
}

fn link_of(owner: &Owner, export: Export) -> Result<DownloadLink> {
    let Export { link, status, .. } = export;
    link.ok_or_else(|| {
        Error::unexpected(format!("the export of {owner} is {status} but has no `url`"))
    })
}
