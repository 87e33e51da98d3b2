//! How a watch ends.

use std::time::Duration;

use prolific_api_ext::{
    ErrorKind, NoRetry, StudyId,
    simulator::{Fault, Simulator},
    studies::{StudyEvent, StudyStatus, WatchPosition},
    submissions::SubmissionStatus,
};

use crate::record::next;

#[tokio::test]
async fn it_ends_once_the_study_is_completed_and_nothing_is_open() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    let submission = simulator.submit(&study).unwrap();
    let mut watch = prolific.studies().watch(&study);
    let first = next(&mut watch).await.unwrap().unwrap();
    let StudyEvent::SubmissionNew { status: SubmissionStatus::AwaitingReview, submission: read } =
        first
    else {
        panic!("{first:?}")
    };
    assert_eq!((read.id, read.study_id), (submission.clone(), Some(study.clone())));
    assert!(read.participant_id.is_some() && read.entered_code.is_some());
    let active = StudyEvent::StudyChanged { from: None, to: StudyStatus::Active };
    assert_eq!(next(&mut watch).await.unwrap().unwrap(), active);
    prolific.studies().stop(&study).await.unwrap();
    let (from, to) = (Some(StudyStatus::Active), StudyStatus::Completed);
    let completed = StudyEvent::StudyChanged { from, to };
    assert_eq!(next(&mut watch).await.unwrap().unwrap(), completed);
    // What awaits its review is not over.
    prolific.submissions().approve(&submission).await.unwrap();
    let approved = next(&mut watch).await.unwrap().unwrap();
    assert!(matches!(
        approved,
        StudyEvent::SubmissionChanged { to: SubmissionStatus::Approved, .. }
    ));
    assert!(next(&mut watch).await.is_none());
}

#[tokio::test]
async fn a_watch_continues_after_transient_failures() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap().with_retry_policy(NoRetry);
    let study = simulator.active_study().unwrap();
    for _ in 0..12 {
        simulator.submit(&study).err();
    }
    for fault in
        [Fault::status(500).times(4), Fault::reset(), Fault::truncated(), Fault::status(429)]
    {
        simulator.fault("get-study", fault.clone()).unwrap();
        simulator.fault("get-submissions", fault).unwrap();
    }
    let mut watch = prolific.studies().watch(&study);
    for _ in 0..11 {
        next(&mut watch).await.unwrap().unwrap();
    }
    assert_eq!(watch.position().submissions(), 10);
}

#[tokio::test]
async fn an_error_that_stays_ends_it_and_has_the_position() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    let submission = simulator.submit(&study).unwrap();
    let mut watch = prolific.studies().watch(&study);
    next(&mut watch).await.unwrap().unwrap();
    next(&mut watch).await.unwrap().unwrap();
    simulator.fault("get-submissions", Fault::status(403)).unwrap();
    let error = next(&mut watch).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    let position = error.last_seen::<WatchPosition>().unwrap();
    assert_eq!(position.submission_status(&submission), Some(&SubmissionStatus::AwaitingReview));
    assert_eq!(error.last_state(), Some("ACTIVE"));
    assert!(next(&mut watch).await.is_none());
    // It then continues there.
    prolific.submissions().approve(&submission).await.unwrap();
    let mut watch = prolific.studies().watch(&study).resume_from(position.clone());
    let approved = next(&mut watch).await.unwrap().unwrap();
    assert!(matches!(
        approved,
        StudyEvent::SubmissionChanged { to: SubmissionStatus::Approved, .. }
    ));
}

#[tokio::test]
async fn without_patience_a_failure_that_passes_ends_it_and_has_the_position() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap().with_retry_policy(NoRetry);
    let study = simulator.active_study().unwrap();
    simulator.fault("get-study", Fault::status(503)).unwrap();
    let mut watch = prolific.studies().watch(&study).patience(Duration::ZERO);
    let error = next(&mut watch).await.unwrap().unwrap_err();
    assert!(error.is_transient());
    assert_eq!(error.last_seen::<WatchPosition>().unwrap().study_id(), &study);
    assert!(next(&mut watch).await.is_none());
}

#[tokio::test]
async fn it_outlasts_a_server_that_fails_for_as_long_as_it_has_patience() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap().with_retry_policy(NoRetry);
    let study = simulator.active_study().unwrap();
    simulator.fault("get-study", Fault::status(503).times(1_000_000)).unwrap();
    let patience = Duration::from_millis(100);
    let mut watch = prolific.studies().watch(&study).patience(patience);
    let begun = std::time::Instant::now();
    let error = next(&mut watch).await.unwrap().unwrap_err();
    assert!(error.is_transient() && begun.elapsed() >= patience, "{error}");
    assert!(simulator.requests().iter().filter(|it| it.status == Some(503)).count() > 1);
    assert!(next(&mut watch).await.is_none());
}

#[tokio::test]
async fn a_position_of_another_study_is_refused() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    let position = prolific.studies().watch(&StudyId::new("other").unwrap()).position();
    let mut watch = prolific.studies().watch(&study).resume_from(position);
    let error = next(&mut watch).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(next(&mut watch).await.is_none());
    assert!(simulator.requests().is_empty());
}

#[tokio::test]
async fn an_unreadable_submission_is_reported_once_and_the_watch_continues() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    let rows = serde_json::json!({ "results": [{ "status": "ACTIVE" }, { "id": "s1", "status": "ACTIVE" }] });
    simulator.fault("get-submissions", Fault::answer(200, rows).times(2)).unwrap();
    let mut watch = prolific.studies().watch(&study);
    let mut errors = 0;
    for _ in 0..3 {
        match next(&mut watch).await.unwrap() {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::UnreadableRow);
                errors += 1;
            }
        }
    }
    assert_eq!(errors, 1);
    prolific.studies().pause(&study).await.unwrap();
    let paused = next(&mut watch).await.unwrap().unwrap();
    assert!(matches!(paused, StudyEvent::StudyChanged { to: StudyStatus::Paused, .. }));
}

/// A call that is given up between two items, over and over.
#[tokio::test]
async fn a_next_that_is_dropped_loses_nothing() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    let submissions: Vec<_> = (0..9).map(|_| simulator.submit(&study).unwrap()).collect();
    let mut watch = prolific.studies().watch(&study);
    let mut told = Vec::new();
    let mut dropped = 0;
    while told.len() < 10 {
        match futures_util::FutureExt::now_or_never(watch.next()) {
            Some(event) => told.push(event.unwrap().unwrap()),
            None => {
                dropped += 1;
                tokio::task::yield_now().await;
            }
        }
        let known =
            submissions.iter().filter(|id| watch.position().submission_status(id).is_some());
        let given = told.iter().filter(|event| matches!(event, StudyEvent::SubmissionNew { .. }));
        assert_eq!(known.count(), given.count(), "the position is what was given");
    }
    assert!(dropped > 0);
}
