use serde::{Deserialize, Serialize};

use super::{RejectionCategory, SubmissionAction};
use crate::request::request;

request! {
    /// How to [move](super::Submissions::transition) a submission to another status.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::submissions::{SubmissionAction, Transition};
    ///
    /// let complete = Transition::new(SubmissionAction::Complete).completion_code("CDONE");
    /// ```
    pub struct Transition(
        /// What to do.
        action: SubmissionAction
    ) {
        /// A message to the participant; of a rejection at least 100 characters.
        message: String,
        /// Why it is rejected.
        rejection_category: RejectionCategory,
        /// The code that completes it: one whose actor is the researcher.
        completion_code: String,
        /// What goes with that code.
        completion_code_data: CompletionCodeData,
    }
}

/// What goes with a completion code that pays a part of the reward.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct CompletionCodeData {
    /// The part of the reward to pay, 8 to 99 percent.
    pub percentage_of_reward: f64,
    /// What the participant is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_to_participant: Option<String>,
}

impl CompletionCodeData {
    /// Pays so many percent of the reward.
    pub fn new(percentage_of_reward: f64) -> Self {
        Self { percentage_of_reward, message_to_participant: None }
    }

    /// Sets what the participant is told.
    #[must_use]
    pub fn message_to_participant(mut self, message: impl Into<String>) -> Self {
        self.message_to_participant = Some(message.into());
        self
    }
}
