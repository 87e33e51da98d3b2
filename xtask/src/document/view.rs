//! A document seen by its parts.

use super::{Key, Node, Operation, Pointer, operations};

/// A chain of references that is longer leads in a circle.
const LONGEST_CHAIN: usize = 32;

/// A whole document.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a>(pub &'a Node);

impl<'a> Document<'a> {
    /// The sections of its components, by name.
    pub fn sections(self) -> impl Iterator<Item = (&'a Key, &'a Node)> {
        self.0.get("components").into_iter().flat_map(Node::members)
    }

    /// The components of a section, `schemas` or `responses`, by name.
    pub fn components(self, section: &str) -> impl Iterator<Item = (&'a Key, &'a Node)> {
        let section = self.0.get("components").and_then(|components| components.get(section));
        section.into_iter().flat_map(Node::members)
    }

    /// The schema components, by name.
    pub fn schemas(self) -> impl Iterator<Item = (&'a Key, &'a Node)> {
        self.components("schemas")
    }

    /// The operations, in the order of the document.
    pub fn operations(self) -> impl Iterator<Item = Operation<'a>> {
        operations(self.0)
    }

    /// The definition behind a node: the node itself, or the target of its reference, possibly
    /// through others. `None` if the reference is dangling or circular.
    pub fn resolve(self, node: &'a Node) -> Option<&'a Node> {
        let mut node = node;
        for _ in 0..LONGEST_CHAIN {
            let Some(target) = node.reference_target() else {
                return Some(node);
            };
            node = self.0.at(&Pointer::from_reference(target)?)?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Document;
    use crate::rule::tests::node;

    #[test]
    fn a_definition_is_found_through_references_and_a_circle_leads_to_none() {
        let document = node(
            "openapi: x\nx-d: {A: {$ref: '#/x-d/B'}, B: {$ref: '#/x-d/C'}, C: {type: string}, D: {$ref: '#/x-d/D'}, E: {$ref: '#/x-d/F'}}",
        );
        let found =
            |name| Document(&document).resolve(document.get("x-d").unwrap().get(name).unwrap());
        for name in ["A", "B", "C"] {
            assert_eq!(found(name).unwrap().get_str("type"), Some("string"), "{name}");
        }
        assert_eq!((found("D"), found("E")), (None, None));
    }
}
