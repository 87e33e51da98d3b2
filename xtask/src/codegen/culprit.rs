use std::collections::BTreeSet;

use super::{generator, settings::Settings};
use crate::{
    document::{Kind, METHODS, Node, Pointer, operations, walk_part},
    finding::Finding,
};

const REMEDY: &str = "the check let through what the generator can't express: leave this out of \
                      the sources, or write a lowering for it";

/// What it is that the generator refuses: the part that it refuses alone as well, or the whole.
pub(super) fn find(lowered: &Node, settings: &Settings, problem: String) -> Finding {
    let component = || refused_component(lowered, settings);
    let operation = || refused_operation(lowered, settings);
    component()
        .or_else(operation)
        .unwrap_or_else(|| Finding::about_source(lowered.place, problem, REMEDY))
}

fn refusal(document: &Node, settings: &Settings) -> Option<String> {
    generator::run(document, settings).err()
}

/// The schema that is refused with the fewest others that it needs.
fn refused_component(lowered: &Node, settings: &Settings) -> Option<Finding> {
    let without_paths = with_operations(lowered, |_, _| false);
    refusal(&without_paths, settings)?;
    let schemas = lowered.get("components")?.get("schemas")?;
    let mut needed: Vec<(&str, BTreeSet<String>)> =
        schemas.members().map(|(name, _)| (&**name, needed_by(schemas, name))).collect();
    needed.sort_by_key(|(_, names)| names.len());
    needed.into_iter().find_map(|(name, names)| {
        let mut part = without_paths.clone();
        let schemas = part.get_mut("components")?.get_mut("schemas")?;
        schemas.as_object_mut()?.retain(|key, _| names.contains(&**key));
        let problem = refusal(&part, settings)?;
        let pointer = Pointer::to_schema(name);
        let place = lowered.at(&pointer)?.place;
        Some(Finding::at(lowered, &pointer, place, problem, REMEDY))
    })
}

fn refused_operation(lowered: &Node, settings: &Settings) -> Option<Finding> {
    operations(lowered).find_map(|operation| {
        let alone = with_operations(lowered, |path, method| {
            path == &**operation.path && method == &**operation.method
        });
        let problem = refusal(&alone, settings)?;
        let (pointer, place) = (operation.pointer(), operation.method.place);
        Some(Finding::at(lowered, &pointer, place, problem, REMEDY))
    })
}

/// The document with those of its operations that are wanted.
fn with_operations(document: &Node, is_wanted: impl Fn(&str, &str) -> bool) -> Node {
    let mut document = document.clone();
    let paths = document.get_mut("paths").and_then(Node::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        if let Some(members) = item.as_object_mut() {
            members.retain(|key, _| !METHODS.contains(&&**key) || is_wanted(path, key));
        }
    }
    document
}

/// A schema and all that it refers to, directly or through others.
fn needed_by(schemas: &Node, name: &str) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        let Some(schema) = schemas.get(&name).filter(|_| needed.insert(name.clone())) else {
            continue;
        };
        walk_part(schema, Kind::Schema, &mut |node, _, _| {
            let target = node.reference_target().and_then(Pointer::from_reference);
            open.extend(target.as_ref().and_then(Pointer::schema_component).map(str::to_owned));
        });
    }
    needed
}
