//! The build step of the SDK. Documented pages go in, OpenAPI 3.0.3 and a Rust client come out:
//! [`read`] -> [`repair`] -> [`merge`] -> [`check`] -> [`lower`] -> [`limits`] -> [`codegen`],
//! as [`pipeline`] strings them together.

pub mod check;
pub mod codegen;
pub mod command;
pub mod committed;
pub mod diff;
pub mod document;
pub mod fetch;
pub mod finding;
pub mod glob;
pub mod limits;
pub mod lower;
pub mod manifest;
pub mod merge;
pub mod notes;
pub mod operation_names;
pub mod output;
pub mod pagination;
pub mod pipeline;
pub mod plan;
pub mod printable;
pub mod published;
pub mod read;
pub mod repair;
pub mod report;
pub mod requests;
pub mod retry;
pub mod rule;
pub mod selection;
pub mod snippet;
pub mod variant;
pub mod warn;
pub mod wrapper;
