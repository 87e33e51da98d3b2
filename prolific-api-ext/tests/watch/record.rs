//! A study whose submissions change at random, and the simulator's own record of it.

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;
use prolific_api_ext::{
    Prolific, StudyId, SubmissionId,
    hooks::{EventType, NewSubscription},
    simulator::Simulator,
    studies::{StudyChange, StudyEvent, StudyStatus, StudyWatch, WatchPosition},
    submissions::{RejectionCategory, SubmissionAction, SubmissionStatus, Transition},
    webhooks::{Change, Event},
};

/// Long enough for a busy machine: no test waits for it.
const LONGEST: Duration = Duration::from_secs(60);

/// A study of a simulator, and what happened to it.
pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) prolific: Prolific,
    pub(crate) study: StudyId,
    pub(crate) rng: Rng,
    /// All events, in the order in which they happened.
    pub(crate) events: Vec<Event>,
    /// The statuses of each submission and of the study, in their order.
    pub(crate) submissions: BTreeMap<SubmissionId, Vec<SubmissionStatus>>,
    pub(crate) studies: Vec<StudyStatus>,
    deliveries: usize,
}

impl World {
    /// A study with this many places, whose changes are sent to a webhook on another machine.
    pub(crate) async fn new(seed: u64, places: u64) -> Self {
        let simulator = Simulator::start();
        let prolific = simulator.prolific().unwrap();
        let study = simulator.active_study().unwrap();
        prolific.studies().update(&study, StudyChange::new().places(places)).await.unwrap();
        let workspace = simulator.workspace_id().unwrap();
        prolific.hooks().create_secret(&workspace).await.unwrap();
        for event_type in [EventType::SubmissionStatusChange, EventType::StudyStatusChange] {
            let url = "https://example.com/hook";
            let hook = NewSubscription::new(workspace.clone(), event_type, url);
            let made = prolific.hooks().create(hook).await.unwrap();
            let confirmation = made.confirmation.unwrap();
            prolific.hooks().confirm(&made.subscription.id, &confirmation).await.unwrap();
        }
        let (rng, events) = (Rng::with_seed(seed), Vec::new());
        let (submissions, studies) = (BTreeMap::new(), vec![StudyStatus::Active]);
        Self { simulator, prolific, study, rng, events, submissions, studies, deliveries: 0 }
    }

    fn status(&self, id: &SubmissionId) -> &SubmissionStatus {
        self.submissions[id].last().unwrap()
    }

    pub(crate) fn open(&self) -> Vec<SubmissionId> {
        let is_open = |id: &&SubmissionId| !self.status(id).is_terminal();
        self.submissions.keys().filter(is_open).cloned().collect()
    }

    /// Has somebody new reserve a place.
    pub(crate) fn reserve(&mut self) {
        self.simulator.participants().reserve(&self.study, 1).unwrap();
        self.note();
    }

    /// Moves a submission that is open on by a step, at random.
    pub(crate) async fn move_on(&mut self, id: &SubmissionId) {
        let participants = self.simulator.participants();
        let submissions = self.prolific.submissions();
        let chance = self.rng.u8(..);
        match (self.status(id), chance) {
            (SubmissionStatus::Reserved | SubmissionStatus::Active, 0..30) => {
                participants.return_place(id).unwrap();
            }
            (SubmissionStatus::Reserved | SubmissionStatus::Active, 30..40) => {
                participants.time_out(id).unwrap();
            }
            (SubmissionStatus::Reserved, _) => participants.begin(id).unwrap(),
            (SubmissionStatus::Active, 40..60) => participants.screen_out(id).unwrap(),
            (SubmissionStatus::Active, _) => participants.submit(id, "CODE").unwrap(),
            (SubmissionStatus::AwaitingReview, 0..150) => {
                submissions.approve(id).await.unwrap();
            }
            (SubmissionStatus::AwaitingReview, 150..180) => participants.return_place(id).unwrap(),
            (SubmissionStatus::AwaitingReview, _) => {
                let message = "birds ".repeat(20);
                submissions.reject(id, RejectionCategory::LowEffort, message).await.unwrap();
            }
            (status, _) => panic!("{id} is {status}"),
        }
        self.note();
    }

    /// Takes a rejection back, if there is one.
    pub(crate) async fn unreject(&mut self) {
        let is_rejected = |id: &&SubmissionId| *self.status(id) == SubmissionStatus::Rejected;
        let Some(id) = self.submissions.keys().find(is_rejected).cloned() else { return };
        let back = Transition::new(SubmissionAction::Unreject);
        self.prolific.submissions().transition(&id, back).await.unwrap();
        self.note();
    }

