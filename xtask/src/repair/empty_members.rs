use crate::{
    document::{Kind, Node, Value, walk_mut},
    rule::{Context, Example, Rule},
};

/// What says nothing where it is empty.
const MEMBERS: [(Kind, &str); 4] = [
    (Kind::Schema, "properties"),
    (Kind::Schema, "required"),
    (Kind::Operation, "parameters"),
    (Kind::PathItem, "parameters"),
];

/// Lists and mappings that are empty are dropped where that says the same.
pub(super) const RULE: Rule = Rule {
    name: "empty-members",
    summary: "`properties: {}`, `required: []` and `parameters: []` are dropped",
    reason: "`required: []` is not allowed in OpenAPI 3.0. From `properties: {}`, generators \
             create an empty type, which discards the content; on a page it means that the \
             properties are unknown.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a:
    get:
      parameters: []
components:
  schemas:
    A:
      type: object
      properties: {}
      required: []
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get: {}
components:
  schemas:
    A:
      type: object
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        for (_, key) in MEMBERS.iter().filter(|(of, _)| *of == kind) {
            if node.get(key).is_some_and(is_empty) {
                node.remove(key);
                context.changed(format!("{key} of {}", pointer.tokens().last().unwrap_or(&"")));
            }
        }
    });
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn what_says_something_by_being_empty_stays() {
        let text = "openapi: 3.1.1\nsecurity: []\npaths:\n  /a:\n    get:\n      security: []\ncomponents:\n  schemas:\n    A:\n      enum: []\n      properties:\n        properties: {}\n        required: {}\n      default: {properties: {}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        assert!(applied.changes.is_empty());
    }
}
