use super::{Layout, TaskDetails};
use crate::{DatasetId, WorkspaceId, request::request};

request! {
    /// A batch to [create](super::Batches::create). Only fields that are set are sent.
    pub struct NewBatch(
        /// The name.
        name: String,
        /// The workspace that it is in.
        workspace_id: WorkspaceId,
        /// The texts for participants.
        task_details: TaskDetails
    ) {
        /// The dataset. It can be attached later, but before the batch is set up, and needs no data
        /// yet.
        dataset_id: DatasetId,
        /// What participants see and are asked. A batch without a layout is of the legacy kind,
        /// whose [instructions](crate::instructions) end on 2026-09-01.
        layout: Layout = "batch_items",
        /// Whether appended datapoints become tasks automatically. Default: no. *(known from the
        /// official CLI only)*
        auto_sync: bool = "auto_sync_enabled",
    }
}
