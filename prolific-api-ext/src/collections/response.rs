use prolific_api::types;

use crate::{
    CollectionId, ParticipantId, ResponseId, SubmissionId, Timestamp, model::model,
    questions::Answers,
};

model! {
    /// A participant's response to one instruction of a collection.
    pub struct CollectionResponse from types::CollectionResponse {
        /// The id. What it can be used for is not documented.
        pub id: Option<ResponseId>,
        /// When it was given.
        pub created_at: Option<Timestamp>,
        /// The collection.
        pub collection_id: Option<CollectionId>,
        /// Who answered.
        pub participant_id: Option<ParticipantId>,
        /// The submission that it is of.
        pub submission_id: Option<SubmissionId>,
        /// The question and its answers.
        pub response: Option<Answers>,
    }
}
