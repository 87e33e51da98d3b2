use super::{Layout, TaskDetails};
use crate::{DatasetId, request::request};

request! {
    /// A change of a batch. Fields that are not set stay as they are.
    #[derive(Default)]
    pub struct BatchChange() {
        /// The name.
        name: String,
        /// The texts for participants, all three of them.
        task_details: TaskDetails,
        /// The dataset.
        dataset_id: DatasetId,
        /// A whole new layout. An entry with an existing id replaces that entry; one without an id
        /// is new; what is missing is deleted. Start from [`Batch::layout`](super::Batch::layout)
        /// to keep the ids, which participants' responses refer to. Clearing it deletes its
        /// instructions as well.
        layout | clear_layout: Layout = "batch_items",
        /// Whether appended datapoints become tasks automatically.
        auto_sync: bool = "auto_sync_enabled",
    }
}
