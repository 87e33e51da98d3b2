use crate::{
    document::{Document, Key, Kind, Node, Pointer, insert_at, walk, walk_mut},
    rule::{Context, Example, Rule},
};

/// An `anyOf` of more than objects becomes a `oneOf`.
pub(super) const RULE: Rule = Rule {
    name: "any-of",
    summary: "an `anyOf` with a branch that is not an object becomes a `oneOf`",
    reason: "The generator turns an `anyOf` into a struct with flattened branches. That works for \
             objects, but a string or a list could never be read. Values that are not objects \
             match one branch at a time.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Detail:
      anyOf:
        - {type: string}
        - {type: array, items: {type: string}}
    Both:
      anyOf:
        - {type: object, properties: {a: {type: string}}}
        - {type: object, properties: {b: {type: string}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Detail:
      oneOf:
        - {type: string}
        - {type: array, items: {type: string}}
    Both:
      anyOf:
        - {type: object, properties: {a: {type: string}}}
        - {type: object, properties: {b: {type: string}}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mixed = mixed(document);
    walk_mut(document, &mut |node, kind, pointer| {
        let is_mixed = kind == Kind::Schema && mixed.contains(pointer);
        let Some(members) = node.as_object_mut().filter(|_| is_mixed) else {
            return;
        };
        if let Some(index) = members.get_index_of("anyOf")
            && let Some((key, branches)) = members.shift_remove_entry("anyOf")
        {
            insert_at(members, index, Key::new(key.place, "oneOf"), branches);
            context.changed(pointer.to_string());
        }
    });
}

/// The schemas with an `anyOf` that has branches other than objects, and no `oneOf`.
fn mixed(document: &Node) -> Vec<Pointer> {
    let mut mixed = Vec::new();
    let is_object = |branch: &Node| {
        Document(document)
            .resolve(branch)
            .is_some_and(|branch| branch.get_str("type") == Some("object"))
    };
    walk(document, &mut |node, kind, pointer| {
        let branches = node.get("anyOf").and_then(Node::as_array).unwrap_or_default();
        let is_union = branches.len() > 1 && node.get("oneOf").is_none();
        if kind == Kind::Schema && is_union && !branches.iter().all(is_object) {
            mixed.push(pointer.clone());
        }
    });
    mixed
}
