use std::collections::{HashMap, HashSet};

use crate::{
    document::{Key, Kind, Node, Pointer, folded, insert_at, operations, walk_mut},
    rule::{Context, Example, Rule},
};

/// An operation without an id is named after its method and its path.
pub(super) const RULE: Rule = Rule {
    name: "missing-operation-ids",
    summary: "an operation without `operationId` gets one from its method and path: \
              `get_things_by_id`",
    reason: "It is optional in OpenAPI, but a client needs a name to call. Method and path \
             identify the operation, so its name depends on nothing else.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /v1/things/{thing_id}/parts:
    get: {}
",
        after: "\
openapi: 3.1.1
paths:
  /v1/things/{thing_id}/parts:
    get:
      operationId: get_v1_things_by_thing_id_parts
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut taken: HashSet<String> =
        operations(document).filter_map(|operation| operation.id()).map(folded).collect();
    let mut names: HashMap<Pointer, String> = HashMap::new();
    for operation in operations(document) {
        if operation.node.get("operationId").is_some() || operation.node.as_object().is_none() {
            continue;
        }
        let name = name_of(operation.method, operation.path);
        // Two paths may differ by signs alone.
        let candidates = (2..).map(|number| format!("{name}_{number}"));
        let mut candidates = std::iter::once(name.clone()).chain(candidates);
        if let Some(free) = candidates.find(|name| taken.insert(folded(name))) {
            context.changed(free.clone());
            names.insert(operation.pointer(), free);
        }
    }
    walk_mut(document, &mut |node, kind, at| {
        if let Some(name) = names.get(at).filter(|_| kind == Kind::Operation) {
            let place = node.place;
            let id = Node::string(place, name);
            if let Some(members) = node.as_object_mut() {
                insert_at(members, 0, Key::new(place, "operationId"), id);
            }
        }
    });
}

fn name_of(method: &str, path: &str) -> String {
    let path = path.replace('{', "/by/").replace('}', "/");
    let words = path.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words = words.filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::{RULE, name_of};
    use crate::rule::tests::apply_alone;

    #[test]
    fn the_name_is_of_the_method_and_the_path() {
        assert_eq!(name_of("get", "/"), "get");
        assert_eq!(name_of("post", "/a-b/{c}:run"), "post_a_b_by_c_run");
    }

    #[test]
    fn no_name_is_given_twice() {
        let text = "openapi: 3.1.1\npaths:\n  /a-b: {get: {}}\n  /a_b: {get: {}}\n  /c: {get: {operationId: get_a_b_2}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.changes, ["get_a_b", "get_a_b_3"]);
    }
}
