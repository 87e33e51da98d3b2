use std::path::Path;

use super::Batches;
use crate::{
    BatchId, ExportId, Result,
    exports::{self, Export, ExportFilter, ExportSummary, ExportToFile, Owner},
    pages::Pages,
    poll::Wait,
    transfer::Download,
};

impl Batches {
    /// Exports the answers to a batch to a ZIP file: requests it, waits until it is built and
    /// downloads it.
    ///
    /// The request is not repeated once the server may have acted on it, as it may start a job
    /// each time; awaiting another export finds a recent one or starts one more. The rest reads
    /// only, and goes on after transient failures. See [`exports`].
    ///
    /// # Errors
    ///
    /// [`Failed`](crate::ErrorKind::Failed) where the ZIP could not be built,
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) where it was not built in time, those of a
    /// [`Download`] and those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let export = prolific.batches().export_to_file(&id, folder.path().join("answers.zip"));
    /// let file = export.on_progress(|came, of| eprintln!("{came} of {of:?}")).await?;
    /// println!("{} bytes in {}", file.bytes, file.path.display());
    /// # assert_eq!(std::fs::read(file.path).unwrap().len() as u64, file.bytes);
    /// # Ok(())
    /// # }
    /// ```
    pub fn export_to_file(&self, id: &BatchId, path: impl AsRef<Path>) -> ExportToFile {
        ExportToFile::new(self.prolific.clone(), Owner::Batch(id.clone()), path.as_ref())
    }

    /// Requests an export: one that is complete already (200), with a link, or one that is being
    /// built (202), with an id.
    ///
    /// It is not repeated once the server may have acted on it. After a failure it may be called
    /// again: that finds the same job, or starts one more of which there may be 10.
    ///
    /// # Errors
    ///
    /// Those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::exports::ExportFilter;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let batches = prolific.batches();
    /// let mut export = batches.request_export(&id, &ExportFilter::new()).await?;
    /// if let (None, Some(job)) = (&export.link, &export.id) {
    ///     export = batches.wait_for_export(&id, job).await?;
    /// }
    /// batches.download_export(&id, &export, folder.path().join("answers.zip")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "request-batch-export")]
    pub async fn request_export(&self, id: &BatchId, filter: &ExportFilter) -> Result<Export> {
        Owner::Batch(id.clone()).request(&self.prolific, filter).await
    }

    /// How an export stands now; once it is complete, with a link that is renewed when it has
    /// expired. It reads only, and is repeated after any transient failure.
    ///
    /// # Errors
    ///
    /// Those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # let job = prolific.batches().request_export(&id, &filter).await?.id.unwrap();
    /// let export = prolific.batches().export_status(&id, &job).await?;
    /// println!("{}, {:?}", export.status, export.link.as_ref().map(|link| link.expires_at()));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-batch-export-status")]
    pub async fn export_status(&self, id: &BatchId, export: &ExportId) -> Result<Export> {
        Owner::Batch(id.clone()).status(&self.prolific, export).await
    }

    /// The exports of a batch, the latest first, without those that were deleted. Safe: retried after
    /// any transient failure. No paging is documented: all of them come at once.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # prolific.batches().request_export(&id, &filter).await?;
    /// for export in prolific.batches().exports(&id).collect_all().await? {
    ///     println!("{} {:?}", export.id, export.status);
    /// }
    /// # assert_eq!(prolific.batches().exports(&id).collect_all().await?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "list-batch-export-jobs")]
    pub fn exports(&self, id: &BatchId) -> Pages<ExportSummary> {
        Owner::Batch(id.clone()).list(&self.prolific)
    }

    /// Deletes an export and its ZIP for good, which frees one of the places for exports.
    ///
    /// Idempotent: retried after any transient failure; an export that the first attempt deleted may
    /// then be [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Errors
    ///
    /// [`Conflict`](crate::ErrorKind::Conflict) while the ZIP is being built; an error if the call
    /// fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # let job = prolific.batches().request_export(&id, &filter).await?.id.unwrap();
    /// prolific.batches().wait_for_export(&id, &job).await?;
    /// prolific.batches().delete_export(&id, &job).await?;
    /// # assert!(prolific.batches().exports(&id).collect_all().await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete-batch-export")]
    pub async fn delete_export(&self, id: &BatchId, export: &ExportId) -> Result<()> {
        Owner::Batch(id.clone()).delete(&self.prolific, export).await
    }

    /// Waits until an export is complete. Awaiting it gives its final state.
    ///
    /// # Errors
    ///
    /// [`Failed`](crate::ErrorKind::Failed) where it could not be built,
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) where it was not in time, and those of a
    /// call that are not transient.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # let job = prolific.batches().request_export(&id, &filter).await?.id.unwrap();
    /// let export = prolific.batches().wait_for_export(&id, &job).await?;
    /// assert!(export.link.is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn wait_for_export(&self, id: &BatchId, export: &ExportId) -> Wait<Export> {
        Owner::Batch(id.clone()).wait(&self.prolific, export.clone())
    }

    /// Downloads an export to a file. A link that expires is asked for again, which needs the id
    /// of the export.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # let job = prolific.batches().request_export(&id, &filter).await?.id.unwrap();
    /// # let export = prolific.batches().wait_for_export(&id, &job).await?;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("answers.zip");
    /// let file = prolific.batches().download_export(&id, &export, path).await?;
    /// println!("{} bytes in {}", file.bytes, file.path.display());
    /// # Ok(())
    /// # }
    /// ```
    pub fn download_export(
        &self,
        id: &BatchId,
        export: &Export,
        path: impl AsRef<Path>,
    ) -> Download {
        exports::download(&self.prolific, Owner::Batch(id.clone()), export, path.as_ref())
    }
}
