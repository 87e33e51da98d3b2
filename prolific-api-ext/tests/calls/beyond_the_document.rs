//! Calls, parameters, fields and headers that the document does not have.

use std::{
    error,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::StreamExt as _;
use prolific_api_ext::{
    Error, ErrorKind, Method, Prolific, RetrySafety, studies::StudyChange, users::User,
};
use serde_json::{Value, json};

use crate::{
    client,
    fault_proxy::{FaultProxy, Response},
    json, server, shown,
};

const REFUSAL: &str = r#"{"error":{"title":"Not found","detail":"No such study"}}"#;

/// Refuses the first requests with a status, and then answers.
async fn refusing(times: usize, status: u16) -> FaultProxy {
    server(move |_, before| match before < times {
        true => Response::json(status, REFUSAL),
        false => json(json!({ "id": "u1" })).header("x-request-id", "r-1"),
    })
    .await
}

fn of(server: &FaultProxy) -> Prolific {
    client(server.url()).build().unwrap()
}

#[tokio::test]
async fn an_undocumented_call_is_sent_as_it_is_asked_for() {
    let server = refusing(0, 200).await;
    let prolific = of(&server);
    let request = prolific.request(Method::POST, "/api/v2/tomorrow/").query("ids", [1, 2]);
    let request = request.query("none", None::<u8>).header("x-run", "7");
    let response = request.json(&json!({ "name": "Birds" })).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (200, 1));
    assert_eq!(response.head().request_id(), Some("r-1"));
    assert_eq!(response.json::<Value>().unwrap(), json!({ "id": "u1" }));
    assert_eq!(response.json::<User>().unwrap().id.as_str(), "u1");
    let [sent] = &server.requests()[..] else { panic!("one request") };
    assert_eq!(sent.line(), "POST /api/v2/tomorrow/?ids=1&ids=2");
    assert_eq!(sent.header("authorization"), Some("Token sesame"));
    assert_eq!(sent.header("x-run"), Some("7"));
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.body, br#"{"name":"Birds"}"#);
}

