//! What comes of every fault.
//!
//! The table is [`TABLE`]. Each row is one fault that the server commits at every attempt, how many
//! attempts it saw of a safe, an idempotent and an unsafe operation, and the error.

use std::{error::Error as _, time::Duration};

use prolific_api_ext::{Error, ErrorKind, ErrorKind::*, Prolific};

use crate::{
    client,
    fault_proxy::{Fault, FaultProxy, Response, Script, unused_address},
    id,
};

const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(150);
const BODY_LIMIT: usize = 4_096;

/// What the server does with every request.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// There is no server.
    Nothing,
    /// Commits a fault at a response of success.
    Fails(fn() -> Fault),
    /// Answers with a status and headers, and with a body that never comes.
    SilentBody(u16, &'static str),
    /// Answers with a status, a header and a body.
    Answer(u16, &'static str, &'static str),
    /// Answers with a status and a body that is not UTF-8.
    NotText(u16),
    /// Answers with a body larger than the limit.
    LargeBody,
    /// Redirects to another server.
    RedirectElsewhere,
}

use Does::{Answer, Fails, LargeBody, NotText, Nothing, RedirectElsewhere, SilentBody};

impl Does {
    /// Whether the server asks to wait.
    fn has_hint(self) -> bool {
        matches!(self, Answer(_, header, _) | SilentBody(_, header) if header.starts_with("retry"))
    }

    /// Whether it is a success, of a form that differs from operation to operation.
    fn is_success(self) -> bool {
        matches!(self, Answer(200..=299, ..) | NotText(200..=299))
    }

    fn fault(self) -> Fault {
        match self {
            Fails(fault) => fault(),
            SilentBody(..) => Fault::SilentBody,
            _ => Fault::CloseBehind,
        }
    }

    fn response(self, elsewhere: &str) -> Response {
        let (status, header, body) = match self {
            Nothing | Fails(_) => (200, "", b"{\"status\":\"READY\",\"id\":\"s1\"}".to_vec()),
            SilentBody(status, header) => (status, header, vec![b' '; 100]),
            Answer(status, header, body) => (status, header, body.as_bytes().to_vec()),
            NotText(status) => (status, "", b"\xff\xff oops".to_vec()),
            LargeBody => (200, "", vec![b' '; BODY_LIMIT + 1]),
            RedirectElsewhere => (302, "", vec![]),
        };
        let mut response = Response::new(status, body).header("x-request-id", "r-7");
        if let Some((name, value)) = header.split_once(": ") {
            response = response.header(name, value);
        }
        match self {
            RedirectElsewhere => {
                let to = format!("//me:sesame@{elsewhere}/a?b=sesame#sesame");
                response.header("location", &to)
            }
            _ => response,
        }
    }
}

/// A row of the table.
struct Row {
    does: Does,
    /// Attempts that the server saw: safe, idempotent, unsafe.
    seen: [usize; 3],
    /// The status that the error knows, or 0 for none.
    status: u16,
    kind: ErrorKind,
    /// Words of the error.
    says: &'static str,
}

const fn row(
    does: Does,
    seen: [usize; 3],
    status: u16,
    kind: ErrorKind,
    says: &'static str,
) -> Row {
    Row { does, seen, status, kind, says }
}

const fn drip() -> Fault {
    Fault::Drip { bytes: 1, pause: Duration::from_millis(50) }
}

