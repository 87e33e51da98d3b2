//! Jobs that public programs do with Prolific, by hand and by the flows of the crate, against the simulator; and
//! how many lines their bodies have.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod after;
mod before;

use std::time::Duration;

use http::{HeaderMap, HeaderName};
use prolific_api_ext::{
    Prolific, StudyId, participant_groups::NewParticipantGroup, simulator::Simulator,
    studies::StudyStatus, submissions::SubmissionStatus, webhooks::Change,
};

const SHORT: Duration = Duration::from_millis(1);

fn full_study(simulator: &Simulator) -> StudyId {
    let study = simulator.active_study().unwrap();
    for _ in 0..10 {
        simulator.submit(&study).unwrap();
    }
    study
}

async fn status(prolific: &Prolific, study: &StudyId) -> Option<StudyStatus> {
    prolific.studies().get(study).await.unwrap().status
}

#[tokio::test]
async fn a_study_is_published() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let by_hand = before::publish(&prolific, SHORT).await.unwrap();
    let now = after::publish(&prolific).await.unwrap();
    for study in [by_hand, now] {
        assert_eq!(status(&prolific, &study).await, Some(StudyStatus::Active));
    }
}

#[tokio::test]
async fn a_study_that_is_publishing_first_is_waited_for() {
    let simulator = Simulator::start();
    simulator.publish_in_background(3);
    let prolific = simulator.prolific().unwrap();
    let before = simulator.requests().len();
    let study = after::publish(&prolific).await.unwrap();
    let looks = simulator.requests().split_off(before);
    let looks = looks.iter().filter(|request| request.operation == Some("get-study")).count();
    assert!(looks > 3, "{looks}");
    assert_eq!(status(&prolific, &study).await, Some(StudyStatus::Active));

    let draft = prolific.studies().duplicate(&study, None).await.unwrap().id;
    let published = prolific.studies().publish(&draft).await.unwrap();
    assert_eq!(published.status, Some(StudyStatus::Publishing));
    assert!(simulator.submit(&draft).is_err(), "nobody takes part in it yet");
}

#[tokio::test]
async fn a_full_study_ends_a_wait() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = full_study(&simulator);
    before::wait(&prolific, &study, SHORT).await.unwrap();
    after::wait(&prolific, &study, SHORT).await.unwrap();
}

#[tokio::test]
async fn what_awaits_its_review_is_approved() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let studies = [full_study(&simulator), full_study(&simulator)];
    assert_eq!(before::approve(&prolific, &studies[0], SHORT).await.unwrap(), 10);
    assert_eq!(after::approve(&prolific, &studies[1]).await.unwrap(), 10);
    for study in studies {
        assert_eq!(status(&prolific, &study).await, Some(StudyStatus::Completed));
    }
}

#[tokio::test]
async fn bonuses_of_a_file_are_paid() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    // A payout checks whether the bonuses are shown already, so each has a separate study.
    let studies = [full_study(&simulator), full_study(&simulator)];
    let mut files = Vec::new();
    for study in &studies {
        let rows = prolific.submissions().list(study).collect_all().await.unwrap();
        let who = |row: usize| rows[row].participant_id.clone().unwrap();
        files.push(format!("{},0.50\n{},1.00\n", who(0), who(1)));
    }
    let by_hand = before::pay(&prolific, &studies[0], &files[0]).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger");
    let now = after::pay(&prolific, &studies[1], &files[1], &ledger).await.unwrap();
    assert_eq!((by_hand, now.minor()), (195.into(), 195.into()));
}

#[tokio::test]
async fn places_are_added() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    assert_eq!(before::add_places(&prolific, &study, 5).await.unwrap(), 15);
    assert_eq!(after::add_places(&prolific, &study, 5).await.unwrap(), 20);
}

#[tokio::test]
async fn the_cost_of_a_project_is_added_up() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    for study in [full_study(&simulator), full_study(&simulator)] {
        after::approve(&prolific, &study).await.unwrap();
    }
    let project = simulator.project_id().unwrap();
    let by_hand = before::project_cost(&prolific, &project).await.unwrap();
    let now = after::project_cost(&prolific, &project).await.unwrap();
    assert_eq!(now.as_ref().unwrap().to_string(), "26.00 GBP");
    assert_eq!(by_hand, now);
}

