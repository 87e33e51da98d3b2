use prolific_api::types;

use crate::model::model;

model! {
    /// The number of submissions of a study by status.
    #[derive(Copy, Eq)]
    pub struct SubmissionCounts from types::SubmissionCounts {
        /// Places that are held.
        pub reserved: Option<u64>,
        /// Under way.
        pub active: Option<u64>,
        /// Waiting for approval.
        pub awaiting_review: Option<u64>,
        /// Approved.
        pub approved: Option<u64>,
        /// Approved in part.
        pub partially_approved: Option<u64>,
        /// Rejected.
        pub rejected: Option<u64>,
        /// Returned by their participants.
        pub returned: Option<u64>,
        /// Not finished in time.
        pub timed_out: Option<u64>,
        /// Screened out.
        pub screened_out: Option<u64>,
        /// All of them.
        pub total: Option<u64>,
    }
}
