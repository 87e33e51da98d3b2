//! Bodies that are too large, of the wrong form, or not what was requested.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use prolific_api_ext::{
    ErrorKind, NoRetry, WorkspaceId,
    credentials::Credential,
    hooks::{EventType, NewSubscription},
    participant_groups::NewParticipantGroup,
    workspaces::{NewWorkspace, WorkspaceChange},
};
use serde_json::{Value, json};

use crate::{
    client,
    fault_proxy::{FaultProxy, Response},
    id, json, server,
};

async fn answering(response: Response) -> FaultProxy {
    server(move |_, _| response.clone()).await
}

#[tokio::test]
async fn what_was_made_is_given_whatever_status_of_success_says_so() {
    for status in [200, 201, 202] {
        let server = answering(Response::json(status, json!({ "id": "w1", "title": "a" }))).await;
        let prolific = client(server.url()).build().unwrap();
        let made = prolific.workspaces().create(crate::bodies::new_workspace()).await;
        assert_eq!(made.unwrap().id.as_str(), "w1", "{status}");
    }
}

fn new_workspace() -> NewWorkspace {
    NewWorkspace::new("a")
}

#[tokio::test]
async fn a_response_without_the_id_of_what_was_made_is_kept_in_the_error() {
    for (status, body) in [(201, r#"{"workspace_id":"w1"}"#), (200, r#"{"id":""}"#), (201, "[7]")] {
        let server = answering(Response::json(status, body)).await;
        let prolific = client(server.url()).build().unwrap();
        let error = prolific.workspaces().create(new_workspace()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{error}");
        assert_eq!(error.body(), body.as_bytes(), "{error}");
        assert!(error.may_have_acted(), "{error}");
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn whatever_is_made_is_kept_in_the_error_if_its_response_is_unreadable() {
    let body = r#"{"made":"and not said what"}"#;
    for status in [200, 201] {
        let server = answering(Response::json(status, body)).await;
        let prolific = client(server.url()).build().unwrap();
        let credential = Credential::new("a", "b").unwrap();
        let group = NewParticipantGroup::new("a").workspace_id(id::<WorkspaceId>("w1"));
        let errors = [
            prolific.hooks().create(subscription()).await.map(drop),
            prolific.participant_groups().create(group).await.map(drop),
            prolific.filter_sets().duplicate(&id("f1"), None).await.map(drop),
            prolific.credentials().create(&id("w1"), [credential]).await.map(drop),
        ];
        for error in errors.map(Result::unwrap_err) {
            assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{error}");
            assert_eq!(error.body(), body.as_bytes(), "{error}");
            assert!(error.may_have_acted(), "{error}");
        }
    }
}

fn subscription() -> NewSubscription {
    NewSubscription::new(
        id::<WorkspaceId>("w1"),
        EventType::StudyStatusChange,
        "https://example.com/hook",
    )
}

#[tokio::test]
async fn a_new_subscription_may_come_as_itself_or_in_a_list() {
    let row = |id: &str, url: &str| json!({ "id": id, "event_type": "study.status.change", "target_url": url });
    let (made, other) = (row("s1", "https://example.com/hook"), row("s2", "https://example.com"));
    for body in [made.clone(), json!({ "results": [other.clone(), made] })] {
        let server = answering(Response::json(201, body).header("x-hook-secret", "plum")).await;
        let prolific = client(server.url()).build().unwrap();
        let made = prolific.hooks().create(subscription()).await.unwrap();
        assert_eq!(made.subscription.id.as_str(), "s1");
        assert_eq!(made.confirmation.unwrap().expose(), "plum");
    }
    let body = json!({ "results": [other] }).to_string();
    let server = answering(Response::json(201, &body)).await;
    let prolific = client(server.url()).build().unwrap();
    let error = prolific.hooks().create(subscription()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.body().as_ref()),
        (ErrorKind::UnexpectedAnswer, body.as_bytes())
    );
}

#[tokio::test]
async fn a_read_is_not_taken_for_another() {
    let server = answering(Response::json(203, r#"{"id":"w1"}"#)).await;
    let prolific = client(server.url()).build().unwrap();
    let error = prolific.workspaces().get(&id("w1")).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 203);
    let change = WorkspaceChange::new().title("b");
    // What changed was changed.
    assert!(prolific.workspaces().update(&id("w1"), change).await.is_ok());
}

#[tokio::test]
async fn of_a_refusal_the_beginning_is_read() {
    let body = format!(r#"{{"detail":"{}"}}"#, "no ".repeat(1 << 20));
    let server = answering(Response::json(400, body)).await;
    let prolific = client(server.url()).build().unwrap();
    let error = prolific.users().me().await.unwrap_err();
    assert_eq!((error.kind(), error.body().len()), (ErrorKind::BadRequest, 64 << 10));
}

#[tokio::test]
async fn an_encoding_that_was_not_asked_for_is_named() {
    let body = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];
    let server = answering(Response::new(200, body).header("content-encoding", "gzip")).await;
    let prolific = client(server.url()).build().unwrap();
    let call = prolific.users().me().await.unwrap_err();
    let list = prolific.workspaces().list().next().await.unwrap().unwrap_err();
    for error in [call, list] {
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
        assert!(error.to_string().contains("encoded as gzip"), "{error}");
    }
    let server = answering(json(r#"{"id":"u1"}"#).header("content-encoding", "identity")).await;
    assert!(client(server.url()).build().unwrap().users().me().await.is_ok());
}

#[tokio::test]
async fn each_kind_of_body_has_its_limit() {
    let server =
        answering(json(json!({ "id": "u1", "results": [], "name": "x".repeat(2_000) }))).await;
    for (limit, of_lists, call, list) in [
        (1_000, 1_000, false, false),
        (9_000, 1_000, true, false),
        (1_000, 9_000, false, true),
        (9_000, 9_000, true, true),
    ] {
        let builder = client(server.url()).body_limit(limit).list_body_limit(of_lists);
        let prolific = builder.build().unwrap();
        let kind = |error: prolific_api_ext::Error| error.kind();
        let me = prolific.users().me().await.map(|_| ()).map_err(kind);
        let all = prolific.workspaces().list().collect_all().await.map(|_| ()).map_err(kind);
        let expected = |fits| if fits { Ok(()) } else { Err(ErrorKind::BodyTooLarge) };
        assert_eq!((me, all), (expected(call), expected(list)), "{limit} {of_lists}");
    }
}

/// A body of some six megabytes.
fn large(prefix: &str, unit: &str, suffix: &str) -> String {
    format!("{prefix}{}{suffix}", unit.repeat((6 << 20) / unit.len()))
}

#[tokio::test]
async fn large_bodies_of_small_values_are_refused_without_blocking_others() {
    let table = [
        large("[", "0,", "0]"),
        large(r#"{"results":["#, "{},", "{}]}"),
        large(r#"{"results":["#, "1,", "1]}"),
        large(r#"{"results":["#, "[],", "[]]}"),
        large(r#"{"results":[{"id":"a","strata":["#, "{},", "{}]}]}"),
        large(r#"{"results":[],"meta":["#, "{},", "{}]}"),
    ];
    for body in table {
        let start = body[..40].to_owned();
        let server = answering(json(body)).await;
        let prolific = client(server.url()).build().unwrap();
        let longest = Arc::new(Mutex::new(Duration::ZERO));
        let noted = longest.clone();
        let other = tokio::spawn(async move {
            loop {
                let began = Instant::now();
                tokio::time::sleep(Duration::from_millis(5)).await;
                let mut longest = noted.lock().unwrap();
                *longest = longest.max(began.elapsed());
            }
        });
        let error = prolific.submissions().list(&id("s")).next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyTooLarge, "{start}: {error}");
        other.abort();
        let longest = *longest.lock().unwrap();
        assert!(longest < Duration::from_secs(1), "{start}: another task waited {longest:?}");
    }
    let server = answering(json(large(r#"{"id":"u1","x":["#, "{},", "{}]}"))).await;
    let error = client(server.url()).build().unwrap().users().me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyTooLarge, "{error}");
}

#[tokio::test]
async fn the_deadline_holds_while_a_page_is_parsed() {
    // Some 25 MB of sensible rows, which take longer than the time that is left.
    let row = json!({ "id": "s", "participant_id": "x".repeat(200), "status": "APPROVED" });
    let rows: Vec<&Value> = vec![&row; 99_000];
    let server = answering(json(json!({ "results": rows }))).await;
    let timeout = Duration::from_millis(1_500);
    let builder = client(server.url()).total_timeout(timeout).retry_policy(NoRetry);
    let prolific = builder.build().unwrap();
    let began = Instant::now();
    let rows = prolific.submissions().list(&id("s")).next().await.unwrap();
    let took = began.elapsed();
    assert!(took < timeout + Duration::from_secs(1), "{took:?}");
    match rows {
        // A fast machine.
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::Timeout, "{error}"),
    }
}

#[tokio::test]
async fn a_change_of_a_group_that_is_answered_with_nothing_is_read_back() {
    for status in [200, 204] {
        let server = server(move |request, _| match request.line().starts_with("DELETE") {
            true => Response::new(status, ""),
            false => json(r#"{"results":[{"participant_id":"p1"}]}"#),
        })
        .await;
        let groups = client(server.url()).build().unwrap().participant_groups();
        let removed =
            groups.remove(&id("g1"), [&id("p1"), &id("p2")]).allow_partial().await.unwrap();
        assert_eq!((removed.done, removed.not_done), (vec![id("p2")], vec![id("p1")]), "{status}");
        assert_eq!(server.requests().len(), 2, "{status}");
    }
}
