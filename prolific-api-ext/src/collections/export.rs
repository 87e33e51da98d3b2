use std::path::Path;

use super::Collections;
use crate::{
    CollectionId, ExportId, Result,
    exports::{self, Export, ExportFilter, ExportSummary, ExportToFile, Owner},
    pages::Pages,
    poll::Wait,
    transfer::Download,
};

impl Collections {
    /// Exports the responses to a collection as a ZIP file: requests the export, waits until it is
    /// built, and downloads it.
    ///
    /// The export is requested only once, as each request may start a job; awaiting another call
    /// finds a recent export or starts a new one. Everything after the request is retried after
    /// transient failures. See [`exports`].
    ///
    /// # Errors
    ///
    /// Returns [`Failed`](crate::ErrorKind::Failed) if the ZIP could not be built;
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) if it was not built in time; those of a
    /// [`Download`]; another [`ErrorKind`](crate::ErrorKind) if a call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let export = prolific.collections().export_to_file(&id, folder.path().join("answers.zip"));
    /// let file = export.on_progress(|came, of| eprintln!("{came} of {of:?}")).await?;
    /// println!("{} bytes in {}", file.bytes, file.path.display());
    /// # assert_eq!(std::fs::read(file.path).unwrap().len() as u64, file.bytes);
    /// # Ok(())
    /// # });
    /// ```
    pub fn export_to_file(&self, id: &CollectionId, path: impl AsRef<Path>) -> ExportToFile {
        ExportToFile::new(self.prolific.clone(), Owner::Collection(id.clone()), path.as_ref())
    }

    /// Requests an export: returns a complete one with a link (200), or the id of one that is being
    /// built (202).
    ///
    /// Conditional: retried only if the server did not act. You can call it again after a failure:
    /// that finds the same job, or starts another, of which there can be 10.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::exports::ExportFilter;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let collections = prolific.collections();
    /// let mut export = collections.request_export(&id, &ExportFilter::new()).await?;
    /// if let (None, Some(job)) = (&export.link, &export.id) {
    ///     export = collections.wait_for_export(&id, job).await?;
    /// }
    /// collections.download_export(&id, &export, folder.path().join("answers.zip")).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "request-collection-export")]
    pub async fn request_export(&self, id: &CollectionId, filter: &ExportFilter) -> Result<Export> {
        Owner::Collection(id.clone()).request(&self.prolific, filter).await
    }

    /// Fetches the state of an export. Once it is complete it has a link, and a new one when that
    /// has expired.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # let job = prolific.collections().request_export(&id, &filter).await?.id.unwrap();
    /// let export = prolific.collections().export_status(&id, &job).await?;
    /// println!("{}, {:?}", export.status, export.link.as_ref().map(|link| link.expires_at()));
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-collection-export-status")]
    pub async fn export_status(&self, id: &CollectionId, export_id: &ExportId) -> Result<Export> {
        Owner::Collection(id.clone()).status(&self.prolific, export_id).await
    }

    /// Lists the exports of a collection, latest first, without deleted ones. No paging is
    /// documented: one request returns all of them.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # prolific.collections().request_export(&id, &filter).await?;
    /// for export in prolific.collections().exports(&id).collect_all().await? {
    ///     println!("{} {:?}", export.id, export.status);
    /// }
    /// # assert_eq!(prolific.collections().exports(&id).collect_all().await?.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "list-collection-export-jobs")]
    pub fn exports(&self, id: &CollectionId) -> Pages<ExportSummary> {
        Owner::Collection(id.clone()).list(&self.prolific)
    }

    /// Deletes an export and its ZIP permanently, which makes room for another export.
    ///
    /// Idempotent: retried after any transient failure. A retry may then find the export already
    /// deleted and return [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Errors
    ///
    /// Returns [`Conflict`](crate::ErrorKind::Conflict) while the ZIP is being built; another
    /// [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # let job = prolific.collections().request_export(&id, &filter).await?.id.unwrap();
    /// prolific.collections().wait_for_export(&id, &job).await?;
    /// prolific.collections().delete_export(&id, &job).await?;
    /// # assert!(prolific.collections().exports(&id).collect_all().await?.is_empty());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "delete-collection-export")]
    pub async fn delete_export(&self, id: &CollectionId, export_id: &ExportId) -> Result<()> {
        Owner::Collection(id.clone()).delete(&self.prolific, export_id).await
    }

    /// Waits until an export is complete. Awaiting it returns the final state.
    ///
    /// # Errors
    ///
    /// Returns [`Failed`](crate::ErrorKind::Failed) if it could not be built;
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) if it was not built in time; another
    /// [`ErrorKind`](crate::ErrorKind) if a call fails permanently.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # let job = prolific.collections().request_export(&id, &filter).await?.id.unwrap();
    /// let export = prolific.collections().wait_for_export(&id, &job).await?;
    /// assert!(export.link.is_some());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn wait_for_export(&self, id: &CollectionId, export_id: &ExportId) -> Wait<Export> {
        Owner::Collection(id.clone()).wait(&self.prolific, export_id.clone())
    }

    /// Downloads an export to a file. If a link expires, another is requested, which needs the id
    /// of the export.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// # let filter = prolific_api_ext::exports::ExportFilter::new();
    /// # let job = prolific.collections().request_export(&id, &filter).await?.id.unwrap();
    /// # let export = prolific.collections().wait_for_export(&id, &job).await?;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("answers.zip");
    /// let file = prolific.collections().download_export(&id, &export, path).await?;
    /// println!("{} bytes in {}", file.bytes, file.path.display());
    /// # Ok(())
    /// # });
    /// ```
    pub fn download_export(
        &self,
        id: &CollectionId,
        export: &Export,
        path: impl AsRef<Path>,
    ) -> Download {
        exports::download(&self.prolific, Owner::Collection(id.clone()), export, path.as_ref())
    }
}
