use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// How a study stands.
    pub enum StudyStatus from types::StudyStatus {
        /// A draft.
        Unpublished = "UNPUBLISHED",
        /// To be published at a time that was set.
        Scheduled = "SCHEDULED",
        /// On its way to be published.
        Publishing = "PUBLISHING",
        /// Open to participants.
        Active = "ACTIVE",
        /// Closed to participants for a while.
        Paused = "PAUSED",
        /// All places are taken, and submissions wait for approval. Answers write it with a
        /// blank.
        AwaitingReview = "AWAITING REVIEW",
        /// Over.
        Completed = "COMPLETED",
    }
}

impl StudyStatus {
    /// Whether no other state follows. Of one that this version does not know nobody can say: it
    /// is taken to change yet.
    pub fn is_terminal(&self) -> bool {
        *self == Self::Completed
    }
}
