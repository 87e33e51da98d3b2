//! A call of an operation: attempts until one succeeds or the policy ends it.
//!
//! ```text
//! call -> driver -> attempt -> transport -> response or failure -> driver -> ...
//! ```
//!
//! - [`driver`] owns the attempts: which is next, when, and whether enough time is left for it. Polls
//!   of waits, pages of lists, uploads and downloads are attempts of it too.
//! - [`clock`] owns time: it runs while a call is polled, and has all timers.
//! - [`rate_limit`] owns the turns.
//! - [`hint`] reads what the server asks for; [`failure`] says what a failure means; [`retry`],
//!   [`backoff`] and [`budget`] decide on it.
//! - [`seam`] sends an operation of the raw client, [`answer`] receives the response, [`replay`]
//!   makes the request again, [`record`] and [`trace`] tell how it went.

mod answer;
mod backoff;
mod budget;
mod clock;
mod driver;
mod environment;
mod failure;
mod fields;
mod hint;
mod policy;
mod rate_limit;
mod record;
mod replay;
mod retry;
mod seam;
pub(crate) mod shape;
mod stream;
#[cfg(test)]
mod tests;
mod trace;

pub use backoff::{Backoff, FullJitter};
pub use budget::{RetryBudget, TokenBucket, Unlimited};
pub use failure::FailureKind;
pub use retry::{FailedAttempt, NoRetry, RetryPolicy, StandardRetry};

pub(crate) use answer::encoding;
pub(crate) use clock::Clock;
pub(crate) use driver::{Attempted, Attempts, Bound, Call, Ending, Outcome, acts, drive};
pub(crate) use environment::{Environment, Sleep, TokioEnvironment};
pub(crate) use failure::{Failure, is_turned_down};
pub(crate) use fields::Fields;
pub(crate) use hint::of as asked_to_wait;
pub(crate) use policy::{Authorization, Policy};
pub(crate) use rate_limit::RateLimit;
pub(crate) use record::{CallFailure, Cause, Ended, Head, LastFailure, Record};
pub(crate) use seam::{Seam, TimeLeft};
pub(crate) use trace::{ended as trace_end, request_id, transfer as transfer_span};
