use prolific_api::types;

use crate::open_enum::{lifecycle, open_enum};

open_enum! {
    /// The status of the migration of a dataset to a new schema.
    pub enum MigrationStatus from types::MigrationStatus {
        /// The datapoints are being read again under the new schema.
        Processing = "processing",
        /// Every datapoint was read again.
        Complete = "complete",
        /// Every datapoint is there, and fields that did not fit the new schema are null.
        Partial = "partial",
        /// It failed.
        Failed = "failed",
    }
}

lifecycle!(MigrationStatus, success: [Complete, Partial], failure: [Failed]);
