use prolific_api::types;

use crate::open_enum::{lifecycle, open_enum};

open_enum! {
    /// The status of a dataset.
    ///
    /// A value that this version does not know is kept unchanged: compare it with
    /// [`as_str`](Self::as_str), or handle it in the `_` arm of a `match`.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::DatasetStatus;
    ///
    /// let status: DatasetStatus = "ARCHIVED".parse().unwrap();
    /// assert!(!status.is_known());
    /// assert_eq!(status.as_str(), "ARCHIVED");
    /// assert!(DatasetStatus::Error.is_terminal() && DatasetStatus::Error.is_failure());
    /// ```
    pub enum DatasetStatus from types::DatasetStatus {
        /// Made, and nothing uploaded yet.
        Uninitialised = "UNINITIALISED",
        /// What was uploaded is being taken in.
        Processing = "PROCESSING",
        /// Ready for batches.
        Ready = "READY",
        /// What was uploaded could not be taken in.
        Error = "ERROR",
    }
}

lifecycle!(DatasetStatus, success: [Ready], failure: [Error]);
