//! Waiting on ten thousand datasets at once over loopback: whether all settle, what a waiter costs
//! in heap, and the requests a second against a bare reqwest loop at the same concurrency.
//!
//! The server is a process of its own. Both loops make the same number of requests, in turns; each
//! rate is the best of all rounds, the one that whatever else runs on the machine disturbed least.
//! It fails where a figure misses its bar.
//!
//! ```console
//! $ cargo bench -p prolific-tests --bench wait_many
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]

use std::{
    collections::HashMap,
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, ExitCode, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures_util::{FutureExt as _, StreamExt as _, stream};
use peak_alloc::PeakAlloc;
use prolific_api_ext::{DatasetId, Prolific};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const WAITERS: usize = 10_000;
const CONCURRENCY: usize = 64;
/// A dataset is READY at this look.
const LOOKS: usize = 4;
const ROUNDS: usize = 9;
/// How much heap a waiter may take at most, its share of the connections included.
const HEAP_BAR: usize = 2_048;
/// How much of the bare loop's rate has to be reached.
const RATE_BAR: f64 = 0.9;

fn main() -> ExitCode {
    match env::args().nth(1).as_deref() {
        Some("serve") => {
            serve();
            ExitCode::SUCCESS
        }
        _ => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(compare()),
    }
}

async fn compare() -> ExitCode {
    let mut bare = Vec::new();
    let mut ext = Vec::new();
    let mut heap = (0, 0);
    for round in 0..ROUNDS {
        let server = Server::start();
        bare.push(bare_loop(&server.url).await);
        let (rate, at_rest, peak) = wait_many(&server.url, round).await;
        ext.push(rate);
        heap = heap.max((at_rest, peak));
    }
    let (bare, ext) = (best(bare), best(ext));
    println!("{WAITERS} waiters, {LOOKS} looks each, {CONCURRENCY} at once: all settled");
    let (at_rest, peak) = heap;
    let (at_rest, peak) = (at_rest / WAITERS, peak / WAITERS);
    println!("heap a waiter: {at_rest} bytes at first, {peak} at the peak");
    println!("bare reqwest {bare:>9.0} requests/s");
    println!("wait_many    {ext:>9.0} requests/s {:>7.3} x", ext / bare);
    let misses = [
        (peak > HEAP_BAR).then(|| format!("a waiter takes more than {HEAP_BAR} bytes")),
        (ext / bare < RATE_BAR).then(|| format!("less than {RATE_BAR:.2} x of the bare loop")),
    ];
    misses.iter().flatten().for_each(|miss| eprintln!("{miss}"));
    if misses.iter().any(Option::is_some) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn best(rates: Vec<f64>) -> f64 {
    rates.into_iter().fold(0.0, f64::max)
}

fn id(round: usize, number: usize) -> String {
    format!("0199c5a4-7b5e-7c3a-{round:04x}-{number:012x}")
}

/// As many requests as the waiters make, with nothing around them.
async fn bare_loop(url: &str) -> f64 {
    let client = reqwest::Client::new();
    let requests = WAITERS * LOOKS;
    let started = Instant::now();
    let answers = stream::iter(0..requests).map(|number| {
        let id = id(0xffff, number % WAITERS);
        let url = format!("{url}/api/v1/data-collection/datasets/{id}/status");
        let request = client.get(url).header("authorization", "Token 0123").send();
        async move { request.await.unwrap().bytes().await.unwrap() }
    });
    let read =
        answers.buffer_unordered(CONCURRENCY).fold(0, async |sum, body| sum + body.len()).await;
    assert!(read > 0);
    requests as f64 / started.elapsed().as_secs_f64()
}

/// The rate, and the heap that all waiters take when the first looks have begun and at the most,
/// the connections included.
async fn wait_many(url: &str, round: usize) -> (f64, usize, usize) {
    let prolific = Prolific::builder().token("0123").base_url(url).build().unwrap();
    let ids: Vec<DatasetId> =
        (0..WAITERS).map(|number| id(round, number).parse().unwrap()).collect();
    let before = HEAP.current_usage();
    let mut settled = prolific
        .datasets()
        .wait_many(ids.iter().cloned())
        .interval(Duration::from_millis(1))
        .concurrency(CONCURRENCY)
        .settled();
    HEAP.reset_peak_usage();
    let started = Instant::now();
    // Nothing is there before the first poll, which can't settle anything yet.
    assert!(settled.next().now_or_never().is_none());
    let at_rest = HEAP.current_usage() - before;
    let mut count = 0;
    while let Some((id, end)) = settled.next().await {
        assert!(end.is_ok(), "{id}: {end:?}");
        count += 1;
    }
    assert_eq!(count, WAITERS);
    let rate = (WAITERS * LOOKS) as f64 / started.elapsed().as_secs_f64();
    (rate, at_rest, HEAP.peak_usage() - before)
}

/// The server's process, which ends with this.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, url: line.trim().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Answers PROCESSING to the first looks at a dataset, and READY then.
fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    let looks = Arc::<Mutex<HashMap<String, usize>>>::default();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let looks = looks.clone();
            std::thread::spawn(move || answer(stream.unwrap(), &looks));
        }
    });
    // The pipe closes when the one that started this ends.
    let _ = std::io::stdin().read(&mut [0]);
}

fn answer(mut stream: TcpStream, looks: &Mutex<HashMap<String, usize>>) {
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
        let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let look = {
            let mut looks = looks.lock().unwrap();
            let look = looks.entry(target).or_default();
            *look += 1;
            *look
        };
        let body =
            if look >= LOOKS { "{\"status\":\"READY\"}" } else { "{\"status\":\"PROCESSING\"}" };
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
        if stream.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes()).is_err() {
            return;
        }
    }
}
