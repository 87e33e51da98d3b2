//! Receiving webhooks: what is genuine, and what is not.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod redelivery;
mod session;
mod vectors;
mod windows;
