use prolific_api::types;

use super::{AnswerValue, QuestionType};
use crate::{
    InstructionId, Number,
    model::{model, read_model},
};

/// A participant's answer to one question. Serialises as the API writes it.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Answers {
    /// The question.
    pub instruction_id: Option<InstructionId>,
    /// The kind of the question.
    #[serde(rename = "type")]
    pub kind: Option<QuestionType>,
    /// The answers; several for a multiple choice or for files.
    #[serde(rename = "answer")]
    pub answers: Vec<Answer>,
}

read_model! {
    Answers from types::AnswerSet {
        instruction_id,
        kind = type_,
        answers = answer,
    }
}

model! {
    /// An answer. Which fields it has depends on the kind of the question.
    pub struct Answer from types::Answer {
        /// What was picked or typed.
        pub value: Option<AnswerValue>,
        /// The unit of a text with a unit. *(known from the official CLI only)*
        pub unit: Option<String>,
        /// The text entered with a choice. *(known from the official CLI only)*
        pub explanation: Option<String>,
        /// The location of an uploaded file. *(known from the official CLI only)*
        pub file_key: Option<String>,
        /// The name of an uploaded file. *(known from the official CLI only)*
        pub file_name: Option<String>,
        /// The size of an uploaded file, in megabytes. *(known from the official CLI only)*
        pub file_size_mb: Option<Number>,
        /// The media type of an uploaded file. *(known from the official CLI only)*
        pub content_type: Option<String>,
    }
}
