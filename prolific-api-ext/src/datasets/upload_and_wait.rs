use std::{fmt, future::IntoFuture, pin::Pin, time::Duration};

use super::{DatasetStatus, Datasets, Import, Upload};
use crate::{
    Result,
    poll::{Pace, paced},
};

/// An upload of a file into a dataset, and the wait until it is taken in. Made by
/// [`Datasets::upload_and_wait`].
#[must_use = "an upload does nothing until it is awaited"]
pub struct UploadAndWait {
    datasets: Datasets,
    upload: Upload,
    pace: Pace,
    allows_partial: bool,
}

/// The outcome of uploading a file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "there is one an upload, and it is matched on")]
pub enum UploadOutcome {
    /// The dataset is of version 4, and this came of the import.
    Imported(Import),
    /// The dataset is of version 3, and this is what it ended as: READY.
    Ready(DatasetStatus),
}

impl UploadAndWait {
    pub(super) fn new(datasets: Datasets, upload: Upload) -> Self {
        Self { datasets, upload, pace: Pace::default(), allows_partial: false }
    }

    /// Calls `progress` as the file is sent; see [`Upload::on_progress`].
    pub fn on_progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.upload = self.upload.on_progress(progress);
        self
    }

    /// Sets how long the storage may take to respond; see [`Upload::response_timeout`].
    pub fn response_timeout(mut self, timeout: Duration) -> Self {
        self.upload = self.upload.response_timeout(timeout);
        self
    }

    /// Sets how long the upload may take, without the wait; see [`Upload::total_timeout`].
    pub fn upload_timeout(mut self, timeout: Duration) -> Self {
        self.upload = self.upload.total_timeout(timeout);
        self
    }

    paced! { this => this.pace;
        /// Sets the timeout of the wait after the file was sent. Default: 10 minutes.
        timeout;
        /// How long to pause between looks; see [`Wait::interval`](crate::poll::Wait::interval).
        interval;
    }

    /// Returns the import even if not all records were accepted; see
    /// [`wait_for_import`](Datasets::wait_for_import).
    pub fn allow_partial(mut self) -> Self {
        self.allows_partial = true;
        self
    }

    async fn run(self) -> Result<UploadOutcome> {
        let Self { datasets, upload, pace, allows_partial } = self;
        let id = upload.id.clone();
        let uploaded = upload.await?;
        let Some(import) = uploaded.import_id else {
            return Ok(UploadOutcome::Ready(datasets.wait_until_ready(&id).at(pace).await?));
        };
        let wait = datasets.wait_for_import(&id, &import).at(pace).allowing(allows_partial);
        Ok(UploadOutcome::Imported(wait.await?))
    }
}

impl IntoFuture for UploadAndWait {
    type Output = Result<UploadOutcome>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<UploadOutcome>> + Send>>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for UploadAndWait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { datasets: _, upload, pace, allows_partial } = self;
        f.debug_struct("UploadAndWait")
            .field("upload", upload)
            .field("pace", pace)
            .field("allows_partial", allows_partial)
            .finish()
    }
}
