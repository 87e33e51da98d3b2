//! Cancellation: whatever is dropped, and wherever it waits, leaves the client usable, nothing
//! half-written under a final name, and budget, turns and locks as they were.
//!
//! Each future is polled n times and dropped, for n = 0, 1, 2 and so on until it comes to its end.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(deprecated, reason = "all operations are called")]

mod files;
mod flows;
mod interrupted;
mod lists;
mod money;
mod operations;

#[path = "../every_operation/call.rs"]
mod call;
#[allow(dead_code, reason = "of which these tests use a part")]
#[path = "../every_operation/samples.rs"]
mod samples;
#[rustfmt::skip]
#[path = "../every_operation/table.rs"]
mod table;

/// What takes more polls than this does not come to its end.
const MOST_POLLS: usize = 2_000;
