//! The raw client against a mock server: the bytes of an answer to typed values.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

use std::sync::{Arc, Mutex};

use httpmock::{Method::GET, MockServer};
use prolific_api::{
    Client, Error, Execute, Operation, ResponseFuture, Transport, Undecodable,
    httpmock::MockServerExt,
    types::{DatasetStatus, DatasetStatusResponse},
};
use prolific_tests::repository;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

fn client(server: &MockServer) -> Client {
    Client::new(&server.base_url(), Transport::default())
}

async fn status_of(server: &MockServer, id: &str) -> Result<DatasetStatusResponse, Error> {
    let call = client(server).get_task_builder_dataset_status().dataset_id(id).send().await?;
    Ok(call.into_inner())
}

#[tokio::test]
async fn every_documented_status_comes_through() {
    let document = std::fs::read(repository().join("openapi/prolific.json")).unwrap();
    let document: Value = serde_json::from_slice(&document).unwrap();
    let documented = document["components"]["schemas"]["DatasetStatus"]["enum"].as_array().unwrap();
    let server = MockServer::start_async().await;
    for text in documented.iter().map(|value| value.as_str().unwrap()) {
        let expected = DatasetStatus::from(text);
        let mut response = DatasetStatusResponse::default();
        response.status = Some(expected.clone());
        let mut mock = server.get_task_builder_dataset_status(|when, then| {
            when.dataset_id("d1");
            then.ok(&response);
        });
        let answer = status_of(&server, "d1").await.unwrap();
        let status = answer.status.unwrap();
        assert_eq!((status.is_known(), status.as_str(), &status), (true, text, &expected));
        assert!(DatasetStatus::VALUES.contains(&status), "{text}");
        mock.assert();
        mock.delete();
    }
}

#[tokio::test]
async fn an_undocumented_status_is_unknown_and_no_error() {
    for text in ["ARCHIVED", "ready", ""] {
        let server = MockServer::start_async().await;
        server.mock(|when, then| {
            when.method(GET);
            then.status(200).json_body(serde_json::json!({ "status": text }));
        });
        let answer = status_of(&server, "d1").await.unwrap();
        let status = answer.status.as_ref().unwrap();
        assert!(matches!(status, DatasetStatus::Unknown(_)) && !status.is_known(), "{answer:?}");
        assert_eq!(status.as_str(), text);
        assert_eq!(serde_json::to_value(&answer).unwrap(), serde_json::json!({ "status": text }));
    }
}

#[tokio::test]
async fn fields_may_be_missing_and_new_ones_may_come() {
    for (body, has_status) in [("{}", false), (r#"{"status":"READY","more":[1]}"#, true)] {
        let server = MockServer::start_async().await;
        server.mock(|when, then| {
            when.method(GET);
            then.status(200).body(body);
        });
        assert_eq!(status_of(&server, "d1").await.unwrap().status.is_some(), has_status);
    }
}

#[tokio::test]
async fn a_refusal_is_the_whole_answer_with_or_without_a_body() {
    for status in [400, 401, 404, 500] {
        for body in ["", r#"{"error":{"title":"No"}}"#, "<html>"] {
            let server = MockServer::start_async().await;
            server.mock(|when, then| {
                when.method(GET);
                then.status(status).header("x-request-id", "r1").body(body);
            });
            let error = status_of(&server, "d1").await.unwrap_err();
            let Error::UnexpectedResponse(response) = error else {
                panic!("{status}: {error:?}");
            };
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()["x-request-id"], "r1");
            assert_eq!(response.text().await.unwrap(), body);
        }
    }
}

#[tokio::test]
async fn a_success_of_another_form_is_the_whole_answer_and_says_what_is_wrong() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET);
        then.status(200).header("x-request-id", "r1").body("[1, 2]");
    });
    let error = status_of(&server, "d1").await.unwrap_err();
    let Error::UnexpectedResponse(response) = error else {
        panic!("{error:?}");
    };
    assert_eq!((response.status().as_u16(), response.url().port()), (200, Some(server.port())));
    assert_eq!(response.headers()["x-request-id"], "r1");
    let undecodable = response.extensions().get::<Undecodable>().unwrap().to_string();
    assert!(
        undecodable.starts_with("the response does not have the documented form: "),
        "{undecodable}"
    );
    assert_eq!(response.text().await.unwrap(), "[1, 2]");
}

#[tokio::test]
async fn the_request_is_what_is_documented_and_no_more() {
    let server = MockServer::start_async().await;
    let mock = server.mock(|when, then| {
        when.method(GET)
            .path("/api/v1/data-collection/datasets/a%20b%252F/status")
            .header("accept", "application/json")
            .header_missing("api-version")
            .header_missing("authorization");
        then.status(200).body("{}");
    });
    status_of(&server, "a b%2F").await.unwrap();
    mock.assert();
}

/// Answers nothing itself, but notes which operations came by.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<(&'static str, bool)>>>);

impl Execute for Recorder {
    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
        operation: &'static Operation,
    ) -> ResponseFuture<'a> {
        let has_version = request.headers().contains_key("api-version");
        self.0.lock().unwrap().push((operation.operation_id, has_version));
        Box::pin(client.execute(request))
    }
}

#[tokio::test]
async fn every_call_goes_through_the_seam_without_the_generators_header() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET);
        then.status(200).body("{}");
    });
    let recorder = Recorder::default();
    let client = Client::new(&server.base_url(), Transport::new(recorder.clone()));
    client.get_task_builder_dataset_status().dataset_id("d1").send().await.unwrap();
    let seen = recorder.0.lock().unwrap().clone();
    assert_eq!(seen, [("get-task-builder-dataset-status", false)]);
}

/// Says nothing more than the beginning of a response to the first request, and is gone then.
async fn breaking_off() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        drop(listener);
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").await;
    });
    format!("http://{address}")
}

#[tokio::test]
async fn an_error_of_the_transport_does_not_show_the_query() {
    let client = Client::new(&breaking_off().await, Transport::default());
    let call = || client.request("GET", "/api/v1/tomorrow/").query("token", "sesame");
    let broken = call().json::<Value>().await.map(drop).unwrap_err();
    assert!(matches!(broken, Error::ResponseBodyError(_)), "{broken:?}");
    let refused = call().json::<Value>().await.map(drop).unwrap_err();
    assert!(matches!(refused, Error::CommunicationError(_)), "{refused:?}");
    assert!(refused.to_string().contains("/api/v1/tomorrow/"), "{refused}");
    for error in [broken, refused] {
        let mut shown = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            shown += &format!(" {cause} {cause:?}");
            source = cause.source();
        }
        assert!(!shown.contains("sesame"), "{shown}");
    }
}

#[test]
fn a_call_can_be_sent_to_another_thread() {
    fn is_send(_: impl Send) {}
    let client = Client::new("http://127.0.0.1", Transport::default());
    is_send(client.get_task_builder_dataset_status().dataset_id("d1").send());
}

#[test]
fn every_type_has_a_json_schema_under_its_feature() {
    let schema = schemars::schema_for!(DatasetStatusResponse);
    let text = serde_json::to_string(&schema).unwrap();
    assert!(text.contains("UNINITIALISED"), "{text}");
}
