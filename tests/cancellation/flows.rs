//! Calls of several requests: they can be made again after they were dropped, and come to the same.

use std::time::Duration;

use prolific_api_ext::{
    DatasetId, Prolific, Result, StudyId, SubmissionId, WorkspaceId,
    datasets::{DatasetSchema, NewDataset},
    hooks::{EventType, NewSubscription},
    messages::StudyMessage,
    simulator::Simulator,
    studies::{CompletionAction, CompletionCode, CompletionCodeType, NewStudy, StudyStatus},
    submissions::SubmissionStatus,
};
use serde_json::json;

use crate::{MOST_POLLS, interrupted::interrupted};

const SOON: Duration = Duration::from_secs(20);

/// Drops a flow at every await, each time on a new stage, makes it again, and looks.
async fn check<S>(
    what: &str,
    begin: impl AsyncFn(&Simulator, &Prolific) -> S,
    flow: impl AsyncFn(&Prolific, &S) -> Result<()>,
    look: impl AsyncFn(&Prolific, &S),
) {
    for polls in 0..MOST_POLLS {
        let simulator = Simulator::start();
        let prolific = simulator.prolific().unwrap();
        let stage = begin(&simulator, &prolific).await;
        if let Some(ended) = interrupted(flow(&prolific, &stage), polls).await {
            ended.unwrap();
            look(&prolific, &stage).await;
            assert!(polls > 1, "{what} ended after {polls} polls");
            return;
        }
        let again = tokio::time::timeout(SOON, flow(&prolific, &stage)).await;
        let again = again.unwrap_or_else(|_| panic!("{what}: a lock is held after {polls} polls"));
        // What was done before it was dropped may be refused now.
        let is_answered = again.as_ref().err().is_none_or(|error| error.status().is_some());
        assert!(is_answered, "{what}, after {polls} polls: {again:?}");
        look(&prolific, &stage).await;
    }
    panic!("{what} does not end");
}

async fn draft(simulator: &Simulator, prolific: &Prolific) -> StudyId {
    let code = CompletionCode::new("CDONE", CompletionCodeType::Completed);
    let study = NewStudy::new("Birds", "Name them.")
        .completion_code(code.action(CompletionAction::ManuallyReview {}))
        .external_url("https://example.com/birds?id={{%PROLIFIC_PID%}}")
        .places(5)
        .reward(150)
        .minutes(10)
        .project_id(simulator.project_id().unwrap());
    prolific.studies().create(study).await.unwrap().id
}

async fn status(prolific: &Prolific, study: &StudyId) -> Option<StudyStatus> {
    prolific.studies().get(study).await.unwrap().status
}

#[tokio::test]
async fn publishing() {
    check(
        "publish_and_wait",
        async |simulator, prolific| {
            simulator.publish_in_background(2);
            draft(simulator, prolific).await
        },
        async |prolific, study| prolific.studies().publish_and_wait(study).await.map(drop),
        async |prolific, study| {
            // A publication that was dropped comes to its end by itself.
            for _ in 0..5 {
                if status(prolific, study).await == Some(StudyStatus::Active) {
                    return;
                }
            }
            panic!("the study is {:?}", status(prolific, study).await);
        },
    )
    .await;
}

