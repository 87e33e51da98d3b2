//! Tables that come as CSV: typed rows, files, and what they are joined with.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod csv;
mod join;
