//! What users send and how answers are read, on a real socket.

use serde_json::json;

use crate::{ErrorKind, transfer::RecordingServer};

#[tokio::test]
async fn the_account_of_the_token_is_read_with_a_slash_at_the_end() {
    let answer = json!({ "id": "u1", "email": "a@b.c", "balance": 1_250, "new": true });
    let server = RecordingServer::answering(200, answer).await;
    let me = server.prolific().users().me().await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/users/me/");
    assert_eq!(
        (me.id.as_str(), me.email.as_deref(), me.balance),
        ("u1", Some("a@b.c"), Some(1_250.into()))
    );
    assert_eq!(me.available_balance, None);
}

#[tokio::test]
async fn an_account_without_an_id_is_no_answer() {
    let server = RecordingServer::answering(200, json!({ "email": "a@b.c" })).await;
    let error = server.prolific().users().me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert_eq!(error.to_string(), "get-user: 200 OK: the response has no `id`");
}

#[tokio::test]
async fn a_test_participant_is_made_once_of_an_address() {
    let server = RecordingServer::answering(201, json!({ "participant_id": "p1" })).await;
    let users = server.prolific().users();
    let participant = users.create_test_participant("a@example.com").await.unwrap();
    assert_eq!(participant.participant_id.as_str(), "p1");
    assert_eq!(server.seen()[0].line(), "POST /api/v1/researchers/participants/");
    assert_eq!(server.seen()[0].json(), json!({ "email": "a@example.com" }));
    let failing = RecordingServer::answering(503, json!({})).await;
    failing.prolific().users().create_test_participant("a@example.com").await.unwrap_err();
    assert_eq!(failing.seen().len(), 1);
}
