use std::collections::{BTreeMap, BTreeSet};

use super::spelling::{NewNames, falling_together, wire_names};
use crate::{
    document::{Kind, Node, Value, type_name, walk_mut},
    rule::{Context, Example, Rule},
};

/// Values of an enum that would be one variant in Rust are spelled out.
pub(super) const RULE: Rule = Rule {
    name: "enum-identifiers",
    summary: "where values of an enum that stands inline would be one variant in Rust, all but the plainest are \
              spelled out; the client still sends and reads the documented values",
    reason: "The generator drops punctuation and case, and stops where `=`, `<>` and the empty \
             string are one variant. What is spelled out keeps its type.",
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
        for (tag, spelled) in spell_out_tags(node, &new_names) {
            context.changed(format!("{tag} of the branches of {pointer}"));
            context.notes.wire_names.extend(wire_names(pointer, &spelled));
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

/// Spells out the values by which the branches of a union are told apart: each becomes a variant of
/// one enum. Gives the properties that have them, and how the values are spelled out.
fn spell_out_tags(
    schema: &mut Node,
    new_names: &NewNames,
) -> Vec<(String, BTreeMap<String, String>)> {
    let Some(branches) = schema.get_mut("oneOf").and_then(Node::as_array_mut) else {
        return Vec::new();
    };
    let tags: BTreeSet<String> = branches
        .iter()
        .filter_map(|branch| branch.get("properties"))
        .flat_map(Node::members)
        .filter(|(_, property)| only_value(property).is_some())
        .map(|(name, _)| name.to_string())
        .collect();
    let mut found = Vec::new();
    for tag in tags {
        let value = |branch: &Node| only_value(branch.get("properties")?.get(&tag)?);
        let values: Vec<String> = branches.iter().filter_map(value).collect();
        let mut spelled = falling_together(values.iter().map(String::as_str), type_name);
        new_names.instead_of(&mut spelled);
        let properties = branches.iter_mut().filter_map(|branch| branch.get_mut("properties"));
        for property in properties.filter_map(|properties| properties.get_mut(&tag)) {
            let new = only_value(property).and_then(|value| spelled.get(&value).cloned());
            let values = property.get_mut("enum").and_then(Node::as_array_mut);
            if let Some((value, new)) = values.and_then(|values| values.first_mut()).zip(new) {
                value.value = Value::String(new);
            }
        }
        if !spelled.is_empty() {
            found.push((tag, spelled));
        }
    }
    found
}

/// The value of an enum that has one.
fn only_value(property: &Node) -> Option<String> {
    match property.get("enum")?.as_array()? {
        [value] => value.as_str().map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn values_that_tell_branches_apart_are_variants_of_one_enum() {
        let branch = |value: &str| {
            format!(
                "{{type: object, required: [op], properties: {{op: {{type: string, enum: ['{value}']}}}}}}"
            )
        };
        let text = format!(
            "openapi: 3.0.3\ncomponents: {{schemas: {{A: {{oneOf: [{}, {}]}}}}}}\n",
            branch("+"),
            branch("-")
        );
        let applied = apply_alone(&RULE, &text);
        let json = applied.document.to_json().unwrap();
        assert!(json.contains("(plus)") && json.contains("(minus)"), "{json}");
        assert_eq!(applied.changes.len(), 1, "{:?}", applied.changes);
    }
}
