use std::collections::BTreeMap;

use crate::document::{Kind, Node, Place, Pointer, walk};

/// The places of the documented schemas.
pub(super) struct DocumentedSchemas(BTreeMap<Place, Pointer>);

impl DocumentedSchemas {
    pub(super) fn of(document: &Node) -> Self {
        let mut places = BTreeMap::new();
        walk(document, &mut |node, kind, pointer| {
            if kind == Kind::Schema && node.reference_target().is_none() {
                places.entry(node.place).or_insert_with(|| pointer.clone());
            }
        });
        Self(places)
    }

    /// The name that the documentation has for a component, whatever lowering calls it.
    pub(super) fn name_of(&self, schema: &Node) -> Option<&str> {
        self.0.get(&schema.place)?.schema_component()
    }

    /// Where a schema of the lowered document is documented: it keeps its place, whatever becomes of it.
    pub(super) fn documented(&self, schema: &Node) -> Option<&Pointer> {
        self.0.get(&schema.place)
    }
}
