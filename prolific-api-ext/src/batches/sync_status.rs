use prolific_api::types;

use crate::open_enum::{lifecycle, open_enum};

open_enum! {
    /// The status of a sync.
    pub enum SyncStatus from types::SyncStatus {
        /// Waiting: the syncs of a batch run one after another.
        Queued = "queued",
        /// Creating tasks for new datapoints.
        Processing = "processing",
        /// Every new datapoint has its task.
        Complete = "complete",
        /// Failed. Another sync continues where it stopped.
        Failed = "failed",
    }
}

lifecycle!(SyncStatus, success: [Complete], failure: [Failed]);
