//! A watch tells each change once: by polling, by events, by both, whatever order events come in and
//! wherever it is begun again.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(clippy::print_stdout, reason = "the seed is to be seen")]

mod ends;
mod feeds;
mod many;
mod record;
#[path = "../random/seed.rs"]
mod seed;
