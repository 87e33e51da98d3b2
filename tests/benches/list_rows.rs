//! What a list of ten thousand submissions costs over loopback, 200 a page: written by hand with
//! reqwest and structs of serde that have the same fields, and as a list of the ext client.
//!
//! Instructions are counted by callgrind where valgrind is installed, and CPU time is taken
//! otherwise. Each figure is the difference of a run with several lists and one with a single list,
//! so that starting up is not in it; both come from one run, and the ratio is what counts. It fails
//! where ext costs more than its bar.
//!
//! ```console
//! $ cargo bench -p prolific-tests --bench list_rows
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]

use std::{
    collections::HashMap,
    env,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, ExitCode},
    sync::Arc,
};

use prolific_api_ext::Prolific;
use prolific_tests::callgrind;
use serde::Deserialize;
use serde_json::json;

const CLIENTS: [&str; 2] = ["hand-written", "ext"];
const ROWS: usize = 10_000;
const PAGE: usize = 200;
const SHORT: usize = 1;
const LONG: usize = 4;
/// What ext may cost at most, against the list that is read by hand.
const BAR: f64 = 1.25;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, "list", client, lists, url] => {
            run(client, lists.parse().unwrap(), url);
            ExitCode::SUCCESS
        }
        _ => compare(),
    }
}

/// Runs every client in a process of its own against a server in this one.
fn compare() -> ExitCode {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let rows: Arc<[String]> = (0..ROWS).map(row).collect();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let rows = rows.clone();
            std::thread::spawn(move || serve(stream.unwrap(), &rows));
        }
    });
    let has_valgrind = callgrind::is_installed();
    let unit = if has_valgrind { "instructions" } else { "ticks of CPU time" };
    let cost = |client: &str| {
        let measure = |lists: usize| {
            if has_valgrind {
                callgrind::instructions(&["list", client, &lists.to_string(), &url])
            } else {
                ticks(client, lists, &url)
            }
        };
        (measure(LONG) - measure(SHORT)) / (LONG - SHORT) as f64
    };
    let costs = CLIENTS.map(|client| (client, cost(client)));
    callgrind::report(&format!("a list of {ROWS} rows, {PAGE} a page, {unit}"), &costs, BAR)
}

/// The CPU time of a run, as the process itself has it; the least of five.
fn ticks(client: &str, lists: usize, url: &str) -> f64 {
    let run = |_| {
        let lists = (lists * 10).to_string();
        let output =
            Command::new(env::current_exe().unwrap()).args(["list", client, &lists, url]).output();
        let output = output.unwrap();
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stdout).trim().parse::<f64>().unwrap()
    };
    (0..5).map(run).fold(f64::INFINITY, f64::min)
}

fn run(client: &str, lists: usize, url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for _ in 0..lists {
            let rows = match client {
                "hand-written" => hand_written(url).await,
                "ext" => ext(url).await,
                other => panic!("{other} is none of {CLIENTS:?}"),
            };
            assert_eq!(rows, ROWS);
        }
    });
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<u64>().ok());
    println!("{}", ticks(13).unwrap_or(0) + ticks(14).unwrap_or(0));
}

#[derive(Deserialize)]
struct Page {
    results: Vec<Row>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    count: usize,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "they are read, and that is what costs")]
struct Row {
    id: String,
    participant_id: Option<String>,
    status: Option<String>,
    started_at: Option<String>,
    completed_at: Option<String>,
    has_siblings: Option<bool>,
    study_code: Option<String>,
    return_requested: Option<String>,
    is_complete: Option<bool>,
    time_taken: Option<i64>,
    reward: Option<i64>,
    #[serde(default)]
    strata: HashMap<String, Option<String>>,
    star_awarded: Option<bool>,
    #[serde(default)]
    bonus_payments: Vec<serde_json::Value>,
    ip: Option<String>,
}

async fn hand_written(url: &str) -> usize {
    let client = reqwest::Client::new();
    let mut rows = Vec::new();
    loop {
        let offset = rows.len();
        let url = format!("{url}/api/v1/studies/s1/submissions/?limit={PAGE}&offset={offset}");
        let request = client.get(url).header("authorization", "Token 0123");
        let response = request.send().await.unwrap().error_for_status().unwrap();
        let page: Page = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        rows.extend(page.results);
        if rows.len() >= page.meta.count {
            return rows.len();
        }
    }
}

async fn ext(url: &str) -> usize {
    let prolific = Prolific::builder().token("0123").base_url(url).build().unwrap();
    let id = "s1".parse().unwrap();
    prolific.studies().submissions(&id).page_ahead(false).collect_all().await.unwrap().len()
}

fn row(number: usize) -> String {
    json!({
        "id": format!("60d9aadeb86739de7{number:07x}"),
        "participant_id": format!("5f3c1a2b4d5e6f7a8{number:07x}"),
        "status": "APPROVED",
        "started_at": "2026-11-20T09:30:12.123000Z",
        "completed_at": "2026-11-20T09:41:40.456000Z",
        "has_siblings": false,
        "study_code": "C1A2B3D4",
        "return_requested": null,
        "is_complete": true,
        "time_taken": 688,
        "reward": 150,
        "strata": { "date of birth": "1990-01-01", "sex": "Female" },
        "star_awarded": false,
        "bonus_payments": [],
        "ip": "203.0.113.7",
    })
    .to_string()
}

/// Answers the requests of a connection by their limit and offset.
fn serve(mut stream: TcpStream, rows: &[String]) {
    stream.set_nodelay(true).unwrap();
    let mut buffer = [0; 4_096];
    let mut length = 0;
    while let Ok(read @ 1..) = stream.read(&mut buffer[length..]) {
        length += read;
        if !buffer[..length].ends_with(b"\r\n\r\n") {
            continue;
        }
        let head = String::from_utf8_lossy(&buffer[..length]).into_owned();
        length = 0;
        let number = |name: &str| -> usize {
            let rest = head.split_once(name).map_or("0", |(_, rest)| rest);
            rest.split(['&', ' ']).next().unwrap().parse().unwrap()
        };
        let (from, limit) = (number("offset="), number("limit="));
        let page = rows[from.min(ROWS)..(from + limit).min(ROWS)].join(",");
        let body = format!(r#"{{"results":[{page}],"meta":{{"count":{ROWS}}}}}"#);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(body.as_bytes()))
            .is_err()
        {
            return;
        }
    }
}
