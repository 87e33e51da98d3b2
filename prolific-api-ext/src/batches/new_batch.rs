use super::{Layout, TaskDetails};
use crate::{DatasetId, WorkspaceId, request::request};

request! {
    /// A batch to [create](super::Batches::create). Exactly what is set is sent.
    pub struct NewBatch(
        /// The name.
        name: String,
        /// The workspace that it is in.
        workspace_id: WorkspaceId,
        /// The texts that participants see.
        task_details: TaskDetails
    ) {
        /// The dataset. It may be attached later, but before the batch is set up, and it need not have
        /// data yet.
        dataset_id: DatasetId,
        /// What participants see and are asked. A batch without it is of the legacy sort, whose
        /// [instructions](crate::instructions) end on 2026-09-01.
        layout: Layout = "batch_items",
        /// Whether appended datapoints become tasks by themselves. Default: no. *(known from the
        /// official CLI only)*
        auto_sync: bool = "auto_sync_enabled",
    }
}
