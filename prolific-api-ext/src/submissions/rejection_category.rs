use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// Why a submission is rejected.
    pub enum RejectionCategory from types::RejectionCategory {
        /// It was done implausibly fast.
        TooQuickly = "TOO_QUICKLY",
        /// It was done too slowly.
        TooSlowly = "TOO_SLOWLY",
        /// The instructions were not followed.
        FailedInstructions = "FAILED_INSTRUCTIONS",
        /// Part of a longitudinal study is missing.
        IncompleteLongitudinal = "INCOMP_LONGITUDINAL",
        /// Attention checks were failed.
        FailedCheck = "FAILED_CHECK",
        /// Little effort was made.
        LowEffort = "LOW_EFFORT",
        /// The participant was dishonest.
        Malingering = "MALINGERING",
        /// No completion code was entered.
        NoCode = "NO_CODE",
        /// A wrong completion code was entered.
        BadCode = "BAD_CODE",
        /// There is no data.
        NoData = "NO_DATA",
        /// The device is not supported.
        UnsupportedDevice = "UNSUPP_DEVICE",
        /// Something else.
        Other = "OTHER",
    }
}
