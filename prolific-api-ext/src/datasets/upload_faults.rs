//! What comes of uploads: a server on a real socket, which is the API and the storage at once.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use serde_json::json;
use tokio::io::{AsyncRead, ReadBuf};

use super::{DatasetStatus, UploadOutcome, Uploaded};
use crate::{
    DatasetId, Error, ErrorKind, NoRetry, Prolific, Result,
    transfer::{RecordingServer, Reply, UploadFile},
};

/// The signed URL must not be re-encoded.
const KEY: &str =
    "/bucket/a%2Fb%7E~+;c?X-Amz-Credential=AKIASECRET%2F20261124&X-Amz-Signature=0badcafe99&x=%20+";

const EXPIRED: &str = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message>\
     <Expires>0badcafe99</Expires></Error>";

/// The answer with the link of this number.
fn link(number: usize, server: SocketAddr, expires_at: &str) -> Reply {
    let answer = json!({
        "upload_url": format!("http://{server}{KEY}"),
        "http_method": "PUT",
        "content_type": "text/csv; charset=utf-8",
        "expires_at": expires_at,
        "import_id": format!("import-{number}"),
        "dataset_id": "d1",
        "file_key": "a/b",
    });
    Reply::json(201, &answer)
}

/// A server whose links last, and whose storage answers so, upload by upload.
async fn storage(reply: impl Fn(usize) -> Reply + Send + Sync + 'static) -> RecordingServer {
    RecordingServer::start(move |line, server, before| {
        if line.starts_with("GET") { link(before + 1, server, "2999-01-01") } else { reply(before) }
    })
    .await
}

fn taken() -> Reply {
    Reply::Answer(200, "", String::new())
}

