use crate::{
    batches::TaskResponse,
    collections::CollectionResponse,
    submissions::{Submission, SubmissionSummary},
};

/// A record about a submission or participant, which can be [joined](super::Index).
pub trait Keyed {
    /// The id of the submission, if it is known.
    fn submission(&self) -> Option<&str>;

    /// The id of the participant, if it is known.
    fn participant(&self) -> Option<&str>;
}

macro_rules! keyed {
    ($($model:ty { $submission:expr })+) => { $(
        impl Keyed for $model {
            fn submission(&self) -> Option<&str> {
                let submission: fn(&Self) -> Option<&str> = $submission;
                submission(self)
            }

            fn participant(&self) -> Option<&str> {
                self.participant_id.as_ref().map(|id| id.as_str())
            }
        }
    )+ };
}

keyed! {
    Submission { |submission| Some(submission.id.as_str()) }
    SubmissionSummary { |submission| Some(submission.id.as_str()) }
    TaskResponse { |response| response.submission_id.as_ref().map(|id| id.as_str()) }
    CollectionResponse { |response| response.submission_id.as_ref().map(|id| id.as_str()) }
}
