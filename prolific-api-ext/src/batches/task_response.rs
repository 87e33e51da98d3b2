use prolific_api::types;

use crate::{
    BatchId, ParticipantId, SubmissionId, Timestamp,
    resource::{count, usable_id},
};

/// What a participant answered to one instruction of one task. It is written as the API writes
/// it, so that it can be kept as a line of JSON.
#[derive(Clone, Debug, serde::Serialize)]
#[non_exhaustive]
pub struct TaskResponse {
    /// Its id. The API does not say where it can be used.
    pub id: Option<String>,
    /// When it was given.
    pub created_at: Option<Timestamp>,
    /// The batch.
    pub batch_id: Option<BatchId>,
    /// Who answered.
    pub participant_id: Option<ParticipantId>,
    /// The submission that it is of.
    pub submission_id: Option<SubmissionId>,
    /// The task, by its id.
    pub task_id: Option<String>,
    /// What belongs together, by an id.
    pub correlation_id: Option<String>,
    /// The columns of the dataset that participants don't see.
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
    /// The instruction and the answers to it, as the raw client has them.
    pub response: Option<types::AnswerSet>,
    /// A flag that the documentation does not explain.
    pub no_submission: Option<bool>,
    /// An internal version.
    pub schema_version: Option<i64>,
}

impl TaskResponse {
    pub(super) fn from_raw(raw: types::TaskResponse) -> Self {
        let types::TaskResponse {
            batch_id,
            correlation_id,
            created_at,
            id,
            metadata,
            no_submission,
            participant_id,
            response,
            schema_version,
            submission_id,
            task_id,
            ..
        } = raw;
        Self {
            id,
            created_at,
            batch_id: usable_id(batch_id),
            participant_id: usable_id(participant_id),
            submission_id: usable_id(submission_id),
            task_id,
            correlation_id,
            metadata,
            response,
            no_submission,
            schema_version: count(schema_version),
        }
    }
}
