use prolific_api::types;

use crate::{
    CollectionId, ParticipantId, ResponseId, SubmissionId, Timestamp, model::model,
    questions::Answers,
};

model! {
    /// What a participant answered to one instruction of a collection.
    pub struct CollectionResponse from types::CollectionResponse {
        /// The id. The API does not say where it can be used.
        pub id: Option<ResponseId>,
        /// When it was given.
        pub created_at: Option<Timestamp>,
        /// The collection.
        pub collection_id: Option<CollectionId>,
        /// Who answered.
        pub participant_id: Option<ParticipantId>,
        /// The submission that it is of.
        pub submission_id: Option<SubmissionId>,
        /// The question and the answers to it.
        pub response: Option<Answers>,
    }
}