const JSON_ERROR: &str = r#"{"error":{"title":"Busy","detail":"Come back later"}}"#;
const HTML: &str = "<html><h1>502 Bad Gateway</h1></html>";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    //  the server                                              safe idem. unsafe  status  kind              the error says
    row(Nothing,                                                [0, 0, 0],        0,    Connection,       "no connection to 127.0.0.1:"),
    row(Fails(|| Fault::Refuse),                                [4, 4, 1],        0,    Connection,       "broke"),
    row(Fails(|| Fault::ResetBeforeHead),                       [4, 4, 1],        0,    Connection,       "broke"),
    row(Fails(|| Fault::ResetInHead),                           [4, 4, 1],        0,    Connection,       "broke"),
    row(Fails(|| Fault::ResetInBody),                           [4, 4, 1],        200,  Connection,       "broke"),
    row(Fails(|| Fault::HalfBody),                              [4, 4, 1],        200,  Connection,       "broke"),
    row(Fails(|| Fault::WrongLength(9)),                        [4, 4, 1],        200,  Connection,       "broke"),
    row(Fails(|| Fault::Bytes(b"HELO\r\n\r\n".to_vec())),       [4, 4, 1],        0,    Connection,       "broke"),
    row(Fails(drip),                                            [4, 4, 1],        200,  Timeout,          "no complete response"),
    row(Fails(|| Fault::Silence),                               [4, 4, 1],        0,    Timeout,          "no complete response"),
    row(Fails(|| Fault::SilentBody),                            [4, 4, 1],        200,  Timeout,          "no complete response"),
    row(Answer(408, "", ""),                                    [4, 4, 1],        408,  Timeout,          "408 Request Timeout"),
    row(Answer(425, "", ""),                                    [4, 4, 4],        425,  Refused,          "425 Too Early"),
    row(Answer(429, "", JSON_ERROR),                            [4, 4, 4],        429,  RateLimited,      "Busy: Come back later"),
    row(Answer(429, "retry-after-ms: 2", ""),                   [4, 4, 4],        429,  RateLimited,      "429 Too Many Requests"),
    row(Answer(429, "retry-after: 0.002", ""),                  [4, 4, 4],        429,  RateLimited,      "429 Too Many Requests"),
    row(Answer(429, "retry-after: Mon, 23 Nov 2020 12:00:00 GMT", ""), [4, 4, 4], 429,  RateLimited,      "429 Too Many Requests"),
    row(Answer(429, "retry-after: 3600", ""),                   [1, 1, 1],        429,  RateLimited,      "the server asks to wait 3600s"),
    row(Answer(429, "retry-after-ms: 3600000", ""),             [1, 1, 1],        429,  RateLimited,      "the server asks to wait 3600s"),
    row(Answer(429, "retry-after: Fri, 31 Dec 2100 23:59:59 GMT", ""), [1, 1, 1], 429,  RateLimited,      "the server asks to wait"),
    row(SilentBody(404, ""),                                    [1, 1, 1],        404,  NotFound,         "(request r-7)"),
    row(SilentBody(429, "retry-after: 3600"),                   [1, 1, 1],        429,  RateLimited,      "the server asks to wait 3600s"),
    row(Answer(500, "", JSON_ERROR),                            [4, 4, 1],        500,  Server,           "Busy: Come back later"),
    row(Answer(501, "", ""),                                    [1, 1, 1],        501,  Server,           "501 Not Implemented"),
    row(Answer(502, "content-type: text/html", HTML),           [4, 4, 1],        502,  Server,           "<h1>502 Bad Gateway</h1>"),
    row(NotText(502),                                           [4, 4, 1],        502,  Server,           "502 Bad Gateway: \u{fffd}\u{fffd} oops"),
    row(Answer(503, "", ""),                                    [4, 4, 1],        503,  Server,           "503 Service Unavailable"),
    row(Answer(503, "retry-after-ms: 2", ""),                   [4, 4, 1],        503,  Server,           "503 Service Unavailable"),
    row(Answer(503, "retry-after: 3600", ""),                   [1, 1, 1],        503,  Server,           "503 Service Unavailable"),
    row(Answer(504, "", ""),                                    [4, 4, 1],        504,  Server,           "504 Gateway Timeout"),
    row(Answer(522, "content-type: text/html", HTML),           [4, 4, 1],        522,  Server,           "522"),
    row(Answer(200, "", "{\"status\":"),                        [1, 0, 0],        200,  UnexpectedAnswer, "does not have the documented form: EOF while parsing a value at line 1 column 10 (request"),
    row(NotText(200),                                           [1, 0, 0],        200,  UnexpectedAnswer, "does not have the documented form: expected value at line 1 column 1 (request"),
    row(Answer(200, "", "[1, 2]"),                              [1, 0, 0],        200,  UnexpectedAnswer, "does not have the documented form"),
    row(Answer(201, "", "{\"id\":\"d1\"}"),                     [1, 0, 0],        201,  UnexpectedAnswer, "201 Created: this success status is not documented; its body has 11 bytes"),
    row(Answer(202, "", "{\"title\":\"Queued\"}"),              [1, 0, 0],        202,  UnexpectedAnswer, "202 Accepted: this success status is not documented; its body has 18 bytes"),
    row(Answer(204, "", ""),                                    [1, 0, 0],        204,  UnexpectedAnswer, "204 No Content: this success status is not documented; its body has 0 bytes"),
    row(LargeBody,                                              [1, 1, 1],        200,  BodyTooLarge,     "larger than 4096 bytes"),
    row(RedirectElsewhere,                                      [1, 1, 1],        302,  UnexpectedAnswer, "302 Found: it points to http://127.0.0.1:"),
    row(Answer(400, "", "\u{0}\u{1}"),                          [1, 1, 1],        400,  BadRequest,       "400 Bad Request"),
    row(Answer(401, "", JSON_ERROR),                            [1, 1, 1],        401,  Unauthorized,     "(request r-7)"),
    row(Answer(403, "", ""),                                    [1, 1, 1],        403,  Forbidden,        "403 Forbidden"),
    row(Answer(404, "", JSON_ERROR),                            [1, 1, 1],        404,  NotFound,         "404 Not Found"),
    row(Answer(409, "", ""),                                    [1, 1, 1],        409,  Conflict,         "409 Conflict"),
    row(Answer(422, "", ""),                                    [1, 1, 1],        422,  Unprocessable,    "422 Unprocessable"),
];

