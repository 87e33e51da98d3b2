use prolific_api::types;

use super::{
    BatchStatus, Batches,
    ready::{GET_STATUS, READY},
};
use crate::{
    BatchId, DatasetId, Result,
    model::key,
    poll::{StartAndWait, Wait, WaitMany},
    request::{body, request},
    resource::read,
};

const SETUP: &str = "setup-task-builder-batch";

request! {
    /// How to [set up](Batches::setup) a batch. By default it has the dataset that is attached
    /// already, and groups of one task.
    #[derive(Default)]
    pub struct BatchSetup() {
        /// The dataset, if none was attached before.
        dataset_id: DatasetId,
        /// How many tasks a group has. Default: 1. A field of type `task_group_id` (or a column
        /// `META_TASK_GROUP_ID` of a dataset without a schema) wins over it.
        tasks_per_group: u64,
    }
}

impl Batches {
    /// Starts to make the tasks of a batch. It needs one import of the dataset that is `complete`,
    /// or a READY dataset where it has no schema.
    ///
    /// What a second call does is not documented, so it is not repeated once the server may have
    /// acted on it, only after a 429 or a connection that never stood. After any other failure
    /// look at the [`status`](Self::status): UNINITIALISED means that it was not taken, or not
    /// begun with yet.
    ///
    /// # Errors
    ///
    /// Those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::batches::BatchSetup;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// # let id = prolific.batches().duplicate(&id, Default::default()).await?.id;
    /// prolific.batches().setup(&id, BatchSetup::new().tasks_per_group(5)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "setup-task-builder-batch")]
    pub async fn setup(&self, id: &BatchId, setup: BatchSetup) -> Result<()> {
        let body: types::SetupBatch = body(setup, SETUP)?;
        let call = self.prolific.api().setup_task_builder_batch().batch_id(id.as_str());
        read(call.body(body).send().await, SETUP, Ok)
    }

    /// Sets a batch up and waits until it is READY: [`setup`](Self::setup), then
    /// [`wait_until_ready`](Self::wait_until_ready).
    ///
    /// # Errors
    ///
    /// Those of both.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use prolific_api_ext::batches::BatchSetup;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// # let id = prolific.batches().duplicate(&id, Default::default()).await?.id;
    /// let setup = prolific.batches().setup_and_wait(&id, BatchSetup::new());
    /// let status = setup.timeout(Duration::from_secs(900)).await?;
    /// # assert_eq!(status.as_str(), "READY");
    /// # Ok(())
    /// # }
    /// ```
    pub fn setup_and_wait(&self, id: &BatchId, setup: BatchSetup) -> StartAndWait<BatchStatus> {
        let (batches, id) = (self.clone(), id.clone());
        StartAndWait::new(format!("batch {id}"), async move {
            batches.setup(&id, setup).await?;
            Ok(batches.wait_until_ready(&id))
        })
    }

    /// How a batch stands now. It reads only, and is repeated after any transient failure.
    ///
    /// # Errors
    ///
    /// Those of a call; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer
    /// has no status.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::batches::BatchStatus;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.ready_batch()?;
    /// let is_ready = prolific.batches().status(&id).await? == BatchStatus::Ready;
    /// # assert!(is_ready);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-task-builder-batch-status")]
    pub async fn status(&self, id: &BatchId) -> Result<BatchStatus> {
        let call = self.prolific.api().get_task_builder_batch_status().batch_id(id.as_str());
        read(call.send().await, GET_STATUS, |raw| key(raw.status, "status"))
    }

    /// Waits until a batch is READY. Awaiting it gives the final status.
    ///
    /// # Errors
    ///
    /// [`Failed`](crate::ErrorKind::Failed) where it ends as ERROR,
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) where it is not ready in time, and those
    /// of a call that are not transient. Where it stayed UNINITIALISED the message says that its
    /// setup was not called.
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
    /// if let Err(error) = prolific.batches().wait_until_ready(&id).await {
    ///     eprintln!("{error}, at last {:?}", error.last_state());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn wait_until_ready(&self, id: &BatchId) -> Wait<BatchStatus> {
        Wait::of(self.prolific.clone(), &READY, id.clone())
    }

    /// Waits until many batches are READY, on one client.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let ids = [simulator.ready_batch()?, simulator.ready_batch()?];
    /// let mut settled = prolific.batches().wait_many(ids).settled();
    /// # let mut count = 0;
    /// while let Some((id, outcome)) = settled.next().await {
    ///     println!("{id} is {}", outcome?);
    /// #   count += 1;
    /// }
    /// # assert_eq!(count, 2);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn wait_many(
        &self,
        ids: impl IntoIterator<Item = BatchId>,
    ) -> WaitMany<BatchId, BatchStatus> {
        WaitMany::new(self.prolific.clone(), &READY, ids)
    }
}
