//! How a list comes: what the facts say of it.

use crate::document::{Node, Operation};

/// The extension by which a document says it.
pub const EXTENSION: &str = "x-pagination";
/// The extension that names the parts of cursor paging.
const CURSOR: &str = "x-cursor";

/// How a list comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pagination {
    /// At once, as far as is documented.
    Whole,
    /// By the parameters `limit` and `offset`.
    LimitOffset,
    /// By the parameter `page`.
    Page,
    /// By a cursor.
    Cursor {
        /// The query parameter that takes it.
        parameter: String,
        /// The field of the response with the address of the next page.
        next: String,
        /// The field of the response with the rows.
        results: String,
    },
}

impl Pagination {
    /// How the list of an operation is paged; `None` if it is not a list, or if that is not known.
    pub fn of(operation: &Operation<'_>) -> Option<Self> {
        match operation.node.get_str(EXTENSION)? {
            "none" => Some(Self::Whole),
            "limit-offset" => Some(Self::LimitOffset),
            "page" => Some(Self::Page),
            "cursor" => Some(Self::cursor(operation.node.get(CURSOR))),
            _ => None,
        }
    }

    fn cursor(said: Option<&Node>) -> Self {
        let text = |key: &str, usual: &str| {
            said.and_then(|said| said.get_str(key)).unwrap_or(usual).to_owned()
        };
        Self::Cursor {
            parameter: text("parameter", "cursor"),
            next: text("next", "next"),
            results: text("results", "results"),
        }
    }

    /// What a page on the operations says of it.
    pub fn as_words(&self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::LimitOffset => "limit and offset",
            Self::Page => "page",
            Self::Cursor { .. } => "cursor",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pagination;
    use crate::{document::operations, rule::tests::node};

    #[test]
    fn a_cursor_has_its_usual_names_unless_others_are_said() {
        let document = node(
            "openapi: 3.0.3\npaths:\n  /a:\n    get: {x-pagination: cursor, x-cursor: {parameter: after}}\n    put: {x-pagination: none}\n    post: {}\n",
        );
        let found: Vec<_> =
            operations(&document).map(|operation| Pagination::of(&operation)).collect();
        let cursor = Pagination::Cursor {
            parameter: "after".to_owned(),
            next: "next".to_owned(),
            results: "results".to_owned(),
        };
        assert_eq!(found, [Some(cursor), Some(Pagination::Whole), None]);
    }
}
