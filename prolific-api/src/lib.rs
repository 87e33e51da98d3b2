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

mod concealed_headers;
mod decode;
mod mismatch;
mod null_as_empty;
mod request;
mod runtime;
mod timestamp;
mod transport;

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
use request::request;

pub use decode::{ReadBody, Undecodable, decode};
pub use generated::client::{
    ByteStream, Client, ClientInfo, Error, ResponseValue, builder, prelude, types,
};
pub use generated::operations::{AnswerKind, OPERATIONS, Operation, Pagination, RetrySafety};
pub use progenitor_client::{ClientHooks, OperationInfo};
pub use runtime::{IntoOptional, IntoValue};
pub use timestamp::Timestamp;
pub use transport::{Execute, ResponseFuture, Transport};