#[tokio::test]
async fn what_came_without_a_code_is_asked_back_and_then_rejected() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let why = "No completion code was entered, and the submission was not returned when that was asked \
               for; so it can't be told that the study was done.";
    for by_hand in [true, false] {
        let study = simulator.active_study().unwrap();
        let participants = simulator.participants();
        let begun = participants.take(&study, 2).unwrap();
        participants.submit(&begun[0], "CDONE").unwrap();
        participants.submit_without_code(&begun[1]).unwrap();
        let mut statuses = Vec::new();
        for _ in 0..2 {
            match by_hand {
                true => before::no_code(&prolific, &study, why).await.unwrap(),
                false => after::no_code(&prolific, &study, why).await.unwrap(),
            }
            statuses.push(prolific.submissions().get(&begun[1]).await.unwrap().status.unwrap());
        }
        assert_eq!(statuses, [SubmissionStatus::AwaitingReview, SubmissionStatus::Rejected]);
    }
}

#[tokio::test]
async fn who_was_approved_is_grouped_and_written_to() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = full_study(&simulator);
    after::approve(&prolific, &study).await.unwrap();
    let group = NewParticipantGroup::new("Wave 1").workspace_id(simulator.workspace_id().unwrap());
    let group = prolific.participant_groups().create(group).await.unwrap().id;
    assert_eq!(before::follow_up(&prolific, &study, &group).await.unwrap(), 10);
    assert_eq!(after::follow_up(&prolific, &study, &group).await.unwrap(), 10);
    let members = prolific.participant_groups().participants(&group).collect_all().await.unwrap();
    assert_eq!(members.len(), 10);
}

#[tokio::test]
async fn submissions_have_the_ages_of_who_took_part() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = full_study(&simulator);
    let by_hand = before::ages(&prolific, &study).await.unwrap();
    assert_eq!(by_hand.len(), 10);
    assert_eq!(after::ages(&prolific, &study).await.unwrap(), by_hand);
}

#[tokio::test]
async fn what_a_subscription_delivers_is_verified() {
    let mut received = Vec::new();
    for by_hand in [true, false] {
        let simulator = Simulator::start();
        let prolific = simulator.prolific().unwrap();
        let workspace = simulator.workspace_id().unwrap();
        let url = "https://example.com/hook";
        let secret = match by_hand {
            true => before::subscribe(&prolific, &workspace, url).await.unwrap(),
            false => after::subscribe(&prolific, &workspace, url).await.unwrap(),
        };
        let study = simulator.active_study().unwrap();
        let submission = simulator.submit(&study).unwrap();
        for delivery in simulator.deliveries() {
            let headers = delivery.headers.iter().map(|(name, value)| {
                (HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap())
            });
            let (headers, body) = (headers.collect::<HeaderMap>(), &delivery.body);
            let told = before::receive(secret.expose(), &headers, body).unwrap();
            assert_eq!(told["resource_id"], submission.as_str());
            let change = after::receive(secret.expose(), &headers, body).unwrap();
            assert!(matches!(change, Change::SubmissionStatus { .. }), "{change:?}");
            assert!(before::receive("other", &headers, body).is_none());
            assert!(after::receive("other", &headers, body).is_none());
            received.push(by_hand);
        }
    }
    assert_eq!(received, [true, true, true, false, false, false]);
}

/// The lines of the body of a job, as rustfmt writes it, without blank ones.
fn lines(source: &str, job: &str) -> usize {
    let declared = source.find(&format!("pub(crate) async fn {job}("));
    let declared = declared.or_else(|| source.find(&format!("pub(crate) fn {job}(")));
    let body =
        source[declared.unwrap()..].split_once("{\n").unwrap().1.split_once("\n}").unwrap().0;
    body.lines().filter(|line| !line.trim().is_empty()).count()
}

#[test]
fn the_table_of_the_documentation_counts_the_lines_of_these_programs() {
    let (by_hand, now) = (include_str!("before.rs"), include_str!("after.rs"));
    let table = include_str!("../../src/guide/run_a_study.md");
    for (number, job) in [
        (1, "publish"),
        (2, "wait"),
        (3, "approve"),
        (4, "pay"),
        (5, "follow_up"),
        (6, "ages"),
        (8, "add_places"),
        (9, "project_cost"),
        (10, "no_code"),
    ] {
        let start = format!("| {number} ");
        let row = table.lines().find(|line| line.starts_with(&start)).unwrap();
        let end = format!(" | {} | {} |", lines(by_hand, job), lines(now, job));
        assert!(row.ends_with(&end), "{row}: {end}");
    }
    let both = |source: &str| lines(source, "subscribe") + lines(source, "receive");
    let row = table.lines().find(|line| line.starts_with("| 7 ")).unwrap();
    let end = format!(" | {} | {} |", both(by_hand), both(now));
    assert!(row.ends_with(&end), "{row}: {end}");
}
