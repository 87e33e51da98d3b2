//! What workspaces send and how answers are read, on a real socket.

use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{NewWorkspace, WorkspaceChange, WorkspaceRole};
use crate::{ErrorKind, WorkspaceId, money::Currency, transfer::RecordingServer};

fn id() -> WorkspaceId {
    WorkspaceId::new("w1").unwrap()
}

#[tokio::test]
async fn workspaces_are_listed_by_limit_and_offset() {
    let answer = json!({ "results": [{ "id": "w1", "title": "Birds" }], "meta": { "count": 1 } });
    let server = RecordingServer::answering(200, answer).await;
    let list: Vec<_> = server.prolific().workspaces().list().try_collect().await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/workspaces/?limit=200&offset=0");
    assert_eq!((list.len(), &list[0].id, server.seen().len()), (1, &id(), 1));
}

#[tokio::test]
async fn a_workspace_is_read_with_its_projects_also_one_without_an_id() {
    let answer = json!({
        "id": "w1", "wallet": "m1", "projects": [{ "id": "p1" }, { "title": "none" }],
        "users": [{ "id": "u1", "roles": ["WORKSPACE_ADMIN"] }],
    });
    let server = RecordingServer::answering(200, answer).await;
    let workspace = server.prolific().workspaces().get(&id()).await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/workspaces/w1/");
    assert_eq!((workspace.id, workspace.wallet.as_deref()), (id(), Some("m1")));
    let ids = workspace.projects.iter().map(|project| project.id.as_ref().map(AsRef::as_ref));
    assert_eq!(ids.collect::<Vec<Option<&str>>>(), [Some("p1"), None]);
    assert_eq!(workspace.projects[1].title.as_deref(), Some("none"));
    assert_eq!(workspace.users[0].roles, [WorkspaceRole::Admin]);
}

#[tokio::test]
async fn an_id_that_nothing_can_be_asked_with_is_the_servers_mistake() {
    let server = RecordingServer::answering(200, json!({ "id": "../w1" })).await;
    let error = server.prolific().workspaces().get(&id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
}

#[tokio::test]
async fn a_workspace_is_made_once_of_what_was_set() {
    let server = RecordingServer::answering(201, json!({ "id": "w1" })).await;
    let new = NewWorkspace::new("Birds").currency(Currency::Gbp);
    assert_eq!(server.prolific().workspaces().create(new).await.unwrap().id, id());
    assert_eq!(server.seen()[0].line(), "POST /api/v1/workspaces/");
    assert_eq!(server.seen()[0].json(), json!({ "title": "Birds", "currency_code": "GBP" }));

    let failing = RecordingServer::answering(503, json!({})).await;
    let new = NewWorkspace::new("Birds");
    failing.prolific().workspaces().create(new).await.unwrap_err();
    assert_eq!(failing.seen().len(), 1);
}

#[tokio::test]
async fn a_workspace_without_a_title_is_not_sent() {
    let server = RecordingServer::answering(201, json!({ "id": "w1" })).await;
    let workspaces = server.prolific().workspaces();
    for new in [NewWorkspace::new(""), NewWorkspace::new(" ")] {
        let error = workspaces.create(new).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
        assert_eq!(error.operation(), Some("create-workspace"));
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_change_sends_what_was_set_and_nothing_else() {
    let server = RecordingServer::answering(200, json!({ "id": "w1" })).await;
    let workspaces = server.prolific().workspaces();
    let change = WorkspaceChange::new().title("Birds of Iceland");
    workspaces.update(&id(), change).await.unwrap();
    workspaces.update(&id(), WorkspaceChange::new()).await.unwrap();
    assert_eq!(server.seen()[0].line(), "PATCH /api/v1/workspaces/w1/");
    assert_eq!(server.seen()[0].json(), json!({ "title": "Birds of Iceland" }));
    assert_eq!(server.seen()[1].json(), json!({}));
}

#[tokio::test]
async fn funds_are_read_with_their_parts() {
    let answer = json!({
        "currency_code": "GBP", "total_balance": 5_000, "available_balance": 1_200,
        "balance_breakdown": { "rewards": 3_000, "fees": 1_500, "vat": 500 },
    });
    let server = RecordingServer::answering(200, answer).await;
    let balance = server.prolific().workspaces().balance(&id()).await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/workspaces/w1/balance/");
    assert_eq!((balance.total, balance.available), (Some(5_000.into()), Some(1_200.into())));
    assert_eq!(balance.total_parts.unwrap().vat, Some(500.into()));
    assert_eq!(balance.available_parts, None);
}
