//! A Prolific that knows one dataset, to try the example without a token.

use std::sync::atomic::{AtomicUsize, Ordering};

use httpmock::{HttpMockRequest, HttpMockResponse, Method::GET, MockServer};

/// The token that the simulated server accepts.
pub(crate) const TOKEN: &str = "simulated-token";
/// The dataset that it knows.
pub(crate) const DATASET: &str = "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d";

/// What the dataset is at each look; the last one stays.
const STATES: [&str; 5] = ["UNINITIALISED", "UNINITIALISED", "PROCESSING", "PROCESSING", "READY"];

/// Starts the server. It stops when it is dropped.
pub(crate) fn serve() -> MockServer {
    let server = MockServer::start();
    let looks = AtomicUsize::new(0);
    server.mock(|when, then| {
        when.method(GET).path(format!("/api/v1/data-collection/datasets/{DATASET}/status"));
        then.respond_with(move |request| answer(request, &looks));
    });
    server
}

fn answer(request: &HttpMockRequest, looks: &AtomicUsize) -> HttpMockResponse {
    let expected = format!("Token {TOKEN}");
    let headers = request.headers();
    if headers.get("authorization").is_none_or(|value| value.as_bytes() != expected.as_bytes()) {
        return json(
            401,
            r#"{"error":{"status":401,"title":"Authentication","detail":"Wrong token."}}"#,
        );
    }
    let look = looks.fetch_add(1, Ordering::Relaxed).min(STATES.len() - 1);
    json(200, &format!(r#"{{"status":"{}"}}"#, STATES[look]))
}

fn json(status: u16, body: &str) -> HttpMockResponse {
    HttpMockResponse::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(body.to_owned())
        .build()
}
