//! What one dataset-status call over a kept-alive loopback connection costs: written by hand with
//! reqwest and serde_json, by the raw client, and by the ext client with its default policy.
//!
//! Instructions are counted by callgrind where valgrind is installed, and time is taken otherwise.
//! Each figure is the difference of a long and a short run, so that starting up is not in it; all
//! come from one run, and the ratios are what counts. It fails where ext costs more than its bar.
//!
//! ```console
//! $ cargo bench -p prolific-tests --bench status_call
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]

use std::{
    env,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use prolific_api::{Client, Transport};
use prolific_api_ext::{DatasetId, Prolific};
use prolific_tests::callgrind;
use reqwest::header::AUTHORIZATION;
use serde::Deserialize;

const CLIENTS: [&str; 3] = ["hand-written", "raw", "ext"];
const ID: &str = "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d";
const SHORT: u32 = 200;
const LONG: u32 = 1_200;
/// What ext may cost at most, against the call that is written by hand.
const BAR: f64 = 1.05;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, "call", client, calls, url] => {
            run(client, calls.parse().unwrap(), url);
            ExitCode::SUCCESS
        }
        _ => compare(),
    }
}

/// Runs every client in a process of its own against a server in this one.
fn compare() -> ExitCode {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || serve(stream.unwrap()));
        }
    });
    let has_valgrind = callgrind::is_installed();
    let unit = if has_valgrind { "instructions" } else { "ns" };
    let cost = |client: &str| {
        let measure = |calls: u32| {
            if has_valgrind {
                callgrind::instructions(&["call", client, &calls.to_string(), &url])
            } else {
                time(client, calls, &url)
            }
        };
        (measure(LONG) - measure(SHORT)) / f64::from(LONG - SHORT)
    };
    let costs = CLIENTS.map(|client| (client, cost(client)));
    callgrind::report(&format!("one dataset-status call, {unit}"), &costs, BAR)
}

/// The least of five runs, in nanoseconds.
fn time(client: &str, calls: u32, url: &str) -> f64 {
    let run = |_| {
        let started = Instant::now();
        let calls = calls.to_string();
        let status =
            Command::new(env::current_exe().unwrap()).args(["call", client, &calls, url]).status();
        assert!(status.unwrap().success());
        started.elapsed()
    };
    (0..5).map(run).min().unwrap_or_default().as_nanos() as f64
}

fn run(client: &str, calls: u32, url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match client {
            "hand-written" => hand_written(calls, url).await,
            "raw" => raw(calls, url).await,
            "ext" => ext(calls, url).await,
            other => panic!("{other} is none of {CLIENTS:?}"),
        }
    });
}

#[derive(Deserialize)]
struct Answer {
    status: Status,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Uninitialised,
    Processing,
    Ready,
    Error,
}

async fn hand_written(calls: u32, url: &str) {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let token = String::from("0123456789");
    for _ in 0..calls {
        let url = format!("{url}/api/v1/data-collection/datasets/{ID}/status");
        let request = client.get(url).header(AUTHORIZATION, format!("Token {token}"));
        let response = request.send().await.unwrap().error_for_status().unwrap();
        let answer: Answer = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert!(answer.status == Status::Ready);
    }
}

async fn raw(calls: u32, url: &str) {
    let client = Client::new(url, Transport::default());
    for _ in 0..calls {
        let call = client.get_task_builder_dataset_status().dataset_id(ID);
        assert!(call.send().await.unwrap().status.is_some());
    }
}

async fn ext(calls: u32, url: &str) {
    let prolific = Prolific::builder().token("0123456789").base_url(url).build().unwrap();
    let id: DatasetId = ID.parse().unwrap();
    for _ in 0..calls {
        assert!(prolific.datasets().status(&id).await.unwrap().is_terminal());
    }
}

/// Answers every request of a connection alike.
fn serve(mut stream: TcpStream) {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 18\r\n\r\n{\"status\":\"READY\"}";
    stream.set_nodelay(true).unwrap();
    let mut buffer = [0; 4_096];
    let mut length = 0;
    while let Ok(read @ 1..) = stream.read(&mut buffer[length..]) {
        length += read;
        if buffer[..length].ends_with(b"\r\n\r\n") {
            length = 0;
            if stream.write_all(ANSWER).is_err() {
                return;
            }
        }
    }
}
