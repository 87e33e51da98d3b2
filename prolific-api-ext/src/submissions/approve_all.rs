//! Approving many submissions: in chunks, one at a time in a workspace, with the result read back.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::IntoFuture,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use super::{BULK_APPROVE, GET, Submission, SubmissionStatus, limits::BULK};
use crate::{
    Error, ErrorKind, Prolific, Result, StudyId, SubmissionId,
    poll::{Pace, Standing, Wait, Watch, paced},
    resource::present,
    workspaces::{Deadline, MoneyTurn},
};

/// Page size of the list of submissions.
const PAGE_SIZE: u32 = 100;
/// The fraction of the timeout to wait for approvals that the server may never have received.
const DOUBT: u32 = 10;

/// Approves any number of submissions of a study. Returned by
/// [`Submissions::approve_all`](super::Submissions::approve_all). Awaiting it returns the
/// [`Approvals`]; nothing is sent before the first poll. **If dropped half way, it may have paid.**
#[must_use = "nothing is approved until it is awaited"]
#[derive(Debug)]
pub struct ApproveAll {
    prolific: Prolific,
    study_id: StudyId,
    ids: Vec<SubmissionId>,
    pace: Pace,
    allows_partial: bool,
}

/// The outcome of approving submissions.
#[derive(Debug)]
#[non_exhaustive]
pub struct Approvals {
    /// Submissions that are APPROVED, as read back from the server.
    pub approved: Vec<SubmissionId>,
    /// Submissions that are not, with the status read back; `None` if the study has no such
    /// submission, or it could not be read.
    pub not_approved: Vec<(SubmissionId, Option<SubmissionStatus>)>,
    /// Why it stopped before all were requested.
    pub error: Option<Error>,
}

impl ApproveAll {
    pub(crate) fn new(prolific: Prolific, study_id: StudyId, ids: BTreeSet<SubmissionId>) -> Self {
        let ids = ids.into_iter().collect();
        Self { prolific, study_id, ids, pace: Pace::default(), allows_partial: false }
    }

    paced! { this => this.pace;
        /// Sets the total time for waiting for the turn, for the server's approvals, and while
        /// others spend in the workspace. Default: 10 minutes.
        timeout;
        /// Sets the pause between polls; see [`Wait::interval`].
        interval;
    }

    /// Returns the outcome instead of a [`Partial`](ErrorKind::Partial) error if some are not
    /// approved.
    pub fn allow_partial(mut self) -> Self {
        self.allows_partial = true;
        self
    }
}

impl IntoFuture for ApproveAll {
    type Output = Result<Approvals>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { prolific, study_id, ids, pace, allows_partial } = self;
        Box::pin(async move {
            let deadline = Deadline::new(&prolific, pace);
            let approvals = deadline.run(approve(&prolific, &study_id, &ids, &deadline)).await;
            if allows_partial { Ok(approvals) } else { approvals.whole() }
        })
    }
}

impl Approvals {
    /// Returns a `Partial` error with the outcome if some are not approved.
    fn whole(mut self) -> Result<Self> {
        let Some((id, status)) = self.not_approved.first() else { return Ok(self) };
        let error = self.error.take().unwrap_or_else(|| {
            let status = status.as_ref().map_or("not found", |status| status.as_str());
            let (part, all) =
                (self.not_approved.len(), self.approved.len() + self.not_approved.len());
            let message = format!("{part} of {all} submissions are not approved: {id} is {status}");
            Error::partly(BULK_APPROVE, message)
        });
        Err(error.with_last_seen("partial".to_owned(), self))
    }
}

/// Approves submissions in chunks of the documented size. No request is repeated.
pub(crate) async fn approve(
    prolific: &Prolific,
    study_id: &StudyId,
    ids: &[SubmissionId],
    deadline: &Deadline,
) -> Approvals {
    let mut failed = None;
    for part in ids.chunks(BULK) {
        if let Err(error) = approve_part(prolific, study_id, part, deadline).await {
            failed = Some(error);
            break;
        }
    }
    let read = match ids {
        [] => Ok(BTreeMap::new()),
        _ => statuses(prolific, study_id).await,
    };
    let (mut read, unread) = match read {
        Ok(read) => (read, None),
        Err(error) => (BTreeMap::new(), Some(error)),
    };
    let (mut approved, mut not_approved) = (Vec::new(), Vec::new());
    for id in ids {
        match read.remove(id) {
            Some(SubmissionStatus::Approved) => approved.push(id.clone()),
            status => not_approved.push((id.clone(), status)),
        }
    }
    // What was turned down does not matter if all are approved even so.
    let error = failed.or(unread).filter(|_| !not_approved.is_empty());
    Approvals { approved, not_approved, error }
}

