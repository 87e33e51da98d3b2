use prolific_api::types;

use super::{Layout, TaskDetails};
use crate::{DatasetId, Result};

/// A change of a batch: what is not set stays as it is.
#[derive(Clone, Debug, Default)]
pub struct BatchChange {
    name: Option<String>,
    task_details: Option<TaskDetails>,
    dataset_id: Option<DatasetId>,
    layout: LayoutChange,
    auto_sync: Option<bool>,
}

/// The three states of `batch_items`.
#[derive(Clone, Debug, Default)]
enum LayoutChange {
    #[default]
    Leave,
    Clear,
    Set(Layout),
}

impl BatchChange {
    /// No change yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Other texts, all three of them.
    #[must_use]
    pub fn task_details(mut self, task_details: TaskDetails) -> Self {
        self.task_details = Some(task_details);
        self
    }

    /// Another dataset.
    #[must_use]
    pub fn dataset_id(mut self, dataset_id: DatasetId) -> Self {
        self.dataset_id = Some(dataset_id);
        self
    }

    /// A whole new layout. An entry that has the id of one that is there replaces it; one without
    /// an id is new; what is missing is deleted. Begin with [`Batch::layout`](super::Batch::layout)
    /// to keep the ids, which answers of participants point at.
    #[must_use]
    pub fn layout(mut self, layout: impl Into<Layout>) -> Self {
        self.layout = LayoutChange::Set(layout.into());
        self
    }

    /// No layout any more: `null` is sent, which deletes its instructions as well.
    #[must_use]
    pub fn clear_layout(mut self) -> Self {
        self.layout = LayoutChange::Clear;
        self
    }

    /// Whether appended datapoints become tasks by themselves.
    #[must_use]
    pub fn auto_sync(mut self, auto_sync: bool) -> Self {
        self.auto_sync = Some(auto_sync);
        self
    }

    pub(super) fn into_raw(self) -> Result<types::UpdateBatch> {
        let Self { name, task_details, dataset_id, layout, auto_sync } = self;
        let batch_items = match layout {
            LayoutChange::Leave => None,
            LayoutChange::Clear => Some(types::NullableBatchPageArray(None)),
            LayoutChange::Set(layout) => {
                Some(types::NullableBatchPageArray(Some(layout.checked()?)))
            }
        };
        let change = types::UpdateBatch::builder()
            .auto_sync_enabled(auto_sync)
            .batch_items(batch_items)
            .dataset_id(dataset_id.map(|id| id.to_string()))
            .name(name)
            .task_details(task_details.map(TaskDetails::into_raw).transpose()?);
        Ok(change.try_into()?)
    }
}
