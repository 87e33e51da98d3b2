use prolific_api::types;

use super::{Layout, TaskDetails};
use crate::{DatasetId, Error, Result, WorkspaceId};

/// A batch to be made. Exactly what is set is sent.
#[derive(Clone, Debug)]
pub struct NewBatch {
    name: String,
    workspace_id: WorkspaceId,
    task_details: TaskDetails,
    dataset_id: Option<DatasetId>,
    layout: Option<Layout>,
    auto_sync: Option<bool>,
}

impl NewBatch {
    /// A batch of this name, in this workspace, with these texts for participants.
    pub fn new(
        name: impl Into<String>,
        workspace_id: WorkspaceId,
        task_details: TaskDetails,
    ) -> Self {
        let name = name.into();
        Self { name, workspace_id, task_details, dataset_id: None, layout: None, auto_sync: None }
    }

    /// The dataset. It may be attached later, but before the batch is set up, and it need not
    /// have data yet.
    #[must_use]
    pub fn dataset_id(mut self, dataset_id: DatasetId) -> Self {
        self.dataset_id = Some(dataset_id);
        self
    }

    /// What participants see and are asked. A batch without it is of the legacy sort, whose
    /// [instructions](crate::instructions) end on 2026-09-01.
    #[must_use]
    pub fn layout(mut self, layout: impl Into<Layout>) -> Self {
        self.layout = Some(layout.into());
        self
    }

    /// Whether appended datapoints become tasks by themselves; the server's default is no. Known
    /// from the official command line alone.
    #[must_use]
    pub fn auto_sync(mut self, auto_sync: bool) -> Self {
        self.auto_sync = Some(auto_sync);
        self
    }

    pub(super) fn into_raw(self) -> Result<types::CreateBatch> {
        let Self { name, workspace_id, task_details, dataset_id, layout, auto_sync } = self;
        if name.trim().is_empty() {
            return Err(Error::invalid_input("the name of a batch is empty: give it one"));
        }
        let pages = layout.map(Layout::checked).transpose()?;
        let batch = types::CreateBatch::builder()
            .auto_sync_enabled(auto_sync)
            .batch_items(pages.map(|pages| types::NullableBatchPageArray(Some(pages))))
            .dataset_id(dataset_id.map(|id| id.to_string()))
            .name(name)
            .task_details(task_details.into_raw()?)
            .workspace_id(workspace_id.as_str());
        Ok(batch.try_into()?)
    }
}