#[tokio::test]
async fn adding_places() {
    check(
        "add_places",
        async |simulator, _| simulator.active_study().unwrap(),
        async |prolific, study| prolific.studies().add_places(study, 5).await.map(drop),
        async |prolific, study| {
            let places = prolific.studies().get(study).await.unwrap().total_available_places;
            // Once, or twice if it was done before it was dropped.
            assert!([Some(15), Some(20)].contains(&places), "{places:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn subscribing() {
    check(
        "subscribe",
        async |simulator, _| simulator.workspace_id().unwrap(),
        async |prolific, workspace: &WorkspaceId| {
            let url = "https://example.com/prolific";
            let event = EventType::SubmissionStatusChange;
            let wanted = NewSubscription::new(workspace.clone(), event, url);
            prolific.hooks().subscribe(wanted).await.map(drop)
        },
        async |prolific, workspace| {
            let enabled = prolific.hooks().subscriptions(workspace).enabled(true);
            assert_eq!(enabled.collect_all().await.unwrap().len(), 1);
            assert_eq!(prolific.hooks().secrets(workspace).collect_all().await.unwrap().len(), 1);
        },
    )
    .await;
}

async fn dataset(simulator: &Simulator, prolific: &Prolific) -> DatasetId {
    let schema = DatasetSchema::new().text("prompt");
    let new = NewDataset::new("Birds", simulator.workspace_id().unwrap()).schema(schema);
    prolific.datasets().create(new).await.unwrap().id
}

#[tokio::test]
async fn appending() {
    check(
        "append",
        dataset,
        async |prolific, dataset| {
            let records = (0..2_500).map(|number| json!({ "prompt": format!("Bird {number}") }));
            prolific.datasets().append(dataset, records).await.map(drop)
        },
        async |prolific, dataset| {
            let datapoints = prolific.datasets().get(dataset).await.unwrap().datapoints;
            assert_eq!(datapoints, Some(2_500));
        },
    )
    .await;
}

async fn submissions(simulator: &Simulator, _: &Prolific) -> (StudyId, Vec<SubmissionId>) {
    let study = simulator.active_study().unwrap();
    simulator.approve_in_background(2);
    let made = (0..3).map(|_| simulator.submit(&study).unwrap()).collect();
    (study, made)
}

#[tokio::test]
async fn approving() {
    check(
        "approve_all",
        submissions,
        async |prolific, (study, ids)| {
            prolific.submissions().approve_all(study, ids).await.map(drop)
        },
        async |prolific, (study, _)| {
            let studies = prolific.studies();
            let approved = studies.participants(study, [SubmissionStatus::Approved]).await;
            assert_eq!(approved.unwrap().len(), 3);
        },
    )
    .await;
}

#[tokio::test]
async fn approving_one_when_it_is_ready() {
    check(
        "approve_when_ready",
        submissions,
        async |prolific, (_, ids)| {
            prolific.submissions().approve_when_ready(&ids[0]).await.map(drop)
        },
        async |prolific, (_, ids)| {
            let status = prolific.submissions().get(&ids[0]).await.unwrap().status;
            assert_eq!(status, Some(SubmissionStatus::Approved));
        },
    )
    .await;
}

#[tokio::test]
async fn writing_to_a_study() {
    check(
        "send_to_study",
        submissions,
        async |prolific, (study, _)| {
            let message = StudyMessage::new(study.clone(), "The second part begins on Monday.")
                .status(SubmissionStatus::AwaitingReview)
                .at_once(2);
            prolific.messages().send_to_study(message).await.map(drop)
        },
        async |prolific, (study, _)| assert!(status(prolific, study).await.is_some()),
    )
    .await;
}

#[tokio::test]
async fn waiting_for_one_and_for_many() {
    check(
        "wait_until_ready",
        async |simulator, _| simulator.dataset(["PROCESSING", "PROCESSING", "READY"]),
        async |prolific, dataset| prolific.datasets().wait_until_ready(dataset).await.map(drop),
        async |_, _| {},
    )
    .await;
    check(
        "wait_many",
        async |simulator, _| -> Vec<DatasetId> {
            (0..5).map(|_| simulator.dataset(["PROCESSING", "READY"])).collect()
        },
        async |prolific, datasets| {
            let mut waits = prolific.datasets().wait_many(datasets.clone()).settled();
            while let Some((_, status)) = waits.next().await {
                status?;
            }
            Ok(())
        },
        async |prolific, datasets| {
            let status = prolific.datasets().status(&datasets[4]).await.unwrap();
            assert_eq!(status.as_str(), "READY");
        },
    )
    .await;
}

#[tokio::test]
async fn tables() {
    check(
        "export of a study",
        submissions,
        async |prolific, (study, _)| prolific.studies().export(study).await.map(drop),
        async |_, _| {},
    )
    .await;
}
