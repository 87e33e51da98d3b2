use std::{fmt, future::IntoFuture, pin::Pin, time::Duration};

use super::{DatasetStatus, Datasets, ImportOutcome, Upload};
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
}

/// The outcome of uploading a file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "there is one an upload, and it is matched on")]
pub enum UploadOutcome {
    /// The dataset is of version 4, and this came of the import.
    Imported(ImportOutcome),
    /// The dataset is of version 3, and this is what it ended as: READY.
    Ready(DatasetStatus),
}

impl UploadAndWait {
    pub(super) fn new(datasets: Datasets, upload: Upload) -> Self {
        Self { datasets, upload, pace: Pace::default() }
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

    async fn run(self) -> Result<UploadOutcome> {
        let Self { datasets, upload, pace } = self;
        let id = upload.id.clone();
        let uploaded = upload.await?;
        Ok(match uploaded.import_id {
            Some(import) => {
                UploadOutcome::Imported(datasets.wait_for_import(&id, &import).at(pace).await?)
            }
            None => UploadOutcome::Ready(datasets.wait_until_ready(&id).at(pace).await?),
        })
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
        let Self { datasets: _, upload, pace } = self;
        f.debug_struct("UploadAndWait").field("upload", upload).field("pace", pace).finish()
    }
}
