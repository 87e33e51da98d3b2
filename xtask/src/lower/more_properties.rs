use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// Documented additional properties are kept.
pub(super) const RULE: Rule = Rule {
    name: "more-properties",
    summary: "`additionalProperties: true` next to `properties` becomes `additionalProperties: {}`",
    reason: "The generator ignores `true`, and additional properties would be lost. It turns the \
             empty schema into a map, `extra`.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: object, properties: {a: {type: string}}, additionalProperties: true}
    Map: {type: object, additionalProperties: true}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: object, properties: {a: {type: string}}, additionalProperties: {}}
    Map: {type: object, additionalProperties: true}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        let has_properties =
            node.get("properties").is_some_and(|all| all.members().next().is_some());
        if kind == Kind::Schema && has_properties && node.is_true("additionalProperties") {
            node.set("additionalProperties", Node::object(node.place, []));
            context.changed(pointer.to_string());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn what_is_closed_and_what_has_a_type_stays() {
        for rest in ["", ", additionalProperties: false", ", additionalProperties: {type: string}"]
        {
            let text = format!(
                "openapi: 3.0.3\ncomponents: {{schemas: {{A: {{type: object, properties: {{a: {{type: string}}}}{rest}}}}}}}\n"
            );
            assert!(apply_alone(&RULE, &text).changes.is_empty(), "{rest}");
        }
    }
}
