//! Waiting on ten thousand datasets at once over loopback: whether all settle, and the requests a
//! second against a bare reqwest loop at the same concurrency. What a waiter costs in heap is
//! measured by `waiter_heap`, as an allocator that counts takes time of its own.
//!
//! The server runs in a separate process. Both loops make the same number of requests, in turns; each
//! rate is the best of all rounds, the one that whatever else runs on the machine disturbed least.
//! It fails where the rate misses its bar.
//!
//! ```console
//! $ cargo bench -p prolific-tests --bench wait_many
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use prolific_api_ext::{DatasetId, Prolific};
use prolific_tests::dataset_server::{LOOKS, Server, is_asked_to_serve, serve};

const WAITERS: usize = 10_000;
const CONCURRENCY: usize = 64;
const ROUNDS: usize = 9;
/// How much of the bare loop's rate has to be reached.
const RATE_BAR: f64 = 0.9;

fn main() -> ExitCode {
    if is_asked_to_serve() {
        serve().unwrap();
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(compare())
}

async fn compare() -> ExitCode {
    let mut bare = Vec::new();
    let mut ext = Vec::new();
    for round in 0..ROUNDS {
        let server = Server::start().unwrap();
        bare.push(bare_loop(server.url()).await);
        ext.push(wait_many(server.url(), round).await);
    }
    let (bare, ext) = (best(bare), best(ext));
    println!("{WAITERS} waiters, {LOOKS} looks each, {CONCURRENCY} at once: all settled");
    println!("bare reqwest {bare:>9.0} requests/s");
    println!("wait_many    {ext:>9.0} requests/s {:>7.3} x", ext / bare);
    if ext / bare < RATE_BAR {
        eprintln!("less than {RATE_BAR:.2} x of the bare loop");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
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

async fn wait_many(url: &str, round: usize) -> f64 {
    let prolific = Prolific::builder().token("0123").base_url(url).build().unwrap();
    let ids: Vec<DatasetId> =
        (0..WAITERS).map(|number| id(round, number).parse().unwrap()).collect();
    let mut settled = prolific
        .datasets()
        .wait_many(ids.iter().cloned())
        .interval(Duration::from_millis(1))
        .concurrency(CONCURRENCY)
        .settled();
    let started = Instant::now();
    let mut count = 0;
    while let Some((id, end)) = settled.next().await {
        assert!(end.is_ok(), "{id}: {end:?}");
        count += 1;
    }
    assert_eq!(count, WAITERS);
    (WAITERS * LOOKS) as f64 / started.elapsed().as_secs_f64()
}
