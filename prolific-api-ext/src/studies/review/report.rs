use super::Decision;
use crate::{
    Error, Minor, Result,
    submissions::{SubmissionStatus, SubmissionSummary},
};

/// What came of a [`Review`](super::Review).
#[derive(Debug)]
#[non_exhaustive]
pub struct ReviewReport {
    /// The submissions that awaited their review, in the order in which they began.
    pub reviewed: Vec<Reviewed>,
    /// The reward of the study.
    pub reward: Option<Minor>,
    /// Why it ended before all decisions were tried.
    pub error: Option<Error>,
}

/// A submission that was reviewed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reviewed {
    /// The submission, as it was when the review began.
    pub submission: SubmissionSummary,
    /// What was decided.
    pub decision: Decision,
    /// What came of it.
    pub outcome: ReviewOutcome,
}

/// What came of a [`Decision`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ReviewOutcome {
    /// Nothing was to be done, or it was a dry run.
    NotTried,
    /// It was carried out, and the submission has this status now. One that was asked to be returned
    /// is AWAITING REVIEW until the participant returns it.
    Done(Option<SubmissionStatus>),
    /// It was not carried out.
    NotDone {
        /// The status, as far as it was read.
        status: Option<SubmissionStatus>,
        /// Why; none if the review ended before.
        error: Option<Error>,
    },
}

impl ReviewReport {
    /// What was carried out.
    pub fn done(&self) -> impl Iterator<Item = &Reviewed> {
        self.reviewed.iter().filter(|it| matches!(it.outcome, ReviewOutcome::Done(_)))
    }

    /// What was not carried out, though it was decided.
    pub fn not_done(&self) -> impl Iterator<Item = &Reviewed> {
        self.reviewed.iter().filter(|it| matches!(it.outcome, ReviewOutcome::NotDone { .. }))
    }

    /// How many were decided to be approved.
    pub fn approvals(&self) -> usize {
        self.reviewed.iter().filter(|it| it.decision == Decision::Approve).count()
    }

    /// What all approvals that were decided pay participants, in pence or cents, without fees. None if
    /// the reward is not known.
    pub fn pay(&self) -> Option<Minor> {
        let reward = self.reward?;
        (0..self.approvals()).try_fold(Minor::ZERO, |sum, _| sum.checked_add(reward))
    }

    /// Returns an error that has this if some decisions were not carried out.
    pub(super) fn whole(mut self) -> Result<Self> {
        let Some(first) = self.not_done().next().map(Reviewed::why_not_done) else {
            return Ok(self);
        };
        let (count, all) = (self.not_done().count(), self.done().count() + self.not_done().count());
        let error = self.error.take().unwrap_or_else(|| {
            Error::partial(format!("{count} of {all} decisions were not carried out: {first}"))
        });
        Err(error.with_last_seen("partial".to_owned(), self))
    }
}

impl Reviewed {
    fn why_not_done(&self) -> String {
        let id = &self.submission.id;
        match &self.outcome {
            ReviewOutcome::NotDone { error: Some(error), .. } => {
                format!("submission {id}: {error}")
            }
            ReviewOutcome::NotDone { status: Some(status), .. } => {
                format!("submission {id} is {status}")
            }
            _ => format!("submission {id} could not be read"),
        }
    }
}
