use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// A format that says nothing but the type is dropped.
pub(super) const RULE: Rule = Rule {
    name: "idle-formats",
    summary: "a `format` that repeats the `type`, or is `enum`, is dropped",
    reason: "A format narrows a type. These don't, and on a boolean, an array or an object they \
             make tools treat the schema as arbitrary JSON.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Status:
      type: string
      format: enum
    Name:
      type: string
      format: string
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Status:
      type: string
    Name:
      type: string
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, _| {
        let Some(format) = node.get_str("format").filter(|_| kind == Kind::Schema) else {
            return;
        };
        if format == "enum" || node.get_str("type") == Some(format) {
            context.changed(format);
            node.remove("format");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn other_formats_stay_known_or_not() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {type: string, format: objectid}\n    B: {type: number, format: double}\n    C: {type: integer, format: string}\n    D: {type: object, properties: {format: {type: string}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        assert!(applied.changes.is_empty());
    }
}
