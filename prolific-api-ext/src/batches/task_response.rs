use prolific_api::types;

use crate::{
    BatchId, ParticipantId, ResponseId, SubmissionId, TaskId, Timestamp, model::model,
    questions::Answers,
};

model! {
    /// A participant's response to one instruction of one task. Serialises as the API writes it,
    /// for example to a line of JSON.
    pub struct TaskResponse from types::TaskResponse {
        /// The id. What it can be used for is not documented.
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
        /// The task group.
        pub correlation_id: Option<String>,
        /// The columns of the dataset that are hidden from participants.
        pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
        /// The question and its answers.
        pub response: Option<Answers>,
        /// An undocumented flag.
        pub no_submission: Option<bool>,
        /// An internal version.
        pub schema_version: Option<u64>,
    }
}
