use super::spelling::{NewNames, falling_together, wire_names};
use crate::{
    document::{Kind, Node, Value, type_name, walk_mut},
    rule::{Context, Example, Rule},
};

/// Values of an enum that would be one variant in Rust are spelled out.
pub(super) const RULE: Rule = Rule {
    name: "enum-identifiers",
    summary: "if values of an inline enum would be the same variant in Rust, all but the plainest \
              are spelled out; the client still sends and reads the documented values",
    reason: "The generator drops punctuation and case, and fails if `=`, `<>` and the empty string \
             become the same variant. Spelled-out values keep the enum's type.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      oneOf:
        - type: string
          enum: ['=', '<>', '', and, AND]
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      oneOf:
        - type: string
          enum:
            - \"(u003d)\"
            - \"(u003c)(u003e)\"
            - \"(empty)\"
            - and
            - \"(capital a)(capital n)(capital d)\"
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let new_names = NewNames::beside(document);
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema {
            return;
        }
        let is_component = pointer.schema_component().is_some();
        if is_component || node.get_str("type") != Some("string") {
            return;
        }
        let Some(values) = node.get_mut("enum").and_then(Node::as_array_mut) else {
            return;
        };
        let mut spelled = falling_together(values.iter().filter_map(Node::as_str), type_name);
        new_names.instead_of(&mut spelled);
        for value in values {
            if let Some(new) = value.as_str().and_then(|value| spelled.get(value)) {
                context.changed(format!("{:?} of {pointer}", value.as_str().unwrap_or_default()));
                value.value = Value::String(new.clone());
            }
        }
        context.notes.wire_names.extend(wire_names(pointer, &spelled));
    });
}
