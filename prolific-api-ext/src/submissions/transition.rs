use serde::{Deserialize, Serialize};

use super::{RejectionCategory, SubmissionAction};
use crate::request::request;

request! {
    /// A [move](super::Submissions::transition) of a submission to another status.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::submissions::{SubmissionAction, Transition};
    ///
    /// let complete = Transition::new(SubmissionAction::Complete).completion_code("CDONE");
    /// ```
    pub struct Transition(
        /// The action.
        action: SubmissionAction
    ) {
        /// A message to the participant; at least 100 characters for a rejection.
        message: String,
        /// The reason for a rejection.
        rejection_category: RejectionCategory,
        /// The code that completes the submission; its actor is the researcher.
        completion_code: String,
        /// Data that goes with the code.
        completion_code_data: CompletionCodeData,
    }
}

/// Data of a completion code that pays part of the reward.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct CompletionCodeData {
    /// The percentage of the reward to pay, 8 to 99.
    pub percentage_of_reward: f64,
    /// A message to the participant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_to_participant: Option<String>,
}

impl CompletionCodeData {
    /// Pays a percentage of the reward.
    pub fn new(percentage_of_reward: f64) -> Self {
        Self { percentage_of_reward, message_to_participant: None }
    }

    /// Sets the message to the participant.
    #[must_use]
    pub fn message_to_participant(mut self, message: impl Into<String>) -> Self {
        self.message_to_participant = Some(message.into());
        self
    }
}
