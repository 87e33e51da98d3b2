//! The runtime of the generated operations: what is the same for all calls, compiled once. Every
//! generated client has this module.

mod call;
mod client;
mod concealed_headers;
mod decode;
mod error;
mod header;
mod into_value;
mod mismatch;
mod operation;
mod path;
mod read_json;
mod request;
mod server;
mod text;
mod transport;
pub mod union;

pub use call::Call;
pub use client::Client;
pub use decode::{ReadBody, Undecodable, decode};
pub use error::{Error, Explained};
pub use into_value::{IntoList, IntoOptional, IntoOptionalList, IntoValue};
pub use operation::{
    AnswerKind, BodyKind, Operation, Pagination, Parameter, ParameterPlace, RequestBody,
    RetrySafety,
};
pub use progenitor_client::{ByteStream, ResponseValue};
pub use read_json::{mend_json, read_json};
pub use transport::{Execute, ResponseFuture, Transport};
