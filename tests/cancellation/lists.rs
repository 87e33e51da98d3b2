//! Streams: a `next` that is dropped loses nothing, and neither does a stream that is gone on with.

use std::{collections::BTreeMap, time::Duration};

use prolific_api_ext::{
    StudyId, SubmissionId,
    simulator::{Fault, Simulator},
    studies::{StudyEvent, StudyStatus},
    submissions::SubmissionStatus,
};

use crate::{MOST_POLLS, interrupted::interrupted};

async fn stage(places: usize) -> (Simulator, StudyId, Vec<String>) {
    let simulator = Simulator::start();
    let study = simulator.active_study().unwrap();
    let prolific = simulator.prolific().unwrap();
    prolific.studies().add_places(&study, places as u64).await.unwrap();
    let ids = (0..places).map(|_| simulator.submit(&study).unwrap().to_string()).collect();
    (simulator, study, ids)
}

#[tokio::test]
async fn a_next_that_is_dropped_loses_no_row() {
    let (simulator, study, ids) = stage(60).await;
    simulator.fault("get-submissions", Fault::status(503).times(2)).unwrap();
    let prolific = simulator.prolific().unwrap();
    let mut list = prolific.submissions().list(&study).page_size(20);
    let (mut rows, mut drops) = (Vec::new(), 0);
    loop {
        match interrupted(list.next(), 1).await {
            Some(Some(row)) => rows.push(row.unwrap().id.to_string()),
            Some(None) => break,
            None => {
                drops += 1;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        assert!(drops < MOST_POLLS, "it does not end");
    }
    assert_eq!(rows, ids);
    assert!(drops > 5, "it was dropped {drops} times");
}

#[tokio::test]
async fn a_dropped_list_resumes_from_its_position() {
    let (simulator, study, ids) = stage(45).await;
    let prolific = simulator.prolific().unwrap();
    for polls in 0.. {
        assert!(polls < MOST_POLLS, "it does not end");
        let mut list = prolific.submissions().list(&study).page_size(20);
        let mut rows = Vec::new();
        let ended = interrupted(
            async {
                while let Some(row) = list.next().await {
                    rows.push(row.unwrap().id.to_string());
                }
            },
            polls,
        )
        .await;
        let position = list.position();
        drop(list);
        let rest = prolific.submissions().list(&study).page_size(20).resume_from(position);
        rows.extend(rest.collect_all().await.unwrap().iter().map(|row| row.id.to_string()));
        assert_eq!(rows, ids, "dropped after {polls} polls");
        if ended.is_some() {
            break;
        }
    }
}

#[tokio::test]
async fn a_watch_that_is_dropped_tells_the_rest_from_its_position() {
    for polls in 0.. {
        assert!(polls < MOST_POLLS, "it does not end");
        let simulator = Simulator::start();
        let study = simulator.active_study().unwrap();
        let prolific = simulator.prolific().unwrap();
        let made: Vec<_> = (0..10).map(|_| simulator.submit(&study).unwrap()).collect();
        let mut told: BTreeMap<SubmissionId, Vec<SubmissionStatus>> = BTreeMap::new();
        let mut watch = prolific.studies().watch(&study);
        let ended = interrupted(until_full(&mut watch, &mut told), polls).await;
        if ended.is_none() {
            let mut rest = prolific.studies().watch(&study).resume_from(watch.position());
            drop(watch);
            until_full(&mut rest, &mut told).await;
        }
        let expected = made.into_iter().map(|id| (id, vec![SubmissionStatus::AwaitingReview]));
        assert_eq!(told, expected.collect(), "dropped after {polls} polls");
        if ended.is_some() {
            break;
        }
    }
}

/// All places of the study are taken before it is watched.
async fn until_full(
    watch: &mut prolific_api_ext::studies::StudyWatch,
    told: &mut BTreeMap<SubmissionId, Vec<SubmissionStatus>>,
) {
    while let Some(event) = watch.next().await {
        match event.unwrap() {
            StudyEvent::SubmissionNew { status, submission }
            | StudyEvent::SubmissionChanged { to: status, submission, .. } => {
                told.entry(submission.id).or_default().push(status);
            }
            StudyEvent::StudyChanged { to: StudyStatus::AwaitingReview, .. } => {}
            other => panic!("{other:?}"),
        }
        if told.len() == 10 {
            return;
        }
    }
}