fn refused(status: u16, body: &str) -> Reply {
    Reply::Answer(status, "x-amz-request-id: r-7\r\n", body.to_owned())
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

fn id() -> DatasetId {
    DatasetId::new("d1").unwrap()
}

async fn upload(prolific: &Prolific, file: UploadFile) -> Result<Uploaded> {
    prolific.datasets().upload(&id(), file).await
}

fn import(uploaded: Result<Uploaded>) -> String {
    uploaded.unwrap().import_id.unwrap().to_string()
}

/// Nothing of a link or the token is in an error or its causes.
fn shows_no_secret(error: &Error) {
    let mut shown = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        shown += &format!("{error} {error:?}");
        cause = error.source();
    }
    for secret in ["sesame", "0badcafe", "AKIA", "bucket"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn a_file_is_sent_as_its_link_says_and_without_the_token() {
    let server = storage(|_| taken()).await;
    let bytes = content(200_000);
    let file = UploadFile::from_bytes("birds of prey.csv", bytes.clone());
    let uploaded = upload(&server.prolific(), file).await.unwrap();
    assert_eq!(uploaded.import_id.unwrap().as_str(), "import-1");
    assert_eq!(uploaded.bytes, 200_000);

    let [asked, sent] = server.seen().try_into().unwrap();
    let path = "/api/v1/data-collection/datasets/d1/upload-url/birds%20of%20prey.csv";
    assert_eq!(asked.line(), format!("GET {path}"));
    assert_eq!(asked.header("authorization"), Some("Token sesame"));
    assert_eq!(sent.line(), format!("PUT {KEY}"));
    assert_eq!(sent.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(sent.header("content-length"), Some("200000"));
    assert_eq!(sent.header("transfer-encoding"), None);
    assert_eq!(sent.header("authorization"), None);
    assert!(!sent.head.contains("sesame"));
    assert!(sent.body == bytes);
}

#[tokio::test]
async fn a_file_of_this_machine_is_sent_under_its_name() {
    let server = storage(|_| taken()).await;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    upload(&server.prolific(), UploadFile::from_path(&path).named("a.jsonl")).await.unwrap();
    let [asked, sent] = server.seen().try_into().unwrap();
    assert!(asked.line().ends_with("/upload-url/a.jsonl"), "{}", asked.line());
    assert!(sent.body == std::fs::read(path).unwrap());
}

#[tokio::test]
async fn an_empty_file_is_sent_as_one() {
    let server = storage(|_| taken()).await;
    upload(&server.prolific(), UploadFile::from_bytes("a.csv", "")).await.unwrap();
    assert_eq!(server.seen_of("PUT")[0].header("content-length"), Some("0"));
}

#[tokio::test]
async fn progress_is_reported_piece_by_piece_and_restarts_with_each_attempt() {
    let server = storage(|before| if before == 0 { refused(503, "") } else { taken() }).await;
    let told = Arc::<Mutex<Vec<(u64, u64)>>>::default();
    let heard = told.clone();
    let file = UploadFile::from_bytes("a.csv", content(150_000));
    let upload = server.prolific().datasets().upload(&id(), file);
    upload.on_progress(move |sent, total| heard.lock().unwrap().push((sent, total))).await.unwrap();
    let once = [0, 65_536, 131_072, 150_000].map(|sent| (sent, 150_000));
    assert_eq!(*told.lock().unwrap(), [once, once].concat());
}

#[tokio::test]
async fn a_broken_upload_is_repeated_by_opening_the_file_again() {
    let faults = [
        Reply::ResetAfter(0),
        Reply::ResetAfter(70_000),
        refused(503, ""),
        refused(400, "<Code>RequestTimeout</Code>"),
    ];
    for fault in faults {
        let reply = fault.clone();
        let server = storage(move |before| if before == 0 { reply.clone() } else { taken() }).await;
        let opened = Arc::<AtomicUsize>::default();
        let count = opened.clone();
        let file = UploadFile::from_reader("a.csv", move || {
            count.fetch_add(1, Ordering::Relaxed);
            async { Ok((io::Cursor::new(content(300_000)), 300_000)) }
        });
        assert_eq!(import(upload(&server.prolific(), file).await), "import-1", "{fault:?}");
        assert_eq!((opened.load(Ordering::Relaxed), server.seen_of("GET").len()), (2, 1));
        let sent = server.seen_of("PUT");
        assert!(sent.len() == 2 && sent[1].body == content(300_000), "{fault:?}");
    }
}

#[tokio::test]
async fn the_retry_policy_of_the_client_bounds_the_attempts() {
    let file = || UploadFile::from_bytes("a.csv", content(10));
    let server = storage(|_| refused(503, "<Code>SlowDown</Code>")).await;
    let error = upload(&server.prolific(), file()).await.unwrap_err();
    assert_eq!((error.attempts(), server.seen_of("PUT").len()), (4, 4));
    assert_eq!((error.kind(), error.code()), (ErrorKind::Server, Some("SlowDown")));
    assert_eq!((error.operation(), error.request_id()), (Some("upload-file"), Some("r-7")));
    assert!(error.is_transient());
    shows_no_secret(&error);

    let once = server.prolific().with_retry_policy(NoRetry);
    assert_eq!(upload(&once, file()).await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn a_storage_that_asks_to_wait_longer_than_a_call_may_take_is_not_waited_for() {
    let server = storage(|_| Reply::Answer(503, "retry-after: 3600\r\n", String::new())).await;
    let error = upload(&server.prolific(), UploadFile::from_bytes("a.csv", "a")).await.unwrap_err();
    assert_eq!((error.attempts(), error.retry_after()), (1, Some(Duration::from_secs(3_600))));
    assert!(error.to_string().contains("asks to wait 3600s"), "{error}");

    let server = storage(|_| Reply::Answer(503, "retry-after-ms: 1\r\n", String::new())).await;
    let error = upload(&server.prolific(), UploadFile::from_bytes("a.csv", "a")).await.unwrap_err();
    assert_eq!(error.attempts(), 4);
    assert!(!error.to_string().contains("asks to wait"), "{error}");
}

#[tokio::test]
async fn an_expired_link_is_requested_again_and_the_last_import_counts() {
    for fault in [refused(403, EXPIRED), refused(400, "<Code>ExpiredToken</Code>")] {
        let reply = fault.clone();
        let server = storage(move |before| if before == 0 { reply.clone() } else { taken() }).await;
        let file = UploadFile::from_bytes("a.csv", content(10));
        assert_eq!(import(upload(&server.prolific(), file).await), "import-2", "{fault:?}");
        assert!(server.seen_of("PUT")[1].body == content(10));
    }
}

#[tokio::test]
async fn a_link_whose_time_is_over_is_not_used_a_second_time() {
    let server = RecordingServer::start(|line, server, before| match line.starts_with("GET") {
        true => link(before + 1, server, "2001-01-01 00:00:00"),
        false if before == 0 => refused(503, ""),
        false => taken(),
    })
    .await;
    let file = UploadFile::from_bytes("a.csv", content(10));
    assert_eq!(import(upload(&server.prolific(), file).await), "import-2");
}

#[tokio::test]
async fn a_second_link_that_is_refused_is_not_followed_by_a_third() {
    let server = storage(|_| refused(403, EXPIRED)).await;
    let file = UploadFile::from_bytes("a.csv", content(10));
    let error = upload(&server.prolific(), file).await.unwrap_err();
    assert_eq!((server.seen_of("GET").len(), error.attempts()), (2, 2));
    assert_eq!((error.kind(), error.code()), (ErrorKind::Forbidden, Some("AccessDenied")));
    assert_eq!(error.detail(), Some("Request has expired"));
    assert!(error.to_string().contains("127.0.0.1 refused the file"), "{error}");
    assert!(error.body().is_empty());
    shows_no_secret(&error);
}

#[tokio::test]
async fn a_link_that_is_not_given_is_the_error_of_that_call() {
    let refusal = json!({ "error": { "title": "Bad file", "detail": "no .zip here" } });
    let server = RecordingServer::start(move |_, _, _| Reply::json(400, &refusal)).await;
    let error = upload(&server.prolific(), UploadFile::from_bytes("a.zip", "a")).await.unwrap_err();
    assert_eq!((error.kind(), error.title()), (ErrorKind::BadRequest, Some("Bad file")));
    assert_eq!(error.operation(), Some("get-dataset-upload-url"));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_link_that_leads_to_another_machine_by_plain_http_is_not_followed() {
    let answer = json!({ "upload_url": "http://a.example/bucket?X=0badcafe99", "import_id": "i" });
    let server = RecordingServer::start(move |_, _, _| Reply::json(201, &answer)).await;
    let error = upload(&server.prolific(), UploadFile::from_bytes("a.csv", "a")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    shows_no_secret(&error);
}

#[tokio::test]
async fn a_file_that_no_dataset_takes_is_refused_before_anything_is_sent() {
    let server = storage(|_| taken()).await;
    for name in ["a.txt", "a", ".csv", "csv", "a/b.csv", "a\\b.csv", "a\n.csv", ""] {
        let error =
            upload(&server.prolific(), UploadFile::from_bytes(name, "a")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name:?}");
    }
    let error = upload(&server.prolific(), UploadFile::from_path("..")).await.unwrap_err();
    assert!(error.to_string().contains("`named`"), "{error}");
    let error = upload(&server.prolific(), UploadFile::from_path("no/such.csv")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert!(error.to_string().contains("\"such.csv\" can't be opened"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    assert!(server.seen().is_empty());
    upload(&server.prolific(), UploadFile::from_bytes("A.CSV", "a")).await.unwrap();
}

/// A file that says one length and has another.
fn uneven(says: u64, has: usize) -> UploadFile {
    UploadFile::from_reader(
        "a.csv",
        move || async move { Ok((io::Cursor::new(content(has)), says)) },
    )
}

#[tokio::test]
async fn a_file_that_changes_its_length_while_it_is_read_is_no_success() {
    for (says, has, how) in [(200_000, 199_999, "shorter"), (200_000, 200_001, "longer")] {
        let server = storage(|_| taken()).await;
        let error = upload(&server.prolific(), uneven(says, has)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::File, 1));
        assert!(error.to_string().contains(how), "{error}");
        let whole = |sent: &crate::transfer::Seen| sent.body.len() as u64 == says;
        assert!(!server.seen_of("PUT").iter().any(whole), "the storage must not take it for whole");
    }
}

#[tokio::test]
async fn a_file_that_changes_its_length_between_attempts_is_an_error() {
    let server = storage(|_| refused(503, "")).await;
    let length = AtomicU64::new(10);
    let file = UploadFile::from_reader("a.csv", move || {
        let length = length.fetch_add(1, Ordering::Relaxed);
        async move { Ok((io::Cursor::new(content(length as usize)), length)) }
    });
    let error = upload(&server.prolific(), file).await.unwrap_err();
    assert_eq!((error.kind(), server.seen_of("PUT").len()), (ErrorKind::File, 1));
    assert!(error.to_string().contains("it had 10 bytes, but 11 when"), "{error}");
}

/// Gives zeros without end, or fails after some, and knows how much was asked for at once.
struct Zeros {
    left: usize,
    most: Arc<AtomicUsize>,
}

impl AsyncRead for Zeros {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return Poll::Ready(Err(io::Error::other("the disk is gone")));
        }
        self.most.fetch_max(buffer.remaining(), Ordering::Relaxed);
        let length = buffer.remaining().min(self.left);
        self.left -= length;
        buffer.put_slice(&vec![0; length]);
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_file_that_can_not_be_read_to_its_end_is_an_error_of_the_file() {
    let server = storage(|_| taken()).await;
    let most = Arc::<AtomicUsize>::default();
    let asked = most.clone();
    let file = UploadFile::from_reader("a.csv", move || {
        let most = asked.clone();
        async move { Ok((Zeros { left: 1 << 20, most }, 2 << 20)) }
    });
    let error = upload(&server.prolific(), file).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::File, 1));
    assert!(error.to_string().contains("the disk is gone"), "{error}");
    assert_eq!(most.load(Ordering::Relaxed), 64 << 10, "it is read in pieces");
}

#[tokio::test]
async fn an_upload_is_waited_for_until_its_import_has_ended() {
    let server = RecordingServer::start(|line, server, before| {
        let status = if before % 3 < 2 { "processing" } else { "partial" };
        let job = json!({ "status": status, "accepted_count": 9, "duplicate_count": 2,
            "errors": [{ "record_index": 0, "field": "_raw", "reason": "no JSON" }] });
        match line.starts_with("PUT") {
            true => taken(),
            false if line.contains("/upload-url/") => link(7, server, "2999-01-01"),
            false => {
                assert!(line.ends_with("/datasets/d1/imports/import-7"), "{line}");
                Reply::json(200, &job)
            }
        }
    })
    .await;
    let datasets = server.prolific().datasets();
    let wait = || {
        let wait = datasets.upload_and_wait(&id(), UploadFile::from_bytes("a.csv", "a"));
        wait.interval(Duration::from_millis(1))
    };
    let error = wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Partial, "{error}");
    let says = "9 of 10 records were accepted, 1 refused: record 0: no JSON";
    assert!(error.to_string().ends_with(says), "{error}");
    let outcome = wait().allow_partial().await.unwrap();
    let UploadOutcome::Imported(import) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!((import.id.as_str(), import.new_records()), ("import-7", Some(7)));
    assert_eq!(import.errors[0].record, Some(0));
}

#[tokio::test]
async fn an_upload_without_an_import_is_waited_for_until_the_dataset_is_ready() {
    let server = RecordingServer::start(|line, server, before| match line {
        _ if line.starts_with("PUT") => taken(),
        _ if line.ends_with("/status") => {
            Reply::json(200, &json!({ "status": if before < 2 { "PROCESSING" } else { "READY" } }))
        }
        _ => Reply::json(201, &json!({ "upload_url": format!("http://{server}/x") })),
    })
    .await;
    let wait =
        server.prolific().datasets().upload_and_wait(&id(), UploadFile::from_bytes("a.zip", "a"));
    let outcome = wait.interval(Duration::from_millis(1)).await.unwrap();
    assert_eq!(outcome, UploadOutcome::Ready(DatasetStatus::Ready));
    let sent = &server.seen_of("PUT")[0];
    assert_eq!((sent.line(), sent.header("content-type")), ("PUT /x", None));
}
