use super::Decision;
use crate::{
    Error, Minor, Result,
    submissions::{SubmissionStatus, SubmissionSummary},
};

/// The outcome of a [`Review`](super::Review).
#[derive(Debug)]
#[non_exhaustive]
pub struct ReviewReport {
    /// The submissions that awaited review, in the order in which they were started.
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
    /// The submission as it was when the review started.
    pub submission: SubmissionSummary,
    /// What was decided.
    pub decision: Decision,
    /// The outcome.
    pub outcome: ReviewOutcome,
}

/// The outcome of a [`Decision`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ReviewOutcome {
    /// Nothing to do, or a dry run.
    NotTried,
    /// Done. The submission now has this status; one whose return was requested stays AWAITING
    /// REVIEW until the participant returns it.
    Done(Option<SubmissionStatus>),
    /// Not done.
    NotDone {
        /// The last known status.
        status: Option<SubmissionStatus>,
        /// The error; `None` if the review ended before.
        error: Option<Error>,
    },
}

impl ReviewReport {
    /// What was carried out.
    pub fn done(&self) -> impl Iterator<Item = &Reviewed> {
        self.reviewed.iter().filter(|it| matches!(it.outcome, ReviewOutcome::Done(_)))
    }

    /// Returns the decisions that were not carried out.
    pub fn not_done(&self) -> impl Iterator<Item = &Reviewed> {
        self.reviewed.iter().filter(|it| matches!(it.outcome, ReviewOutcome::NotDone { .. }))
    }

    /// Returns the number of decisions to approve.
    pub fn approvals(&self) -> usize {
        self.reviewed.iter().filter(|it| it.decision == Decision::Approve).count()
    }

    /// Returns what all decided approvals pay participants, in pence or cents, without fees. `None`
    /// if the reward is not known.
    pub fn pay(&self) -> Option<Minor> {
        let reward = self.reward?;
        (0..self.approvals()).try_fold(Minor::ZERO, |sum, _| sum.checked_add(reward))
    }

    /// Returns an error with this report if some decisions were not carried out.
    pub(super) fn whole(mut self) -> Result<Self> {
        let Some(first) = self.not_done().next().map(Reviewed::why_not_done) else {
            return Ok(self);
        };
        let (count, all) = (self.not_done().count(), self.done().count() + self.not_done().count());
        let error = self.error.take().unwrap_or_else(|| {
            Error::partial(format!("{count} of {all} decisions were not carried out: {first}"))
        });
        let in_doubt = self.not_done().filter(|it| it.is_in_doubt()).count();
        Err(error.having_in_doubt(in_doubt).with_last_seen("partial".to_owned(), self))
    }
}

impl Reviewed {
    /// Whether it may have been carried out although it failed.
    fn is_in_doubt(&self) -> bool {
        matches!(&self.outcome, ReviewOutcome::NotDone { error: Some(error), .. } if error.may_have_acted())
    }

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
