//! What each of ten thousand waiters costs in heap, at first and at the most, its share of the
//! connections included. It fails where that misses its bar.
//!
//! ```console
//! $ cargo bench -p prolific-tests --bench waiter_heap
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]

use std::{process::ExitCode, time::Duration};

use futures_util::FutureExt as _;
use peak_alloc::PeakAlloc;
use prolific_api_ext::{DatasetId, Prolific};
use prolific_tests::dataset_server::{Server, is_asked_to_serve, serve};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const WAITERS: usize = 10_000;
/// How much heap a waiter may take at most.
const BAR: usize = 2_048;

fn main() -> ExitCode {
    if is_asked_to_serve() {
        serve().unwrap();
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (at_rest, peak) = runtime.block_on(heap());
    println!("heap a waiter: {at_rest} bytes at first, {peak} at the peak");
    if peak > BAR {
        eprintln!("a waiter takes more than {BAR} bytes");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// What all waiters take when the first looks have begun and at the most, by waiter.
async fn heap() -> (usize, usize) {
    let server = Server::start().unwrap();
    let prolific = Prolific::builder().token("0123").base_url(server.url()).build().unwrap();
    let ids: Vec<DatasetId> =
        (0..WAITERS).map(|number| format!("dataset-{number:028}").parse().unwrap()).collect();
    let before = HEAP.current_usage();
    let wait = prolific.datasets().wait_many(ids.iter().cloned());
    let mut settled = wait.interval(Duration::from_millis(1)).settled();
    HEAP.reset_peak_usage();
    // Nothing is there before the first poll, which can't settle anything yet.
    assert!(settled.next().now_or_never().is_none());
    let at_rest = HEAP.current_usage() - before;
    let mut count = 0;
    while let Some((id, end)) = settled.next().await {
        assert!(end.is_ok(), "{id}: {end:?}");
        count += 1;
    }
    assert_eq!(count, WAITERS);
    (at_rest / WAITERS, (HEAP.peak_usage() - before) / WAITERS)
}
