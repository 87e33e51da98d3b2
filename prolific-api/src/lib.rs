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
#[rustfmt::skip]
mod generated;

mod integer;
#[doc(hidden)]
pub mod json_object;
mod null_as_empty;
mod nullable;
mod number;
#[doc(hidden)]
pub mod object_builder;
#[doc(hidden)]
pub mod open_enum;
mod runtime;
mod secret;
mod timestamp;

#[cfg(feature = "httpmock")]
pub mod httpmock {
    //! Typed helpers that mock the operations on an [`httpmock`] server.

    pub use crate::generated::httpmock::*;
}

pub use generated::{OPERATIONS, builder, resources, types};
pub use integer::Integer;
#[doc(hidden)]
pub use null_as_empty::null_as_empty;
#[doc(hidden)]
pub use nullable::present;
pub use nullable::{IntoNullable, IntoNullableList, Null, Nullable};
pub use number::{NotANumber, Number};
pub use object_builder::BuildError;
pub use open_enum::UnknownValue;
#[doc(hidden)]
pub use runtime::union;
pub use runtime::{
    AnswerKind, BodyKind, ByteStream, Call, Client, Error, Execute, Explained, IntoList,
    IntoOptional, IntoOptionalList, IntoValue, Operation, Pagination, Parameter, ParameterPlace,
    ReadBody, RequestBody, ResponseFuture, ResponseValue, RetrySafety, Transport, Undecodable,
    decode, mend_json, read_json,
};
pub use secret::Secret;
#[cfg(any(feature = "jiff", feature = "chrono"))]
pub use timestamp::NoPointInTime;
pub use timestamp::Timestamp;
