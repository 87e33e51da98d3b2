use prolific_api::types;

use crate::open_enum::{lifecycle, open_enum};

open_enum! {
    /// The status of the import of a file into a dataset.
    pub enum ImportStatus from types::ImportStatus {
        /// The link was given out, and the file has not arrived.
        Uninitialised = "uninitialised",
        /// The file waits to be read.
        Queued = "queued",
        /// The file is being read.
        Processing = "processing",
        /// Every record was taken in.
        Complete = "complete",
        /// Some records were taken in, others refused.
        Partial = "partial",
        /// Nothing was taken in.
        Failed = "failed",
        /// The file is parked until the dataset has a schema, and is then imported without being
        /// uploaded again. This state ends a wait, but not the import.
        PendingSchema = "pending_schema",
    }
}

lifecycle!(ImportStatus, success: [Complete, Partial, PendingSchema], failure: [Failed]);
