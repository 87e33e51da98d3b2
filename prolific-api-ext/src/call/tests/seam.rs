use std::{
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use prolific_api::{AnswerKind, Error as Raw, Operation};
use reqwest::{Body, Request, Response};

use super::manual_clock::{Held, ManualClock};
use crate::{
    Error, ErrorKind, RetrySafety,
    call::{Policy, RateLimit, TokenBucket, seam::Exchange},
};

#[tokio::test]
async fn a_call_under_way_is_small() {
    let policy = Policy::for_tests();
    let client = reqwest::Client::new();
    let request = Request::new(reqwest::Method::GET, "http://127.0.0.1/".parse().unwrap());
    let send = |request| client.execute(request);
    let exchange = Exchange::new(&policy, None, request, send);
    let size = size_of_val(&async move { exchange.run(None).await });
    assert!(size <= 1_344, "{size} bytes");
}

#[test]
fn the_page_on_retries_has_the_defaults_that_are_used() {
    let page = include_str!("../../guide/errors_and_retries.md").replace('\n', " ");
    let policy = Policy::for_tests();
    let (total, attempt) = (policy.total_timeout.as_secs(), policy.attempt_timeout.as_secs());
    for said in [
        format!("within {total} seconds, each within {attempt} seconds"),
        format!("{} tokens, of which a retry", TokenBucket::default().tokens()),
    ] {
        assert!(page.contains(&said), "{said}");
    }
}

/// A call that is handed to the transport at the time that is given.
async fn handed_over(policy: &Policy) -> Duration {
    let started = tokio::time::Instant::now();
    let at = Mutex::new(None);
    let request = Request::new(reqwest::Method::GET, "http://127.0.0.1/".parse().unwrap());
    let send = |_| {
        *at.lock().unwrap() = Some(started.elapsed());
        std::future::ready(Ok(Response::from(http::Response::new("{}"))))
    };
    Exchange::new(policy, None, request, send).run(None).await.unwrap();
    at.into_inner().unwrap().unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_transport_gets_a_request_when_its_turn_has_come_and_not_before() {
    let mut policy = Policy::for_tests();
    policy.rate_limit = RateLimit::per_second(0.1).map(Arc::new);
    assert_eq!(handed_over(&policy).await, Duration::ZERO);
    assert_eq!(handed_over(&policy).await, Duration::from_secs(10));
}

#[tokio::test]
async fn an_attempt_is_timed_out_by_the_injected_clock() {
    let clock = ManualClock::new();
    let mut call = Held::new({
        let clock = clock.clone();
        async move {
            let mut policy = Policy::for_tests();
            policy.environment = clock;
            let request = Request::new(reqwest::Method::GET, "http://127.0.0.1/".parse().unwrap());
            let never = |_| std::future::pending::<reqwest::Result<Response>>();
            Exchange::new(&policy, None, request, never).run(None).await.unwrap_err()
        }
    });
    assert!(call.poll().is_pending());
    clock.advance_to(Duration::from_secs(30));
    let Poll::Ready(error) = call.poll_if_woken() else { panic!("it is still running") };
    assert!(error.is_timeout(), "{error:?}");
}

static FILE: Operation = Operation::new("file", "GET", "/file")
    .with_retry(RetrySafety::Safe)
    .with_answer(AnswerKind::Bytes)
    .with_success(&[200]);
static EMPTY: Operation =
    Operation::new("empty", "DELETE", "/empty").with_answer(AnswerKind::Empty);
static WRITE: Operation =
    Operation::new("write", "PUT", "/write").with_retry(RetrySafety::Idempotent);

fn request() -> Request {
    let url = "http://127.0.0.1/test?signature=sesame".parse().unwrap();
    Request::new(reqwest::Method::PUT, url)
}

/// Sends a request to a server that gives these pieces of a body, and then hangs or ends.
async fn sent(
    policy: &Policy,
    operation: &'static Operation,
    pieces: &'static [&'static str],
    hangs: bool,
) -> reqwest::Result<Response> {
    let answer = |_: Request| {
        let pieces = stream::iter(pieces).map(|piece| Ok::<_, std::io::Error>(*piece));
        let end = stream::once(std::future::pending());
        let body = match hangs {
            true => Body::wrap_stream(pieces.chain(end)),
            false => Body::wrap_stream(pieces),
        };
        std::future::ready(Ok(Response::from(http::Response::new(body))))
    };
    Exchange::new(policy, Some(operation), request(), answer).run(None).await
}

#[tokio::test(start_paused = true)]
async fn a_file_is_handed_out_as_it_comes_however_large_it_is() {
    let policy = Policy { body_limit: 4, ..Policy::for_tests() };
    let response = sent(&policy, &FILE, &["abc", "def"], false).await.unwrap();
    assert_eq!(&*response.bytes().await.unwrap(), b"abcdef");
    let error =
        Error::from(Raw::from(sent(&policy, &WRITE, &["abc", "def"], false).await.unwrap_err()));
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::BodyTooLarge, 1), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_stalls_is_an_error_that_knows_its_call() {
    let policy = Policy::for_tests();
    let response = sent(&policy, &FILE, &["abc"], true).await.unwrap();
    let began = tokio::time::Instant::now();
    let error = Raw::ResponseBodyError(response.bytes().await.unwrap_err());
    let error = Error::from(error);
    assert_eq!(began.elapsed(), policy.attempt_timeout);
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Timeout, Some("file")));
    assert!(error.to_string().contains("the response stalled for 30s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_reader_of_a_file_may_take_their_time() {
    let policy = Policy::for_tests();
    let mut response = sent(&policy, &FILE, &["abc", "def"], false).await.unwrap();
    while response.chunk().await.unwrap().is_some() {
        tokio::time::sleep(policy.attempt_timeout * 3).await;
    }
}

#[tokio::test(start_paused = true)]
async fn where_no_body_is_documented_nothing_is_lost_with_one() {
    let policy = Policy { body_limit: 4, ..Policy::for_tests() };
    for (pieces, hangs) in [(&["abc", "def"][..], false), (&["abc"], true)] {
        let response = sent(&policy, &EMPTY, pieces, hangs).await.unwrap();
        assert_eq!(response.status(), 200);
    }
}

#[tokio::test]
async fn a_body_that_can_not_be_sent_again_is_sent_once_and_no_query_shows() {
    let policy = Policy::for_tests();
    let mut streaming = request();
    let pieces = stream::iter([Ok::<_, std::io::Error>("a")]);
    *streaming.body_mut() = Some(Body::wrap_stream(pieces));
    let busy = |_: Request| {
        let response = http::Response::builder().status(503).body("").unwrap();
        std::future::ready(Ok(Response::from(response)))
    };
    let exchange = Exchange::new(&policy, Some(&WRITE), streaming, busy);
    let response = exchange.run(None).await.unwrap();
    let error = Error::from(Raw::UnexpectedResponse(response));
    assert_eq!(error.attempts(), 1);
    assert!(error.to_string().contains("the request body can't be sent again"), "{error}");

    let hurried = Policy { total_timeout: Duration::ZERO, ..policy };
    let error = sent(&hurried, &WRITE, &[], false).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("sesame"), "{error:?}");
}
