//! Whether an operation is published.

use crate::document::{Node, Operation};

/// The extension by which the facts say that it is not.
pub const EXTENSION: &str = "x-published";

/// Whether an operation is published: what is not is known from programs of Prolific's alone, and may
/// vanish without notice.
pub fn is_published(operation: &Operation<'_>) -> bool {
    let said = operation.node.get(EXTENSION).and_then(Node::as_text);
    said.as_deref() != Some("false")
}
