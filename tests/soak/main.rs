//! Chaos: programs use the SDK while 30 % of all responses go wrong, on real sockets and by a seed
//! that is printed. In the end what they were told is held against what the server did.
//!
//! ```console
//! $ cargo test -p prolific-tests --test soak -- --nocapture
//! $ SOAK_OPERATIONS=200000 SOAK_WIDTH=10 TEST_SEED=7 cargo test --release -p prolific-tests --test soak what -- --nocapture
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it did"
)]

mod audit;
mod caller;
mod chaos;
mod log;
mod receiver;
mod run;
mod stage;
mod workflows;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use peak_alloc::PeakAlloc;
use prolific_tests::{fault_proxy, seed};
use run::{Report, Sabotage, Soak};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A number of the environment.
fn given(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// One run at a time: memory and files are counted for the whole process.
static TURN: Mutex<()> = Mutex::new(());

fn run(sabotage: Sabotage, operations: u64, seed: u64) -> Report {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let longest = given("SOAK_SECONDS").map_or(Duration::MAX, Duration::from_secs);
    let width = given("SOAK_WIDTH").and_then(|width| usize::try_from(width).ok()).unwrap_or(1);
    Soak::new(seed, width, sabotage).run(operations, longest)
}

#[test]
fn what_callers_are_told_in_chaos_is_what_was_done() {
    let report = run(Sabotage::None, given("SOAK_OPERATIONS").unwrap_or(2_000), seed());
    println!("{report}");
    assert!(report.wrong.is_empty(), "{} things are wrong", report.wrong.len());
}

#[track_caller]
fn is_noticed(sabotage: Sabotage, as_what: &str) {
    // A short run may have no fault where the sabotage does harm.
    for attempt in 1..=5 {
        let report = run(sabotage, 300, seed() + attempt);
        let found = report.wrong.iter().filter(|wrong| wrong.contains(as_what)).count();
        if found > 0 {
            println!("{sabotage:?} is noticed {found} times by run {attempt}");
            return;
        }
    }
    panic!("{sabotage:?} is not noticed");
}

#[test]
fn a_policy_that_repeats_everything_would_be_noticed() {
    is_noticed(Sabotage::RetriesEverything, "times by one call");
}

#[test]
fn a_receiver_that_forgets_would_be_noticed() {
    is_noticed(Sabotage::ForgetfulReceiver, "events were handled more than once");
}

#[test]
fn a_payer_without_its_ledger_would_be_noticed() {
    is_noticed(Sabotage::CarelessPayer, "a bonus was paid");
}
