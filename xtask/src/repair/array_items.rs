use crate::{
    document::Node,
    notes::repair_schemas,
    rule::{Context, Example, Rule},
};

/// An array without `items` holds anything.
pub(super) const RULE: Rule = Rule {
    name: "array-items",
    summary: "an array without `items` gets `items: {}`",
    reason: "OpenAPI 3.0.3 requires them. Without them the array may contain anything, which is \
             what the empty schema says.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A: {type: array}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A: {type: array, items: {}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        if schema.get_str("type") == Some("array") && schema.get("items").is_none() {
            notes.changed(format!("at {at}"));
            let anything = Node::object(schema.place, []);
            schema.set("items", anything);
        }
    });
}
