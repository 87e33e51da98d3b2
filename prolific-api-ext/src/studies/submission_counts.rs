use prolific_api::types;

use crate::resource::rounded;

/// How many submissions of a study are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubmissionCounts {
    /// Places that are held.
    pub reserved: Option<i64>,
    /// Under way.
    pub active: Option<i64>,
    /// Waiting for approval.
    pub awaiting_review: Option<i64>,
    /// Approved.
    pub approved: Option<i64>,
    /// Approved in part.
    pub partially_approved: Option<i64>,
    /// Rejected.
    pub rejected: Option<i64>,
    /// Returned by their participants.
    pub returned: Option<i64>,
    /// Not finished in time.
    pub timed_out: Option<i64>,
    /// Screened out.
    pub screened_out: Option<i64>,
    /// All of them.
    pub total: Option<i64>,
}

impl From<types::SubmissionCounts> for SubmissionCounts {
    fn from(raw: types::SubmissionCounts) -> Self {
        let types::SubmissionCounts {
            active,
            approved,
            awaiting_review,
            partially_approved,
            rejected,
            reserved,
            returned,
            screened_out,
            timed_out,
            total,
            ..
        } = raw;
        Self {
            reserved: rounded(reserved),
            active: rounded(active),
            awaiting_review: rounded(awaiting_review),
            approved: rounded(approved),
            partially_approved: rounded(partially_approved),
            rejected: rounded(rejected),
            returned: rounded(returned),
            timed_out: rounded(timed_out),
            screened_out: rounded(screened_out),
            total: rounded(total),
        }
    }
}
