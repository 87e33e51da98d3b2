//! The course of a watch: what is looked at next, and what comes of it.
//!
//! Only one request is in flight at a time, and the next one is sent only when all changes of the
//! last response have been taken. A response is therefore always newer than the changes it is
//! compared with, and at most a page is kept.

use std::{
    collections::{HashSet, VecDeque},
    future::pending,
    hash::{BuildHasher, RandomState},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::{Either, select};
use tokio::sync::mpsc;

use super::{
    StudyEvent,
    feed::CAPACITY,
    hints::Hints,
    position::{MOST_SUBMISSIONS, Told},
    progress,
};
use crate::{
    Error, ErrorKind, Prolific, Result, StudyId, SubmissionId,
    call::Clock,
    pages::{ByPage, Page},
    poll::PollInterval,
    studies::StudyStatus,
    submissions::{Submission, SubmissionStatus, SubmissionSummary},
    webhooks::{Change, Event},
};

/// How many submissions to ask for at a time.
const PAGE_SIZE: u32 = 100;
/// How many submissions that events name are read one by one; of more a list is read.
const FEW: usize = 20;
/// How many unreadable rows are reported; later ones are the same rows again.
const MOST_UNREADABLE: usize = 1_000;

/// The reported changes, shared with callers that ask for the position.
pub(super) type Shared = Arc<Mutex<Arc<Told>>>;

pub(super) fn locked(told: &Shared) -> MutexGuard<'_, Arc<Told>> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a watch goes about it.
pub(super) struct Plan {
    pub(super) prolific: Prolific,
    pub(super) study_id: StudyId,
    pub(super) interval: PollInterval,
    pub(super) polls: bool,
    pub(super) patience: Duration,
    pub(super) told: Shared,
    pub(super) feed: mpsc::Receiver<Event>,
}

pub(super) struct Course {
    plan: Plan,
    clock: Arc<Clock>,
    /// The changes to report, at most those of one page.
    ready: VecDeque<Result<StudyEvent>>,
    hints: Hints,
    /// Whether an event said that the status of the study changed.
    is_study_hinted: bool,
    /// Whether somebody may hand in events.
    is_fed: bool,
    look: Option<Look>,
    look_due: Option<Instant>,
    last_look: Option<Instant>,
    /// How many looks in a row found nothing new, and whether this one has.
    looks_without_news: u32,
    has_news: bool,
    /// Since when requests have failed, how many did, and when to retry.
    failing_since: Option<Instant>,
    failures: u32,
    paused_until: Option<Instant>,
    /// The unreadable rows that were reported, by hash.
    unreadable: HashSet<u64>,
    hasher: RandomState,
    is_over: bool,
}

/// A look at the study and all of its submissions.
struct Look {
    status: Option<StudyStatus>,
    pages: ByPage<SubmissionSummary>,
    /// Whether a submission is open, or may be.
    has_open: bool,
}

/// What to do next.
enum Next {
    Study,
    Submission(SubmissionId),
    Look,
    Page,
    Wait(Option<Instant>),
}

impl Course {
    pub(super) fn new(plan: Plan, clock: Arc<Clock>) -> Self {
        let now = clock.now();
        Self {
            plan,
            clock,
            ready: VecDeque::new(),
            hints: Hints::default(),
            is_study_hinted: false,
            is_fed: true,
            look: None,
            look_due: Some(now),
            last_look: None,
            looks_without_news: 0,
            has_news: false,
            failing_since: None,
            failures: 0,
            paused_until: None,
            unreadable: HashSet::new(),
            hasher: RandomState::new(),
            is_over: false,
        }
    }

    /// The next change, or why there is none. The previous one must have been marked as reported.
    pub(super) async fn next(&mut self) -> Option<Result<StudyEvent>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            self.take_events();
            if let Err(error) = self.step().await {
                self.failed(error);
            }
        }
    }

    async fn step(&mut self) -> Result<()> {
        match self.what_is_next() {
            Next::Study => self.read_study().await,
            Next::Submission(id) => self.read_submission(&id).await,
            Next::Look => self.begin_look().await,
            Next::Page => self.read_page().await,
            Next::Wait(until) => {
                self.wait(until).await;
                Ok(())
            }
        }
    }

    fn what_is_next(&self) -> Next {
        let now = self.clock.now();
        let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= now);
        if let Some(paused) = self.paused_until.filter(|paused| *paused > now) {
            return Next::Wait(Some(paused));
        }
        let hinted = self.hints.due(now);
        if let Some(id) = hinted
            && self.hints.len() <= FEW
        {
            return Next::Submission(id.clone());
        }
        if self.look.is_some() {
            return Next::Page;
        }
        if hinted.is_some() || is_due(self.look_due) {
            return Next::Look;
        }
        if self.is_study_hinted {
            return Next::Study;
        }
        Next::Wait(self.look_due.into_iter().chain(self.hints.next_due()).min())
    }

    /// Waits until a time, or for an event.
    async fn wait(&mut self, until: Option<Instant>) {
        let pause = until.map(|until| until.saturating_duration_since(self.clock.now()));
        let clock = self.clock.clone();
        let pause = pin!(async move {
            match pause {
                Some(pause) => clock.sleep(pause).await,
                None => pending().await,
            }
        });
        if !self.is_fed || self.hints.len() >= CAPACITY {
            return pause.await;
        }
        let handed_in = match select(pause, pin!(self.plan.feed.recv())).await {
            Either::Left(_) => return,
            Either::Right((handed_in, _)) => handed_in,
        };
        match handed_in {
            Some(event) => self.note(&event),
            None => self.feed_ended(),
        }
    }

    /// Takes the events that wait to be looked at.
    fn take_events(&mut self) {
        while self.is_fed && self.hints.len() < CAPACITY {
            match self.plan.feed.try_recv() {
                Ok(event) => self.note(&event),
                Err(mpsc::error::TryRecvError::Empty) => return,
                Err(mpsc::error::TryRecvError::Disconnected) => self.feed_ended(),
            }
        }
    }

    fn feed_ended(&mut self) {
        self.is_fed = false;
        if !self.plan.polls {
            self.look_by(self.clock.now());
        }
    }

    fn note(&mut self, event: &Event) {
        let own = &self.plan.study_id;
        match event.change() {
            Change::SubmissionStatus { submission_id, status, .. } => {
                let told = locked(&self.plan.told);
                let is_told =
                    status.is_some() && told.submissions.get(&submission_id) == status.as_ref();
                drop(told);
                if !is_told {
                    self.hints.add(submission_id, status);
                }
            }
            Change::StudyStatus { study_id, .. } if study_id == *own => self.is_study_hinted = true,
            Change::StudyProgress { study_id } | Change::StudyHighReturnRate { study_id }
                if study_id == *own =>
            {
                let soon = self.last_look.map(|last| last + self.plan.interval.shortest());
                self.look_by(soon.unwrap_or_else(|| self.clock.now()));
            }
            _ => {}
        }
    }

    fn look_by(&mut self, due: Instant) {
        self.look_due = Some(self.look_due.map_or(due, |before| before.min(due)));
    }

    async fn read_study(&mut self) -> Result<()> {
        let study = self.plan.prolific.studies().get(&self.plan.study_id).await?;
        self.succeeded();
        self.is_study_hinted = false;
        self.saw_study(study.status);
        self.look_if_over();
        Ok(())
    }

    async fn read_submission(&mut self, id: &SubmissionId) -> Result<()> {
        let read = self.plan.prolific.submissions().get(id).await;
        let is_told = locked(&self.plan.told).submissions.contains_key(id);
        match read {
            Ok(submission) if submission.study_id.as_ref() == Some(&self.plan.study_id) => {
                self.succeeded();
                self.saw_submission(submission)?;
                self.look_if_over();
            }
            // The list says whether it is of this study.
            Ok(submission)
                if submission.study_id.is_none()
                    || submission.parent_study_id.as_ref() == Some(&self.plan.study_id) =>
            {
                self.succeeded();
                self.hints.remove(id);
                self.look_by(self.clock.now());
            }
            Ok(_) => {
                self.succeeded();
                self.hints.is_foreign(id);
            }
            Err(error) if !is_told && is_not_ours(&error) => self.hints.is_foreign(id),
            Err(error) if is_not_ours(&error) => {
                self.hints.remove(id);
                self.look_by(self.clock.now());
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn begin_look(&mut self) -> Result<()> {
        (self.has_news, self.is_study_hinted) = (false, false);
        self.hints.look_begins();
        self.last_look = Some(self.clock.now());
        // Before the submissions: of one that has ended none begin any more.
        let study = self.plan.prolific.studies().get(&self.plan.study_id).await?;
        let submissions = self.plan.prolific.submissions().list(&self.plan.study_id);
        let pages = submissions.page_size(PAGE_SIZE).page_ahead(false).by_page();
        self.look = Some(Look { status: study.status, pages, has_open: false });
        Ok(())
    }

    async fn read_page(&mut self) -> Result<()> {
        let Some(look) = &mut self.look else { return Ok(()) };
        match look.pages.next().await.transpose()? {
            Some(page) => self.saw_page(page),
            None => {
                self.look_ended();
                Ok(())
            }
        }
    }

    fn saw_page(&mut self, page: Page<SubmissionSummary>) -> Result<()> {
        self.succeeded();
        for row in page.items {
            // One with an unknown status may not have ended.
            let is_open = row.status.as_ref().is_none_or(|status| !status.is_terminal());
            if let Some(look) = &mut self.look {
                look.has_open |= is_open;
            }
            self.saw_submission(submission(row, &self.plan.study_id))?;
        }
        for error in page.unreadable {
            if let Some(look) = &mut self.look {
                look.has_open = true;
            }
            let is_new = self.unreadable.len() < MOST_UNREADABLE
                && self.unreadable.insert(self.hasher.hash_one(error.body()));
            if is_new {
                self.ready.push_back(Err(error));
            }
        }
        Ok(())
    }

    fn look_ended(&mut self) {
        let Some(Look { status, has_open, .. }) = self.look.take() else { return };
        self.hints.look_ended();
        let has_ended = status.as_ref().is_some_and(StudyStatus::is_terminal) && !has_open;
        self.saw_study(status);
        let can_come = self.plan.polls || self.is_fed;
        self.is_over = has_ended || !can_come;
        self.looks_without_news = if self.has_news { 1 } else { self.looks_without_news + 1 };
        let random = self.clock.environment().random();
        let pause = self.plan.interval.pause(self.looks_without_news, random);
        self.look_due = self.plan.polls.then(|| self.after(pause));
    }

    fn saw_study(&mut self, status: Option<StudyStatus>) {
        let told = locked(&self.plan.told).study.clone();
        if let Some(to) = status
            && told.as_ref() != Some(&to)
        {
            self.has_news = true;
            self.ready.push_back(Ok(StudyEvent::StudyChanged { from: told, to }));
        }
    }

    fn saw_submission(&mut self, submission: Submission) -> Result<()> {
        let Some(read) = submission.status.clone() else {
            tracing::warn!(submission = %submission.id, "a submission without a status was skipped");
            self.hints.remove(&submission.id);
            return Ok(());
        };
        let (told, count) = {
            let told = locked(&self.plan.told);
            (told.submissions.get(&submission.id).cloned(), told.submissions.len())
        };
        if told.is_none() && count + self.ready.len() >= MOST_SUBMISSIONS {
            return Err(too_many());
        }
        let hinted = self.hints.get(&submission.id).map_or(&[][..], |hint| &hint.statuses);
        let steps = progress::steps(told.as_ref(), hinted, &read);
        if progress::is_behind(&read, hinted) {
            let pause = self.plan.interval.pause(1, self.clock.environment().random());
            let due = self.after(pause);
            self.hints.was_found(&submission.id);
            self.hints.read_again(&submission.id, due);
        } else {
            self.hints.remove(&submission.id);
        }
        self.tell(told, steps, submission);
        Ok(())
    }

    fn tell(
        &mut self,
        mut last: Option<SubmissionStatus>,
        steps: Vec<SubmissionStatus>,
        submission: Submission,
    ) {
        for status in steps {
            let submission = submission.clone();
            let event = match last.replace(status.clone()) {
                None => StudyEvent::SubmissionNew { status, submission },
                Some(from) => StudyEvent::SubmissionChanged { from, to: status, submission },
            };
            self.has_news = true;
            self.ready.push_back(Ok(event));
        }
    }

    /// What seems to be over is looked at once more.
    fn look_if_over(&mut self) {
        let told = locked(&self.plan.told).clone();
        if told.is_over(self.ready.iter().flatten()) {
            self.look_by(self.clock.now());
        }
    }

    fn succeeded(&mut self) {
        (self.failing_since, self.failures) = (None, 0);
    }

    /// Outlasts what passes, for as long as there is patience.
    fn failed(&mut self, error: Error) {
        self.look = None;
        self.hints.look_failed();
        let now = self.clock.now();
        let since = *self.failing_since.get_or_insert(now);
        let passes = error.is_transient() || error.kind() == ErrorKind::Incomplete;
        if !passes || now.saturating_duration_since(since) >= self.plan.patience {
            self.is_over = true;
            self.ready.push_back(Err(error));
            return;
        }
        self.failures = self.failures.saturating_add(1);
        let pause = self.plan.interval.pause(self.failures, self.clock.environment().random());
        let pause = pause.max(error.retry_after().unwrap_or_default());
        tracing::warn!(study = %self.plan.study_id, %error, ?pause, "a poll of a watch failed");
        self.paused_until = Some(self.after(pause));
        self.look_by(now);
    }

    fn after(&self, pause: Duration) -> Instant {
        let now = self.clock.now();
        now.checked_add(pause).unwrap_or_else(|| self.clock.environment().after(pause))
    }
}

/// Whether an event is about something that this watch has nothing to do with.
fn is_not_ours(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Forbidden)
}

fn too_many() -> Error {
    Error::unexpected(format!(
        "the study has more than {MOST_SUBMISSIONS} submissions, the limit for a watch"
    ))
}

/// A row of the list as the submission by itself.
fn submission(row: SubmissionSummary, study_id: &StudyId) -> Submission {
    let mut submission = Submission::new(row.id);
    submission.study_id = Some(study_id.clone());
    submission.participant_id = row.participant_id;
    submission.status = row.status;
    submission.started_at = row.started_at;
    submission.completed_at = row.completed_at;
    submission.entered_code = row.entered_code;
    submission.bonus_payments = row.bonus_payments;
    submission.return_requested = row.return_requested;
    submission
}
