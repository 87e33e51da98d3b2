//! What changed from one OpenAPI 3.0.3 document to another, and what that is for whoever uses the
//! client: [`Breaking`](Class::Breaking), [`Additive`](Class::Additive) or
//! [`Documentation`](Class::Documentation).
//!
//! The view is that of a Rust program on `prolific-api-ext`, which reaches the generated client
//! through it. So what counts is what the generator and the lowerings make of a document: enums and
//! unions of answers are open, fields of answers are `Option` whatever is required, requests are
//! built by builders, formats and bounds make no types, errors are handed over whole. Where a
//! change leaves Rust alone but takes a promise back (a field that was always there), it is
//! breaking too.
//!
//! A change is told once: at the component that it is of, with some of the operations that the
//! component reaches, and not at every use. What happened to several things in the same words is
//! one change of all of them. A component that goes both ways has the graver class.
//!
//! What is called additive, or documentation, compiles: a test makes the clients of each pair of
//! documents that shows a rule, and a program that uses all of the old one. It has what a program on
//! ext has: an arm for other values in each `match`, builders in the place of struct literals.
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
