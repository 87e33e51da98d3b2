//! The client that people depend on against a mock server.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

use std::{error::Error as _, time::Duration};

use httpmock::{HttpMockRequest, HttpMockResponse, Method::GET, MockServer};
use prolific_api::httpmock::MockServerExt;
use prolific_api_ext::{
    DatasetId, DatasetStatus, Error, ErrorKind, FullJitter, NoRetry, Prolific, TokenBucket,
};

const TOKEN: &str = "sesame-0123";

fn prolific(server: &MockServer) -> Prolific {
    let at_once = FullJitter::new(Duration::ZERO, Duration::ZERO);
    Prolific::builder().token(TOKEN).base_url(server.base_url()).backoff(at_once).build().unwrap()
}

/// A client of a server that is not there.
fn unreachable() -> Prolific {
    let once =
        Prolific::builder().token(TOKEN).base_url("http://127.0.0.1:1").retry_policy(NoRetry);
    once.build().unwrap()
}

fn id() -> DatasetId {
    "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d".parse().unwrap()
}

fn answering(status: u16, body: &str) -> MockServer {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.method(GET).header("authorization", format!("Token {TOKEN}"));
        then.status(status).body(body);
    });
    server
}

async fn failure(status: u16, body: &str) -> Error {
    prolific(&answering(status, body)).datasets().status(&id()).await.unwrap_err()
}

#[tokio::test]
async fn a_status_is_flat_whether_it_is_known_or_not() {
    let cases = [("READY", DatasetStatus::Ready), ("ARCHIVED", "ARCHIVED".into())];
    for (text, expected) in cases {
        let server = answering(200, &format!(r#"{{"status":"{text}"}}"#));
        let status = prolific(&server).datasets().status(&id()).await.unwrap();
        assert_eq!(status, expected);
        assert_eq!(status.is_known(), text == "READY");
    }
}

#[tokio::test]
async fn the_raw_client_sends_the_same_token() {
    let server = MockServer::start_async().await;
    let mock = server.get_task_builder_dataset_status(|when, then| {
        when.dataset_id("d1").into_inner().header("authorization", format!("Token {TOKEN}"));
        then.into_inner().status(200).body("{}");
    });
    let prolific = prolific(&server);
    prolific.api().get_task_builder_dataset_status().dataset_id("d1").send().await.unwrap();
    mock.assert();
}

#[tokio::test]
async fn a_refusal_has_its_kind_its_status_and_its_body() {
    let wrapped =
        r#"{"error":{"status":404,"error_code":140004,"title":"Not found","detail":"No dataset"}}"#;
    let cases = [
        (400, "", ErrorKind::BadRequest, "400 Bad Request: without a body"),
        (401, r#"{"detail":"Invalid token."}"#, ErrorKind::Unauthorized, "Invalid token."),
        (403, "", ErrorKind::Forbidden, "403 Forbidden"),
        (404, wrapped, ErrorKind::NotFound, "404 Not Found: Not found: No dataset"),
        (409, "", ErrorKind::Conflict, "409 Conflict"),
        (422, "", ErrorKind::Unprocessable, "422"),
        (429, "", ErrorKind::RateLimited, "429 Too Many Requests"),
        (500, "<html>oops</html>", ErrorKind::Server, "<html>oops</html>"),
    ];
    for (status, body, kind, shown) in cases {
        let error = failure(status, body).await;
        assert_eq!(error.kind(), kind, "{status}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.body().as_ref(), body.as_bytes());
        let text = error.to_string();
        assert!(text.starts_with("get-task-builder-dataset-status: "), "{text}");
        assert!(text.contains(shown), "{text}");
        assert_eq!(text.lines().count(), 1);
    }
}

#[tokio::test]
async fn an_answer_of_another_form_is_unexpected_and_keeps_its_body() {
    for body in ["", "not json", r#""READY""#, "[]", "{}"] {
        let error = failure(200, body).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{body}: {error}");
    }
    let error = failure(200, "not json").await;
    assert_eq!(error.body().as_ref(), b"not json");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let prolific = unreachable();
    let error = prolific.datasets().status(&id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("no connection to 127.0.0.1:1"), "{error}");
}

#[tokio::test]
async fn a_redirect_to_another_server_is_not_followed() {
    let other = answering(200, r#"{"status":"READY"}"#);
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET);
        then.status(302).header("location", other.url("/elsewhere"));
    });
    let error = prolific(&server).datasets().status(&id()).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(302));
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
}

#[tokio::test]
async fn a_request_to_another_server_goes_without_the_token() {
    static UPLOAD: prolific_api::Operation = prolific_api::Operation::new("upload", "PUT", "");
    let other = MockServer::start_async().await;
    let mock = other.mock(|when, then| {
        when.path("/upload").header_missing("authorization");
        then.status(200);
    });
    let home = MockServer::start_async().await;
    let request =
        reqwest::Request::new(reqwest::Method::PUT, other.url("/upload").parse().unwrap());
    assert_eq!(prolific(&home).api().execute(request, &UPLOAD).await.unwrap().status(), 200);
    mock.assert();
}

#[tokio::test]
async fn no_error_shows_the_token() {
    let errors = [
        failure(401, "").await,
        failure(200, "not json").await,
        unreachable().datasets().status(&id()).await.unwrap_err(),
    ];
    for error in errors {
        let mut shown = format!("{error} {error:?} {error:#?}");
        let mut source = error.source();
        while let Some(cause) = source {
            shown += &format!("{cause} {cause:?}");
            source = cause.source();
        }
        assert!(!shown.contains("sesame"), "{shown}");
    }
}

/// A server whose dataset is at each look what comes next; the last one stays.
fn moving_through(states: &'static [&'static str]) -> MockServer {
    let server = MockServer::start();
    let looks = std::sync::atomic::AtomicUsize::new(0);
    server.mock(|when, then| {
        when.method(GET);
        then.respond_with(move |_: &HttpMockRequest| {
            let look = looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let state = states[look.min(states.len() - 1)];
            HttpMockResponse::builder()
                .status(200)
                .body(format!(r#"{{"status":"{state}"}}"#))
                .build()
        });
    });
    server
}

fn wait(server: &MockServer) -> prolific_api_ext::poll::Wait<DatasetStatus> {
    prolific(server).datasets().wait_until_ready(&id()).interval(Duration::from_millis(1))
}

#[tokio::test]
async fn a_wait_ends_when_the_dataset_is_ready() {
    let server = moving_through(&["UNINITIALISED", "ARCHIVED", "PROCESSING", "READY"]);
    assert_eq!(wait(&server).await.unwrap(), DatasetStatus::Ready);
}

#[tokio::test]
async fn a_wait_for_a_dataset_that_fails_is_an_error_with_its_last_state() {
    let error = wait(&moving_through(&["PROCESSING", "ERROR"])).await.unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::Failed, Some("ERROR")));
}