async fn approve_part(
    prolific: &Prolific,
    study_id: &StudyId,
    ids: &[SubmissionId],
    deadline: &Deadline,
) -> Result<()> {
    let _turn = MoneyTurn::of_study(prolific, study_id, deadline).await?;
    let submissions = prolific.submissions();
    let asked = deadline.while_contended(|| submissions.bulk_approve(ids)).await;
    let doubt = match asked {
        Ok(()) => None,
        Err(error) if error.may_have_acted() => Some(error),
        Err(error) => return Err(error),
    };
    let time = if doubt.is_some() { deadline.timeout() / DOUBT } else { deadline.left() };
    let ids: Arc<BTreeSet<_>> = Arc::new(ids.iter().cloned().collect());
    let settled = waiting(prolific, study_id, ids, deadline, time).await;
    match (settled, doubt) {
        (Ok(_), _) => Ok(()),
        (Err(error), Some(doubt)) => {
            let Some(left) = error.last_seen::<BTreeSet<SubmissionId>>() else { return Err(doubt) };
            approve_each(prolific, left, deadline).await
        }
        // Their status says that they wait.
        (Err(error), None) if error.kind() == ErrorKind::WaitTimedOut => Ok(()),
        (Err(error), None) => Err(error),
    }
}

/// Waits until none of them awaits approval.
async fn waiting(
    prolific: &Prolific,
    study_id: &StudyId,
    ids: Arc<BTreeSet<SubmissionId>>,
    deadline: &Deadline,
    time: Duration,
) -> Result<BTreeSet<SubmissionId>> {
    let subject = format!("the approval of {} submissions of study {study_id}", ids.len());
    let study_id = study_id.clone();
    let look = move |prolific: Prolific| {
        let (ids, study_id) = (ids.clone(), study_id.clone());
        async move {
            let waiting = prolific.submissions().list(&study_id);
            let waiting = waiting.status(SubmissionStatus::AwaitingReview).page_size(PAGE_SIZE);
            let rows = waiting.collect_all().await?.into_iter();
            let rows = rows.filter(|row| row.status == Some(SubmissionStatus::AwaitingReview));
            Ok(rows.map(|row| row.id).filter(|id| ids.contains(id)).collect::<BTreeSet<_>>())
        }
    };
    let wait = Wait::new(prolific, subject, look, |waiting: &BTreeSet<_>| waiting.is_empty());
    wait.timeout(time).interval(deadline.interval).await
}

/// Approves one by one what still awaits review after a lost response: documented to be harmless if
/// already done.
async fn approve_each(
    prolific: &Prolific,
    ids: &BTreeSet<SubmissionId>,
    deadline: &Deadline,
) -> Result<()> {
    let submissions = prolific.submissions();
    for id in ids {
        deadline.while_contended(|| submissions.approve(id)).await?;
    }
    Ok(())
}

/// Reads the statuses of the submissions of a study.
async fn statuses(
    prolific: &Prolific,
    study_id: &StudyId,
) -> Result<BTreeMap<SubmissionId, SubmissionStatus>> {
    let rows = prolific.submissions().list(study_id).page_size(PAGE_SIZE).collect_all().await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.id, row.status?))).collect())
}

/// Waits until a submission awaits review, and approves it. Returned by
/// [`Submissions::approve_when_ready`](super::Submissions::approve_when_ready). Awaiting it returns
/// the approved submission.
#[must_use = "nothing is approved until it is awaited"]
#[derive(Debug)]
pub struct ApproveWhenReady {
    prolific: Prolific,
    id: SubmissionId,
    pace: Pace,
}

impl ApproveWhenReady {
    pub(crate) fn new(prolific: Prolific, id: SubmissionId) -> Self {
        Self { prolific, id, pace: Pace::default() }
    }

    paced! { this => this.pace;
        /// Sets the total time to wait, for the participant and for the approval; see
        /// [`Wait::timeout`].
        timeout;
        /// Sets the pause between polls; see [`Wait::interval`].
        interval;
    }
}

impl IntoFuture for ApproveWhenReady {
    type Output = Result<Submission>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { prolific, id, pace } = self;
        Box::pin(async move {
            let deadline = Deadline::new(&prolific, pace);
            deadline.run(approve_when_ready(&prolific, &id, &deadline)).await
        })
    }
}

async fn approve_when_ready(
    prolific: &Prolific,
    id: &SubmissionId,
    deadline: &Deadline,
) -> Result<Submission> {
    let ready = Wait::of(prolific.clone(), &READY, id.clone());
    let submission = ready.timeout(deadline.left()).interval(deadline.interval).await?;
    if submission.status == Some(SubmissionStatus::Approved) {
        return Ok(submission);
    }
    let _turn = match &submission.study_id {
        Some(study_id) => Some(MoneyTurn::of_study(prolific, study_id, deadline).await?),
        None => None,
    };
    let submissions = prolific.submissions();
    deadline.while_contended(|| submissions.approve(id)).await
}

/// A submission that awaits its review or is approved.
static READY: Watch<SubmissionId, Submission> = Watch {
    operation: Some(GET),
    subject: |id| format!("submission {id}"),
    look: |prolific, id| {
        Box::pin(async move {
            let submission = prolific.submissions().get(&id).await?;
            present(submission.status.as_ref(), "status").map_err(|error| error.of(GET))?;
            Ok(submission)
        })
    },
    state: |submission| submission.status.as_ref().map_or("", |status| status.as_str()).into(),
    standing: |_, _, submission| match &submission.status {
        Some(SubmissionStatus::AwaitingReview | SubmissionStatus::Approved) => Standing::Succeeded,
        Some(ended) if ended.is_terminal() => Standing::Failed,
        _ => Standing::Pending,
    },
    advice: |_| None,
};
