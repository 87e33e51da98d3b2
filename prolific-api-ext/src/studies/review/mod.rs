//! Reviewing the submissions of a study.

mod decision;
mod report;

pub use decision::Decision;
pub use report::{ReviewOutcome, ReviewReport, Reviewed};

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    future::{IntoFuture, ready},
    pin::Pin,
};

use super::{CompletionActor, Study};
use crate::{
    Error, ErrorKind, Prolific, Result, StudyId, SubmissionId,
    poll::{Pace, paced},
    submissions::{
        Submission, SubmissionAction, SubmissionStatus, SubmissionSummary, Transition, approve,
        check_transition,
    },
    workspaces::{Deadline, MoneyTurn},
};

/// Page size of the list of submissions.
const PAGE_SIZE: u32 = 100;

type Deciding<'a> = Pin<Box<dyn Future<Output = (SubmissionSummary, Decision)> + Send + 'a>>;

/// A review of the submissions of a study that await it. Returned by
/// [`Studies::review`](super::Studies::review). Awaiting it returns the [`ReviewReport`]; nothing
/// is sent before the first poll. **If dropped half way, it may have paid.**
#[must_use = "nothing is reviewed until it is awaited"]
pub struct Review<'a> {
    prolific: Prolific,
    study_id: StudyId,
    decide: Box<dyn FnMut(SubmissionSummary) -> Deciding<'a> + Send + 'a>,
    pace: Pace,
    is_dry: bool,
    allows_partial: bool,
}

impl<'a> Review<'a> {
    pub(super) fn new(
        prolific: Prolific,
        study_id: StudyId,
        mut decide: impl FnMut(&SubmissionSummary) -> Decision + Send + 'a,
    ) -> Self {
        Self::by(prolific, study_id, move |submission| {
            let decision = decide(&submission);
            Box::pin(ready((submission, decision)))
        })
    }

    pub(super) fn with<D>(
        prolific: Prolific,
        study_id: StudyId,
        mut decide: impl FnMut(SubmissionSummary) -> D + Send + 'a,
    ) -> Self
    where
        D: Future<Output = Decision> + Send + 'a,
    {
        Self::by(prolific, study_id, move |submission| {
            let decision = decide(submission.clone());
            Box::pin(async move { (submission, decision.await) })
        })
    }

    fn by(
        prolific: Prolific,
        study_id: StudyId,
        decide: impl FnMut(SubmissionSummary) -> Deciding<'a> + Send + 'a,
    ) -> Self {
        let (pace, is_dry, allows_partial) = (Pace::default(), false, false);
        Self { prolific, study_id, decide: Box::new(decide), pace, is_dry, allows_partial }
    }

    paced! { this => this.pace;
        /// Sets the timeout once all decisions are made: for the turn, for the server's approvals,
        /// and while others spend in the workspace. Default: 10 minutes.
        timeout;
        /// Sets the pause between polls; see [`Wait::interval`](crate::poll::Wait::interval).
        interval;
    }

    /// Decides and checks, but sends nothing: the [report](ReviewReport) says what would be done,
    /// and what the approvals would [pay](ReviewReport::pay).
    pub fn dry_run(mut self) -> Self {
        self.is_dry = true;
        self
    }

    /// Returns the report even if some decisions were not carried out, instead of
    /// [`Partial`](ErrorKind::Partial) or the error that ended it.
    pub fn allow_partial(mut self) -> Self {
        self.allows_partial = true;
        self
    }

    async fn run(self) -> Result<ReviewReport> {
        let Self { prolific, study_id, mut decide, pace, is_dry, allows_partial } = self;
        let mut reviewed = Vec::new();
        let rows = prolific.submissions().list(&study_id).status(SubmissionStatus::AwaitingReview);
        for row in rows.page_size(PAGE_SIZE).collect_all().await? {
            if row.status != Some(SubmissionStatus::AwaitingReview) {
                continue;
            }
            let (submission, decision) = decide(row).await;
            let outcome = ReviewOutcome::NotTried;
            reviewed.push(Reviewed { submission, decision, outcome });
        }
        let study = prolific.studies().get(&study_id).await?;
        check(&study, &reviewed)?;
        let mut report = ReviewReport { reviewed, reward: study.reward, error: None };
        if is_dry {
            return Ok(report);
        }
        let deadline = Deadline::new(&prolific, pace);
        let execution = Execution { prolific: &prolific, study: &study, deadline: &deadline };
        deadline.run(execution.of_all(&mut report)).await;
        if allows_partial { Ok(report) } else { report.whole() }
    }
}

impl<'a> IntoFuture for Review<'a> {
    type Output = Result<ReviewReport>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Review<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Review")
            .field("study_id", &self.study_id)
            .field("pace", &self.pace)
            .field("is_dry", &self.is_dry)
            .field("allows_partial", &self.allows_partial)
            .finish_non_exhaustive()
    }
}

/// The transition that carries out a decision.
fn transition(decision: &Decision) -> Option<Transition> {
    match decision {
        Decision::Reject { category, message } => {
            let rejection = Transition::new(SubmissionAction::Reject);
            Some(rejection.rejection_category(category.clone()).message(message))
        }
        Decision::ScreenOut { completion_code } => {
            Some(Transition::new(SubmissionAction::Complete).completion_code(completion_code))
        }
        Decision::Approve | Decision::RequestReturn { .. } | Decision::Skip => None,
    }
}

