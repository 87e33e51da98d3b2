//! The guide: how to do the common jobs, and how the client behaves.
//!
//! Start with [getting started](getting_started), then read the page of your job. The examples run against the
//! [simulator](crate::simulator), so they can be tried without a token;
//! [getting started](getting_started#the-examples-of-this-guide) has the program to put them into.
//!
//! The guide as a whole uses the features `payments`, `simulator`, `toml` and `webhooks`. Other crates that examples use
//! are named on their pages.
//!
//! | jobs | what the page covers |
//! |---|---|
//! | [`getting_started`] | install, the first call, types that appear everywhere |
//! | [`run_a_study`] | drafts, templates, publishing, adding places, costs |
//! | [`watch_and_review`] | changes of a study as a stream, reviewing submissions |
//! | [`pay_safely`] | bonuses from a CSV file, the ledger, payments in doubt |
//! | [`webhooks`] | a receiver with axum: signatures, repetitions, outages |
//! | [`task_builder`] | from a file to participants' answers |
//! | [`filters_and_audiences`] | finding filters, counting participants, demographics |
//! | [`messages_and_follow_ups`] | writing to participants, longitudinal studies |
//!
//! | behaviour | what the page covers |
//! |---|---|
//! | [`errors_and_retries`] | kinds of errors, what is retried, delays, the retry budget |
//! | [`waiting_and_streams`] | polling, lists, pages ahead, back pressure |
//! | [`testing`] | the simulator, `httpmock`, models made by hand, paused clocks |
//! | [`production`] | timeouts, rate, tracing, proxies, TLS, rotating tokens |
//! | [`versioning`] | what is stable, and what happens when the API changes |
//!
//! | reference | what the page covers |
//! |---|---|
//! | [`operations`] | every operation of the API, with its method and retry class |
//! | [`command_line`] | the call for each command of the official command line |
//! | [`traces`] | all spans and events, with their output |
//! | [`following_the_documentation`] | for maintainers of this crate |
//!
//! Two pages of the repository are in the package too:
//! [reliability](https://docs.rs/crate/prolific-api-ext/latest/source/docs/reliability.md), which lists what is
//! guaranteed when a network, a server or a program fails, and the tests of it; and
//! [performance](https://docs.rs/crate/prolific-api-ext/latest/source/docs/performance.md), which compares the crate
//! with code written by hand on `reqwest`, and with Python.

#[doc = include_str!("command_line.md")]
pub mod command_line {}
/// What an error tells, what is retried, and for how long.
///
#[doc = include_str!("call.svg")]
///
#[doc = include_str!("errors_and_retries.md")]
pub mod errors_and_retries {}
#[doc = include_str!("filters_and_audiences.md")]
pub mod filters_and_audiences {}
/// For maintainers: how the client follows Prolific's documentation.
///
#[doc = include_str!("pipeline.svg")]
///
#[doc = include_str!("following_the_documentation.md")]
pub mod following_the_documentation {}
#[doc = include_str!("getting_started.md")]
pub mod getting_started {}
#[doc = include_str!("messages_and_follow_ups.md")]
pub mod messages_and_follow_ups {}
/// Every operation of the API, with its method and its retry class.
///
#[doc = include_str!("operations.md")]
pub mod operations {}
#[doc = include_str!("pay_safely.md")]
pub mod pay_safely {}
#[doc = include_str!("production.md")]
pub mod production {}
/// Run a study: draft, cost, publish, wait, add places.
///
#[doc = include_str!("study_life.svg")]
///
#[doc = include_str!("run_a_study.md")]
pub mod run_a_study {}
#[doc = include_str!("task_builder.md")]
pub mod task_builder {}
#[doc = include_str!("testing.md")]
pub mod testing {}
#[doc = include_str!("traces.md")]
pub mod traces {}
#[doc = include_str!("versioning.md")]
pub mod versioning {}
#[doc = include_str!("waiting_and_streams.md")]
pub mod waiting_and_streams {}
#[doc = include_str!("watch_and_review.md")]
pub mod watch_and_review {}
#[doc = include_str!("webhooks.md")]
pub mod webhooks {}
