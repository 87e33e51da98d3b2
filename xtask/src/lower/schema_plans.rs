use std::collections::BTreeMap;

use super::{REPLACED, reach::Reach};
use crate::{
    document::{Document, Kind, Node, Place, Pointer, type_name, walk},
    plan::SchemaPlan,
};

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

    /// The components that they are lowered to: a schema keeps its place, whatever becomes of it.
    pub(super) fn plans(&self, lowered: &Node) -> Vec<SchemaPlan> {
        let reach = Reach::of(lowered);
        let schemas = Document(lowered).schemas().filter(|(name, _)| !REPLACED.contains(&&***name));
        let plans = schemas.filter_map(|(name, schema)| {
            Some(SchemaPlan {
                type_name: type_name(name),
                documented: self.0.get(&schema.place)?.clone(),
                is_sent: reach.by_requests(name),
            })
        });
        plans.collect()
    }
}