/// Checks all decisions before any is carried out.
fn check(study: &Study, reviewed: &[Reviewed]) -> Result<()> {
    for Reviewed { submission, decision, .. } in reviewed {
        if let Some(why) = mistake(study, decision) {
            let message = format!("the decision on submission {}: {why}", submission.id);
            return Err(Error::invalid_input(message));
        }
    }
    Ok(())
}

fn mistake(study: &Study, decision: &Decision) -> Option<String> {
    match decision {
        Decision::ScreenOut { completion_code } => {
            let is_usable = study.completion_codes.iter().any(|code| {
                code.code.as_ref() == Some(completion_code)
                    && code.actor == Some(CompletionActor::Researcher)
            });
            (!is_usable).then(|| {
                format!(
                    "the study has no completion code {completion_code:?} with the actor researcher"
                )
            })
        }
        Decision::RequestReturn { reasons } => {
            let is_empty = reasons.is_empty() || reasons.iter().any(|it| it.trim().is_empty());
            is_empty.then(|| "a request to return needs reasons: give at least one".to_owned())
        }
        _ => transition(decision).and_then(|transition| check_transition(&transition)),
    }
}

/// The carrying out of decisions.
struct Execution<'a> {
    prolific: &'a Prolific,
    study: &'a Study,
    deadline: &'a Deadline,
}

impl Execution<'_> {
    /// What costs nothing comes first, and approvals last.
    async fn of_all(&self, report: &mut ReviewReport) {
        for reviewed in &mut report.reviewed {
            if reviewed.decision != Decision::Skip {
                reviewed.outcome = ReviewOutcome::NotDone {
                    status: reviewed.submission.status.clone(),
                    error: None,
                };
            }
        }
        let is_free =
            |it: &Decision| matches!(it, Decision::Reject { .. } | Decision::RequestReturn { .. });
        let is_screen_out = |it: &Decision| matches!(it, Decision::ScreenOut { .. });
        let each = async {
            self.of_each(&mut report.reviewed, is_free).await?;
            self.of_each(&mut report.reviewed, is_screen_out).await?;
            self.of_approvals(&mut report.reviewed).await
        };
        report.error = each.await.err();
    }

    /// Carries out the decisions that are sent one by one.
    async fn of_each(
        &self,
        reviewed: &mut [Reviewed],
        is_meant: impl Fn(&Decision) -> bool,
    ) -> Result<()> {
        for reviewed in reviewed.iter_mut().filter(|it| is_meant(&it.decision)) {
            reviewed.outcome = match self.of_one(&reviewed.submission, &reviewed.decision).await {
                Ok(status) => ReviewOutcome::Done(status),
                Err(error) if is_of_this_one(&error) => {
                    let status = reviewed.submission.status.clone();
                    ReviewOutcome::NotDone { status, error: Some(error) }
                }
                Err(error) => return Err(error),
            };
        }
        Ok(())
    }

    async fn of_one(
        &self,
        submission: &SubmissionSummary,
        decision: &Decision,
    ) -> Result<Option<SubmissionStatus>> {
        let submissions = self.prolific.submissions();
        let id = &submission.id;
        if let Decision::RequestReturn { reasons } = decision {
            if submission.return_requested.is_some() {
                return Ok(submission.status.clone());
            }
            let asked = submissions.request_return(id, reasons.iter().map(String::as_str)).await?;
            return Ok(asked.status.or_else(|| submission.status.clone()));
        }
        let Some(transition) = transition(decision) else { return Ok(submission.status.clone()) };
        let _turn = match decision {
            Decision::ScreenOut { .. } => {
                let project = self.study.project_id.as_ref();
                Some(MoneyTurn::of_project(self.prolific, project, self.deadline).await?)
            }
            _ => None,
        };
        let moved =
            self.deadline.while_contended(|| submissions.transition(id, transition.clone()));
        let moved: Submission = moved.await?;
        match moved.status {
            Some(SubmissionStatus::AwaitingReview) => {
                Err(Error::partial(format!("submission {id} is still AWAITING REVIEW")))
            }
            status => Ok(status),
        }
    }

    async fn of_approvals(&self, reviewed: &mut [Reviewed]) -> Result<()> {
        let is_approved = |it: &&mut Reviewed| it.decision == Decision::Approve;
        let ids: BTreeSet<SubmissionId> = reviewed
            .iter_mut()
            .filter(is_approved)
            .map(|reviewed| reviewed.submission.id.clone())
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = ids.into_iter().collect();
        let approvals = approve(self.prolific, &self.study.id, &ids, self.deadline).await;
        let approved: BTreeSet<_> = approvals.approved.into_iter().collect();
        let mut others: HashMap<_, _> = approvals.not_approved.into_iter().collect();
        for reviewed in reviewed.iter_mut().filter(is_approved) {
            let id = &reviewed.submission.id;
            reviewed.outcome = if approved.contains(id) {
                ReviewOutcome::Done(Some(SubmissionStatus::Approved))
            } else {
                ReviewOutcome::NotDone { status: others.remove(id).flatten(), error: None }
            };
        }
        approvals.error.map_or(Ok(()), Err)
    }
}

/// Whether an error concerns this submission only.
fn is_of_this_one(error: &Error) -> bool {
    error.may_have_acted()
        || matches!(
            error.kind(),
            ErrorKind::BadRequest
                | ErrorKind::NotFound
                | ErrorKind::Conflict
                | ErrorKind::Unprocessable
                | ErrorKind::Refused
                | ErrorKind::Partial
        )
}
