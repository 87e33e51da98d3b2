//! Every operation of the API, through the raw client.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(deprecated, reason = "all operations are called")]

mod call;
mod samples;
#[rustfmt::skip]
mod table;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use call::Row;
use httpmock::{HttpMockResponse, MockServer};
use prolific_api::{AnswerKind, Client, OPERATIONS, Operation, Transport};
use samples::{answer_of, document, loose, lost, whole};
use serde_json::{Value, json};
use table::ROWS;

/// A server that sends a given response, and returns the last request.
struct Server {
    /// Answers until it is dropped.
    _server: MockServer,
    /// Made once, as a client reads the certificates of the system.
    client: Client,
    answer: Arc<Mutex<(u16, String, String)>>,
    seen: Arc<Mutex<(String, String)>>,
}

impl Server {
    async fn start() -> Self {
        let server = MockServer::start_async().await;
        let answer = Arc::new(Mutex::new((200, String::new(), String::new())));
        let seen = Arc::<Mutex<(String, String)>>::default();
        let (given, noted) = (answer.clone(), seen.clone());
        server.mock(move |when, then| {
            when.any_request();
            let (given, noted) = (given.clone(), noted.clone());
            then.respond_with(move |request| {
                *noted.lock().unwrap() =
                    (request.method_str().to_owned(), request.uri().path().to_owned());
                let (status, media, body) = given.lock().unwrap().clone();
                let response = HttpMockResponse::builder().status(status);
                response.header("content-type", media).body(body).build()
            });
        });
        let client = Client::new(&server.base_url(), Transport::default());
        Self { _server: server, client, answer, seen }
    }

    fn answers(&self, status: u16, media: &str, body: &str) {
        *self.answer.lock().unwrap() = (status, media.to_owned(), body.to_owned());
    }

    async fn call(&self, row: &Row, status: u16, answer: &Value) -> Result<Value, String> {
        self.answers(status, "application/json", &answer.to_string());
        (row.call)(&self.client).await.map_err(|error| format!("{error:?}"))
    }
}

fn operation(row: &Row) -> &'static Operation {
    let found = OPERATIONS.iter().copied().find(|operation| operation.id == row.id);
    found.unwrap_or_else(|| panic!("{} is no longer an operation", row.id))
}

/// The path that a row asks for: every parameter has its own name for a value.
fn expected_path(operation: &Operation) -> String {
    operation.path.replace('{', "a-").replace(['}'], "").replace('_', "-")
}

#[test]
fn every_documented_operation_is_called() {
    let called: BTreeSet<&str> = ROWS.iter().map(|row| row.id).collect();
    let generated: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    assert_eq!(called, generated);
    let methods = ["get", "put", "post", "delete", "patch"];
    let items = document()["paths"].as_object().unwrap().values();
    let documented = items.flat_map(|item| item.as_object().unwrap().iter());
    let documented = documented.filter(|(method, _)| methods.contains(&method.as_str()));
    let ids = documented.map(|(_, operation)| operation["operationId"].as_str().unwrap());
    let table = OPERATIONS.iter().map(|operation| operation.operation_id);
    assert_eq!(ids.collect::<BTreeSet<_>>(), table.collect());
}

#[test]
fn every_operation_has_a_helper_that_mocks_it() {
    let path = prolific_tests::repository().join("prolific-api/src/generated/httpmock.rs");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, helpers) = text.split_once("pub trait MockServerExt {").unwrap();
    let (helpers, _) = helpers.split_once("\n}\n").unwrap();
    let names = helpers.lines().filter_map(|line| line.trim_start().strip_prefix("fn "));
    let names: BTreeSet<&str> = names.filter_map(|line| line.split('<').next()).collect();
    let ids: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    assert_eq!(names, ids);
}

#[tokio::test]
async fn every_operation_asks_for_its_path_and_takes_its_documented_answer() {
    let server = Server::start().await;
    for row in ROWS {
        let operation = operation(row);
        let (status, schema) = answer_of(operation.method, operation.path);
        match (operation.answer, schema) {
            (AnswerKind::Json, Some(schema)) => {
                let answer = whole(schema);
                let decoded = server.call(row, status, &answer).await;
                let decoded = decoded.unwrap_or_else(|error| panic!("{}: {error}", row.id));
                assert_eq!(lost(&answer, &decoded, ""), Vec::<String>::new(), "{}", row.id);
            }
            (AnswerKind::Empty, None) => {
                for status in [200, 202, 204] {
                    server.answers(status, "text/plain", "");
                    assert_eq!((row.call)(&server.client).await.unwrap(), Value::Null);
                }
            }
            (AnswerKind::Bytes, None) => {
                server.answers(status, "text/csv", "a,b\n1,2\n");
                assert_eq!((row.call)(&server.client).await.unwrap(), json!("a,b\n1,2\n"));
            }
            (kind, schema) => panic!("{}: {kind:?} {schema:?}", row.id),
        }
        let (method, path) = server.seen.lock().unwrap().clone();
        assert_eq!(
            (method.as_str(), path.replace('_', "-")),
            (operation.method, expected_path(operation)),
            "{}",
            row.id
        );
    }
}

#[tokio::test]
async fn no_answer_is_lost_to_what_is_loose_in_it() {
    let server = Server::start().await;
    let mut failures = Vec::new();
    let mut count = 0;
    for row in ROWS {
        let operation = operation(row);
        let (status, Some(schema)) = answer_of(operation.method, operation.path) else {
            continue;
        };
        for loose in loose(schema) {
            count += 1;
            match server.call(row, status, &loose.answer).await {
                Err(error) => failures.push(format!("{} {}: {error}", row.id, loose.how)),
                Ok(decoded) => {
                    for lost in lost(&loose.answer, &decoded, "") {
                        failures.push(format!("{} {}: lost {lost}", row.id, loose.how));
                    }
                }
            }
        }
    }
    assert!(count > 3_000, "only {count} loose answers");
    let shown = failures.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} of {count}:\n{shown}", failures.len());
}
