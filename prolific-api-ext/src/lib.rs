#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod client;
pub mod datasets;
mod error;
mod id;
mod token;
mod transport;

pub use builder::ProlificBuilder;
pub use client::Prolific;
pub use datasets::DatasetStatus;
pub use error::{Error, ErrorKind};
pub use id::DatasetId;
pub use prolific_api as raw;

/// What a call gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;
