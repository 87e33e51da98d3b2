use super::{Layout, TaskDetails};
use crate::{DatasetId, request::request};

request! {
    /// A change of a batch: what is not set stays as it is.
    #[derive(Default)]
    pub struct BatchChange() {
        /// The name.
        name: String,
        /// The texts that participants see, all three of them.
        task_details: TaskDetails,
        /// The dataset.
        dataset_id: DatasetId,
        /// A whole new layout. An entry that has the id of one that is there replaces it; one without
        /// an id is new; what is missing is deleted. Begin with
        /// [`Batch::layout`](super::Batch::layout) to keep the ids, which responses of participants
        /// point at. Clearing it deletes its instructions as well.
        layout | clear_layout: Layout = "batch_items",
        /// Whether appended datapoints become tasks by themselves.
        auto_sync: bool = "auto_sync_enabled",
    }
}
