//! The datasets of AI Task Builder.

mod status;
mod wait;

pub use status::DatasetStatus;
pub use wait::WaitUntilReady;

use crate::{DatasetId, Error, Prolific, Result};

const GET_STATUS: &str = "get-task-builder-dataset-status";

/// What can be done with datasets. Made by [`Prolific::datasets`].
#[derive(Clone, Debug)]
pub struct Datasets {
    prolific: Prolific,
}

impl Datasets {
    pub(crate) fn new(prolific: Prolific) -> Self {
        Self { prolific }
    }

    /// How a dataset stands now
    /// ([documented](https://beta-docs.prolific.com/api-reference/ai-task-builder/get-task-builder-dataset-status)).
    ///
    /// # Errors
    ///
    /// Those of a call; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer
    /// has no status.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run() -> prolific_api_ext::Result<()> {
    /// use prolific_api_ext::{DatasetId, Prolific};
    ///
    /// let id: DatasetId = "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d".parse()?;
    /// let status = Prolific::from_env()?.datasets().status(&id).await?;
    /// println!("{status}");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn status(&self, id: &DatasetId) -> Result<DatasetStatus> {
        let call = self.prolific.api().get_task_builder_dataset_status().dataset_id(id.as_str());
        match call.send().await {
            Ok(answer) => match answer.into_inner().status {
                Some(status) => Ok(status.into()),
                None => Err(Error::unexpected(GET_STATUS, "the answer has no `status`")),
            },
            Err(error) => Err(Error::from_raw(GET_STATUS, error).await),
        }
    }

    /// Waits until a dataset is READY. Awaiting it gives the final status.
    ///
    /// It looks every 2 seconds, for at most 10 minutes, unless told otherwise.
    ///
    /// # Errors
    ///
    /// [`Failed`](crate::ErrorKind::Failed) where the dataset ends as ERROR,
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) where it is not ready in time, and those
    /// of a call.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(prolific: prolific_api_ext::Prolific, id: prolific_api_ext::DatasetId)
    /// #     -> prolific_api_ext::Result<()> {
    /// use std::time::Duration;
    ///
    /// prolific.datasets().wait_until_ready(&id).timeout(Duration::from_secs(600)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_until_ready(&self, id: &DatasetId) -> WaitUntilReady {
        WaitUntilReady::new(self.clone(), id.clone())
    }
}
