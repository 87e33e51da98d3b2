//! What comes of every fault: a server on a real socket, and the client as users have it.
//!
//! The table is [`TABLE`]. Each row is one fault that the server commits at every attempt, how
//! many attempts it saw of a safe, an idempotent and an unsafe operation, and the error.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt as _;
use prolific_api::{AnswerKind, Error as Raw, Operation, ResponseValue, RetrySafety, types};
use reqwest::{Method, Request, Response};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::seam::Exchange;
use crate::{Error, ErrorKind::*, FullJitter, Prolific, ProlificBuilder, Result};

const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(150);
const BODY_LIMIT: usize = 4_096;

/// The length of a body that comes whole in drips, in more than the attempt timeout.
const DRIPS: usize = 5;

/// What the server does with every request.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// There is no server.
    Refuse,
    /// Resets the connection without a word.
    ResetBeforeHeaders,
    /// Resets it in the middle of the body.
    ResetInBody,
    /// Ends the body before its Content-Length.
    ShortBody,
    /// Sends the body byte by byte, slower than the attempt timeout.
    DripBody,
    /// Sends a whole body as slowly; each part comes sooner than the attempt timeout.
    DripWhole,
    /// Never answers.
    Silence,
    /// Answers with a status and headers, and with a body that never comes.
    SilentBody(u16, &'static str),
    /// Answers with a status, headers and a body.
    Answer(u16, &'static str, &'static str),
    /// Answers with a status and a body that is not UTF-8.
    NotText(u16),
    /// Answers with a body larger than the limit.
    LargeBody,
    /// Redirects to another server.
    RedirectElsewhere,
}

use Fault::*;

impl Fault {
    /// Whether the server asks to wait.
    fn has_hint(self) -> bool {
        match self {
            Answer(_, headers, _) | SilentBody(_, headers) => headers.starts_with("retry-after"),
            _ => false,
        }
    }
}

/// A row of the table.
struct Row {
    fault: Fault,
    /// Attempts that the server saw: safe, idempotent, unsafe.
    seen: [usize; 3],
    /// The status that the error knows, or 0 for none.
    status: u16,
    kind: crate::ErrorKind,
    /// Words of the error.
    says: &'static str,
}

const fn row(
    fault: Fault,
    seen: [usize; 3],
    status: u16,
    kind: crate::ErrorKind,
    says: &'static str,
) -> Row {
    Row { fault, seen, status, kind, says }
}

