use prolific_api::types;

use crate::open_enum::{lifecycle, open_enum};

open_enum! {
    /// The status of an export.
    pub enum ExportStatus from types::ExportStatus {
        /// The ZIP is being built.
        Generating = "generating",
        /// The ZIP can be downloaded.
        Complete = "complete",
        /// The ZIP could not be built. Another request starts a new export.
        Failed = "failed",
    }
}

lifecycle!(ExportStatus, success: [Complete], failure: [Failed]);
