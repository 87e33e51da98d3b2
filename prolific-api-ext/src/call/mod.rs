//! A call of an operation: attempts until one succeeds or the policy ends it.
//!
//! ```text
//! call -> policy -> attempt -> transport -> answer or failure -> policy -> ...
//! ```

mod answer;
mod attempt_loop;
mod backoff;
mod budget;
mod environment;
mod failure;
#[cfg(test)]
mod fault_table;
mod hint;
mod rate_limit;
mod record;
mod replay;
mod retry;
mod seam;
mod stream;
mod trace;

pub use backoff::{Backoff, FullJitter};
pub use budget::{RetryBudget, TokenBucket, Unlimited};
pub use failure::FailureKind;
pub use retry::{FailedAttempt, NoRetry, RetryPolicy, StandardRetry};

pub(crate) use attempt_loop::{Attempted, Call, Ending, Failed, Outcome, run as attempt};
pub(crate) use environment::{Environment, FAR_OFF, Sleep, TokioEnvironment};
pub(crate) use failure::Failure;
pub(crate) use hint::of as asked_to_wait;
pub(crate) use rate_limit::RateLimit;
pub(crate) use record::{CallFailure, Cause, Ended, Head, LastFailure, Record};
pub(crate) use seam::{Policy, Seam};
pub(crate) use trace::request_id;
