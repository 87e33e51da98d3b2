use prolific_api::types;

/// How many submissions of a study are in which state. The API documents them as numbers that
/// may have a fraction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SubmissionCounts {
    /// Places that are held.
    pub reserved: Option<f64>,
    /// Under way.
    pub active: Option<f64>,
    /// Waiting for approval.
    pub awaiting_review: Option<f64>,
    /// Approved.
    pub approved: Option<f64>,
    /// Approved in part.
    pub partially_approved: Option<f64>,
    /// Rejected.
    pub rejected: Option<f64>,
    /// Returned by their participants.
    pub returned: Option<f64>,
    /// Not finished in time.
    pub timed_out: Option<f64>,
    /// Screened out.
    pub screened_out: Option<f64>,
    /// All of them.
    pub total: Option<f64>,
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
            reserved,
            active,
            awaiting_review,
            approved,
            partially_approved,
            rejected,
            returned,
            timed_out,
            screened_out,
            total,
        }
    }
}
