//! A composition inside of what it is composed of: written out, it would hold itself without end.

use std::collections::{HashMap, HashSet};

use crate::{
    document::{Document, Kind, Node, Pointer, walk_part},
    rule::Context,
};

/// Refuses compositions that refer back to the component that contains them. Returns whether there
/// are any.
pub(super) fn refuse(document: &Node, context: &mut Context<'_>) -> bool {
    let leading = Leading::of(document);
    let mut refused = Vec::new();
    for (name, schema) in Document(document).schemas() {
        let at = Pointer::to_schema(name);
        let mut to_owner = None;
        walk_part(schema, Kind::Schema, &mut |node, kind, inner| {
            if kind != Kind::Schema || is_part(inner) || !is_of_several(node) {
                return;
            }
            let to_owner = to_owner.get_or_insert_with(|| leading.to(&at));
            if !targets(node).is_disjoint(to_owner) {
                refused.push((at.concat(inner), node.place));
            }
        });
    }
    for (at, place) in &refused {
        let problem = "this composition refers back to the schema that contains it";
        let remedy = "move it into a component in the source";
        context.refuse(document, at, *place, problem, remedy);
    }
    !refused.is_empty()
}

/// The components that refer to each component.
struct Leading(HashMap<Pointer, Vec<Pointer>>);

impl Leading {
    fn of(document: &Node) -> Self {
        let mut by_target: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
        for (name, schema) in Document(document).schemas() {
            let at = Pointer::to_schema(name);
            for target in targets(schema) {
                by_target.entry(target).or_default().push(at.clone());
            }
        }
        Self(by_target)
    }

    /// A component, and all that lead to it.
    fn to(&self, component: &Pointer) -> HashSet<Pointer> {
        let mut leading = HashSet::from([component.clone()]);
        let mut open = vec![component];
        while let Some(at) = open.pop() {
            for from in self.0.get(at).into_iter().flatten() {
                if leading.insert(from.clone()) {
                    open.push(from);
                }
            }
        }
        leading
    }
}

fn targets(schema: &Node) -> HashSet<Pointer> {
    let mut targets = HashSet::new();
    walk_part(schema, Kind::Schema, &mut |node, _, _| {
        targets.extend(node.reference_target().and_then(Pointer::from_reference));
    });
    targets
}

/// Whether this is the component itself, or a part of an `allOf`, which is written out with it.
fn is_part(inner: &Pointer) -> bool {
    match inner.tokens()[..] {
        [] => true,
        [.., keyword, _] => keyword == "allOf",
        _ => false,
    }
}

/// Whether a schema is made of more than one part.
fn is_of_several(schema: &Node) -> bool {
    let parts = schema.get("allOf").map_or(0, |parts| parts.items().count());
    let others = ["properties", "oneOf", "anyOf"];
    parts + others.iter().filter(|keyword| schema.get(keyword).is_some()).count() > 1
}
