use crate::{
    document::{Kind, Node, Pointer, walk_mut},
    rule::{Context, Example, Rule},
};

/// Enum entries that are mappings become their values.
pub(super) const RULE: Rule = Rule {
    name: "enum-values",
    summary: "an enum entry `value: READY` becomes `READY`; its description moves to `x-enum-descriptions`",
    reason: "A mapping among the values is legal JSON Schema that no answer ever matches. Tools \
             take the schema for one without a type, or make names of the mapping's text.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Status:
      type: string
      enum:
        - value: READY
        - type: stringLiteral
          value: 'no'
          description: Not ready.
        - plain
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Status:
      type: string
      enum:
        - READY
        - 'no'
        - plain
      x-enum-descriptions:
        'no': Not ready.
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut refused = Vec::new();
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema {
            unwrap(node, pointer, context, &mut refused);
        }
    });
    for (pointer, entry) in refused {
        let keys: Vec<&str> = entry.members().map(|(key, _)| &**key).collect();
        context.refuse(
            document,
            &pointer,
            entry.place,
            format!("an enum entry with the keys `{}`", keys.join("`, `")),
            "an entry is a value, or a mapping of `value` and, if need be, `type` and `description`",
        );
    }
}

fn unwrap(
    schema: &mut Node,
    pointer: &Pointer,
    context: &mut Context<'_>,
    refused: &mut Vec<(Pointer, Node)>,
) {
    let Some(entries) = schema.get_mut("enum").and_then(Node::as_array_mut) else {
        return;
    };
    let place = entries.first().map_or_else(Default::default, |entry| entry.place);
    let mut descriptions = Vec::new();
    for entry in entries {
        if entry.as_object().is_none() {
            continue;
        }
        let Some((value, description)) = entry_parts(entry) else {
            refused.push((pointer.join("enum"), entry.clone()));
            continue;
        };
        context.changed(value.as_str().unwrap_or("a value that is no string"));
        if let (Some(text), Some(description)) = (value.as_str(), description) {
            descriptions.push((text.to_owned(), description));
        }
        *entry = value;
    }
    if !descriptions.is_empty() {
        let members = descriptions.iter().map(|(text, node)| (text.as_str(), node.clone()));
        schema.set("x-enum-descriptions", Node::object(place, members));
    }
}

/// The value and the description of an entry whose keys are all understood.
fn entry_parts(entry: &Node) -> Option<(Node, Option<Node>)> {
    let understood = |key: &str| matches!(key, "value" | "type" | "description");
    let value = entry.get("value")?;
    let all = entry.members().all(|(key, _)| understood(key));
    all.then(|| (value.clone(), entry.get("description").cloned()))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn a_property_called_enum_is_data() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A:\n      properties:\n        enum: {type: array, items: {type: string}}\n      default:\n        enum: [{value: x}]\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        assert!(applied.changes.is_empty());
    }

    #[test]
    fn an_entry_that_is_not_understood_is_refused_at_its_place() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A:\n      enum:\n        - value: a\n          casing: b\n        - name: c\n";
        let findings = apply_alone(&RULE, text).findings;
        let found: Vec<_> = findings.iter().map(|f| (f.place.line, f.subject.as_str())).collect();
        assert_eq!(found, [(6, "/components/schemas/A/enum"), (8, "/components/schemas/A/enum")]);
        assert!(findings[0].problem.contains("`value`, `casing`"));
    }
}
