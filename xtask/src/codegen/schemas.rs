use std::{collections::BTreeMap, fmt::Write as _};

use super::Provenance;
use crate::{
    document::{Document, Kind, Node, Place, Pointer, type_name, walk},
    lower::{Reach, TIMESTAMP},
};

/// The documented schemas and the types that are made of them, for a test that sends values of each
/// round: a documented schema and the component that it is lowered to stand at the same place.
pub(super) fn table(document: &Node, lowered: &Node, provenance: &Provenance) -> String {
    let mut documented: BTreeMap<Place, Pointer> = BTreeMap::new();
    walk(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema && node.reference_target().is_none() {
            documented.entry(node.place).or_insert_with(|| pointer.clone());
        }
    });
    let reach = Reach::of(lowered);
    let mut rows = String::new();
    for (name, schema) in Document(lowered).schemas().filter(|(name, _)| &***name != TIMESTAMP) {
        let role = if reach.by_requests(name) { "request" } else { "answer" };
        if let Some(pointer) = documented.get(&schema.place) {
            let _infallible =
                writeln!(rows, "    {role} {} {:?};", type_name(name), pointer.to_string());
        }
    }
    format!("{provenance}\n\nschemas! {{\n{rows}}}\n")
}
