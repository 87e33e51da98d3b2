//! Calls of a simulator, each of whose answers is checked.

use std::collections::BTreeSet;

use prolific_api_ext::simulator::Simulator;
use reqwest::{Client, Method, Response, header::HeaderMap};
use serde_json::{Value, json};

use crate::document::Document;

/// The page of this operation documents 400 alone; that an unknown id is 404 as with every other
/// operation is inferred.
const INFERRED: (&str, u16) = ("get-task-builder-dataset-status", 404);

pub(crate) struct Session {
    pub(crate) simulator: Simulator,
    document: Document,
    http: Client,
    headers: HeaderMap,
    /// The operations that were answered with a success.
    pub(crate) succeeded: BTreeSet<String>,
}

impl Session {
    pub(crate) fn start() -> Self {
        Self {
            simulator: Simulator::start(),
            document: Document::read(),
            http: Client::new(),
            headers: HeaderMap::new(),
            succeeded: BTreeSet::new(),
        }
    }

    /// Calls with a body of JSON and checks the answer.
    pub(crate) async fn call(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, path, "application/json", body).await
    }

    /// Calls with any body and checks the answer.
    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        content_type: &str,
        body: String,
    ) -> (u16, Value) {
        let url = format!("{}/api/v1/{path}", self.simulator.base_url());
        self.send_to(method, &url, content_type, body).await
    }

    /// Reads what is at an address, and checks the answer.
    pub(crate) async fn fetch(&mut self, url: &str) -> Value {
        let (status, answer) = self.send_to("GET", url, "application/json", String::new()).await;
        assert_eq!(status, 200, "{url}: {answer}");
        answer
    }

    async fn send_to(
        &mut self,
        method: &str,
        url: &str,
        content_type: &str,
        body: String,
    ) -> (u16, Value) {
        let token = format!("Token {}", self.simulator.token());
        let request = self.http.request(method.parse().unwrap(), url);
        let request = request.header("authorization", token).header("content-type", content_type);
        let answer = request.body(body).send().await.unwrap();
        let recorded = self.simulator.requests().pop().unwrap();
        let operation = recorded.operation.unwrap_or_else(|| panic!("{url} is not an operation"));
        self.checked(operation, answer).await
    }

    /// A header of the last answer.
    pub(crate) fn header(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }

    async fn checked(&mut self, operation: &str, answer: Response) -> (u16, Value) {
        let status = answer.status().as_u16();
        assert!(answer.headers().contains_key("x-request-id"), "{operation}");
        let content_type = answer.headers().get("content-type");
        let content_type = content_type.map_or("", |value| value.to_str().unwrap()).to_owned();
        self.headers = answer.headers().clone();
        let body = answer.bytes().await.unwrap();
        if (operation, status) != INFERRED {
            let fault = self.document.fault_of(operation, status, &content_type, &body);
            assert_eq!(fault, None);
        }
        if status < 300 {
            self.succeeded.insert(operation.to_owned());
        }
        let text = || String::from_utf8_lossy(&body).into_owned().into();
        (status, serde_json::from_slice(&body).unwrap_or_else(|_| text()))
    }

    /// Calls, and must have a text that is not JSON.
    pub(crate) async fn text(&mut self, path: &str) -> String {
        self.get(path).await.as_str().unwrap().to_owned()
    }

    /// Calls, and must have this status.
    pub(crate) async fn expect(
        &mut self,
        status: u16,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Value {
        let (answered, answer) = self.call(method, path, body).await;
        assert_eq!(answered, status, "{method} {path}: {answer}");
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Value {
        self.expect(200, "GET", path, &Value::Null).await
    }

    /// Looks until a field says this; gives everything that it said.
    pub(crate) async fn look(&mut self, path: &str, field: &str, end: &str) -> Vec<String> {
        let mut seen = Vec::new();
        for _ in 0..500 {
            let answer = self.get(path).await;
            let state = answer[field].as_str().unwrap().to_owned();
            seen.push(state.clone());
            if state == end {
                return seen;
            }
        }
        panic!("{path} never is {end}: {seen:?}");
    }

    pub(crate) async fn dataset(&mut self, schema: &Value) -> String {
        let workspace = self.simulator.workspace_id().unwrap();
        let mut body = json!({ "name": "Reviews", "workspace_id": workspace });
        if !schema.is_null() {
            body["schema"] = schema.clone();
        }
        let dataset = self.expect(201, "POST", "data-collection/datasets", &body).await;
        dataset["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn append(&mut self, dataset: &str, lines: &str) -> (u16, Value) {
        let path = format!("data-collection/datasets/{dataset}/datapoints");
        self.send("POST", &path, "application/x-ndjson", lines.to_owned()).await
    }

    /// Asks for a link.
    pub(crate) async fn link(&mut self, dataset: &str, filename: &str) -> Value {
        let path = format!("data-collection/datasets/{dataset}/upload-url/{filename}");
        self.expect(201, "GET", &path, &Value::Null).await
    }

    /// Sends a file as the link says.
    pub(crate) async fn put(&self, link: &Value, file: impl Into<reqwest::Body>) -> Response {
        let request = self.http.request(Method::PUT, link["upload_url"].as_str().unwrap());
        let content_type = link["content_type"].as_str().unwrap();
        request.header("content-type", content_type).body(file).send().await.unwrap()
    }

    /// Uploads a file; gives the link.
    pub(crate) async fn upload(&mut self, dataset: &str, filename: &str, file: &str) -> Value {
        let link = self.link(dataset, filename).await;
        assert_eq!(self.put(&link, file.to_owned()).await.status(), 200);
        link
    }
}

pub(crate) fn schema(strict: bool) -> Value {
    json!({ "strict": strict, "fields": {
        "text": { "type": "text", "label": "Review" },
        "source": { "type": "metadata" },
    }})
}
