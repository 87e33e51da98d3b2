use crate::{
    studies::StudyStatus,
    submissions::{Submission, SubmissionStatus},
};

/// A change that a [`StudyWatch`](super::StudyWatch) tells.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StudyEvent {
    /// There is a submission that was not told before.
    SubmissionNew {
        /// Its status when it was first seen.
        status: SubmissionStatus,
        /// The submission as it was read, which may be further on than `status`.
        submission: Submission,
    },
    /// The status of a submission changed.
    SubmissionChanged {
        /// The status that was told last.
        from: SubmissionStatus,
        /// The status that followed.
        to: SubmissionStatus,
        /// The submission as it was read, which may be further on than `to`.
        submission: Submission,
    },
    /// The status of the study changed.
    StudyChanged {
        /// The status that was told last; none where none was.
        from: Option<StudyStatus>,
        /// The status that followed.
        to: StudyStatus,
    },
}
