//! What holds of every request, whatever it is for.

use prolific_api_ext::simulator::{Fault, RecordedBody, Simulator};
use reqwest::{Client, Method, Response};
use serde_json::Value;

async fn create_study(
    simulator: &Simulator,
    token: &str,
    body: impl Into<reqwest::Body>,
) -> Response {
    let request = Client::new().post(format!("{}/api/v1/studies/", simulator.base_url()));
    let request = request.header("authorization", format!("Token {token}"));
    request.header("content-type", "application/json").body(body).send().await.unwrap()
}

fn kept(simulator: &Simulator) -> usize {
    let bodies = simulator.requests().into_iter().map(|request| match request.body {
        RecordedBody::Whole(body) => body.len(),
        _ => 0,
    });
    bodies.sum()
}

#[tokio::test]
async fn a_body_without_the_token_is_refused_and_not_kept() {
    let simulator = Simulator::start();
    let answer = create_study(&simulator, "another", vec![b' '; 8 << 20]).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(kept(&simulator), 0);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_not_kept() {
    let simulator = Simulator::start();
    let answer = create_study(&simulator, simulator.token(), vec![b' '; 11 << 20]).await;
    assert_eq!(answer.status(), 413);
    assert_eq!(kept(&simulator), 0);
}

#[tokio::test]
async fn a_body_of_another_media_type_is_refused() {
    let simulator = Simulator::start();
    let request = Client::new().post(format!("{}/api/v1/studies/", simulator.base_url()));
    let request = request.header("authorization", format!("Token {}", simulator.token()));
    let request = request.header("content-type", "text/plain").body("{}");
    assert_eq!(request.send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn the_token_of_one_simulator_is_unknown_to_another() {
    let simulators = [Simulator::start(), Simulator::start()];
    let answer = create_study(&simulators[0], simulators[1].token(), "{}").await;
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn every_response_names_its_request_and_a_fault_may_name_it_otherwise() {
    let simulator = Simulator::start();
    simulator.fault("create-study", Fault::status(503).header("X-Request-Id", "mine")).unwrap();
    let mut named = Vec::new();
    for token in [simulator.token(), simulator.token(), "another"] {
        let answer = create_study(&simulator, token, "{}").await;
        let ids = answer.headers().get_all("x-request-id").iter();
        named.extend(ids.map(|id| id.to_str().unwrap().to_owned()));
    }
    let recorded: Vec<String> =
        simulator.requests().into_iter().map(|request| request.request_id).collect();
    assert_eq!(named, ["mine", &recorded[1], &recorded[2]]);
    assert_ne!(recorded[1], recorded[2]);
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_refused_with_those_that_it_has() {
    let simulator = Simulator::start();
    for (path, allowed) in
        [("studies/x/", "DELETE, GET, PATCH"), ("submissions/bonus-payments/", "POST")]
    {
        let request = Client::new().put(format!("{}/api/v1/{path}", simulator.base_url()));
        let request = request.header("authorization", format!("Token {}", simulator.token()));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 405);
        assert_eq!(answer.headers()["allow"], allowed);
        assert_eq!(answer.json::<Value>().await.unwrap()["error"]["status"], 405);
    }
}

#[tokio::test]
async fn no_body_is_refused_where_the_document_requires_one() {
    let simulator = Simulator::start();
    let url = |path: &str| format!("{}/api/v1/{path}", simulator.base_url());
    for (method, path, status) in [
        (Method::PATCH, "studies/x/", 400),
        (Method::POST, "studies/", 400),
        // There it is optional, and there is no such study.
        (Method::POST, "studies/x/clone/", 404),
    ] {
        for body in ["", " \n"] {
            let request = Client::new().request(method.clone(), url(path)).body(body);
            let request = request.header("content-type", "application/json");
            let request = request.header("authorization", format!("Token {}", simulator.token()));
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), status, "{method} {path} {body:?}");
        }
    }
}
