use std::collections::{BTreeMap, BTreeSet};

use super::enums::{is_enum, is_enum_component};
use crate::document::{Kind, Node, Pointer, walk};

/// A chain of references that is longer leads in a circle.
const LONGEST_CHAIN: usize = 32;

/// The places where an enum stays as documented: the generator takes the values that the parts of
/// an `allOf` share, which it can't of a type that it does not know.
#[derive(Debug, Default)]
pub(super) struct Closed(BTreeSet<Pointer>);

impl Closed {
    /// Looks through a document.
    pub(super) fn of(document: &Node) -> Self {
        let mut finder = Finder { document, closed: Self::default() };
        walk(document, &mut |node, kind, pointer| {
            if kind == Kind::Schema {
                finder.look_at_parts(node, pointer);
            }
        });
        finder.closed
    }

    /// Whether the schema at this place stays as documented.
    pub(super) fn holds(&self, pointer: &Pointer) -> bool {
        let mut outer = pointer.clone();
        loop {
            if self.0.contains(&outer) {
                return true;
            }
            if outer == Pointer::root() {
                return false;
            }
            outer.pop();
        }
    }

    /// The places, where a value beyond the documented ones fails an answer.
    pub(super) fn places(&self) -> impl Iterator<Item = &Pointer> {
        self.0.iter()
    }
}

struct Finder<'a> {
    document: &'a Node,
    closed: Closed,
}

impl<'a> Finder<'a> {
    /// What fits all parts is what the narrowest lists; the same goes for a property of several.
    fn look_at_parts(&mut self, schema: &'a Node, at: &Pointer) {
        let count = schema.get("allOf").into_iter().flat_map(Node::items).count();
        let parts: Vec<Pointer> =
            (0..count).map(|index| at.join("allOf").join(index.to_string())).collect();
        for (index, first) in parts.iter().enumerate().filter(|_| count > 1) {
            self.close(first);
            let ours = self.properties(first);
            for second in &parts[index + 1..] {
                for (name, theirs) in self.properties(second) {
                    if let Some(ours) = ours.get(&name).filter(|ours| **ours != theirs) {
                        self.close(ours);
                        self.close(&theirs);
                    }
                }
            }
        }
    }

    /// The properties of a schema, and of all that it is composed of.
    fn properties(&self, at: &Pointer) -> BTreeMap<String, Pointer> {
        let mut properties = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![at.clone()];
        while let Some(at) = open.pop().map(|at| self.resolved(&at)) {
            if !seen.insert(at.clone()) {
                continue;
            }
            let Some(schema) = self.document.at(&at) else {
                continue;
            };
            let own = at.join("properties");
            for (name, _) in schema.get("properties").into_iter().flat_map(Node::members) {
                properties.entry(name.to_string()).or_insert_with(|| own.join(&**name));
            }
            let parts = schema.get("allOf").into_iter().flat_map(Node::items).count();
            open.extend((0..parts).map(|index| at.join("allOf").join(index.to_string())));
        }
        properties
    }

    /// The definition that a reference leads to, alone or as the one part of an `allOf`.
    fn resolved(&self, at: &Pointer) -> Pointer {
        let mut at = at.clone();
        for _ in 0..LONGEST_CHAIN {
            match self.next(&at) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    fn next(&self, at: &Pointer) -> Option<Pointer> {
        let node = self.document.at(at)?;
        if let Some(target) = node.reference_target() {
            return Pointer::from_reference(target);
        }
        let parts = node.get("allOf")?.as_array()?;
        let is_alias = parts.len() == 1 && node.get("properties").is_none();
        is_alias.then(|| at.join("allOf").join("0"))
    }

    fn is_enum(&self, at: &Pointer) -> bool {
        self.document.at(&self.resolved(at)).is_some_and(is_enum)
    }

    /// Closes an enum, through references to it.
    fn close(&mut self, at: &Pointer) {
        if !self.is_enum(at) || !self.closed.0.insert(at.clone()) {
            return;
        }
        if let Some(next) = self.next(at).filter(|next| !is_enum_component(self.document, next)) {
            self.close(&next);
        }
    }
}
