use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    time::Instant,
};

use crate::{SubmissionId, submissions::SubmissionStatus};

/// How many submissions of other studies are remembered as such.
const MOST_FOREIGN: usize = 4_096;
/// How many statuses of a submission are kept until it is read; there are ten.
const MOST_STATUSES: usize = 16;
/// How often a submission is read that is behind what events say of it.
const MOST_READS: u32 = 4;

/// What events say that was not looked at yet.
#[derive(Default)]
pub(super) struct Hints {
    hints: BTreeMap<SubmissionId, Hint>,
    foreign: Recent,
}

/// What events say of a submission.
#[derive(Clone, Default)]
pub(super) struct Hint {
    pub(super) statuses: Vec<SubmissionStatus>,
    /// When to read it again that was behind what events say of it.
    due: Option<Instant>,
    reads: u32,
    /// Whether a poll that started after the event is running.
    pub(super) is_looked_for: bool,
}

impl Hints {
    pub(super) fn len(&self) -> usize {
        self.hints.len()
    }

    pub(super) fn add(&mut self, id: SubmissionId, status: Option<SubmissionStatus>) {
        if self.foreign.contains(&id) {
            return;
        }
        let hint = self.hints.entry(id).or_default();
        if let Some(status) = status
            && hint.statuses.len() < MOST_STATUSES
            && !hint.statuses.contains(&status)
        {
            hint.statuses.push(status);
        }
        (hint.due, hint.reads, hint.is_looked_for) = (None, 0, false);
    }

    /// A submission to read now.
    pub(super) fn due(&self, now: Instant) -> Option<&SubmissionId> {
        let is_due = |hint: &Hint| !hint.is_looked_for && hint.due.is_none_or(|due| due <= now);
        self.hints.iter().find(|(_, hint)| is_due(hint)).map(|(id, _)| id)
    }

    /// When the next one is to be read again.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.hints.values().filter_map(|hint| hint.due).min()
    }

    pub(super) fn get(&self, id: &SubmissionId) -> Option<&Hint> {
        self.hints.get(id)
    }

    pub(super) fn remove(&mut self, id: &SubmissionId) {
        self.hints.remove(id);
    }

    /// The submission is of another study, and so are later events.
    pub(super) fn is_foreign(&mut self, id: &SubmissionId) {
        self.hints.remove(id);
        self.foreign.add(id.clone());
    }

    /// Schedules the submission to be read again, unless that was done often enough: then the event is old.
    pub(super) fn read_again(&mut self, id: &SubmissionId, due: Instant) {
        let Some(hint) = self.hints.get_mut(id) else { return };
        (hint.due, hint.reads) = (Some(due), hint.reads + 1);
        if hint.reads >= MOST_READS {
            self.hints.remove(id);
        }
    }

    /// A look begins that finds whatever is of this study.
    pub(super) fn look_begins(&mut self) {
        self.hints.values_mut().for_each(|hint| hint.is_looked_for = true);
    }

    /// The look has not ended.
    pub(super) fn look_failed(&mut self) {
        self.hints.values_mut().for_each(|hint| hint.is_looked_for = false);
    }

    /// What the look did not find is of another study, or is gone.
    pub(super) fn look_ended(&mut self) {
        self.hints.retain(|_, hint| !hint.is_looked_for);
    }

    /// The look found a submission whose status is behind: it stays, to be read again.
    pub(super) fn was_found(&mut self, id: &SubmissionId) {
        if let Some(hint) = self.hints.get_mut(id) {
            hint.is_looked_for = false;
        }
    }
}

/// The ids that came last.
#[derive(Default)]
struct Recent {
    ids: HashSet<SubmissionId>,
    order: VecDeque<SubmissionId>,
}

impl Recent {
    fn contains(&self, id: &SubmissionId) -> bool {
        self.ids.contains(id)
    }

    fn add(&mut self, id: SubmissionId) {
        if !self.ids.insert(id.clone()) {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > MOST_FOREIGN
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
    }
}
