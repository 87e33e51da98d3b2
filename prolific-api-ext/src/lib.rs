#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod call;
mod client;
mod configuration;
pub mod datasets;
mod error;
mod id;
mod open_enum;
pub mod poll;
#[doc = include_str!("retries.md")]
pub mod retries {}
#[cfg(feature = "simulator")]
pub mod simulator;

pub use call::{
    Backoff, FailedAttempt, FailureKind, FullJitter, NoRetry, RetryBudget, RetryPolicy,
    StandardRetry, TokenBucket, Unlimited,
};
pub use client::Prolific;
pub use configuration::ProlificBuilder;
pub use datasets::DatasetStatus;
pub use error::{Error, ErrorKind};
pub use id::DatasetId;
pub use open_enum::UnknownValue;
pub use prolific_api as raw;
pub use prolific_api::RetrySafety;

/// What a call gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;
