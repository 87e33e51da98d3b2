use crate::{
    document::{Kind, Node, Place, Pointer, walk_mut},
    rule::{Context, Example, Rule},
};

/// The extension that keeps what is said of the values.
const DESCRIPTIONS: &str = "x-enum-descriptions";

/// Enum entries that are mappings become their values.
pub(super) const RULE: Rule = Rule {
    name: "enum-values",
    summary: "an enum entry `value: READY` becomes `READY`; its description moves to `x-enum-descriptions`",
    reason: "A mapping as an enum value is valid JSON Schema, but no response ever matches it. \
             Tools treat the schema as untyped, or turn the mapping's text into names.",
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

/// An entry that can't be unwrapped without a loss.
struct Refused {
    at: Pointer,
    place: Place,
    problem: String,
    remedy: &'static str,
}

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut refused = Vec::new();
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema {
            unwrap(node, pointer, context, &mut refused);
        }
    });
    for Refused { at, place, problem, remedy } in refused {
        context.refuse(document, &at, place, problem, remedy);
    }
}

fn unwrap(
    schema: &mut Node,
    pointer: &Pointer,
    context: &mut Context<'_>,
    refused: &mut Vec<Refused>,
) {
    let documented_type = schema.get_str("type").map(str::to_owned);
    let Some(entries) = schema.get_mut("enum").and_then(Node::as_array_mut) else {
        return;
    };
    let mut descriptions = Vec::new();
    let entries = entries.iter_mut().filter(|entry| entry.as_object().is_some());
    for entry in entries {
        let Some(parts) = Entry::of(entry) else {
            refused.push(not_understood(entry, pointer));
            continue;
        };
        if let Some(contradiction) = parts.contradiction(documented_type.as_deref()) {
            let (at, place) = (pointer.join("enum"), entry.place);
            refused.push(Refused {
                at,
                place,
                problem: contradiction,
                remedy: "correct one of them",
            });
        }
        let text = text_of(&parts.value);
        context.changed(&*text);
        descriptions.extend(parts.description.map(|description| (text, description)));
        *entry = parts.value;
    }
    for (text, description) in descriptions {
        describe(schema, pointer, &text, description, refused);
    }
}

fn not_understood(entry: &Node, pointer: &Pointer) -> Refused {
    let keys: Vec<&str> = entry.members().map(|(key, _)| &**key).collect();
    Refused {
        at: pointer.join("enum"),
        place: entry.place,
        problem: format!("an enum entry with the keys `{}`", keys.join("`, `")),
        remedy: "an entry is a value, or a mapping with `value` and optionally `type` and \
                 `description`",
    }
}

/// Adds a description to those that are documented already, of which none is overwritten.
fn describe(
    schema: &mut Node,
    pointer: &Pointer,
    text: &str,
    description: Node,
    refused: &mut Vec<Refused>,
) {
    let Some(descriptions) = schema.object_at(DESCRIPTIONS) else {
        return;
    };
    let is_free = descriptions.as_object().is_some_and(|members| !members.contains_key(text));
    if is_free {
        descriptions.set(text, description);
    } else if descriptions.get(text) != Some(&description) {
        refused.push(Refused {
            at: pointer.join("enum"),
            place: description.place,
            problem: format!("`{DESCRIPTIONS}` has a different description of `{text}`"),
            remedy: "keep one of the descriptions",
        });
    }
}

/// An entry whose keys are all understood.
struct Entry {
    value: Node,
    literal: Option<String>,
    description: Option<Node>,
}

impl Entry {
    fn of(entry: &Node) -> Option<Self> {
        let value = entry.get("value")?.clone();
        let literal = entry.get("type");
        let are_understood =
            entry.members().all(|(key, _)| matches!(&**key, "value" | "type" | "description"));
        let is_text = literal.is_none_or(|literal| literal.as_str().is_some());
        (are_understood && is_text).then(|| Self {
            value,
            literal: literal.and_then(Node::as_str).map(str::to_owned),
            description: entry.get("description").cloned(),
        })
    }

    /// Where the type of the entry is not that of the schema. A value that shows as much itself
    /// is left to the check.
    fn contradiction(&self, documented: Option<&str>) -> Option<String> {
        let (literal, documented) = (self.literal.as_deref()?, documented?);
        let literal_type = literal.trim_end_matches("Literal");
        let is_shown = documented == "string" && self.value.as_str().is_none();
        (literal_type != documented && !is_shown).then(|| {
            format!("the enum entry has type `{literal}`, but the schema has type `{documented}`")
        })
    }
}

fn text_of(value: &Node) -> String {
    let json = || serde_json::to_string(value).unwrap_or_default();
    value.as_str().map_or_else(json, str::to_owned)
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
        let found: Vec<_> = findings.iter().map(|f| (f.place.line, f.subject())).collect();
        let at = "/components/schemas/A/enum".to_owned();
        assert_eq!(found, [(6, at.clone()), (8, at)]);
        assert!(findings[0].problem.contains("`value`, `casing`"));
    }

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {keywords}\n")
    }

    #[test]
    fn descriptions_of_numbers_are_kept_and_documented_ones_stay() {
        let before = schema(
            "{type: integer, x-enum-descriptions: {'2': Two}, enum: [{value: 1, description: One}, 2]}",
        );
        let after =
            schema("{type: integer, x-enum-descriptions: {'2': Two, '1': One}, enum: [1, 2]}");
        assert_eq!(apply_alone(&RULE, &before).document, node(&after));
        let other = schema(
            "{type: string, x-enum-descriptions: {a: Old}, enum: [{value: a, description: New}]}",
        );
        let applied = apply_alone(&RULE, &other);
        assert!(applied.findings[0].problem.contains("a different description of `a`"));
        assert!(applied.document.to_json().unwrap().contains("Old"));
    }

    #[test]
    fn a_literal_of_another_type_is_refused() {
        let text = schema(
            "{type: string, enum: [{type: booleanLiteral, value: 'true'}, {type: stringLiteral, value: x}]}",
        );
        let findings = apply_alone(&RULE, &text).findings;
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].problem.contains("`booleanLiteral`"), "{findings:?}");
        // The check says it of the value itself.
        let text = schema("{type: string, enum: [{type: booleanLiteral, value: true}]}");
        assert_eq!(apply_alone(&RULE, &text).findings, []);
    }
}
