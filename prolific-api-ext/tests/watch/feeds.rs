//! Events that are handed in.

use prolific_api_ext::{
    Prolific, StudyId, SubmissionId,
    simulator::{Fault, Simulator},
    studies::{FeedError, StudyEvent, StudyStatus, StudyWatch},
    submissions::SubmissionStatus,
    webhooks::Event,
};
use serde_json::json;

use crate::record::next;

fn event(kind: &str, id: impl std::fmt::Display, status: Option<&str>) -> Event {
    let body = json!({ "event_type": kind, "resource_id": id.to_string(), "status": status });
    Event::from_body(body.to_string().as_bytes()).unwrap()
}

fn of_submission(id: &SubmissionId, status: &str) -> Event {
    event("submission.status.change", id, Some(status))
}

/// A study whose watch has reported that it is ACTIVE.
async fn watched(simulator: &Simulator) -> (Prolific, StudyId, StudyWatch) {
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    let watch = prolific.studies().watch(&study).events_only();
    (prolific, study, watch)
}

fn operations(simulator: &Simulator) -> Vec<&'static str> {
    simulator.requests().iter().filter_map(|request| request.operation).collect()
}

#[tokio::test]
async fn an_event_is_a_hint_and_the_status_read_is_reported() {
    let simulator = Simulator::start();
    let (_, study, mut watch) = watched(&simulator).await;
    let feed = watch.feed();
    next(&mut watch).await.unwrap().unwrap();
    let submission = simulator.submit(&study).unwrap();
    // Of an older page: without a status. The other is a lie, or comes too early.
    feed.try_send(event("submission.status.change", &submission, None)).unwrap();
    feed.try_send(event("study.status.change", &study, Some("PAUSED"))).unwrap();
    let told = next(&mut watch).await.unwrap().unwrap();
    assert!(matches!(
        told,
        StudyEvent::SubmissionNew { status: SubmissionStatus::AwaitingReview, .. }
    ));
    let participants = simulator.participants();
    let second = participants.take(&study, 1).unwrap().remove(0);
    feed.try_send(of_submission(&second, "ACTIVE")).unwrap();
    let told = next(&mut watch).await.unwrap().unwrap();
    assert!(matches!(told, StudyEvent::SubmissionNew { status: SubmissionStatus::Active, .. }));
    assert_eq!(watch.position().study_status(), Some(&StudyStatus::Active));
}

#[tokio::test]
async fn an_event_that_is_ahead_of_what_is_read_is_read_again() {
    let simulator = Simulator::start();
    let (prolific, study, mut watch) = watched(&simulator).await;
    let feed = watch.feed();
    let submission = simulator.submit(&study).unwrap();
    next(&mut watch).await.unwrap().unwrap();
    next(&mut watch).await.unwrap().unwrap();
    let old = serde_json::to_value(prolific.submissions().get(&submission).await.unwrap()).unwrap();
    prolific.submissions().approve(&submission).await.unwrap();
    // A copy of the database that is behind.
    let stale = json!({ "id": submission, "study_id": study, "status": old["status"] });
    simulator.fault("get-submission", Fault::answer(200, stale).times(2)).unwrap();
    feed.try_send(of_submission(&submission, "APPROVED")).unwrap();
    let told = next(&mut watch).await.unwrap().unwrap();
    assert!(matches!(told, StudyEvent::SubmissionChanged { to: SubmissionStatus::Approved, .. }));
}

#[tokio::test]
async fn a_change_of_another_study_is_read_once_and_not_reported() {
    let simulator = Simulator::start();
    let (_, study, mut watch) = watched(&simulator).await;
    let feed = watch.feed();
    next(&mut watch).await.unwrap().unwrap();
    let other = simulator.active_study().unwrap();
    let foreign = simulator.submit(&other).unwrap();
    let unknown = SubmissionId::new("unknown").unwrap();
    for _ in 0..3 {
        feed.try_send(of_submission(&foreign, "AWAITING REVIEW")).unwrap();
        feed.try_send(of_submission(&unknown, "AWAITING REVIEW")).unwrap();
        feed.try_send(event("study.status.change", &other, Some("ACTIVE"))).unwrap();
        feed.try_send(event("study.flies.away", &study, None)).unwrap();
        let own = simulator.submit(&study).unwrap();
        feed.try_send(of_submission(&own, "AWAITING REVIEW")).unwrap();
        let told = next(&mut watch).await.unwrap().unwrap();
        let StudyEvent::SubmissionNew { submission, .. } = told else { panic!("{told:?}") };
        assert_eq!(submission.id, own);
        // The ids of others come later in their order, so they are read by the next round at last.
    }
    let reads = operations(&simulator).iter().filter(|it| **it == "get-submission").count();
    assert!(reads <= 3 + 2, "{reads} reads");
}

#[tokio::test]
async fn a_place_that_is_taken_has_the_submissions_looked_at() {
    let simulator = Simulator::start();
    let (_, study, mut watch) = watched(&simulator).await;
    let feed = watch.feed();
    next(&mut watch).await.unwrap().unwrap();
    let submission = simulator.submit(&study).unwrap();
    feed.try_send(event("study.progress.change", &study, None)).unwrap();
    let told = next(&mut watch).await.unwrap().unwrap();
    let StudyEvent::SubmissionNew { submission: told, .. } = told else { panic!("{told:?}") };
    assert_eq!(told.id, submission);
}

#[tokio::test]
async fn feeding_more_events_than_fit_is_an_error() {
    let simulator = Simulator::start();
    let (_, study, mut watch) = watched(&simulator).await;
    let feed = watch.feed();
    let progress = event("study.progress.change", &study, None);
    for _ in 0..1_024 {
        feed.try_send(progress.clone()).unwrap();
    }
    assert_eq!(feed.try_send(progress.clone()), Err(FeedError::Full(progress.clone())));
    let waiting = feed.send(progress.clone());
    next(&mut watch).await.unwrap().unwrap();
    waiting.await.unwrap();
    drop(watch);
    assert_eq!(feed.send(progress.clone()).await, Err(FeedError::Ended(progress)));
}

#[tokio::test]
async fn without_a_feed_events_only_ends_after_a_look() {
    let simulator = Simulator::start();
    let (_, study, mut watch) = watched(&simulator).await;
    let feed = watch.feed();
    next(&mut watch).await.unwrap().unwrap();
    simulator.submit(&study).unwrap();
    drop(feed);
    let told = next(&mut watch).await.unwrap().unwrap();
    assert!(matches!(told, StudyEvent::SubmissionNew { .. }));
    assert!(next(&mut watch).await.is_none());
}
