//! Everything that any crate of the process traces or logs, searched for the token.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    io::{self, BufRead as _, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use prolific_api_ext::{FullJitter, Prolific, raw::Operation};
use reqwest::{Body, Method, Request};

const TOKEN: &str = "sesame-0123456789";

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

impl Captured {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// A server that says nothing itself. It answers by the name of the dataset that is asked for.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap());
        }
    });
    url
}

fn answer(mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(line) = lines.next() else {
        return;
    };
    lines.find(String::is_empty);
    let answer = match line.split('/').rev().nth(2) {
        Some("fails") => "503 x\r\nretry-after-ms: 1",
        Some("refused") => "401 x\r\nx-request-id: r-1",
        Some("moved") => "302 x\r\nlocation: /x/there/status",
        Some("elsewhere") => "302 x\r\nlocation: http://127.0.0.2:9/",
        _ => "200 OK",
    };
    let body = "{\"status\":\"READY\"}";
    let head = format!("HTTP/1.1 {answer}\r\nconnection: close\r\ncontent-length: 18\r\n\r\n");
    stream.write_all((head + body).as_bytes()).unwrap();
}

#[tokio::test]
async fn the_token_is_in_no_span_event_or_log_and_names_are_those_of_opentelemetry() {
    let captured = Captured::default();
    let writer = captured.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let url = serve();
    let prolific = Prolific::builder()
        .token(TOKEN)
        .base_url(&url)
        .backoff(FullJitter::new(Duration::from_millis(1), Duration::from_millis(1)))
        .build()
        .unwrap();
    let datasets = prolific.datasets();
    for (id, succeeds) in [
        ("fine", true),
        ("moved", false),
        ("fails", false),
        ("refused", false),
        ("elsewhere", false),
    ] {
        assert_eq!(datasets.status(&id.parse().unwrap()).await.is_ok(), succeeds, "{id}");
    }
    let gone = Prolific::builder().token(TOKEN).base_url("http://127.0.0.1:1");
    let gone = gone.backoff(FullJitter::new(Duration::ZERO, Duration::ZERO)).build().unwrap();
    gone.datasets().status(&"fine".parse().unwrap()).await.unwrap_err();
    upload_like(&prolific, &url).await;
    tracing::trace!(?prolific, "the client itself");

    let text = captured.text();
    for secret in ["sesame", "secret-body", "secret-signature"] {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
    for name in [
        "http.request.method=\"GET\"",
        "server.address=\"127.0.0.1\"",
        "url.template=\"/api/v1/data-collection/datasets/{dataset_id}/status\"",
        "prolific.operation_id=\"get-task-builder-dataset-status\"",
        "http.response.status_code=503",
        "http.request.resend_count=3",
        "prolific.request_id=\"r-1\"",
        "error.type=\"not_sent\"",
        "error.type=\"503\"",
        "otel.name=\"GET /api/v1/data-collection/datasets/{dataset_id}/status\"",
        "otel.status_code=\"ERROR\"",
        "reason=\"status\" http.response.status_code=503",
        "reason=\"status\"",
        "delay_ms=1",
        "attempt=4",
    ] {
        assert!(text.contains(name), "{name} is not in\n{text}");
    }
    assert!(
        text.contains("hyper_util") || text.contains("reqwest"),
        "other crates are captured too"
    );
}

/// A request with a body that streams and a query, through the seam.
async fn upload_like(prolific: &Prolific, url: &str) {
    let url = format!("{url}/upload?signature=secret-signature").parse().unwrap();
    let mut request = Request::new(Method::PUT, url);
    let parts = futures_util::stream::iter([Ok::<_, io::Error>("secret-body")]);
    *request.body_mut() = Some(Body::wrap_stream(parts));
    static UPLOAD: Operation = Operation::new("not_in_the_table", "PUT", "");
    assert_eq!(prolific.api().execute(request, &UPLOAD).await.unwrap().status(), 200);
}
