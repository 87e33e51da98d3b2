use prolific_api::types;

use crate::{
    BatchId, ParticipantId, ResponseId, SubmissionId, TaskId, Timestamp, model::model,
    questions::Answers,
};

model! {
    /// What a participant answered to one instruction of one task. It is written as the API writes
    /// it, so that it can be kept as a line of JSON.
    pub struct TaskResponse from types::TaskResponse {
        /// The id. The API does not say where it can be used.
        pub id: Option<ResponseId>,
        /// When it was given.
        pub created_at: Option<Timestamp>,
        /// The batch.
        pub batch_id: Option<BatchId>,
        /// Who answered.
        pub participant_id: Option<ParticipantId>,
        /// The submission that it is of.
        pub submission_id: Option<SubmissionId>,
        /// The task.
        pub task_id: Option<TaskId>,
        /// What belongs together, by an id.
        pub correlation_id: Option<String>,
        /// The columns of the dataset that participants don't see.
        pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
        /// The question and the answers to it.
        pub response: Option<Answers>,
        /// A flag that the documentation does not explain.
        pub no_submission: Option<bool>,
        /// An internal version.
        pub schema_version: Option<u64>,
    }
}
