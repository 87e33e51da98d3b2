use crate::{
    document::{Kind, Node, Value, walk_mut},
    rule::{Context, Example, Rule},
};

/// What the generator of the documentation calls a schema that says nothing.
const MARKER: &str = "Any type";

/// A schema that is described as any type becomes one that says nothing.
pub(super) const RULE: Rule = Rule {
    name: "any-type",
    summary: "a schema with only `description: Any type` becomes `{}`, or `true` in \
              `additionalProperties`",
    reason: "The words come from the documentation's generator, not from the API; clients would \
             repeat them as documentation.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      properties:
        value:
          description: Any type
      additionalProperties:
        description: Any type
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      properties:
        value: {}
      additionalProperties: true
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut values = 0;
    walk_mut(document, &mut |node, kind, _| {
        let is_any = |values: &Node| is_marked(values) && values.members().count() == 1;
        if kind == Kind::Schema && node.get("additionalProperties").is_some_and(is_any) {
            node.set("additionalProperties", Node::new(node.place, Value::Boolean(true)));
            values += 1;
        }
    });
    (0..values).for_each(|_| context.changed("additionalProperties"));
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema && is_marked(node) {
            node.remove("description");
            context.changed(format!("at {pointer}"));
        }
    });
}

/// Whether a schema says nothing in these words, beneath a title perhaps.
fn is_marked(schema: &Node) -> bool {
    schema.get_str("description") == Some(MARKER)
        && schema.members().all(|(key, _)| matches!(&**key, "description" | "title"))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {keywords}\n")
    }

    #[test]
    fn a_schema_that_says_more_keeps_its_words() {
        for keywords in [
            "{type: string, description: Any type}",
            "{description: Any type of file}",
            "{type: object, properties: {description: {type: string}}, example: {description: Any type}}",
        ] {
            let applied = apply_alone(&RULE, &schema(keywords));
            assert_eq!(applied.document, node(&schema(keywords)));
            assert!(applied.changes.is_empty());
        }
    }

    #[test]
    fn a_property_called_additional_properties_is_one_like_others() {
        let before = "{type: object, properties: {additionalProperties: {description: Any type}}}";
        let after = "{type: object, properties: {additionalProperties: {}}}";
        assert_eq!(apply_alone(&RULE, &schema(before)).document, node(&schema(after)));
    }

    #[test]
    fn a_title_stays() {
        let applied = apply_alone(&RULE, &schema("{title: T, description: Any type}"));
        assert_eq!(applied.document, node(&schema("{title: T}")));
    }
}