#[tokio::test]
async fn an_undocumented_call_is_repeated_as_its_caller_says() {
    for (method, safety, attempts) in [
        (Method::GET, None, 2),
        (Method::HEAD, None, 2),
        (Method::POST, None, 1),
        (Method::DELETE, None, 1),
        (Method::POST, Some(RetrySafety::Idempotent), 2),
        (Method::PATCH, Some(RetrySafety::Safe), 2),
        (Method::GET, Some(RetrySafety::Unsafe), 1),
        (Method::GET, Some(RetrySafety::Never), 1),
        (Method::from_bytes(b"LIST").unwrap(), None, 1),
        (Method::from_bytes(b"LIST").unwrap(), Some(RetrySafety::Safe), 2),
    ] {
        let server = refusing(1, 503).await;
        let mut request = of(&server).request(method.clone(), "/new");
        if let Some(safety) = safety {
            request = request.retry(safety);
        }
        let sent = request.send().await;
        assert_eq!(server.requests().len(), attempts, "{method} {safety:?}");
        match sent {
            Ok(response) => assert_eq!(response.attempts(), 2),
            Err(error) => {
                assert_eq!((error.kind(), error.title()), (ErrorKind::Server, Some("Not found")));
                let acts = safety.is_none_or(|safety| safety > RetrySafety::Idempotent);
                assert_eq!(error.may_have_acted(), acts, "{method} {safety:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_undocumented_call_stays_on_the_server_and_its_path() {
    let server = refusing(0, 200).await;
    for path in [
        "@elsewhere.example/",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/a/../b",
        "/a?b",
    ] {
        let request = of(&server).request(Method::GET, path);
        let error = request.send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{path}");
    }
    let refused = of(&server).request(Method::GET, "/a").header("authorization", "Token b");
    assert_eq!(refused.send().await.unwrap_err().kind(), ErrorKind::Configuration);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_body_of_another_form_is_an_error_that_knows_its_call() {
    let server = server(|request, _| match request.line().contains("empty") {
        true => Response::json(204, ""),
        false => json("{\"id\":7}").header("x-request-id", "r-2"),
    })
    .await;
    let prolific = of(&server);
    let response = prolific.request(Method::POST, "/new").send().await.unwrap();
    let error = response.json::<User>().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::UnexpectedAnswer, 1));
    assert_eq!((error.request_id(), &**error.body()), (Some("r-2"), &b"{\"id\":7}"[..]));
    assert!(error.may_have_acted() && !shown(&error).contains(":7"), "{error}");
    let empty = prolific.request(Method::DELETE, "/empty").send().await.unwrap();
    empty.json::<()>().unwrap();
    assert_eq!(empty.json::<Option<User>>().unwrap(), None);
    assert!(empty.body().is_empty());
    let text = prolific.request(Method::PUT, "/new").body("text/csv", "a,b").send().await.unwrap();
    assert_eq!(text.body(), "{\"id\":7}");
    let sent = server.requests();
    assert_eq!(sent.last().unwrap().header("content-type"), Some("text/csv"));
}

#[tokio::test]
async fn an_undocumented_call_has_its_own_timeout() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let prolific = client(format!("http://{}", silent.local_addr().unwrap())).build().unwrap();
    let request = prolific.request(Method::GET, "/new").total_timeout(Duration::from_millis(50));
    assert_eq!(request.send().await.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_documented_call_accepts_additional_fields_parameters_and_headers() {
    let server = refusing(0, 200).await;
    let prolific = of(&server).with_query("beta", "1").with_header("x-run", "7").unwrap();
    let prolific = prolific.with_body_field("region", ["EU"]).unwrap();
    let prolific = prolific.with_body_field("name", "Rooks").unwrap();
    let id = "s1".parse().unwrap();
    prolific.studies().update(&id, StudyChange::new().name("Birds")).await.unwrap();
    prolific.studies().get(&id).await.unwrap();
    prolific.studies().create_test_study(&id).await.unwrap();
    let sent = server.requests();
    let bodies: Vec<Option<serde_json::Value>> =
        sent.iter().map(|request| serde_json::from_slice(&request.body).ok()).collect();
    let added = Some(serde_json::json!({ "name": "Rooks", "region": ["EU"] }));
    assert_eq!(bodies, [added.clone(), None, added]);
    for request in &sent {
        assert!(request.line().ends_with("?beta=1"), "{}", request.line());
        assert_eq!(request.header("x-run"), Some("7"));
    }
    assert_eq!(sent[2].header("content-type"), Some("application/json"));
    let records = prolific.datasets().append(&"d1".parse().unwrap(), [json!({ "a": 1 })]).await;
    let error = records.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
    assert!(error.to_string().contains("name, region can't be added"), "{error}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn parameters_of_a_list_stay_its_own() {
    let server = server(|_, _| json(r#"{"results":[],"meta":{"count":0}}"#)).await;
    let prolific = of(&server).with_query("ordering", "name").with_query("beta", "1");
    assert_eq!(prolific.submissions().list(&"s1".parse().unwrap()).count().await, 0);
    let line = server.requests()[0].line().to_owned();
    assert!(line.contains("ordering=started_at") && line.contains("beta=1"), "{line}");
}

#[tokio::test]
async fn every_response_is_observed_with_its_headers_and_without_the_token() {
    let server = server(|_, before| match before {
        0 => Response::json(503, "{}").header("x-ratelimit-remaining", "0"),
        _ => json(json!({ "id": "u1" }))
            .header("x-request-id", "r-1")
            .header("x-ratelimit-remaining", "9")
            .header("x-echo", "Token sesame"),
    })
    .await;
    let seen = Arc::<Mutex<Vec<_>>>::default();
    let noted = seen.clone();
    let prolific =
        of(&server).with_response_observer(move |head| noted.lock().unwrap().push(head.clone()));
    prolific.users().me().await.unwrap();
    let heads = seen.lock().unwrap().clone();
    let told =
        heads.iter().map(|head| (head.operation(), head.status().as_u16(), head.request_id()));
    let told: Vec<_> = told.collect();
    assert_eq!(told, [(Some("get-user"), 503, None), (Some("get-user"), 200, Some("r-1"))]);
    let left: Vec<_> = heads.iter().flat_map(|head| head.rate_limits()).collect();
    assert_eq!(left, [("x-ratelimit-remaining", "0"), ("x-ratelimit-remaining", "9")]);
    assert_eq!(heads[1].header("x-echo"), Some("Token [redacted]"));
    assert!(!format!("{heads:?} {prolific:?}").contains("sesame"));
}

async fn boxed(prolific: &Prolific) -> Result<(), Box<dyn error::Error>> {
    prolific.api().get_study().id("s1").send().await?;
    Ok(())
}

async fn boxed_for_threads(prolific: &Prolific) -> Result<(), Box<dyn error::Error + Send + Sync>> {
    prolific.api().get_study().id("s1").send().await?;
    Ok(())
}

#[tokio::test]
async fn a_boxed_error_of_the_raw_client_keeps_title_detail_and_attempts() {
    let server = refusing(usize::MAX, 503).await;
    let prolific = of(&server);
    let expected = "get-study: 503 Service Unavailable: Not found: No such study (4 attempts)";
    let error = boxed(&prolific).await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert!(format!("{error:?}").contains("No such study"), "{error:?}");
    let found = Error::within(&*error).unwrap();
    assert_eq!((found.title(), found.detail()), (Some("Not found"), Some("No such study")));
    assert_eq!((found.attempts(), found.kind()), (4, ErrorKind::Server));
    let error = boxed_for_threads(&prolific).await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert_eq!(Error::within(&*error).map(Error::attempts), Some(4));
}

#[tokio::test]
async fn a_boxed_error_of_the_raw_client_tells_why_no_response_came() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let prolific = client(format!("http://{closed}")).build().unwrap();
    let error = boxed(&prolific).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with(&format!("get-study: no connection to {closed}: ")), "{text}");
    assert!(text.ends_with("(4 attempts)"), "{text}");
    let found = Error::within(&*error).unwrap();
    assert_eq!((found.kind(), found.attempts()), (ErrorKind::Connection, 4));
    assert_eq!(found.to_string(), text);
}

#[tokio::test]
async fn a_boxed_error_of_a_success_that_can_not_be_decoded_says_where() {
    let server = server(|_, _| json("[7]")).await;
    let error = boxed(&of(&server)).await.unwrap_err();
    assert!(
        error.to_string().starts_with("get-study: 200 OK: the response does not have the"),
        "{error}"
    );
    let ours: Box<dyn error::Error> =
        Error::from(*error.downcast::<prolific_api_ext::raw::Error>().unwrap()).into();
    assert_eq!(Error::within(&*ours).map(Error::kind), Some(ErrorKind::UnexpectedAnswer));
    assert!(Error::within(&std::fmt::Error).is_none());
}

#[tokio::test]
async fn an_error_has_the_headers_of_its_response() {
    let server = server(|_, _| Response::json(404, "{}").header("x-ratelimit-limit", "60")).await;
    let error = of(&server).users().me().await.unwrap_err();
    assert_eq!(error.headers()["x-ratelimit-limit"], "60");
    let error = prolific_api_ext::Error::builder(ErrorKind::Timeout).build();
    assert!(error.headers().is_empty());
}

#[tokio::test]
async fn an_undocumented_request_of_what_costs_money_does_not_pass_the_spending_guard() {
    let server = refusing(0, 200).await;
    let behind_a_gateway = client(format!("{}/gateway", server.url())).build().unwrap();
    let prolific = of(&server).with_dry_run();
    for prolific in [behind_a_gateway.with_dry_run(), prolific.clone()] {
        for path in [
            "/api/v1/bulk-bonus-payments/b1/pay/",
            "/api/v1/bulk-bonus-payments/b1/pay",
            "/api/v1/bulk%2Dbonus-payments/b1/pay/",
            "/api/v1/bulk-bonus-payments%2fb1%252Fpay/",
        ] {
            let error = prolific.request(Method::POST, path).send().await.unwrap_err();
            assert_eq!(error.attempts(), 0, "{error}");
            assert!(!error.may_have_acted(), "{error}");
        }
    }
    prolific.request(Method::POST, "/api/v1/tomorrow/").send().await.unwrap();
    let paid = server.requests().iter().any(|request| request.line().contains("bonus"));
    assert!(!paid);
}
