//! The page on traces shows what an ordinary subscriber prints.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, unreachable_pub, reason = "a library of which this test uses a part")]
mod fault_proxy;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use fault_proxy::{FaultProxy, Response};
use prolific_api_ext::{FullJitter, Prolific};
use tracing_subscriber::filter::LevelFilter;

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

/// The output, with what differs from run to run as the page has it.
fn masked(output: &str, port: u16) -> String {
    let mut lines = String::new();
    for line in output.lines().filter(|line| line.contains(" prolific: ")) {
        let line = line.replace(&format!("server.port={port}"), "server.port=443");
        let line = line.replace("127.0.0.1", "api.prolific.com");
        let words = line.split(' ').map(|word| match word.split_once('=') {
            Some(("elapsed_ms", _)) => "elapsed_ms=87".to_owned(),
            Some(("waited_ms", milliseconds)) => match milliseconds {
                "0" => "waited_ms=0".to_owned(),
                _ => "waited_ms=100".to_owned(),
            },
            Some(("delay_ms", _)) => "delay_ms=100".to_owned(),
            _ => word.to_owned(),
        });
        lines += words.collect::<Vec<_>>().join(" ").trim_start();
        lines.push('\n');
    }
    lines
}

#[tokio::test]
async fn the_page_on_traces_shows_the_output_of_an_ordinary_subscriber() {
    let captured = Captured::default();
    let writer = captured.clone();
    // Of the whole process: a span that another thread meets first would be off for this one too.
    tracing_subscriber::fmt()
        .with_ansi(false)
        .without_time()
        .with_max_level(LevelFilter::DEBUG)
        .with_writer(move || writer.clone())
        .init();
    let server = FaultProxy::answering(|request| match request.connection {
        1 => Response::json(503, "{}").header("connection", "close"),
        _ => Response::json(200, r#"{"status":"READY"}"#).header("x-request-id", "r-7"),
    });
    let server = server.start().await.unwrap();
    let prolific = Prolific::builder()
        .token("sesame")
        .base_url(server.url())
        .backoff(FullJitter::new(Duration::from_millis(1), Duration::from_millis(2)))
        .requests_per_second(10.0)
        .build()
        .unwrap();
    prolific.datasets().status(&"d1".parse().unwrap()).await.unwrap();

    let output = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(!output.contains("sesame"), "{output}");
    let shown = masked(&output, server.address().port());
    let page = include_str!("../src/guide/traces.md");
    let (_, example) = page.split_once("```text\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    assert_eq!(shown, example, "the page shows\n{example}\nand it is\n{shown}");
}