    pub(crate) async fn stop(&mut self) {
        self.prolific.studies().stop(&self.study).await.unwrap();
        self.note();
    }

    pub(crate) async fn pause_and_start(&mut self) {
        self.prolific.studies().pause(&self.study).await.unwrap();
        self.note();
        self.prolific.studies().start(&self.study).await.unwrap();
        self.note();
    }

    /// Takes what happened into the record.
    fn note(&mut self) {
        let deliveries = self.simulator.deliveries();
        for delivery in &deliveries[self.deliveries..] {
            let event = Event::from_body(&delivery.body).unwrap();
            match event.change() {
                Change::SubmissionStatus { submission_id, status, .. } => {
                    self.submissions.entry(submission_id).or_default().push(status.unwrap());
                }
                Change::StudyStatus { status, .. } => self.studies.push(status.unwrap()),
                other => panic!("{other:?}"),
            }
            self.events.push(event);
        }
        self.deliveries = deliveries.len();
    }

    /// Whether a position is of the state that there is.
    pub(crate) fn is_known_to(&self, position: &WatchPosition) -> bool {
        let is_told = |(id, statuses): (&SubmissionId, &Vec<SubmissionStatus>)| {
            position.submission_status(id) == statuses.last()
        };
        position.study_status() == self.studies.last() && self.submissions.iter().all(is_told)
    }

    /// How many changes there were.
    pub(crate) fn changes(&self) -> usize {
        self.studies.len() + self.submissions.values().map(Vec::len).sum::<usize>()
    }
}

/// The changes that a watch reported.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) submissions: BTreeMap<SubmissionId, Vec<SubmissionStatus>>,
    pub(crate) studies: Vec<StudyStatus>,
}

impl Told {
    /// Takes an event, which has to begin where the one before it ended.
    pub(crate) fn take(&mut self, event: StudyEvent) {
        match event {
            StudyEvent::SubmissionNew { status, submission } => {
                let before = self.submissions.insert(submission.id.clone(), vec![status]);
                assert!(before.is_none(), "{} is new twice", submission.id);
            }
            StudyEvent::SubmissionChanged { from, to, submission } => {
                let before = self.submissions.get_mut(&submission.id).unwrap();
                assert_eq!(before.last(), Some(&from), "{}", submission.id);
                assert_ne!(from, to, "{}", submission.id);
                before.push(to);
            }
            StudyEvent::StudyChanged { from, to } => {
                assert_eq!(self.studies.last(), from.as_ref());
                assert_ne!(from.as_ref(), Some(&to));
                self.studies.push(to);
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn changes(&self) -> usize {
        self.studies.len() + self.submissions.values().map(Vec::len).sum::<usize>()
    }

    /// Asserts that each change of the record was reported once.
    pub(crate) fn assert_all(&self, world: &World, what: &str) {
        assert_eq!(self.submissions, world.submissions, "{what}");
        assert_eq!(self.studies, world.studies, "{what}");
    }

    /// Asserts that the reported changes happened in this order, including the last one.
    pub(crate) fn assert_in_order(&self, world: &World, what: &str) {
        let ids: Vec<_> = self.submissions.keys().collect();
        assert_eq!(ids, world.submissions.keys().collect::<Vec<_>>(), "{what}");
        for (id, told) in &self.submissions {
            assert!(is_part(told, &world.submissions[id]), "{what}: {id} {told:?}");
        }
        assert!(is_part(&self.studies, &world.studies), "{what}: {:?}", self.studies);
    }
}

/// Whether the first list is the second with some left out, though not the last.
fn is_part<T: PartialEq>(part: &[T], whole: &[T]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|each| rest.any(|other| other == each)) && part.last() == whole.last()
}

/// The next item, of a watch that is to have one.
pub(crate) async fn next(watch: &mut StudyWatch) -> Option<prolific_api_ext::Result<StudyEvent>> {
    tokio::time::timeout(LONGEST, watch.next()).await.expect("the watch tells nothing")
}

/// Takes what a watch tells until it knows the state that there is.
pub(crate) async fn catch_up(watch: &mut StudyWatch, world: &World, told: &mut Told) {
    while !world.is_known_to(&watch.position()) {
        told.take(next(watch).await.expect("it ended too early").unwrap());
    }
}