#[tokio::test]
async fn a_wait_that_takes_too_long_is_an_error_with_its_last_state() {
    let server = moving_through(&["PROCESSING"]);
    let error = wait(&server).timeout(Duration::from_millis(50)).await.unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::WaitTimedOut, Some("PROCESSING")));
    assert!(error.to_string().contains("was still PROCESSING after"), "{error}");
}

#[tokio::test]
async fn a_state_with_a_line_break_breaks_no_message_and_is_kept() {
    let server = moving_through(&["A\\n\\u001bB"]);
    let error = wait(&server).timeout(Duration::from_millis(50)).await.unwrap_err();
    assert_eq!(error.last_state(), Some("A\n\u{1b}B"));
    assert!(error.to_string().contains("was still A B after"), "{error}");
}

#[tokio::test]
async fn an_operation_called_through_the_raw_client_is_authenticated_and_retried() {
    let server = MockServer::start_async().await;
    let attempts = std::sync::atomic::AtomicUsize::new(0);
    server.mock(|when, then| {
        when.method(GET).header("authorization", format!("Token {TOKEN}"));
        then.respond_with(move |_: &HttpMockRequest| {
            let is_first = attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
            let answer = HttpMockResponse::builder();
            if is_first {
                return answer.status(503).header("retry-after-ms", "1").build();
            }
            answer.status(200).body("{}").build()
        });
    });
    let prolific = prolific(&server);
    let call = prolific.api().get_task_builder_dataset_status().dataset_id("d1");
    assert_eq!(call.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_error_of_the_raw_client_becomes_one_of_ours_and_still_knows_the_call() {
    let server = answering(503, r#"{"error":{"title":"Busy"}}"#);
    let prolific = prolific(&server).with_retry_policy(NoRetry);
    let call = prolific.api().get_task_builder_dataset_status().dataset_id("d1");
    let error = Error::from(call.send().await.unwrap_err());
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
    assert_eq!((error.title(), error.status().map(|s| s.as_u16())), (Some("Busy"), Some(503)));
    assert_eq!(error.operation(), Some("get-task-builder-dataset-status"));
    assert_eq!(error.body().as_ref(), br#"{"error":{"title":"Busy"}}"#);
}

#[tokio::test]
async fn a_derived_client_changes_its_own_calls_alone() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET);
        then.status(200).body(r#"{"status":"READY"}"#).delay(Duration::from_millis(300));
    });
    let prolific = prolific(&server);
    let hurried = prolific.with_total_timeout(Duration::from_millis(50));
    let error = hurried.datasets().status(&id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(prolific.datasets().status(&id()).await.is_ok());
}

#[tokio::test]
async fn the_application_follows_the_crate_in_the_user_agent() {
    let server = MockServer::start_async().await;
    let expected = format!("prolific-api-ext/{} my-study/1.2", env!("CARGO_PKG_VERSION"));
    let mock = server.mock(|when, then| {
        when.method(GET).header("user-agent", &expected);
        then.status(200).body(r#"{"status":"READY"}"#);
    });
    let builder = Prolific::builder().token(TOKEN).base_url(server.base_url());
    let prolific = builder.user_agent("my-study/1.2").build().unwrap();
    prolific.datasets().status(&id()).await.unwrap();
    mock.assert();
}

#[tokio::test]
async fn a_client_of_the_callers_own_says_who_calls_where_that_is_set() {
    for (application, expected) in [
        (
            Some("my-study/1.2"),
            format!("prolific-api-ext/{} my-study/1.2", env!("CARGO_PKG_VERSION")),
        ),
        (None, "own/1".to_owned()),
    ] {
        let server = MockServer::start_async().await;
        let mock = server.mock(|when, then| {
            when.method(GET).header("user-agent", &expected);
            then.status(200).body(r#"{"status":"READY"}"#);
        });
        let own = reqwest::Client::builder().user_agent("own/1").build().unwrap();
        let mut builder =
            Prolific::builder().token(TOKEN).base_url(server.base_url()).http_client(own);
        if let Some(application) = application {
            builder = builder.user_agent(application);
        }
        builder.build().unwrap().datasets().status(&id()).await.unwrap();
        mock.assert();
    }
}

#[tokio::test]
async fn an_answer_without_a_status_still_says_which_answer_it_was() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET);
        then.status(200).header("x-request-id", "r-1").body("{}");
    });
    let error = prolific(&server).datasets().status(&id()).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(error.request_id(), Some("r-1"));
}