const OPERATIONS: [&str; 3] =
    ["get-task-builder-dataset-status", "transition-submission", "duplicate-study"];

async fn call(prolific: &Prolific, operation: &str) -> Error {
    match operation {
        "get-task-builder-dataset-status" => {
            prolific.datasets().status(&id("d1")).await.unwrap_err()
        }
        "transition-submission" => prolific.submissions().approve(&id("s1")).await.unwrap_err(),
        _ => prolific.studies().duplicate(&id("s1"), None).await.unwrap_err(),
    }
}

#[tokio::test]
async fn the_table_holds() {
    for row in TABLE {
        for (operation, expected) in OPERATIONS.into_iter().zip(row.seen) {
            if row.does.is_success() && operation != OPERATIONS[0] {
                continue;
            }
            check(row, operation, expected).await;
        }
    }
}

async fn check(row: &Row, operation: &str, expected: usize) {
    let context = format!("{:?} {}, {operation}", row.does, row.says);
    let elsewhere = FaultProxy::answering(|_| Response::new(200, "")).start().await.unwrap();
    let (does, other) = (row.does, elsewhere.address().to_string());
    let server = FaultProxy::answering(move |_| does.response(&other))
        .script(move |_| Script::always(does.fault()))
        .start()
        .await
        .unwrap();
    let url = match row.does {
        Nothing => format!("http://{}", unused_address().unwrap()),
        _ => server.url(),
    };
    let builder = client(url).attempt_timeout(ATTEMPT_TIMEOUT).body_limit(BODY_LIMIT);
    let error = call(&builder.build().unwrap(), operation).await;

    assert_eq!(server.connections(), expected, "{context}: {error}");
    assert_eq!(elsewhere.connections(), 0, "{context}");
    assert_eq!(error.kind(), row.kind, "{context}: {error}");
    assert_eq!(error.status().map_or(0, |status| status.as_u16()), row.status, "{context}");
    assert_eq!(error.request_id(), (row.status != 0).then_some("r-7"), "{context}: {error}");
    assert_eq!(error.operation(), Some(operation), "{context}");
    assert!(!error.elapsed().is_zero(), "{context}");
    let shown = chain(&error).join("; ");
    assert!(!shown.contains("sesame"), "{context}: {shown}");
    let text = error.to_string();
    assert!(text.contains(row.says), "{context}: {text}");
    assert!(!text.contains("sesame") && text.lines().count() == 1, "{context}: {text}");
    let attempts = if matches!(row.does, Nothing) { 4 } else { expected };
    assert_eq!(error.attempts() as usize, attempts, "{context}");
    assert_eq!(error.retry_after().is_some(), row.does.has_hint(), "{context}");
    // What the driver repeats where it may, a wait outlasts, unless it may have acted.
    let passes = row.seen[0] > 1 || text.contains("asks to wait") || matches!(row.does, Nothing);
    let passes = passes || matches!(row.does, Answer(503, ..));
    assert_eq!(error.is_transient(), passes && !error.may_have_acted(), "{context}");
    let turned_down =
        matches!(row.does, Nothing) || (400..=499).contains(&row.status) && row.status != 408;
    let is_in_doubt = operation == "duplicate-study" && !turned_down;
    assert_eq!(error.may_have_acted(), is_in_doubt, "{context}: {text}");
}

/// An error and its causes, of which none says what another has said.
fn chain(error: &Error) -> Vec<String> {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        assert!(!said.contains(&text), "{text} after {said:?}");
        said.push(text);
        cause = error.source();
    }
    said
}

