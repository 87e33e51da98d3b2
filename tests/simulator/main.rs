//! The simulator against the document of the API, and against what its docs promise.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod audience;
mod document;
mod faults;
mod files;
mod isolation;
mod people;
mod process;
mod session;
mod studies;
mod surveys;
mod task_builder;
mod transport;
mod unknown_ids;
mod webhooks;
mod whole_session;
