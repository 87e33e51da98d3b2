#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

/// Written by `cargo xtask regen`; its documentation is what the API's own says.
#[allow(
    missing_docs,
    unreachable_pub,
    unused_lifetimes,
    clippy::all,
    clippy::expect_used,
    clippy::str_to_string,
    clippy::unwrap_used,
    rustdoc::bare_urls,
    rustdoc::broken_intra_doc_links,
    rustdoc::invalid_html_tags,
    rustdoc::private_intra_doc_links,
    rustdoc::redundant_explicit_links
)]
mod generated {
    #[rustfmt::skip]
    pub mod client;
    #[rustfmt::skip]
    pub mod operations;
    #[rustfmt::skip]
    pub mod resources;
    #[cfg(feature = "httpmock")]
    #[rustfmt::skip]
    pub mod httpmock;
}

mod integer;
mod null_as_empty;
mod number;
#[doc(hidden)]
pub mod open_enum;
mod runtime;
mod secret;
mod timestamp;

pub mod resources {
    //! The resources of the API, a module each: its operations, and the types that no other
    //! resource has. All types stand in [`types`](crate::types) too.

    pub use crate::generated::resources::*;
}

#[cfg(feature = "httpmock")]
pub mod httpmock {
    //! Typed helpers that mock the operations on an [`httpmock`] server.

    pub use crate::generated::httpmock::*;
}

use null_as_empty::null_as_empty;

pub use generated::client::{builder, types};
pub use generated::operations::OPERATIONS;
pub use integer::Integer;
pub use number::{NotANumber, Number};
pub use open_enum::UnknownValue;
pub use runtime::{
    AnswerKind, BodyKind, ByteStream, Call, Client, Error, Execute, IntoOptional, IntoValue,
    Operation, Pagination, Parameter, ParameterPlace, ReadBody, RequestBody, ResponseFuture,
    ResponseValue, RetrySafety, Transport, Undecodable, decode, mend_json, read_json,
};
pub use secret::Secret;
#[cfg(any(feature = "jiff", feature = "chrono"))]
pub use timestamp::NoPointInTime;
pub use timestamp::Timestamp;