const JSON_ERROR: &str = r#"{"error":{"title":"Busy","detail":"Come back later"}}"#;
/// Sent with each `?` as a byte that is not UTF-8.
const NOT_TEXT: &str = "?? oops";
const HTML: &str = "<html><h1>502 Bad Gateway</h1></html>";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    //  fault                                              safe idem. unsafe  status  kind              the error says
    row(Refuse,                                             [0, 0, 0],        0,    Connection,       "no connection to 127.0.0.1:"),
    row(ResetBeforeHeaders,                                 [4, 4, 1],        0,    Connection,       "broke"),
    row(ResetInBody,                                        [4, 4, 1],        200,  Connection,       "broke"),
    row(ShortBody,                                          [4, 4, 1],        200,  Connection,       "broke"),
    row(DripBody,                                           [4, 4, 1],        200,  Timeout,          "no whole answer"),
    row(Silence,                                            [4, 4, 1],        0,    Timeout,          "no whole answer"),
    row(Answer(408, "", ""),                                [4, 4, 1],        408,  Timeout,          "408 Request Timeout"),
    row(Answer(429, "", JSON_ERROR),                        [4, 4, 4],        429,  RateLimited,      "Busy: Come back later"),
    row(Answer(429, "retry-after-ms: 2", ""),               [4, 4, 4],        429,  RateLimited,      "429 Too Many Requests"),
    row(Answer(429, "retry-after: 0.002", ""),              [4, 4, 4],        429,  RateLimited,      "429 Too Many Requests"),
    row(Answer(429, "retry-after: Mon, 23 Nov 2020 12:00:00 GMT", ""), [4, 4, 4], 429,  RateLimited,      "429 Too Many Requests"),
    row(Answer(429, "retry-after: 3600", ""),               [1, 1, 1],        429,  RateLimited,      "the server asks to wait 3600s"),
    row(Answer(429, "retry-after-ms: 3600000", ""),         [1, 1, 1],        429,  RateLimited,      "the server asks to wait 3600s"),
    row(Answer(429, "retry-after: Fri, 31 Dec 2100 23:59:59 GMT", ""), [1, 1, 1], 429,  RateLimited,      "the server asks to wait"),
    row(Answer(500, "", JSON_ERROR),                        [4, 4, 1],        500,  Server,           "Busy: Come back later"),
    row(SilentBody(404, ""),                                [1, 1, 1],        404,  NotFound,         "(request r-7)"),
    row(SilentBody(429, "retry-after: 3600"),               [1, 1, 1],        429,  RateLimited,      "the server asks to wait 3600s"),
    row(Answer(501, "", ""),                                [1, 1, 1],        501,  Server,           "501 Not Implemented"),
    row(Answer(502, "content-type: text/html", HTML),       [4, 4, 1],        502,  Server,           "<h1>502 Bad Gateway</h1>"),
    row(NotText(502),                                       [4, 4, 1],        502,  Server,           "502 Bad Gateway: \u{fffd}\u{fffd} oops"),
    row(Answer(503, "", ""),                                [4, 4, 1],        503,  Server,           "503 Service Unavailable"),
    row(Answer(503, "retry-after-ms: 2", ""),               [4, 4, 1],        503,  Server,           "503 Service Unavailable"),
    row(Answer(503, "retry-after: 3600", ""),               [1, 1, 1],        503,  Server,           "503 Service Unavailable"),
    row(Answer(503, "retry-after: Fri, 31 Dec 2100 23:59:59 GMT", ""), [1, 1, 1], 503,  Server,           "503 Service Unavailable"),
    row(Answer(504, "", ""),                                [4, 4, 1],        504,  Server,           "504 Gateway Timeout"),
    row(Answer(200, "", "{\"status\":"),                    [1, 1, 1],        200,  UnexpectedAnswer, "not of the documented form: EOF while parsing a value at line 1 column 10: {\"status\":"),
    row(NotText(200),                                       [1, 1, 1],        200,  UnexpectedAnswer, "not of the documented form: expected value at line 1 column 1: \u{fffd}\u{fffd} oops"),
    row(Answer(200, "", "[1, 2]"),                          [1, 1, 1],        200,  UnexpectedAnswer, "not of the documented form"),
    row(Answer(201, "", "{\"id\":\"d1\"}"),                 [1, 1, 1],        201,  UnexpectedAnswer, "201 Created: this success is not documented: {\"id\":\"d1\"}"),
    row(Answer(202, "", "{\"title\":\"Queued\"}"),          [1, 1, 1],        202,  UnexpectedAnswer, "202 Accepted: this success is not documented: Queued"),
    row(Answer(204, "", ""),                                [1, 1, 1],        204,  UnexpectedAnswer, "204 No Content: this success is not documented: without a body"),
    row(LargeBody,                                          [1, 1, 1],        200,  BodyTooLarge,     "larger than 4096 bytes"),
    row(RedirectElsewhere,                                  [1, 1, 1],        302,  UnexpectedAnswer, "302 Found: it points to http://127.0.0.1:"),
    row(Answer(400, "", "\u{0}\u{1}"),                      [1, 1, 1],        400,  Refused,          "400 Bad Request"),
    row(Answer(401, "", JSON_ERROR),                        [1, 1, 1],        401,  Unauthorized,     "(request r-7)"),
    row(Answer(403, "", ""),                                [1, 1, 1],        403,  Forbidden,        "403 Forbidden"),
    row(Answer(404, "", JSON_ERROR),                        [1, 1, 1],        404,  NotFound,         "404 Not Found"),
    row(Answer(409, "", ""),                                [1, 1, 1],        409,  Conflict,         "409 Conflict"),
    row(Answer(422, "", ""),                                [1, 1, 1],        422,  Unprocessable,    "422 Unprocessable"),
];

static CLASSES: [Operation; 3] = [
    operation("GET", RetrySafety::Safe),
    operation("PUT", RetrySafety::Idempotent),
    operation("POST", RetrySafety::Unsafe),
];

