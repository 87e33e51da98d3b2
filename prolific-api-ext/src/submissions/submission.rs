use std::collections::BTreeMap;

use prolific_api::types;

use super::SubmissionStatus;
use crate::{
    Minor, ParticipantId, StudyId, SubmissionId, Timestamp,
    model::{model, read_model},
};

model! {
    /// A submission of a participant.
    pub struct Submission from types::SubmissionDetail {
        /// The id.
        key id: SubmissionId,
        /// The study that it belongs to.
        pub study_id: Option<StudyId>,
        /// The participant.
        pub participant_id: Option<ParticipantId> = participant,
        /// The status.
        pub status: Option<SubmissionStatus>,
        /// When it was begun, in UTC.
        pub started_at: Option<Timestamp>,
        /// When it was ended, in UTC.
        pub completed_at: Option<Timestamp>,
        /// The completion code that the participant entered.
        pub entered_code: Option<String>,
        /// The study that a representative sample or a quota belongs to. The response to a
        /// transition does not have it.
        pub parent_study_id: Option<StudyId>,
        /// The bonuses that were paid, in pence or cents. The response to a transition does not
        /// have them.
        pub bonus_payments: Vec<Minor>,
        /// When the participant was asked to return it. The response to a transition does not have
        /// it.
        pub return_requested: Option<Timestamp>,
    }
}

// As it comes after a transition.
read_model! {
    Submission from types::Submission {
        key id,
        study_id,
        participant_id = participant,
        status,
        started_at,
        completed_at,
        entered_code,
    }
}

model! {
    /// A submission as lists have it.
    pub struct SubmissionSummary from types::SubmissionSummary {
        /// The id.
        key id: SubmissionId,
        /// The participant.
        pub participant_id: Option<ParticipantId>,
        /// The status.
        pub status: Option<SubmissionStatus>,
        /// When it was begun.
        pub started_at: Option<Timestamp>,
        /// When it was ended.
        pub completed_at: Option<Timestamp>,
        /// Whether it is finished. *(known from the official CLI only)*
        pub is_complete: Option<bool>,
        /// How long it took, in seconds. *(known from the official CLI only)*
        pub time_taken: Option<u64>,
        /// The completion code that the participant entered.
        pub entered_code: Option<String> = study_code,
        /// When the participant was asked to return it.
        pub return_requested: Option<Timestamp>,
        /// Whether the participant has other submissions in the study.
        pub has_siblings: Option<bool>,
        /// The pay, in pence or cents. *(known from the official CLI only; the unit is inferred)*
        pub reward: Option<Minor>,
        /// The bonuses, in pence or cents. *(known from the official CLI only)*
        pub bonus_payments: Vec<Minor>,
        /// The stratum that the participant is in, by labels such as `sex`. *(known from the
        /// official CLI only)*
        pub strata: BTreeMap<String, Option<String>>,
        /// Whether a star was given. *(known from the official CLI only)*
        pub star_awarded: Option<bool>,
        /// The address that the participant came from. *(known from the official CLI only)*
        pub ip: Option<String>,
    }
}

model! {
    /// What came of asking a participant to return a submission.
    pub struct ReturnRequest from types::ReturnRequested {
        /// The submission.
        pub id: Option<SubmissionId>,
        /// The status.
        pub status: Option<SubmissionStatus>,
        /// The participant.
        pub participant_id: Option<ParticipantId> = participant,
        /// When the participant was asked.
        pub requested_at: Option<Timestamp> = return_requested,
    }
}
