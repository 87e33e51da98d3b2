use prolific_api::types;

use super::{BatchStatus, Layout, TaskDetails};
use crate::{BatchId, DatasetId, DatasetStatus, Timestamp, UserId, WorkspaceId, model::model};

model! {
    /// A batch.
    pub struct Batch from types::Batch {
        /// The id.
        key id: BatchId,
        /// The name.
        pub name: Option<String>,
        /// The status.
        pub status: Option<BatchStatus>,
        /// The workspace that it is in.
        pub workspace_id: Option<WorkspaceId>,
        /// The attached datasets.
        pub datasets: Vec<BatchDataset>,
        /// The texts for participants.
        pub task_details: Option<TaskDetails>,
        /// The layout with all its ids. Change it and send it back with
        /// [`BatchChange::layout`](super::BatchChange::layout): an entry that is sent with its id
        /// is kept, one without an id is new, and one that is missing is deleted. Participants'
        /// responses refer to these ids. Batches of the legacy kind have instructions instead.
        pub layout: Option<Layout> = batch_items,
        /// The number of tasks.
        pub total_task_count: Option<u64>,
        /// The number of instructions.
        pub total_instruction_count: Option<u64>,
        /// The number of task groups.
        pub total_task_groups: Option<u64>,
        /// The number of tasks in a group, once it is set up. *(known from the official CLI only)*
        pub tasks_per_group: Option<u64>,
        /// Whether appended datapoints become tasks automatically.
        pub auto_sync_enabled: Option<bool>,
        /// An internal version.
        pub schema_version: Option<u64>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// Who made it.
        pub created_by: Option<UserId>,
    }
}

model! {
    /// A dataset of a batch. *(mostly known from the official CLI only)*
    pub struct BatchDataset from types::BatchDataset {
        /// The id.
        pub id: Option<DatasetId>,
        /// The number of datapoints.
        pub total_datapoint_count: Option<u64>,
        /// The name.
        pub name: Option<String>,
        /// The status.
        pub status: Option<DatasetStatus>,
        /// The workspace that it is in.
        pub workspace_id: Option<WorkspaceId>,
        /// The file name of its data; missing in responses to creating and duplicating.
        pub filename: Option<String>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// Who made it.
        pub created_by: Option<UserId>,
    }
}