const fn operation(method: &'static str, retry: RetrySafety) -> Operation {
    Operation::new("test", method, "/test").with_retry(retry)
}

#[tokio::test]
async fn the_table_holds() {
    for row in TABLE {
        for (operation, expected) in CLASSES.iter().zip(row.seen) {
            let context = format!("{:?}, {:?}", row.fault, operation.retry);
            let server = Server::start(row.fault).await;
            let error = call(&server.prolific(), operation).await.unwrap_err();
            assert_eq!(server.seen(), expected, "{context}: {error}");
            assert_eq!(error.kind(), row.kind, "{context}: {error}");
            assert_eq!(error.status().map_or(0, |status| status.as_u16()), row.status, "{context}");
            let request_id = (row.status != 0).then_some("r-7");
            assert_eq!(error.request_id(), request_id, "{context}: {error}");
            assert_eq!(error.operation(), Some("test"), "{context}");
            assert!(!error.elapsed().is_zero(), "{context}");
            let shown = chain(&error).join("; ");
            assert!(!shown.contains("sesame"), "{context}: {shown}");
            let text = error.to_string();
            assert!(text.contains(row.says), "{context}: {text}");
            assert!(!text.contains("sesame") && text.lines().count() == 1, "{context}: {text}");
            assert_eq!(server.seen_elsewhere(), 0, "{context}");
            let attempts = if matches!(row.fault, Refuse) { 4 } else { expected };
            assert_eq!(error.attempts() as usize, attempts, "{context}");
            assert_eq!(error.retry_after().is_some(), row.fault.has_hint(), "{context}");
            // What the loop repeats where it may, a wait outlasts.
            let is_repeated = row.seen[0] > 1 || text.contains("asks to wait");
            let is_transient = is_repeated || matches!(row.fault, Refuse | Answer(503, ..));
            assert_eq!(error.is_transient(), is_transient, "{context}");
        }
    }
}

/// An error and its causes, of which none says what another has said.
fn chain(error: &Error) -> Vec<String> {
    let mut said = vec![error.to_string()];
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let text = error.to_string();
        assert!(!said.contains(&text), "{text} after {said:?}");
        said.push(text);
        cause = error.source();
    }
    said
}

#[tokio::test]
async fn the_cause_of_a_broken_connection_is_the_transports_own_error() {
    for fault in [Refuse, ResetBeforeHeaders, ResetInBody, ShortBody] {
        let error = call(&Server::start(fault).await.prolific(), &CLASSES[2]).await.unwrap_err();
        let source = std::error::Error::source(&error).unwrap();
        assert!(source.is::<reqwest::Error>(), "{fault:?}: {source:?}");
    }
}

#[tokio::test]
async fn a_redirect_that_a_client_of_the_callers_own_refuses_is_no_broken_connection() {
    let server = Server::start(RedirectElsewhere).await;
    let refuse = reqwest::redirect::Policy::custom(|attempt| attempt.error("not there"));
    let own = reqwest::Client::builder().redirect(refuse).build().unwrap();
    let prolific = server.builder().http_client(own).build().unwrap();
    let error = call(&prolific, &CLASSES[0]).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (UnexpectedAnswer, 1));
    let text = error.to_string();
    assert!(text.contains("can't be followed: not there") && !text.contains("sesame"), "{text}");
}

#[tokio::test]
async fn an_operation_of_the_api_goes_the_same_way() {
    for row in TABLE {
        let server = Server::start(row.fault).await;
        let id = crate::DatasetId::new("d1").unwrap();
        let error = server.prolific().datasets().status(&id).await.unwrap_err();
        assert_eq!((server.seen(), error.kind()), (row.seen[0], row.kind), "{:?}", row.fault);
        assert_eq!(error.operation(), Some("get-task-builder-dataset-status"), "{:?}", row.fault);
    }
}

