use std::collections::BTreeMap;

use prolific_api::types;

use super::SubmissionStatus;
use crate::{
    Minor, ParticipantId, StudyId, SubmissionId, Timestamp,
    model::{model, read_model},
};

model! {
    /// A submission with all its fields, as [`get`](super::Submissions::get) and every transition
    /// return it. Lists return the shorter [`SubmissionSummary`].
    pub struct Submission from types::SubmissionDetail {
        /// The id.
        key id: SubmissionId,
        /// The study that it belongs to.
        pub study_id: Option<StudyId>,
        /// The participant.
        pub participant_id: Option<ParticipantId> = participant,
        /// The status.
        pub status: Option<SubmissionStatus>,
        /// When it was started, in UTC.
        pub started_at: Option<Timestamp>,
        /// When it ended, in UTC.
        pub completed_at: Option<Timestamp>,
        /// The completion code that the participant entered.
        pub entered_code: Option<String>,
        /// The study of which this is a stratum or a quota, of a representative sample or a quota
        /// study. Missing from the response to a transition.
        pub parent_study_id: Option<StudyId>,
        /// The bonuses that were paid, in pence or cents. Missing from the response to a
        /// transition.
        pub bonus_payments: Vec<Minor>,
        /// When the participant was asked to return it. Missing from the response to a transition.
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
    /// A submission as a row of a list.
    pub struct SubmissionSummary from types::SubmissionSummary {
        /// The id.
        key id: SubmissionId,
        /// The participant.
        pub participant_id: Option<ParticipantId>,
        /// The status.
        pub status: Option<SubmissionStatus>,
        /// When it was started.
        pub started_at: Option<Timestamp>,
        /// When it ended.
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
        /// The stratum of the participant, by labels such as `sex`. *(known from the official CLI
        /// only)*
        pub strata: BTreeMap<String, Option<String>>,
        /// Whether it is starred. *(known from the official CLI only)*
        pub star_awarded: Option<bool>,
        /// The IP address of the participant. *(known from the official CLI only)*
        pub ip: Option<String>,
    }
}

model! {
    /// The outcome of asking a participant to return a submission.
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
