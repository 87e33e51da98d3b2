use std::path::Path;

use super::Batches;
use crate::{
    BatchId, Error, Result,
    open_enum::text,
    resource::{present, read},
    transfer::{Download, DownloadLink},
};

const REPORT: &str = "get-task-builder-batch-report";

impl Batches {
    /// Requests a link to a CSV file of the dataset of a batch with the responses. How long the
    /// link is valid is not documented; the link may show it.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no link.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// let link = prolific.batches().report(&id).await?;
    /// println!("until {:?}", link.expires_at());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-task-builder-batch-report")]
    pub async fn report(&self, id: &BatchId) -> Result<DownloadLink> {
        let call = self.prolific.api().get_task_builder_batch_report().batch_id(id.as_str());
        read(call.send().await, REPORT, |raw| {
            let (url, expires_at, http_method) = (raw.url, raw.expires_at, raw.http_method);
            if let Some(method) = http_method.map(|method| text(&method)).filter(|it| it != "GET") {
                let method = crate::error::excerpt(&method);
                let message = format!("the link of the report is for {method}, not for GET");
                return Err(Error::unexpected(message));
            }
            Ok(DownloadLink::new(present(url, "url")?.into_exposed(), expires_at))
        })
    }

    /// Downloads the [`report`](Self::report) of a batch to a file. If a link expires, another is
    /// requested.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// # let folder = tempfile::tempdir().unwrap();
    /// let report = prolific.batches().report_to_file(&id, folder.path().join("report.csv")).await?;
    /// println!("{} bytes in {}", report.bytes, report.path.display());
    /// # Ok(())
    /// # });
    /// ```
    pub fn report_to_file(&self, id: &BatchId, path: impl AsRef<Path>) -> Download {
        let (batches, id) = (self.clone(), id.clone());
        let what = format!("the report of batch {id}");
        let links = Box::new(move || -> crate::transfer::NextLink {
            let (batches, id) = (batches.clone(), id.clone());
            Box::pin(async move { batches.report(&id).await })
        });
        Download::new(self.prolific.clone(), what, links, path.as_ref())
    }
}
