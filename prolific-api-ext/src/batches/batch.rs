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
        /// The datasets that are attached to it.
        pub datasets: Vec<BatchDataset>,
        /// The texts that participants see.
        pub task_details: Option<TaskDetails>,
        /// The layout with all its ids, to be changed and sent back by
        /// [`BatchChange::layout`](super::BatchChange::layout): an entry that is sent with its id is
        /// kept, one without is new, and one that is missing is deleted. Responses of participants
        /// point at these ids. A batch of the legacy sort has instructions instead.
        pub layout: Option<Layout> = batch_items,
        /// The number of tasks.
        pub total_task_count: Option<u64>,
        /// The number of instructions.
        pub total_instruction_count: Option<u64>,
        /// The number of groups of tasks.
        pub total_task_groups: Option<u64>,
        /// How many tasks a group has, once it is set up. *(known from the official CLI only)*
        pub tasks_per_group: Option<u64>,
        /// Whether appended datapoints become tasks by themselves.
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
    /// A dataset as a batch has it. Most of it is known from the official CLI only.
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
        /// The name of the file with its data; responses to creating and duplicating have none.
        pub filename: Option<String>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// Who made it.
        pub created_by: Option<UserId>,
    }
}
