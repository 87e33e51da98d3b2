//! The simulator against the document of the API, and against what its docs promise.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod document;
mod faults;
mod files;
mod process;
mod session;
mod task_builder;
mod whole_session;
