use super::{Key, Node, Pointer};

impl Node {
    /// The components of a section of this document, `schemas` or `responses`, by name.
    pub fn components(&self, section: &str) -> impl Iterator<Item = (&Key, &Node)> {
        let section = self.get("components").and_then(|components| components.get(section));
        section.into_iter().flat_map(Node::members)
    }

    /// The schema components of this document, with their pointers.
    pub fn schemas(&self) -> impl Iterator<Item = (Pointer, &Node)> {
        self.components("schemas").map(|(name, schema)| (Pointer::to_schema(name), schema))
    }
}
