use crate::{
    studies::StudyStatus,
    submissions::{Submission, SubmissionStatus},
};

/// A change reported by a [`StudyWatch`](super::StudyWatch).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StudyEvent {
    /// A submission that was not reported before.
    SubmissionNew {
        /// Its status when first seen.
        status: SubmissionStatus,
        /// The submission as read, which may be further along than `status`.
        submission: Submission,
    },
    /// The status of a submission changed.
    SubmissionChanged {
        /// The last reported status.
        from: SubmissionStatus,
        /// The next status.
        to: SubmissionStatus,
        /// The submission as read, which may be further along than `to`.
        submission: Submission,
    },
    /// The status of the study changed.
    StudyChanged {
        /// The last reported status, if any.
        from: Option<StudyStatus>,
        /// The next status.
        to: StudyStatus,
    },
}