#[tokio::test]
async fn a_body_that_can_not_be_sent_again_is_sent_once() {
    let server = Server::start(Answer(503, "", "")).await;
    let prolific = server.prolific();
    let stream =
        reqwest::Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>("a")]));
    let mut request = request(&prolific, &CLASSES[1]);
    *request.body_mut() = Some(stream);
    let error = send(&prolific, request, &CLASSES[1]).await.unwrap_err();
    assert_eq!((server.seen(), error.attempts()), (1, 1));
    assert!(error.to_string().contains("the body can't be sent again"), "{error}");
}

#[tokio::test]
async fn no_error_shows_the_query_of_its_request() {
    for fault in [Refuse, ResetBeforeHeaders, ShortBody, Silence, Answer(503, "", "")] {
        let prolific = Server::start(fault).await.prolific();
        let mut request = request(&prolific, &CLASSES[2]);
        request.url_mut().set_query(Some("signature=open-sesame"));
        let error = send(&prolific, request, &CLASSES[2]).await.unwrap_err();
        let mut shown = format!("{error} {error:?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            shown += &format!("{error} {error:?}");
            cause = error.source();
        }
        assert!(!shown.contains("sesame"), "{fault:?}: {shown}");
    }
}

#[tokio::test]
async fn the_timeout_of_an_answer_that_did_not_come_whole_is_one_for_reqwest_too() {
    let prolific = Server::start(DripBody).await.prolific();
    let request = request(&prolific, &CLASSES[2]);
    let error = exchange(&prolific, request, &CLASSES[2]).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn without_a_turn_for_a_retry_the_last_answer_comes_out() {
    let server = Server::start(Answer(503, "", JSON_ERROR)).await;
    let prolific = server.builder().requests_per_second(0.001).build().unwrap();
    let error = call(&prolific, &CLASSES[0]).await.unwrap_err();
    assert_eq!((server.seen(), error.attempts(), error.kind()), (1, 1, Server));
    let text = error.to_string();
    assert!(text.contains("Busy: Come back later; the request-rate limit left no turn"), "{text}");
    let error = call(&prolific, &CLASSES[0]).await.unwrap_err();
    assert_eq!((server.seen(), error.attempts(), error.kind()), (1, 0, Timeout));
    assert!(error.is_transient() && error.to_string().contains("request-rate limit"), "{error}");
}

#[tokio::test]
async fn in_no_time_nothing_is_sent() {
    let server = Server::start(Answer(200, "", "{}")).await;
    let prolific = server.prolific();
    for hurried in
        [prolific.with_total_timeout(Duration::ZERO), prolific.with_attempt_timeout(Duration::ZERO)]
    {
        let error = call(&hurried, &CLASSES[0]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (InvalidInput, 0));
        assert!(error.to_string().contains("set a longer one"), "{error}");
    }
    assert_eq!(server.seen(), 0);
}

#[tokio::test]
async fn a_timeout_without_end_is_one() {
    let server = Server::start_with(|attempt| match attempt {
        1 => Answer(503, "retry-after-ms: 1", ""),
        _ => Answer(200, "", "{\"status\":\"READY\"}"),
    })
    .await;
    let endless = server
        .builder()
        .connect_timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX)
        .total_timeout(Duration::MAX)
        .requests_per_second(1_000.0);
    call(&endless.build().unwrap(), &CLASSES[0]).await.unwrap();
    assert_eq!(server.seen(), 2);
}

static FILE: Operation =
    operation("GET", RetrySafety::Safe).with_answer(AnswerKind::Bytes).with_success(&[200]);
static EMPTY: Operation =
    operation("DELETE", RetrySafety::Idempotent).with_answer(AnswerKind::Empty);

/// Reads the answer of an operation as the generated client hands out a file.
async fn download(server: &Server) -> Result<usize> {
    let prolific = server.prolific();
    let sent = exchange(&prolific, request(&prolific, &FILE), &FILE).await;
    let answer = match sent.map_err(Raw::<()>::from)? {
        response if response.status() == 200 => ResponseValue::stream(response),
        response => return Err(Raw::<()>::UnexpectedResponse(response).into()),
    };
    let mut stream = answer.into_inner_stream();
    let mut length = 0;
    while let Some(chunk) = stream.next().await {
        length += chunk.map_err(Raw::<()>::ResponseBodyError)?.len();
    }
    Ok(length)
}

