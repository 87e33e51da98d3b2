use super::spelling::falling_together;
use crate::{
    document::{Kind, Node, Value, type_name, walk_mut},
    rule::{Context, Example, Rule},
};

/// Values of an enum that would be one variant in Rust are spelled out.
pub(super) const RULE: Rule = Rule {
    name: "enum-identifiers",
    summary: "where values of an enum would be one variant in Rust, all but the plainest are \
              spelled out; the client still sends and reads the documented values",
    reason: "The generator drops punctuation and case, and stops where `=`, `<>` and the empty \
             string are one variant. What is spelled out keeps its type.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Operator:
      type: string
      enum: ['=', '<>', '', and, AND]
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Operator:
      type: string
      enum:
        - \"\u{E000}u003d\u{E000}\"
        - \"\u{E000}u003c\u{E000}\u{E000}u003e\u{E000}\"
        - \"\u{E000}empty\u{E000}\"
        - and
        - \"\u{E000}capital a\u{E000}\u{E000}capital n\u{E000}\u{E000}capital d\u{E000}\"
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema || node.get_str("type") != Some("string") {
            return;
        }
        let Some(values) = node.get_mut("enum").and_then(Node::as_array_mut) else {
            return;
        };
        let spelled = falling_together(values.iter().filter_map(Node::as_str), type_name);
        for value in values {
            if let Some(new) = value.as_str().and_then(|value| spelled.get(value)) {
                context.changed(format!("{:?} of {pointer}", value.as_str().unwrap_or_default()));
                value.value = Value::String(new.clone());
            }
        }
    });
}
