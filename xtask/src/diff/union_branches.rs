use std::collections::BTreeSet;

use super::comparison::{component_name, section_get};
use crate::document::{Kind, Node, walk};

/// The schema components that are branches of unions, or parts of such branches.
pub(super) fn union_branches(document: &Node) -> BTreeSet<String> {
    let mut queue: Vec<&str> = Vec::new();
    walk(document, &mut |node, kind, _| {
        if kind == Kind::Schema {
            let branches = ["oneOf", "anyOf"].into_iter().filter_map(|key| node.get(key));
            branches.flat_map(Node::items).for_each(|branch| parts_of(branch, &mut queue));
        }
    });
    let mut found = BTreeSet::new();
    while let Some(name) = queue.pop() {
        if found.insert(name.to_owned())
            && let Some(schema) = section_get(document, "schemas", name)
        {
            parts_of(schema, &mut queue);
        }
    }
    found
}

fn parts_of<'a>(schema: &'a Node, found: &mut Vec<&'a str>) {
    found.extend(schema.reference_target().and_then(component_name));
    schema.get("allOf").into_iter().flat_map(Node::items).for_each(|part| parts_of(part, found));
}

#[cfg(test)]
mod tests {
    use super::union_branches;
    use crate::rule::tests::node;

    #[test]
    fn branches_are_found_through_references_and_compositions() {
        let text = "openapi: 3.0.3\ncomponents:\n  schemas:\n    U: {oneOf: [{$ref: '#/components/schemas/A'}, {allOf: [{$ref: '#/components/schemas/B'}]}]}\n    A: {allOf: [{$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/A'}]}\n    B: {type: object}\n    C: {type: object, properties: {d: {$ref: '#/components/schemas/D'}}}\n    D: {type: object}\n";
        let found: Vec<String> = union_branches(&node(text)).into_iter().collect();
        assert_eq!(found, ["A", "B", "C"]);
    }
}
