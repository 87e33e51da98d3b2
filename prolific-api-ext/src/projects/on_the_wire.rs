//! What projects send and how answers are read, on a real socket.

use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{
    LongitudinalConfig, NewLongitudinal, NewProject, ProjectChange, ProjectType,
    PublicProjectStatus,
};
use crate::{ErrorKind, ProjectId, WorkspaceId, request::says_the_same, transfer::RecordingServer};

fn id() -> ProjectId {
    ProjectId::new("p1").unwrap()
}

fn workspace() -> WorkspaceId {
    WorkspaceId::new("w1").unwrap()
}

#[tokio::test]
async fn projects_are_listed_by_limit_and_offset() {
    let answer = json!({ "results": [{ "id": "p1", "type": "SECRET" }], "meta": { "count": 1 } });
    let server = RecordingServer::answering(200, answer).await;
    let list: Vec<_> = server.prolific().projects().list(&workspace()).try_collect().await.unwrap();
    let line = "GET /api/v1/workspaces/w1/projects/?limit=200&offset=0";
    assert_eq!(server.seen()[0].line(), line);
    assert_eq!((list.len(), &list[0].id), (1, &id()));
    assert_eq!(list[0].project_type, Some(ProjectType::from("SECRET")));
}

#[tokio::test]
async fn the_studies_of_a_project_are_listed_by_page() {
    let server = RecordingServer::answering(200, json!({ "results": [], "meta": {} })).await;
    let studies: Vec<_> = server.prolific().projects().studies(&id()).try_collect().await.unwrap();
    assert_eq!(
        server.seen()[0].line(),
        "GET /api/v1/projects/p1/studies/?page=1&ordering=date_created"
    );
    assert!(studies.is_empty());
}

#[tokio::test]
async fn a_project_is_read_with_its_public_details() {
    let answer = json!({
        "id": "p1", "workspace": "w1", "type": "PUBLIC",
        "public_details": { "status": "ENABLED", "title": "Birds" }, "longitudinal": null,
    });
    let server = RecordingServer::answering(200, answer).await;
    let project = server.prolific().projects().get(&id()).await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/projects/p1/");
    assert_eq!((project.id, project.workspace_id), (id(), Some(workspace())));
    assert_eq!(project.project_type, Some(ProjectType::Public));
    let details = project.public_details.unwrap();
    assert_eq!(details.status, Some(PublicProjectStatus::Enabled));
    assert_eq!(details.title.as_deref(), Some("Birds"));
}

#[tokio::test]
async fn a_project_is_made_of_what_was_set() {
    let server = RecordingServer::answering(201, json!({ "id": "p1" })).await;
    let projects = server.prolific().projects();
    let new = NewProject::new("Birds").project_type(ProjectType::Private);
    assert_eq!(projects.create(&workspace(), new).await.unwrap().id, id());
    assert_eq!(server.seen()[0].line(), "POST /api/v1/workspaces/w1/projects/");
    assert_eq!(server.seen()[0].json(), json!({ "title": "Birds", "type": "PRIVATE" }));

    let error = projects.create(&workspace(), NewProject::new("")).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_change_sends_what_was_set_and_nothing_else() {
    let server = RecordingServer::answering(200, json!({ "id": "p1" })).await;
    let change = ProjectChange::new().hidden(true);
    server.prolific().projects().update(&id(), change).await.unwrap();
    assert_eq!(server.seen()[0].line(), "PATCH /api/v1/projects/p1/");
    assert_eq!(server.seen()[0].json(), json!({ "hidden": true }));
}

#[tokio::test]
async fn the_plan_of_waves_is_sent_and_a_draft_of_a_project_deleted() {
    let server = RecordingServer::answering(
        201,
        json!({ "id": "p1", "longitudinal": {
        "config": { "target_completions": 100, "retention_rate": 0.8 }, "retention": { "new": 1 },
    } }),
    )
    .await;
    let plan = LongitudinalConfig::new(100, 0.8).filters([crate::filters::range("age", 18..)]);
    let new = NewProject::new("Birds").longitudinal(NewLongitudinal::new(plan));
    let made = server.prolific().projects().create(&workspace(), new).await.unwrap();
    let read = made.longitudinal.unwrap();
    assert_eq!(read.config.unwrap().target_completions, 100);
    assert_eq!(read.retention["new"], 1);
    let expected = json!({ "title": "Birds", "longitudinal": { "config": {
        "target_completions": 100, "retention_rate": 0.8,
        "filters": [{ "filter_id": "age", "selected_range": { "lower": 18 } }],
    } } });
    assert!(says_the_same(&server.seen()[0].json(), &expected), "{}", server.seen()[0].json());

    let server = RecordingServer::answering(204, json!("")).await;
    let study = crate::StudyId::new("s1").unwrap();
    server.prolific().projects().delete_study(&id(), &study).await.unwrap();
    assert_eq!(server.seen()[0].line(), "DELETE /api/v1/projects/p1/studies/s1/");
}
