//! Changes from one OpenAPI 3.0.3 document to another, and their effect on users of the client:
//! [`Breaking`](Class::Breaking), [`Additive`](Class::Additive) or
//! [`Documentation`](Class::Documentation).
//!
//! The view is that of a Rust program on `prolific-api-ext`, which reaches the generated client
//! through it. So what counts is what the generator and the lowerings make of a document: enums and
//! unions of answers are open, fields of answers are `Option` whatever is required, requests are
//! built by builders, formats and bounds make no types, errors are handed over whole. Where a
//! change leaves Rust alone but takes a promise back (a field that was always there), it is
//! breaking too.
//!
//! A change is reported once, at the component that changed, with some of the operations that use
//! the component. The same change of several things is reported as one change of all of them. A
//! component that is used in both requests and responses gets the more severe class.
//!
//! Changes that are additive or documentation don't break the build: a test generates the clients
//! for each pair of documents that demonstrates a rule, and compiles a program that uses everything
//! in the old one. Like a program on ext, it has an arm for other values in each `match`, and
//! builders instead of struct literals.
//!
#![doc = include_str!("rules.md")]

mod answers;
mod bodies;
mod bounds;
#[cfg(test)]
mod cases;
mod change;
mod comparison;
mod composition;
mod document;
mod machine;
mod markdown;
mod operations;
mod parameters;
mod rule;
mod schema;
mod security;
mod site;
mod step;
#[cfg(test)]
mod tests;
mod union_branches;
mod usage;
mod words;

pub use change::{Carriers, Change, Class, Diff, Resource, Subject};
pub use machine::to_json;
pub use markdown::to_markdown;
pub use rule::{ChangeRule, RULES};
pub use step::{Step, Version};

use comparison::Comparison;

use crate::document::Node;

/// Compares two documents that were repaired and checked. It takes time in proportion to their
/// size, and references may lead in a circle.
pub fn compare(old: &Node, new: &Node) -> Diff {
    let mut comparison = Comparison::new(old, new);
    comparison.whole();
    comparison.security_schemes();
    comparison.operations();
    comparison.components();
    comparison.into_diff()
}
