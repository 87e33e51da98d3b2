//! Downloads from a storage on this machine that answers by a script, one answer a connection.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

use super::{Download, Downloaded};
use crate::{
    Error, ErrorKind, FullJitter, Prolific, Result,
    call::{Environment, Policy, Sleep, TokioEnvironment},
    transfer::DownloadLink,
};

/// A storage that gives one answer a connection, and then closes it or hangs.
struct Storage {
    base: String,
    requests: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

const HANG: &str = "(hang)";

impl Storage {
    async fn start(answers: &[String]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (answers, requests) = (answers.to_vec(), Arc::<Mutex<Vec<String>>>::default());
        let seen = requests.clone();
        let serving = tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).await.unwrap();
                    request.extend(byte);
                }
                seen.lock().unwrap().push(String::from_utf8(request).unwrap().to_lowercase());
                let (answer, hangs) = match answer.strip_suffix(HANG) {
                    Some(answer) => (answer.to_owned(), true),
                    None => (answer, false),
                };
                stream.write_all(answer.as_bytes()).await.unwrap();
                if hangs {
                    std::future::pending::<()>().await;
                }
            }
        });
        Self { base, requests, serving }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn answer(head: &str, body: &str) -> String {
    format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n{body}")
}

fn whole(body: &str) -> String {
    answer(&format!("200 OK\r\netag: \"v1\"\r\ncontent-length: {}", body.len()), body)
}

/// Announces more than it gives.
fn cut(etag: &str, length: usize, body: &str) -> String {
    answer(&format!("200 OK\r\n{etag}content-length: {length}"), body)
}

