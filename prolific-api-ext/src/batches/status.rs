use prolific_api::types;

use crate::open_enum::{lifecycle, open_enum};

open_enum! {
    /// The status of a batch.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::batches::BatchStatus;
    ///
    /// assert!(BatchStatus::Ready.is_terminal() && !BatchStatus::Ready.is_failure());
    /// assert!(!BatchStatus::from("ARCHIVED").is_known());
    /// ```
    pub enum BatchStatus from types::BatchStatus {
        /// Created, but not set up: it has no tasks.
        Uninitialised = "UNINITIALISED",
        /// Its tasks are being created.
        Processing = "PROCESSING",
        /// It has tasks and can be attached to a study.
        Ready = "READY",
        /// Creating its tasks failed.
        Error = "ERROR",
    }
}

lifecycle!(BatchStatus, success: [Ready], failure: [Error]);