#[tokio::test]
async fn a_request_rate_that_leaves_no_turn_in_time_says_so() {
    let server = answering(200, r#"{"status":"READY"}"#);
    let prolific = Prolific::builder()
        .token(TOKEN)
        .base_url(server.base_url())
        .requests_per_second(0.001)
        .total_timeout(Duration::from_secs(1))
        .build()
        .unwrap();
    assert!(prolific.datasets().status(&id()).await.is_ok());
    let error = prolific.clone().datasets().status(&id()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(error.to_string().contains("request-rate limit"), "{error}");
}

#[tokio::test]
async fn a_derived_client_shares_the_rate_limit_and_the_budget() {
    let server = answering(503, "");
    let bucket = std::sync::Arc::new(TokenBucket::new(100));
    let at_once = FullJitter::new(Duration::ZERO, Duration::ZERO);
    let builder = Prolific::builder().token(TOKEN).base_url(server.base_url()).backoff(at_once);
    let prolific = builder.clone().retry_budget(bucket.clone()).build().unwrap();
    let derived = prolific.with_total_timeout(Duration::from_secs(60));
    for (client, left) in [(&prolific, 85), (&derived, 70), (&derived.clone(), 55)] {
        client.datasets().status(&id()).await.unwrap_err();
        assert_eq!(bucket.tokens(), left);
    }
    let limited = builder.requests_per_second(0.001).build().unwrap();
    limited.datasets().status(&id()).await.unwrap_err();
    let derived = limited.with_retry_policy(NoRetry).with_attempt_timeout(Duration::from_secs(9));
    assert_eq!(derived.datasets().status(&id()).await.unwrap_err().attempts(), 0);
}

#[test]
fn a_client_can_be_shared_between_threads_and_a_wait_moved_to_one() {
    fn is_shareable<T: Clone + Send + Sync + 'static>(_: &T) {}
    fn is_movable<T: Send + 'static>(_: T) {}
    fn is_sent<T: Send>(_: T) {}
    fn is_an_error_for_anyone<T: std::error::Error + Send + Sync + 'static>() {}
    let prolific = Prolific::builder().token(TOKEN).build().unwrap();
    let datasets = prolific.datasets();
    is_shareable(&prolific);
    is_shareable(&datasets);
    is_movable(datasets.wait_until_ready(&id()).into_future());
    is_movable(datasets.wait_until_ready(&id()).updates());
    is_movable(datasets.wait_many([id()]).settled());
    is_sent(datasets.wait_many([id()]).settled().next());
    is_sent(datasets.status(&id()));
    is_movable(prolific.workspaces().list());
    is_sent(prolific.api().get_task_builder_dataset_status().dataset_id("d1"));
    is_sent(prolific.api().get_task_builder_dataset_status().dataset_id("d1").send());
    is_an_error_for_anyone::<Error>();
}