fn rest(range: &str, body: &str) -> String {
    let length = body.len();
    let head = format!(
        "206 Partial Content\r\netag: \"v1\"\r\ncontent-range: {range}\r\ncontent-length: {length}"
    );
    answer(&head, body)
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("answers.zip")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn prolific() -> Prolific {
    let no_pause = FullJitter::new(std::time::Duration::ZERO, std::time::Duration::ZERO);
    let builder = Prolific::builder().token("sesame-open").base_url("http://127.0.0.1:9");
    builder.backoff(no_pause).build().unwrap()
}

/// Links to the storage, one path a link, and how many were asked for.
fn download(
    prolific: Prolific,
    storage: &Storage,
    expires_at: Option<&'static str>,
    folder: &Folder,
) -> (Download, Arc<Mutex<u32>>) {
    let (base, count) = (storage.base.clone(), Arc::<Mutex<u32>>::default());
    let asked = count.clone();
    let links = Box::new(move || -> crate::transfer::NextLink {
        let mut count = asked.lock().unwrap();
        *count += 1;
        let url = format!("{base}/link{count}?signature=secret");
        let link = DownloadLink::new(url, expires_at.map(Into::into));
        Box::pin(async move { Ok(link) })
    });
    let what = "the export of batch b1".to_owned();
    (Download::new(prolific, what, links, &folder.file()), count)
}

struct Ran {
    outcome: Result<Downloaded>,
    requests: Vec<String>,
    links: u32,
    folder: Folder,
}

impl Ran {
    fn error(&self) -> &Error {
        self.outcome.as_ref().unwrap_err()
    }

    /// What is under the name, which has to be all that is there.
    fn content(&self) -> String {
        let downloaded = self.outcome.as_ref().unwrap();
        let content = std::fs::read_to_string(&downloaded.path).unwrap();
        assert_eq!(downloaded.bytes, content.len() as u64);
        assert_eq!(self.folder.names(), ["answers.zip"]);
        content
    }
}

async fn run(answers: &[String]) -> Ran {
    run_by(prolific(), None, answers).await
}

async fn run_by(prolific: Prolific, expires_at: Option<&'static str>, answers: &[String]) -> Ran {
    let (storage, folder) = (Storage::start(answers).await, Folder::new());
    let (download, links) = download(prolific, &storage, expires_at, &folder);
    let outcome = download.await;
    let links = *links.lock().unwrap();
    if let Err(error) = &outcome {
        let text = format!("{error} {error:?}");
        assert!(!text.contains("secret") && !text.contains("sesame"), "{text}");
        assert_eq!(folder.names(), [""; 0], "{text}");
    }
    Ran { outcome, requests: storage.requests(), links, folder }
}

#[tokio::test]
async fn a_file_is_downloaded_completely_and_without_the_token() {
    let ran = run(&[whole("zip")]).await;
    assert_eq!(ran.content(), "zip");
    let request = &ran.requests[0];
    assert!(request.starts_with("get /link1?signature=secret http/1.1\r\n"), "{request}");
    assert!(!request.contains("authorization") && !request.contains("sesame"), "{request}");
    assert!(request.contains("accept-encoding: identity") && !request.contains("range"));
}

#[tokio::test]
async fn an_interrupted_download_resumes_where_it_stopped() {
    let etag = "etag: \"v1\"\r\n";
    let ran = run(&[cut(etag, 9, "abc"), rest("bytes 3-8/9", "defghi")]).await;
    assert_eq!(ran.content(), "abcdefghi");
    assert!(ran.requests[1].contains("\r\nrange: bytes=3-\r\n"), "{}", ran.requests[1]);
    assert!(ran.requests[1].contains("\r\nif-range: \"v1\"\r\n"), "{}", ran.requests[1]);
    assert_eq!(ran.links, 1);
}

#[tokio::test]
async fn a_download_that_can_not_resume_starts_over() {
    let strong = "etag: \"v1\"\r\n";
    let table = [
        // Without a strong ETag, the rest may be of another file.
        vec![cut("", 9, "abc"), whole("whole")],
        vec![cut("etag: W/\"v1\"\r\n", 9, "abc"), whole("whole")],
        // The file is another one by now.
        vec![cut(strong, 9, "abc"), whole("whole")],
        // Answers that are not what was asked for.
        vec![cut(strong, 9, "abc"), rest("bytes 2-8/9", "cdefghi"), whole("whole")],
        vec![cut(strong, 9, "abc"), rest("bytes 3-9/10", "defghij"), whole("whole")],
        vec![cut(strong, 9, "abc"), rest("rows 3-8/9", "defghi"), whole("whole")],
        vec![
            cut(strong, 9, "abc"),
            answer("416 Range Not Satisfiable\r\ncontent-length: 0", ""),
            whole("whole"),
        ],
    ];
    for answers in table {
        let ran = run(&answers).await;
        assert_eq!(ran.content(), "whole", "{answers:?}");
        assert_eq!(ran.requests.len(), answers.len());
        assert!(!ran.requests.last().unwrap().contains("w/\""));
    }
}

#[tokio::test]
async fn a_refused_link_is_requested_again_and_received_data_is_kept() {
    for status in ["403 Forbidden", "410 Gone"] {
        let refused = answer(&format!("{status}\r\ncontent-length: 6"), "secret");
        let etag = "etag: \"v1\"\r\n";
        let answers = [cut(etag, 6, "abc"), refused, rest("bytes 3-5/6", "def")];
        let ran = run(&answers).await;
        assert_eq!(ran.content(), "abcdef");
        assert_eq!(ran.links, 2);
        assert!(ran.requests[2].starts_with("get /link2?"), "{}", ran.requests[2]);
    }
}

#[tokio::test]
async fn links_that_are_always_refused_end_it() {
    let refused = answer("403 Forbidden\r\ncontent-length: 6", "secret");
    let ran = run(&vec![refused; 9]).await;
    assert_eq!((ran.error().kind(), ran.links), (ErrorKind::Forbidden, 3));
    assert_eq!((ran.error().attempts(), ran.requests.len()), (3, 3));
}

#[tokio::test]
async fn an_expired_link_is_requested_again_before_the_next_attempt() {
    let expired = Some("2001-01-01T00:00:00Z");
    let answers = [cut("", 9, "abc"), whole("whole")];
    let ran = run_by(prolific(), expired, &answers).await;
    assert_eq!((ran.content().as_str(), ran.links), ("whole", 2));
    let ran = run_by(prolific(), Some("2999-01-01T00:00:00Z"), &answers).await;
    assert_eq!((ran.content().as_str(), ran.links), ("whole", 1));
}

#[tokio::test]
async fn attempts_follow_the_policy_and_progress_resets_the_count() {
    let busy = answer("503 Busy\r\ncontent-length: 6", "secret");
    let ran = run(&vec![busy.clone(); 9]).await;
    assert_eq!((ran.error().kind(), ran.requests.len()), (ErrorKind::Server, 4));
    assert!(ran.error().is_transient());

    let begun = cut("etag: \"v1\"\r\n", 4, "ab");
    let answers = [&busy, &busy, &busy, &begun, &busy, &busy];
    let mut answers: Vec<_> = answers.into_iter().cloned().collect();
    answers.push(rest("bytes 2-3/4", "cd"));
    assert_eq!(run(&answers).await.content(), "abcd");

    // To come as far as before is none.
    let ran = run(&vec![cut("", 9, "abc"); 9]).await;
    assert_eq!((ran.error().kind(), ran.requests.len()), (ErrorKind::Connection, 4));
}

#[tokio::test]
async fn the_retry_budget_bounds_the_attempts_and_is_paid_back_by_a_whole_file() {
    let by = |bucket: &Arc<crate::TokenBucket>| {
        let builder = Prolific::builder().token("sesame-open").base_url("http://127.0.0.1:9");
        let no_pause = FullJitter::new(std::time::Duration::ZERO, std::time::Duration::ZERO);
        builder.backoff(no_pause).retry_budget(bucket.clone()).build().unwrap()
    };
    let bucket = Arc::new(crate::TokenBucket::new(10));
    let busy = answer("503 Busy\r\ncontent-length: 0", "");
    run_by(by(&bucket), None, &[busy.clone(), whole("whole")]).await.content();
    assert_eq!(bucket.tokens(), 10);
    let ran = run_by(by(&bucket), None, &vec![busy; 9]).await;
    assert_eq!((ran.requests.len(), bucket.tokens()), (3, 0));
}

#[tokio::test]
async fn a_response_that_may_be_partial_is_refused() {
    let table = [
        (answer("200 OK", "zip"), "has no length"),
        (answer("200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3", "zip"), "encoded"),
    ];
    for (given, why) in table {
        let ran = run(&[given]).await;
        assert_eq!(ran.error().kind(), ErrorKind::UnexpectedAnswer);
        assert!(ran.error().to_string().contains(why), "{}", ran.error());
    }
    let chunked = answer("200 OK\r\ntransfer-encoding: chunked", "3\r\nzip\r\n0\r\n\r\n");
    assert_eq!(run(&[chunked]).await.content(), "zip");
    let chunked = answer("200 OK\r\ntransfer-encoding: chunked", "3\r\nzip\r\n");
    assert_eq!(run(&[chunked, whole("whole")]).await.content(), "whole");
}

#[tokio::test]
async fn any_other_answer_ends_it() {
    for (status, kind) in [
        ("404 Not Found", ErrorKind::NotFound),
        ("302 Found\r\nlocation: http://127.0.0.1:9/secret", ErrorKind::UnexpectedAnswer),
        ("204 No Content", ErrorKind::UnexpectedAnswer),
        ("206 Partial Content", ErrorKind::UnexpectedAnswer),
    ] {
        let ran = run(&[answer(&format!("{status}\r\ncontent-length: 0"), "")]).await;
        assert_eq!(ran.error().kind(), kind, "{status}");
        assert_eq!(ran.requests.len(), 1);
    }
}

#[tokio::test]
async fn progress_reports_received_bytes_and_drops_when_starting_over() {
    let answers = [cut("", 9, "abc"), whole("whole")];
    let (storage, folder) = (Storage::start(&answers).await, Folder::new());
    let (download, _) = download(prolific(), &storage, None, &folder);
    let told = Arc::<Mutex<Vec<(u64, Option<u64>)>>>::default();
    let seen = told.clone();
    download.on_progress(move |came, of| seen.lock().unwrap().push((came, of))).await.unwrap();
    let told = told.lock().unwrap();
    let expected = [(0, Some(9)), (3, Some(9)), (0, Some(5)), (5, Some(5))];
    assert_eq!(*told, expected);
}

#[tokio::test]
async fn a_dropped_download_leaves_nothing_behind_and_what_was_there_as_it_was() {
    let given = [format!("{}{HANG}", cut("", 9, "abc"))];
    let (storage, folder) = (Storage::start(&given).await, Folder::new());
    std::fs::write(folder.file(), "old").unwrap();
    let (download, _) = download(prolific(), &storage, None, &folder);
    let (came, mut comes) = tokio::sync::mpsc::unbounded_channel();
    let download = download.on_progress(move |bytes, _| came.send(bytes).unwrap());
    let running = tokio::spawn(download.into_future());
    while comes.recv().await.unwrap() < 3 {}
    assert_eq!(folder.names().len(), 2);
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert_eq!(folder.names(), ["answers.zip"]);
    assert_eq!(std::fs::read_to_string(folder.file()).unwrap(), "old");
}

#[tokio::test]
async fn an_existing_file_is_replaced_by_a_complete_one() {
    let (storage, folder) = (Storage::start(&[whole("new")]).await, Folder::new());
    std::fs::write(folder.file(), "old").unwrap();
    let (download, _) = download(prolific(), &storage, None, &folder);
    download.await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.file()).unwrap(), "new");
    assert_eq!(folder.names(), ["answers.zip"]);
}

