use crate::submissions::RejectionCategory;

/// What to do with a submission that awaits review.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::{studies::Decision, submissions::{RejectionCategory, SubmissionSummary}};
///
/// fn decide(submission: &SubmissionSummary) -> Decision {
///     match (submission.entered_code.as_deref(), submission.time_taken) {
///         (Some("CDONE"), _) => Decision::Approve,
///         (None, _) => Decision::request_return(["No completion code was entered."]),
///         (_, Some(0..=20)) => Decision::reject(
///             RejectionCategory::TooQuickly,
///             "The 40 photographs were gone through in less than 20 seconds, which leaves half a \
///              second for each of them. The names that were entered are those of other birds.",
///         ),
///         _ => Decision::Skip,
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Decision {
    /// Approves it. **This pays the participant.**
    Approve,
    /// Rejects it.
    Reject {
        /// Why.
        category: RejectionCategory,
        /// The message to the participant, at least 100 characters.
        message: String,
    },
    /// Asks the participant to return it, unless that was done before.
    RequestReturn {
        /// The reasons, as shown to the participant.
        reasons: Vec<String>,
    },
    /// Completes it with a code whose actor is the researcher, which screens the participant out.
    /// **This pays what the code says.**
    ScreenOut {
        /// The code, one of the study's.
        completion_code: String,
    },
    /// Leaves it as it is.
    Skip,
}

impl Decision {
    /// Rejects it with a message of at least 100 characters.
    pub fn reject(category: RejectionCategory, message: impl Into<String>) -> Self {
        Self::Reject { category, message: message.into() }
    }

    /// Asks the participant to return it for these reasons.
    pub fn request_return(reasons: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::RequestReturn { reasons: reasons.into_iter().map(Into::into).collect() }
    }

    /// Screens the participant out with a code of the study whose actor is the researcher.
    pub fn screen_out(completion_code: impl Into<String>) -> Self {
        Self::ScreenOut { completion_code: completion_code.into() }
    }
}