#[tokio::test]
async fn a_file_may_be_large_whatever_type_it_says_it_is() {
    assert_eq!(download(&Server::start(LargeBody).await).await.unwrap(), BODY_LIMIT + 1);
    for content_type in ["content-type: text/plain", "content-type: application/json"] {
        let server = Server::start(Answer(200, content_type, "a,b")).await;
        assert_eq!(download(&server).await.unwrap(), 3);
    }
}

#[tokio::test]
async fn a_file_may_take_longer_than_an_attempt_as_long_as_something_comes() {
    assert_eq!(download(&Server::start(DripWhole).await).await.unwrap(), DRIPS);
}

#[tokio::test]
async fn a_file_that_stalls_or_breaks_off_is_an_error_that_knows_its_call() {
    let cases = [
        (SilentBody(200, ""), Timeout, "200 OK: nothing more of the answer came for 150ms"),
        (ShortBody, Connection, "200 OK: the connection to 127.0.0.1:"),
        (Answer(503, "", JSON_ERROR), Server, "503 Service Unavailable: Busy: Come back later"),
        (Answer(202, "", JSON_ERROR), UnexpectedAnswer, "is not documented: Busy: Come back later"),
    ];
    for (fault, kind, says) in cases {
        let error = download(&Server::start(fault).await).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!((error.operation(), error.request_id()), (Some("test"), Some("r-7")));
    }
}

#[tokio::test]
async fn what_is_no_file_is_read_under_the_limit_whatever_type_it_says_it_is() {
    let body: &'static str = Box::leak(" ".repeat(BODY_LIMIT + 1).into_boxed_str());
    let server = Server::start(Answer(200, "content-type: text/csv", body)).await;
    let error = call(&server.prolific(), &CLASSES[0]).await.unwrap_err();
    assert_eq!(error.kind(), BodyTooLarge, "{error}");
}

#[tokio::test]
async fn where_no_body_is_documented_nothing_is_lost_with_one() {
    for fault in [LargeBody, ShortBody, SilentBody(200, "")] {
        let server = Server::start(fault).await;
        let prolific = server.prolific();
        let sent = exchange(&prolific, request(&prolific, &EMPTY), &EMPTY).await;
        assert_eq!((sent.unwrap().status().as_u16(), server.seen()), (200, 1), "{fault:?}");
    }
}

#[tokio::test]
async fn what_succeeds_in_the_end_is_a_success() {
    let server = Server::start_with(|attempt| match attempt {
        1 => ResetBeforeHeaders,
        2 => Answer(503, "", ""),
        3 => ShortBody,
        _ => Answer(200, "", "{\"status\":\"READY\"}"),
    })
    .await;
    call(&server.prolific(), &CLASSES[0]).await.unwrap();
    assert_eq!(server.seen(), 4);
}

/// Calls an operation as the generated client does.
async fn call(prolific: &Prolific, operation: &'static Operation) -> Result<()> {
    send(prolific, request(prolific, operation), operation).await
}

fn request(prolific: &Prolific, operation: &Operation) -> Request {
    use prolific_api::ClientInfo as _;
    let url = format!("{}/test", prolific.api().baseurl());
    Request::new(Method::from_bytes(operation.method.as_bytes()).unwrap(), url.parse().unwrap())
}

async fn exchange(
    prolific: &Prolific,
    request: Request,
    operation: &'static Operation,
) -> reqwest::Result<Response> {
    use prolific_api::ClientInfo as _;
    let client = prolific.api().client();
    let send = |request| client.execute(request);
    Exchange::new(prolific.policy(), Some(operation), request, send).run(None).await
}

async fn send(prolific: &Prolific, request: Request, operation: &'static Operation) -> Result<()> {
    let sent = exchange(prolific, request, operation).await;
    let answered: Result<(), Raw<()>> = match sent {
        Err(error) => Err(error.into()),
        Ok(response) if response.status() == 200 => {
            let read = prolific_api::decode::<types::DatasetStatusResponse, _>(response).await;
            read.map(|_| ())
        }
        Ok(response) => Err(Raw::UnexpectedResponse(response)),
    };
    answered.map_err(Error::from)
}

