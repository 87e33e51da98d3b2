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
    /// How to [set up](Batches::setup) a batch. By default, the dataset that is already attached,
    /// and groups of one task.
    #[derive(Default)]
    pub struct BatchSetup() {
        /// The dataset, if none is attached yet.
        dataset_id: DatasetId,
        /// The number of tasks in a group. Default: 1. Ignored if the dataset has a field of type
        /// `task_group_id` (or, without a schema, a column `META_TASK_GROUP_ID`).
        tasks_per_group: u64,
    }
}

impl Batches {
    /// Starts creating the tasks of a batch. The dataset needs one import that is `complete`, or,
    /// if it has no schema, has to be READY.
    ///
    /// Conditional: what a second call does is not documented, so it is retried only if the server
    /// did not act. After any other failure, check the [`status`](Self::status): UNINITIALISED
    /// means that the request was not accepted, or work has not started yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::batches::BatchSetup;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// # let id = prolific.batches().duplicate(&id, Default::default()).await?.id;
    /// prolific.batches().setup(&id, BatchSetup::new().tasks_per_group(5)).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "setup-task-builder-batch")]
    pub async fn setup(&self, id: &BatchId, setup: BatchSetup) -> Result<()> {
        let body: types::SetupBatch = body(setup, SETUP)?;
        let call = self.prolific.api().setup_task_builder_batch().batch_id(id.as_str());
        read(call.body(body).send().await, SETUP, Ok)
    }

    /// Sets up a batch and waits until it is READY: [`setup`](Self::setup), then
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
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// # let id = prolific.batches().duplicate(&id, Default::default()).await?.id;
    /// let setup = prolific.batches().setup_and_wait(&id, BatchSetup::new());
    /// let status = setup.timeout(Duration::from_secs(900)).await?;
    /// # assert_eq!(status.as_str(), "READY");
    /// # Ok(())
    /// # });
    /// ```
    pub fn setup_and_wait(&self, id: &BatchId, setup: BatchSetup) -> StartAndWait<BatchStatus> {
        let (batches, id) = (self.clone(), id.clone());
        StartAndWait::new(format!("batch {id}"), async move {
            batches.setup(&id, setup).await?;
            Ok(batches.wait_until_ready(&id))
        })
    }

    /// Fetches the status of a batch.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no status.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::batches::BatchStatus;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// let is_ready = prolific.batches().status(&id).await? == BatchStatus::Ready;
    /// # assert!(is_ready);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-task-builder-batch-status")]
    pub async fn status(&self, id: &BatchId) -> Result<BatchStatus> {
        let call = self.prolific.api().get_task_builder_batch_status().batch_id(id.as_str());
        read(call.send().await, GET_STATUS, |raw| key(raw.status, "status"))
    }

    /// Waits until a batch is READY. Awaiting it returns the final status.
    ///
    /// # Errors
    ///
    /// Returns [`Failed`](crate::ErrorKind::Failed) if it ends as ERROR;
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) if it is not ready in time, with a hint in
    /// the message if it stayed UNINITIALISED because it was never set up; another
    /// [`ErrorKind`](crate::ErrorKind) if a call fails permanently.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// if let Err(error) = prolific.batches().wait_until_ready(&id).await {
    ///     eprintln!("{error}, at last {:?}", error.last_state());
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn wait_until_ready(&self, id: &BatchId) -> Wait<BatchStatus> {
        Wait::of(self.prolific.clone(), &READY, id.clone())
    }

    /// Waits until many batches are READY, with one client.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let ids = [simulator.ready_batch()?, simulator.ready_batch()?];
    /// let mut settled = prolific.batches().wait_many(ids).settled();
    /// # let mut count = 0;
    /// while let Some((id, outcome)) = settled.next().await {
    ///     println!("{id} is {}", outcome?);
    /// #   count += 1;
    /// }
    /// # assert_eq!(count, 2);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn wait_many(
        &self,
        ids: impl IntoIterator<Item = BatchId>,
    ) -> WaitMany<BatchId, BatchStatus> {
        WaitMany::new(self.prolific.clone(), &READY, ids)
    }
}
