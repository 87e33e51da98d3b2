use std::collections::HashSet;

use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// A value that an enum lists twice is listed once.
pub(super) const RULE: Rule = Rule {
    name: "equal-values",
    summary: "duplicate enum values are dropped",
    reason: "Enum values have to be distinct: generators create a variant for each, and fail on \
             duplicates.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Voice:
      type: string
      enum: [asteria, luna, asteria]
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Voice:
      type: string
      enum: [asteria, luna]
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, _| {
        if kind == Kind::Schema
            && let Some(values) = node.get_mut("enum").and_then(Node::as_array_mut)
        {
            unite(values, context);
        }
    });
}

fn unite(values: &mut Vec<Node>, context: &mut Context<'_>) {
    let mut seen = HashSet::new();
    values.retain(|value| {
        let text = serde_json::to_string(value).unwrap_or_default();
        let is_first = !seen.contains(&text);
        if !is_first {
            context.changed(&*text);
        }
        seen.insert(text);
        is_first
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn values_that_look_alike_are_two() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {enum: [1, '1', -1, '', ' ', a, A, true, 'true']}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        assert!(applied.changes.is_empty());
    }
}
