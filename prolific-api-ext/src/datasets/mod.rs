//! The datasets of AI Task Builder.

mod ready;
mod status;

pub use status::DatasetStatus;

use ready::READY;

use crate::{
    DatasetId, Error, Result,
    poll::{Wait, WaitMany},
    resource::resource,
};

const GET_STATUS: &str = "get-task-builder-dataset-status";

resource! {
    /// What can be done with datasets. Made by [`Prolific::datasets`](crate::Prolific::datasets).
    Datasets
}

impl Datasets {
    /// How a dataset stands now
    /// ([documented](https://beta-docs.prolific.com/api-reference/ai-task-builder/get-task-builder-dataset-status)).
    ///
    /// It changes nothing on the server, and is repeated after any transient failure.
    ///
    /// # Errors
    ///
    /// Those of a call; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer
    /// has no status.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::DatasetStatus;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.dataset(["PROCESSING"]);
    /// let status = prolific.datasets().status(&id).await?;
    /// assert_eq!(status, DatasetStatus::Processing);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn status(&self, id: &DatasetId) -> Result<DatasetStatus> {
        let call = self.prolific.api().get_task_builder_dataset_status().dataset_id(id.as_str());
        let answer = call.send().await.map_err(|error| Error::from(error).of(GET_STATUS))?;
        match answer.status.clone() {
            Some(status) => Ok(status.into()),
            None => {
                let error = Error::unexpected("the answer has no `status`");
                Err(error.answered(&answer).of(GET_STATUS))
            }
        }
    }

    /// Waits until a dataset is READY. Awaiting it gives the final status, and
    /// [`updates`](Wait::updates) each status on the way.
    ///
    /// # Errors
    ///
    /// [`Failed`](crate::ErrorKind::Failed) where the dataset ends as ERROR,
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) where it is not ready in time, and those
    /// of a call that are not transient. A dataset that stays UNINITIALISED waits for an upload.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # use prolific_api_ext::{DatasetStatus, simulator::Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.dataset(["UNINITIALISED", "PROCESSING", "READY"]);
    /// let status = prolific
    ///     .datasets()
    ///     .wait_until_ready(&id)
    ///     .timeout(Duration::from_secs(600))
    ///     .interval(Duration::from_millis(10)..=Duration::from_secs(5))
    ///     .await?;
    /// # assert_eq!(status, DatasetStatus::Ready);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_until_ready(&self, id: &DatasetId) -> Wait<DatasetStatus> {
        Wait::new(self.prolific.clone(), &READY, id.clone())
    }

    /// Waits until many datasets are READY, on one client: thousands at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::StreamExt;
    ///
    /// # use std::time::Duration;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let ids = [simulator.dataset(["PROCESSING", "READY"]), simulator.dataset(["ERROR"])];
    /// let wait = prolific.datasets().wait_many(ids);
    /// # let wait = wait.interval(Duration::from_millis(10));
    /// let mut settled = wait.settled();
    /// # let mut count = 0;
    /// while let Some((id, outcome)) = settled.next().await {
    ///     match outcome {
    ///         Ok(status) => println!("{id} is {status}"),
    ///         Err(error) => println!("{id}: {error}"),
    ///     }
    /// #   count += 1;
    /// }
    /// # assert_eq!(count, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_many(
        &self,
        ids: impl IntoIterator<Item = DatasetId>,
    ) -> WaitMany<DatasetId, DatasetStatus> {
        WaitMany::new(self.prolific.clone(), &READY, ids)
    }
}
