//! What instructions send and how answers are read, on a real socket.
#![allow(deprecated, reason = "they are tested for as long as they are there")]

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use crate::{
    BatchId, ErrorKind,
    questions::{Question, QuestionType},
    transfer::{RecordingServer, Reply},
};

const INSTRUCTIONS: &str = "/api/v1/data-collection/batches/b1/instructions";

fn id() -> BatchId {
    BatchId::new("b1").unwrap()
}

fn stored() -> Value {
    json!([
        { "type": "free_text", "id": "i1", "description": "a", "created_by": "u1",
          "created_at": "2026-01-01", "parent_type": "batch" },
        { "type": "multiple_choice", "id": "i2", "description": "b", "answer_limit": 1,
          "options": [{ "label": "A", "value": "a" }] },
    ])
}

#[tokio::test]
async fn instructions_are_read_and_sent_back_with_their_ids() {
    let server = RecordingServer::start(|line, _, _| match line.starts_with("GET") {
        true => Reply::json(200, &json!({ "results": stored() })),
        false => Reply::json(if line.starts_with("PUT") { 200 } else { 201 }, &stored()),
    })
    .await;
    let instructions = server.prolific().instructions();
    let list: Vec<_> = instructions.list(&id()).try_collect().await.unwrap();
    let inputs: Vec<_> = list.into_iter().map(|stored| stored.question).collect();
    assert_eq!(instructions.update(&id(), inputs.clone()).await.unwrap().len(), 2);
    assert_eq!(instructions.create(&id(), inputs).await.unwrap().len(), 2);
    let [get, put, post] = server.seen().try_into().unwrap();
    let lines = [get.line(), put.line(), post.line()];
    assert_eq!(lines, ["GET", "PUT", "POST"].map(|method| format!("{method} {INSTRUCTIONS}")));
    let expected = json!({ "instructions": [
        { "type": "free_text", "id": "i1", "description": "a" },
        stored()[1],
    ] });
    assert_eq!(put.json(), expected);
    assert_eq!(post.json(), expected);
}

#[tokio::test]
async fn what_can_not_be_used_is_not_sent_and_a_newer_type_is() {
    let server = RecordingServer::start(|_, _, _| Reply::json(201, &json!([]))).await;
    let none: [(&str, &str); 0] = [];
    let odd = [Question::multiple_choice("a", 1, none)];
    let error = server.prolific().instructions().create(&id(), odd).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(server.seen().is_empty());
    let newer = [Question::new(QuestionType::from("hologram"), "a")];
    server.prolific().instructions().create(&id(), newer).await.unwrap();
    assert_eq!(server.seen()[0].json()["instructions"][0]["type"], "hologram");
}
