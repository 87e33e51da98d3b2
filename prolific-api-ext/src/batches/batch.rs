use prolific_api::types;

use super::{BatchStatus, Layout, TaskDetails};
use crate::{
    BatchId, DatasetId, DatasetStatus, Result, Timestamp, WorkspaceId,
    resource::{count, present, usable_id},
};

/// A batch.
///
/// The API promises more than is required here: what an answer lacks is none, or empty.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// Its name.
    pub name: Option<String>,
    /// How it stands.
    pub status: Option<BatchStatus>,
    /// The workspace that it is in.
    pub workspace_id: Option<WorkspaceId>,
    /// The datasets that are attached to it.
    pub datasets: Vec<BatchDataset>,
    /// The texts that participants see.
    pub task_details: Option<TaskDetails>,
    /// Its layout, as the raw client has it; none of a batch of the legacy sort, which has
    /// instructions instead. [`layout`](Self::layout) makes of it what can be sent back.
    pub batch_items: Option<Vec<types::BatchPageAnswer>>,
    /// How many tasks it has.
    pub total_task_count: Option<i64>,
    /// How many instructions it has.
    pub total_instruction_count: Option<i64>,
    /// How many groups of tasks it has.
    pub total_task_groups: Option<i64>,
    /// How many tasks a group has, once it is set up. Known from the official command line alone.
    pub tasks_per_group: Option<i64>,
    /// Whether appended datapoints become tasks by themselves.
    pub auto_sync_enabled: Option<bool>,
    /// An internal version.
    pub schema_version: Option<i64>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Who made it, by user id.
    pub created_by: Option<String>,
}

/// A dataset as a batch has it. Most of it is known from the official command line alone.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BatchDataset {
    /// Its id.
    pub id: Option<DatasetId>,
    /// How many datapoints it has.
    pub total_datapoint_count: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// How it stands.
    pub status: Option<DatasetStatus>,
    /// The workspace that it is in.
    pub workspace_id: Option<WorkspaceId>,
    /// What the file with its data is called; answers to creating and duplicating have none.
    pub filename: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Who made it, by user id.
    pub created_by: Option<String>,
}

impl Batch {
    /// Its layout with all its ids, to be changed and sent back by
    /// [`BatchChange::layout`](super::BatchChange::layout): an entry that is sent with its id is
    /// kept, one without is new, and one that is missing is deleted. Answers of participants
    /// point at these ids. None of a batch that has no layout.
    ///
    /// # Errors
    ///
    /// As [`Layout::of_answer`].
    pub fn layout(&self) -> Result<Option<Layout>> {
        self.batch_items.as_deref().map(Layout::of_answer).transpose()
    }

    pub(super) fn from_raw(raw: types::Batch) -> Result<Self> {
        let types::Batch {
            auto_sync_enabled,
            batch_items,
            created_at,
            created_by,
            datasets,
            id,
            name,
            schema_version,
            status,
            task_details,
            tasks_per_group,
            total_instruction_count,
            total_task_count,
            total_task_groups,
            workspace_id,
            ..
        } = raw;
        Ok(Self {
            id: present(usable_id(id), "id")?,
            name,
            status: status.map(Into::into),
            workspace_id: usable_id(workspace_id),
            datasets: datasets.into_iter().map(BatchDataset::from_raw).collect(),
            task_details: task_details.map(TaskDetails::from_raw),
            batch_items,
            total_task_count: count(total_task_count),
            total_instruction_count: count(total_instruction_count),
            total_task_groups: count(total_task_groups),
            tasks_per_group: count(tasks_per_group),
            auto_sync_enabled,
            schema_version: count(schema_version),
            created_at,
            created_by,
        })
    }
}

impl BatchDataset {
    fn from_raw(raw: types::BatchDataset) -> Self {
        let types::BatchDataset {
            created_at,
            created_by,
            filename,
            id,
            name,
            status,
            total_datapoint_count,
            workspace_id,
            ..
        } = raw;
        Self {
            id: usable_id(id),
            total_datapoint_count: count(total_datapoint_count),
            name,
            status: status.map(Into::into),
            workspace_id: usable_id(workspace_id),
            filename,
            created_at,
            created_by,
        }
    }
}