#[tokio::test]
async fn where_no_file_can_be_made_nothing_is_sent() {
    let storage = Storage::start(&[whole("zip")]).await;
    let cases = [("no/such/folder.zip", ErrorKind::File), ("", ErrorKind::InvalidInput)];
    for (path, kind) in cases {
        let folder = Folder::new();
        let (mut download, links) = download(prolific(), &storage, None, &folder);
        download.to = folder.0.path().join(path);
        assert_eq!(download.await.unwrap_err().kind(), kind, "{path}");
        assert_eq!((*links.lock().unwrap(), storage.requests().len()), (0, 0));
    }
}

#[tokio::test]
async fn a_link_of_plain_http_to_another_machine_is_not_used() {
    let folder = Folder::new();
    let links = Box::new(|| -> crate::transfer::NextLink {
        let link = DownloadLink::new("http://a.example/x?signature=secret".to_owned(), None);
        Box::pin(async { Ok(link) })
    });
    let download = Download::new(prolific(), "the export".to_owned(), links, &folder.file());
    let error = download.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(!format!("{error} {error:?}").contains("secret"));
    assert_eq!(folder.names(), [""; 0]);
}

/// A clock on which the idle time is always over.
#[derive(Debug)]
struct AtOnce;

impl Environment for AtOnce {
    fn now(&self) -> std::time::Instant {
        TokioEnvironment.now()
    }

    fn time_of_day(&self) -> std::time::SystemTime {
        TokioEnvironment.time_of_day()
    }

    fn sleep(&self, _: std::time::Duration) -> Sleep {
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> f64 {
        0.0
    }
}

#[tokio::test]
async fn nothing_coming_for_too_long_is_a_timeout_by_the_injected_clock() {
    let home = reqwest::Url::parse("http://127.0.0.1:9").unwrap();
    let authorization = reqwest::header::HeaderValue::from_static("Token sesame");
    let mut policy = Policy::new(crate::call::Authorization::Token(authorization), home);
    policy.environment = Arc::new(AtOnce);
    let http = reqwest::Client::new();
    let prolific = Prolific::assemble("http://127.0.0.1:9", http, policy);
    let (storage, folder) = (Storage::start(&[]).await, Folder::new());
    let (download, _) = download(prolific, &storage, None, &folder);
    let error = download.idle_timeout(std::time::Duration::from_secs(7)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 4));
    assert!(error.to_string().contains("it stalled for 7s"), "{error}");
    assert_eq!(folder.names(), [""; 0]);
}
