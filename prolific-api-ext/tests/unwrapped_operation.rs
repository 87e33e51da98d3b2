//! An operation that this crate knows nothing of, not even from the table, sent through the raw
//! client's seam.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use prolific_api_ext::{Error, ErrorKind, FullJitter, Prolific, ProlificBuilder, raw::Operation};
use reqwest::{Method, Request};

const TOKEN: &str = "0123456789";

static NEW: Operation = Operation::new("an_operation_of_tomorrow", "POST", "/new");

/// A server that answers with one status after the other; the last stays. It wants the token.
struct Server {
    mock: MockServer,
    seen: Arc<AtomicUsize>,
}

fn answering(statuses: &'static [u16], request_id: &'static str) -> Server {
    let mock = MockServer::start();
    let seen = Arc::<AtomicUsize>::default();
    let count = seen.clone();
    mock.mock(|when, then| {
        when.path("/new").header("authorization", format!("Token {TOKEN}"));
        then.respond_with(move |_: &HttpMockRequest| {
            let number = count.fetch_add(1, Ordering::Relaxed);
            let status = statuses[number.min(statuses.len() - 1)];
            HttpMockResponse::builder().status(status).header("x-request-id", request_id).build()
        });
    });
    Server { mock, seen }
}

impl Server {
    fn builder(&self) -> ProlificBuilder {
        let at_once = FullJitter::new(Duration::ZERO, Duration::ZERO);
        Prolific::builder().token(TOKEN).base_url(self.mock.base_url()).backoff(at_once)
    }

    fn seen(&self) -> usize {
        self.seen.load(Ordering::Relaxed)
    }

    async fn call(&self, prolific: &Prolific) -> Result<u16, Error> {
        let request = Request::new(Method::POST, self.mock.url("/new").parse().unwrap());
        let answer = prolific.api().execute(request, &NEW).await;
        answer
            .map(|answer| answer.status().as_u16())
            .map_err(|error| prolific_api_ext::raw::Error::from(error).into())
    }
}

#[tokio::test]
async fn it_has_the_token_and_is_retried_where_nothing_was_acted_on() {
    let server = answering(&[429, 429, 200], "r-1");
    let prolific = server.builder().build().unwrap();
    assert_eq!((server.call(&prolific).await.unwrap(), server.seen()), (200, 3));
}

#[tokio::test]
async fn it_is_taken_for_unsafe_to_repeat() {
    let server = answering(&[503, 200], "r-1");
    let prolific = server.builder().build().unwrap();
    assert_eq!((server.call(&prolific).await.unwrap(), server.seen()), (503, 1));
}

#[tokio::test]
async fn it_is_under_the_request_rate_limit_and_the_timeouts() {
    let server = answering(&[200], "r-1");
    let limited = server.builder().requests_per_second(0.001).build().unwrap();
    assert_eq!(server.call(&limited).await.unwrap(), 200);
    let error = server.call(&limited).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), server.seen()), (ErrorKind::Timeout, 0, 1));

    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let builder = Prolific::builder().token(TOKEN).base_url(&url);
    let hurried = builder.attempt_timeout(Duration::from_millis(50)).build().unwrap();
    let request = Request::new(Method::POST, url.parse().unwrap());
    let error = hurried.api().execute(request, &NEW).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

/// What has been traced so far.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn it_is_traced() {
    let captured = Captured::default();
    let writer = captured.clone();
    // Of the whole process: a span that another thread meets first would be off for this one too.
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .init();
    let server = answering(&[429, 200], "r-traced");
    let prolific = server.builder().build().unwrap();
    server.call(&prolific).await.unwrap();
    let text = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    let span = text.lines().find(|line| line.contains("r-traced") && line.contains("close"));
    let span = span.unwrap_or_else(|| panic!("no span is closed in\n{text}"));
    for said in [
        "prolific.call",
        "http.request.method=\"POST\"",
        "http.response.status_code=200",
        "http.request.resend_count=1",
    ] {
        assert!(span.contains(said), "{said} is not in\n{span}");
    }
    assert!(text.contains("reason=\"rate_limited\""), "{text}");
}
