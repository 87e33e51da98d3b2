use prolific_api::types;

use super::{Batches, SyncStatus};
use crate::{
    BatchId, DatasetId, Result, SyncId, Timestamp,
    model::{Read as _, answer, model},
    poll::{StartAndWait, Wait, Watch},
    resource::read,
};

model! {
    /// A sync of a batch: creates tasks for the datapoints that were added to its dataset since.
    pub struct BatchSync from types::SyncJob {
        keys {
            /// The id.
            id: SyncId = sync_id,
            /// The status.
            status: SyncStatus,
        }
        /// The batch.
        pub batch_id: Option<BatchId>,
        /// The dataset.
        pub dataset_id: Option<DatasetId>,
        /// The number of tasks created, once complete.
        pub tasks_created: Option<u64>,
        /// The number of datapoints they cover, once complete.
        pub datapoints_processed: Option<u64>,
        /// The number of new task groups, once complete.
        pub groups_created: Option<u64>,
        /// The number of task groups that grew, once complete.
        pub groups_expanded: Option<u64>,
        /// The reason for a failure.
        pub reason: Option<String>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it last changed *(meaning inferred)*.
        pub updated_at: Option<Timestamp>,
    }
}

const GET_STATUS: &str = "get-batch-sync-status";

/// Waits until a sync is complete.
static COMPLETE: Watch<(BatchId, SyncId), BatchSync> = Watch {
    operation: Some(GET_STATUS),
    subject: |(batch, sync)| format!("sync {sync} of batch {batch}"),
    look: |prolific, (batch, sync)| {
        Box::pin(async move { prolific.batches().sync_status(&batch, &sync).await })
    },
    state: |sync| sync.status.as_str().into(),
    standing: |_, _, sync| sync.status.standing(),
    advice: |sync| {
        let again = || "start another sync to continue where it stopped".to_owned();
        sync.status.is_failure().then(|| match &sync.reason {
            Some(reason) => format!("{}; {}", crate::error::excerpt(reason), again()),
            None => again(),
        })
    },
};

impl Batches {
    /// Starts creating tasks for datapoints that were added to the dataset since the batch was set
    /// up or last synced. The batch has to be READY, and its dataset needs a schema. Batches with
    /// `auto_sync_enabled` sync by themselves when datapoints are appended.
    ///
    /// Idempotent: retried after any transient failure. A further sync is documented as harmless:
    /// the syncs of a batch run one after another, and each starts where the last one stopped.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind). The error for a
    /// batch that is not READY is not documented.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// let sync = prolific.batches().sync(&id).await?;
    /// println!("{} is {}", sync.id, sync.status);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "sync-task-builder-batch")]
    pub async fn sync(&self, id: &BatchId) -> Result<BatchSync> {
        let call = self.prolific.api().sync_task_builder_batch().batch_id(id.as_str());
        answer(call.send().await, "sync-task-builder-batch")
    }

    /// Starts a sync and waits until it is complete: [`sync`](Self::sync), then
    /// [`wait_for_sync`](Self::wait_for_sync).
    ///
    /// # Errors
    ///
    /// Those of both.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// # let dataset = prolific.batches().get(&id).await?.datasets[0].id.clone().unwrap();
    /// # prolific.datasets().append_json_lines(&dataset, "{\"prompt\": \"kingfisher\"}").await?;
    /// let sync = prolific.batches().sync_and_wait(&id).await?;
    /// println!("{:?} new tasks", sync.tasks_created);
    /// # assert_eq!(sync.tasks_created, Some(1));
    /// # Ok(())
    /// # });
    /// ```
    pub fn sync_and_wait(&self, id: &BatchId) -> StartAndWait<BatchSync> {
        let (batches, id) = (self.clone(), id.clone());
        StartAndWait::new(format!("a sync of batch {id}"), async move {
            let sync = batches.sync(&id).await?;
            Ok(batches.wait_for_sync(&id, &sync.id))
        })
    }

    /// Fetches the state of a sync.
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
    /// # let id = simulator.ready_batch()?;
    /// # let sync = prolific.batches().sync(&id).await?.id;
    /// let sync = prolific.batches().sync_status(&id, &sync).await?;
    /// println!("{} since {:?}", sync.status, sync.updated_at);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-batch-sync-status")]
    pub async fn sync_status(&self, id: &BatchId, sync_id: &SyncId) -> Result<BatchSync> {
        let call = self.prolific.api().get_batch_sync_status().batch_id(id.as_str());
        let sent = call.sync_id(sync_id.as_str()).send().await;
        read(sent, GET_STATUS, |mut raw| {
            raw.sync_id.get_or_insert_with(|| sync_id.to_string());
            BatchSync::read(raw, "BatchSync")
        })
    }

    /// Waits until a sync is complete. Awaiting it returns the final state.
    ///
    /// # Errors
    ///
    /// Returns [`Failed`](crate::ErrorKind::Failed), with the reason, if the sync failed;
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) if it is not complete in time; another
    /// [`ErrorKind`](crate::ErrorKind) if a call fails permanently.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// # let sync = prolific.batches().sync(&id).await?.id;
    /// let mut changes = prolific.batches().wait_for_sync(&id, &sync).updates();
    /// while let Some(sync) = changes.next().await.transpose()? {
    ///     println!("{}", sync.status);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn wait_for_sync(&self, id: &BatchId, sync_id: &SyncId) -> Wait<BatchSync> {
        Wait::of(self.prolific.clone(), &COMPLETE, (id.clone(), sync_id.clone()))
    }
}
