use std::{fmt, future::IntoFuture, pin::Pin};

use crate::{Error, Result};

/// A call that may be done in part. Awaiting it returns a report. If only a part was done, it returns
/// a [`Partial`](crate::ErrorKind::Partial) error that has the report as
/// [`last_seen::<R>()`](Error::last_seen), unless that is [allowed](Self::allow_partial).
///
/// # Examples
///
/// ```
/// use prolific_api_ext::{ErrorKind, datasets::AppendReport};
///
/// # prolific_api_ext::simulator::example(async |simulator, prolific| {
/// # let workspace = simulator.workspace_id()?;
/// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
/// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
/// # let id = prolific.datasets().create(new).await?.id;
/// let lines = "{\"prompt\": \"Which bird?\"}\n{\"colour\": \"red\"}\n";
/// let error = prolific.datasets().append_json_lines(&id, lines).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Partial);
/// assert_eq!(error.last_seen::<AppendReport>().unwrap().accepted, 1);
///
/// let report = prolific.datasets().append_json_lines(&id, lines).allow_partial().await?;
/// assert_eq!((report.accepted, report.rejected), (1, 1));
/// # Ok(())
/// # });
/// ```
#[must_use = "nothing is sent until it is awaited"]
pub struct Whole<R> {
    report: Pin<Box<dyn Future<Output = Result<R>> + Send>>,
    lack: fn(&mut R) -> Option<Error>,
    allows_partial: bool,
}

impl<R> Whole<R> {
    /// `lack` makes the error of a report of a part.
    pub(crate) fn new(
        report: impl Future<Output = Result<R>> + Send + 'static,
        lack: fn(&mut R) -> Option<Error>,
    ) -> Self {
        Self { report: Box::pin(report), lack, allows_partial: false }
    }

    /// Returns the report even if only a part was done, instead of a
    /// [`Partial`](crate::ErrorKind::Partial) error.
    pub fn allow_partial(mut self) -> Self {
        self.allows_partial = true;
        self
    }
}

impl<R: Send + Sync + 'static> IntoFuture for Whole<R> {
    type Output = Result<R>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<R>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { report, lack, allows_partial } = self;
        if allows_partial {
            return report;
        }
        Box::pin(async move {
            let mut report = report.await?;
            match lack(&mut report) {
                Some(error) => Err(error.with_last_seen("partial".to_owned(), report)),
                None => Ok(report),
            }
        })
    }
}

impl<R> fmt::Debug for Whole<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Whole")
            .field("allows_partial", &self.allows_partial)
            .finish_non_exhaustive()
    }
}
