use prolific_api::types;

use crate::open_enum::{lifecycle, open_enum};

open_enum! {
    /// How a sync of a batch stands.
    pub enum SyncStatus from types::SyncStatus {
        /// It waits for its turn: the syncs of a batch run one after another.
        Queued = "queued",
        /// Tasks are being made of new datapoints.
        Processing = "processing",
        /// Every new datapoint has its task.
        Complete = "complete",
        /// It stopped. Another sync goes on where it did.
        Failed = "failed",
    }
}

lifecycle!(SyncStatus, success: [Complete], failure: [Failed]);