#[tokio::test]
async fn what_succeeds_in_the_end_is_a_success() {
    let server = FaultProxy::answering(|request| match request.connection {
        2 => Response::json(503, "{}"),
        _ => Response::json(200, r#"{"status":"READY"}"#),
    })
    .script(|connection| match connection {
        1 => Script::always(Fault::ResetBeforeHead),
        2 => Script::always(Fault::CloseBehind),
        3 => Script::always(Fault::HalfBody),
        _ => Script::default(),
    })
    .start()
    .await
    .unwrap();
    let prolific = client(server.url()).build().unwrap();
    prolific.datasets().status(&id("d1")).await.unwrap();
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn bytes_that_come_twice_are_not_taken_for_a_response() {
    let server = FaultProxy::answering(|_| Response::json(200, r#"{"status":"READY"}"#))
        .script(|_| Script::always(Fault::Duplicate(5)))
        .start()
        .await
        .unwrap();
    let prolific = client(server.url()).build().unwrap();
    let error = prolific.datasets().status(&id("d1")).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (UnexpectedAnswer, 1), "{error}");
}

#[tokio::test]
async fn the_cause_of_a_broken_connection_is_the_transports_own_error() {
    for fault in [Fault::ResetBeforeHead, Fault::ResetInBody, Fault::HalfBody] {
        let server = FaultProxy::answering(|_| Response::json(200, "{\"id\":\"u1\"}"))
            .script(move |_| Script::always(fault.clone()))
            .start()
            .await
            .unwrap();
        let error = client(server.url()).build().unwrap().users().me().await.unwrap_err();
        assert!(error.source().unwrap().is::<prolific_api_ext::reqwest::Error>(), "{error:?}");
    }
}

#[tokio::test]
async fn a_redirect_that_a_client_of_the_callers_own_refuses_is_no_broken_connection() {
    use prolific_api_ext::reqwest;
    let server = FaultProxy::answering(|_| RedirectElsewhere.response("127.0.0.1:9"));
    let server = server.start().await.unwrap();
    let refuse = reqwest::redirect::Policy::custom(|attempt| attempt.error("not there"));
    let own = reqwest::Client::builder().redirect(refuse).build().unwrap();
    let prolific = client(server.url()).http_client(own).build().unwrap();
    let error = prolific.users().me().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (UnexpectedAnswer, 1));
    let text = error.to_string();
    assert!(text.contains("can't be followed: not there") && !text.contains("sesame"), "{text}");
}

#[tokio::test]
async fn without_a_turn_for_a_retry_the_last_response_comes_out() {
    let server = FaultProxy::answering(|_| Response::json(503, JSON_ERROR)).start().await.unwrap();
    let prolific = client(server.url()).requests_per_second(0.001).build().unwrap();
    let error = call(&prolific, OPERATIONS[0]).await;
    assert_eq!((server.requests().len(), error.attempts(), error.kind()), (1, 1, Server));
    let text = error.to_string();
    assert!(text.contains("Busy: Come back later; the request-rate limit left no slot"), "{text}");
    let error = call(&prolific, OPERATIONS[0]).await;
    assert_eq!((server.requests().len(), error.attempts(), error.kind()), (1, 0, Timeout));
    assert!(error.is_transient() && error.to_string().contains("request-rate limit"), "{error}");
}

#[tokio::test]
async fn without_any_time_nothing_is_sent() {
    let server = FaultProxy::answering(|_| Response::json(200, "{}")).start().await.unwrap();
    let prolific = client(server.url()).build().unwrap();
    for hurried in
        [prolific.with_total_timeout(Duration::ZERO), prolific.with_attempt_timeout(Duration::ZERO)]
    {
        let error = hurried.users().me().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (InvalidInput, 0));
        assert!(error.to_string().contains("set a longer one"), "{error}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_timeout_without_end_is_one() {
    let server = FaultProxy::answering(|request| match request.connection {
        1 => Response::json(503, "{}").header("retry-after-ms", "1").header("connection", "close"),
        _ => Response::json(200, r#"{"id":"u1"}"#),
    });
    let server = server.start().await.unwrap();
    let endless = client(server.url())
        .connect_timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX)
        .total_timeout(Duration::MAX)
        .pool_idle_timeout(Duration::MAX)
        .least_time_to_act(Duration::ZERO)
        .requests_per_second(1_000.0);
    endless.build().unwrap().users().me().await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_body_that_the_raw_client_does_not_know_is_still_in_its_response() {
    let answers = |status: u16, body: &'static str| {
        FaultProxy::answering(move |_| Response::json(status, body)).start()
    };
    for (status, body) in [(200, "1"), (299, "{}"), (404, "{\"detail\":\"No\"}")] {
        let server = answers(status, body).await.unwrap();
        let prolific = client(server.url()).build().unwrap();
        let sent = prolific.api().get_task_builder_dataset_status().dataset_id("d1").send().await;
        let Err(prolific_api_ext::raw::Error::UnexpectedResponse(response)) = sent else {
            panic!("{status}: {sent:?}")
        };
        assert_eq!(response.url().path(), "/api/v1/data-collection/datasets/d1/status");
        assert_eq!((response.status().as_u16(), &*response.text().await.unwrap()), (status, body));
    }
}
