use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// The status of a study.
    pub enum StudyStatus from types::StudyStatus {
        /// A draft.
        Unpublished = "UNPUBLISHED",
        /// Scheduled for publishing.
        Scheduled = "SCHEDULED",
        /// Being published.
        Publishing = "PUBLISHING",
        /// Open to participants.
        Active = "ACTIVE",
        /// Temporarily closed to participants.
        Paused = "PAUSED",
        /// All places are taken, and submissions await review. Responses write it with a space.
        AwaitingReview = "AWAITING REVIEW",
        /// Finished.
        Completed = "COMPLETED",
    }
}

impl StudyStatus {
    /// Returns `true` if no other status follows. `false` for statuses that this version does not
    /// know.
    pub fn is_terminal(&self) -> bool {
        *self == Self::Completed
    }
}
