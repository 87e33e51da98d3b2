use prolific_api::types;

use crate::{CollectionId, ParticipantId, SubmissionId, Timestamp, resource::usable_id};

/// What a participant answered to one instruction of a collection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CollectionResponse {
    /// Its id. The API does not say where it can be used.
    pub id: Option<String>,
    /// When it was given.
    pub created_at: Option<Timestamp>,
    /// The collection.
    pub collection_id: Option<CollectionId>,
    /// Who answered.
    pub participant_id: Option<ParticipantId>,
    /// The submission that it is of.
    pub submission_id: Option<SubmissionId>,
    /// The instruction and the answers to it, as the raw client has them.
    pub response: Option<types::AnswerSet>,
}

impl CollectionResponse {
    pub(super) fn from_raw(raw: types::CollectionResponse) -> Self {
        let types::CollectionResponse {
            collection_id,
            created_at,
            id,
            participant_id,
            response,
            submission_id,
            ..
        } = raw;
        Self {
            id,
            created_at,
            collection_id: usable_id(collection_id),
            participant_id: usable_id(participant_id),
            submission_id: usable_id(submission_id),
            response,
        }
    }
}