/// A server that commits a fault at every request. It ends with the test's runtime.
struct Server {
    address: SocketAddr,
    seen: Arc<AtomicUsize>,
    seen_elsewhere: Arc<AtomicUsize>,
}

impl Server {
    async fn start(fault: Fault) -> Self {
        Self::start_with(move |_| fault).await
    }

    /// Commits the fault that belongs to the number of the request.
    async fn start_with(fault: impl Fn(usize) -> Fault + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let other = elsewhere.local_addr().unwrap();
        let (seen, seen_elsewhere) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        if !matches!(fault(1), Refuse) {
            let count = seen.clone();
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let number = count.fetch_add(1, Ordering::Relaxed) + 1;
                    tokio::spawn(commit(stream, fault(number), other));
                }
            });
        }
        let count = seen_elsewhere.clone();
        tokio::spawn(async move {
            while elsewhere.accept().await.is_ok() {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { address, seen, seen_elsewhere }
    }

    fn prolific(&self) -> Prolific {
        self.builder().build().unwrap()
    }

    fn builder(&self) -> ProlificBuilder {
        Prolific::builder()
            .token("sesame")
            .base_url(format!("http://{}", self.address))
            .attempt_timeout(ATTEMPT_TIMEOUT)
            .body_limit(BODY_LIMIT)
            .backoff(FullJitter::new(Duration::from_millis(1), Duration::from_millis(2)))
    }

    fn seen(&self) -> usize {
        self.seen.load(Ordering::Relaxed)
    }

    fn seen_elsewhere(&self) -> usize {
        self.seen_elsewhere.load(Ordering::Relaxed)
    }
}

/// Reads a request and does to it what the fault says. Every connection is for one request, so
/// that connections count attempts.
async fn commit(mut stream: TcpStream, fault: Fault, other: SocketAddr) {
    let mut head = vec![0; 4_096];
    let mut length = 0;
    while !head[..length].windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut head[length..]).await {
            Ok(read @ 1..) => length += read,
            _ => return,
        }
    }
    let whole = |status: u16, headers: &str, body: &str| {
        let headers = if headers.is_empty() { String::new() } else { format!("{headers}\r\n") };
        format!(
            "HTTP/1.1 {status} x\r\nx-request-id: r-7\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let short = "HTTP/1.1 200 OK\r\nx-request-id: r-7\r\ncontent-length: 100\r\n\r\n{\"status\":";
    let text = match fault {
        Refuse | ResetBeforeHeaders => String::new(),
        ResetInBody | ShortBody | DripBody => short.to_owned(),
        DripWhole => format!("HTTP/1.1 200 x\r\ncontent-length: {DRIPS}\r\n\r\n"),
        Silence => return std::future::pending().await,
        SilentBody(status, headers) => {
            let headers = if headers.is_empty() { String::new() } else { format!("{headers}\r\n") };
            format!(
                "HTTP/1.1 {status} x\r\nx-request-id: r-7\r\n{headers}content-length: 100\r\n\r\n"
            )
        }
        Answer(status, headers, body) => whole(status, headers, body),
        NotText(status) => whole(status, "", NOT_TEXT),
        LargeBody => whole(200, "", &" ".repeat(BODY_LIMIT + 1)),
        RedirectElsewhere => {
            whole(302, &format!("location: //me:sesame@{other}/a?b=sesame#sesame"), "")
        }
    };
    let mut bytes = text.into_bytes();
    if matches!(fault, NotText(_)) {
        bytes.iter_mut().filter(|byte| **byte == b'?').for_each(|byte| *byte = 0xff);
    }
    let _ = stream.write_all(&bytes).await;
    match fault {
        ResetBeforeHeaders | ResetInBody => {
            let _ = stream.set_zero_linger();
        }
        SilentBody(..) => std::future::pending().await,
        DripBody | DripWhole => {
            let drips = if matches!(fault, DripWhole) { DRIPS } else { 100 };
            for _ in 0..drips {
                tokio::time::sleep(ATTEMPT_TIMEOUT / 3).await;
                if stream.write_all(b" ").await.is_err() {
                    return;
                }
            }
        }
        _ => {
            let _ = stream.shutdown().await;
        }
    }
}
