use prolific_api::{Number, Timestamp, types};

use super::SubmissionStatus;
use crate::{
    Minor, ParticipantId, Result, StudyId, SubmissionId,
    resource::{given, present},
};

/// A submission of a participant.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// The study that it belongs to.
    pub study_id: Option<StudyId>,
    /// The participant.
    pub participant_id: Option<ParticipantId>,
    /// How it stands.
    pub status: Option<SubmissionStatus>,
    /// When it was begun, in UTC.
    pub started_at: Option<Timestamp>,
    /// When it was ended, in UTC.
    pub completed_at: Option<Timestamp>,
    /// The completion code that the participant entered.
    pub entered_code: Option<String>,
    /// The study that a representative sample or a quota belongs to. An answer to a transition
    /// does not have it.
    pub parent_study_id: Option<StudyId>,
    /// The bonuses that were paid, in pence or cents. An answer to a transition does not have
    /// them.
    pub bonus_payments: Vec<Minor>,
    /// When the participant was asked to return it. An answer to a transition does not have it.
    pub return_requested: Option<Timestamp>,
}

impl Submission {
    pub(super) fn read(raw: types::SubmissionDetail) -> Result<Self> {
        let types::SubmissionDetail {
            bonus_payments,
            completed_at,
            entered_code,
            id,
            parent_study_id,
            participant,
            return_requested,
            started_at,
            status,
            study_id,
            ..
        } = raw;
        Ok(Self {
            id: given(SubmissionId::new(present(id, "id")?))?,
            study_id: study_id.and_then(|id| StudyId::new(id).ok()),
            participant_id: participant.and_then(|id| ParticipantId::new(id).ok()),
            status: status.map(Into::into),
            started_at: started_at.map(Timestamp::from),
            completed_at: completed_at.map(Timestamp::from),
            entered_code,
            parent_study_id: parent_study_id.and_then(|id| StudyId::new(id).ok()),
            bonus_payments: amounts(bonus_payments),
            return_requested,
        })
    }

    /// As it comes after a transition.
    pub(super) fn read_moved(raw: types::Submission) -> Result<Self> {
        let types::Submission {
            completed_at,
            entered_code,
            id,
            participant,
            started_at,
            status,
            study_id,
            ..
        } = raw;
        Ok(Self {
            id: given(SubmissionId::new(present(id, "id")?))?,
            study_id: study_id.and_then(|id| StudyId::new(id).ok()),
            participant_id: participant.and_then(|id| ParticipantId::new(id).ok()),
            status: status.map(Into::into),
            started_at: started_at.map(Timestamp::from),
            completed_at: completed_at.map(Timestamp::from),
            entered_code,
            parent_study_id: None,
            bonus_payments: Vec::new(),
            return_requested: None,
        })
    }
}

/// A number that is no amount is left out: nobody was paid it.
fn amounts(numbers: Vec<Number>) -> Vec<Minor> {
    numbers.into_iter().filter_map(|number| Minor::read(Some(number))).collect()
}

/// What came of asking a participant to return a submission.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ReturnRequest {
    /// The submission.
    pub id: Option<SubmissionId>,
    /// How it stands.
    pub status: Option<SubmissionStatus>,
    /// The participant.
    pub participant_id: Option<ParticipantId>,
    /// When the participant was asked.
    pub requested_at: Option<Timestamp>,
}

impl From<types::ReturnRequested> for ReturnRequest {
    fn from(raw: types::ReturnRequested) -> Self {
        let types::ReturnRequested { id, participant, return_requested, status, .. } = raw;
        Self {
            id: id.and_then(|id| SubmissionId::new(id).ok()),
            status: status.map(Into::into),
            participant_id: participant.and_then(|id| ParticipantId::new(id).ok()),
            requested_at: return_requested,
        }
    }
}
