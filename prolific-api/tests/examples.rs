//! The examples, run against a server that answers what is documented.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic")]
#![allow(clippy::duplicate_mod, reason = "each example has the module that they share")]

#[path = "../examples/bonus_payments.rs"]
mod bonus_payments;
#[path = "../examples/review_submissions.rs"]
mod review_submissions;
#[path = "../examples/run_a_study.rs"]
mod run_a_study;

use httpmock::{
    Method::{GET, POST},
    Mock, MockServer,
};
use prolific_api::{Client, Transport};
use serde_json::{Value, json};

fn client(server: &MockServer) -> Client {
    Client::new(&server.base_url(), Transport::default())
}

fn answers<'a>(
    server: &'a MockServer,
    method: httpmock::Method,
    path: &str,
    (status, body): (u16, Value),
) -> Mock<'a> {
    server.mock(|when, then| {
        when.method(method).path(path);
        then.status(status).json_body(body);
    })
}

#[tokio::test]
async fn a_study_is_created_with_the_body_and_published() {
    let server = MockServer::start_async().await;
    answers(&server, GET, "/api/v1/workspaces/", (200, json!({"results": [{"id": "w"}]})));
    let balance = json!({"available_balance": 5000, "currency_code": "GBP"});
    let balance = answers(&server, GET, "/api/v1/workspaces/w/balance/", (200, balance));
    let created = server.mock(|when, then| {
        let expected = json!({"name": "Perception of colours", "reward": 150});
        when.method(POST).path("/api/v1/studies/").json_body_includes(expected.to_string());
        then.status(201).json_body(json!({"id": "s", "status": "UNPUBLISHED"}));
    });
    let published = server.mock(|when, then| {
        when.method(POST)
            .path("/api/v1/studies/s/transition/")
            .json_body(json!({"action": "PUBLISH"}));
        then.status(200).json_body(json!({"id": "s", "status": "ACTIVE"}));
    });
    let read =
        answers(&server, GET, "/api/v1/studies/s/", (200, json!({"id": "s", "status": "ACTIVE"})));
    run_a_study::run(&client(&server)).await.unwrap();
    for mock in [balance, created, published, read] {
        mock.assert();
    }
}

#[tokio::test]
async fn what_awaits_review_is_approved_and_the_participant_is_thanked() {
    let server = MockServer::start_async().await;
    let rows = json!({"results": [{"id": "a"}, {"id": "b"}]});
    answers(&server, GET, "/api/v1/studies/s/submissions/", (200, rows));
    let waiting = json!({"id": "a", "status": "AWAITING REVIEW", "participant": "p"});
    answers(&server, GET, "/api/v1/submissions/a/", (200, waiting));
    let approved = json!({"id": "b", "status": "APPROVED", "participant": "q"});
    answers(&server, GET, "/api/v1/submissions/b/", (200, approved.clone()));
    let approve = answers(&server, POST, "/api/v1/submissions/a/transition/", (200, approved));
    let thanks = answers(&server, POST, "/api/v1/messages/", (201, json!({})));
    review_submissions::run(&client(&server), "s").await.unwrap();
    approve.assert();
    thanks.assert();
}

#[tokio::test]
async fn bonuses_are_prepared_and_paid_once() {
    let server = MockServer::start_async().await;
    let batch = json!({"id": "b", "total_amount": 2.1});
    answers(&server, POST, "/api/v1/submissions/bonus-payments/", (201, batch));
    let paid = answers(&server, POST, "/api/v1/bulk-bonus-payments/b/pay/", (202, json!("Paid")));
    bonus_payments::run(&client(&server), "s", "p,1.50").await.unwrap();
    paid.assert();
}
