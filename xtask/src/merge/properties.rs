//! The properties of an object, wherever its schema has them.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};

use super::view::View;
use crate::document::Node;

/// How deeply compositions may hold one another.
const DEEPEST: usize = 120;

/// What an object has, with what the parts of its `allOf` have.
#[derive(Debug, Default)]
pub(super) struct Properties<'a> {
    /// Each property with the schema that has it.
    pub(super) by_name: IndexMap<&'a str, (&'a Node, &'a Node)>,
    pub(super) required: IndexSet<&'a str>,
    /// What all others are, with the schema that says so.
    pub(super) others: Option<&'a Node>,
}

impl<'a> Properties<'a> {
    pub(super) fn of(document: &'a Node, schema: &'a Node) -> Self {
        let mut all = Self::default();
        all.add(document, schema, 0, &mut HashSet::new());
        all
    }

    /// Adds what a schema has, once: the parts of compositions may be shared, and lead in a circle.
    fn add(
        &mut self,
        document: &'a Node,
        schema: &'a Node,
        depth: usize,
        seen: &mut HashSet<*const Node>,
    ) {
        if depth > DEEPEST || !seen.insert(schema) {
            return;
        }
        for part in schema.get("allOf").into_iter().flat_map(Node::items) {
            self.add(document, View::through(document, part).schema, depth + 1, seen);
        }
        for (name, property) in schema.get("properties").into_iter().flat_map(Node::members) {
            self.by_name.insert(name, (property, schema));
        }
        let required = schema.get("required").into_iter().flat_map(Node::items);
        self.required.extend(required.filter_map(Node::as_str));
        self.others = schema.get("additionalProperties").or(self.others);
    }

    /// Whether nothing is known of what is inside.
    pub(super) fn says_nothing(&self) -> bool {
        self.by_name.is_empty() && self.others.is_none_or(|others| others.as_object().is_none())
    }
}
