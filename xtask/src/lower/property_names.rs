use std::collections::BTreeMap;

use super::spelling::{self, NewNames, wire_names, with_aside};
use crate::{
    document::{Key, Kind, Node, Object, Pointer, Value, field_name, walk},
    rule::{Context, Example, Rule},
};

/// Properties that would be one field in Rust get names that are spelled out.
pub(super) const RULE: Rule = Rule {
    name: "property-names",
    summary: "if properties would become the same field in Rust, all but the plainest name are \
              spelled out; the client still sends and reads the documented names",
    reason: "The generator drops punctuation and case: `_id` and `id` would both become `id`.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      required: [_id]
      properties:
        _id: {type: string}
        id: {type: string}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      required: ['(underscore)id']
      properties:
        (underscore)id: {type: string}
        id: {type: string}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut found: Vec<(Pointer, BTreeMap<String, String>)> = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        let names = if kind == Kind::Schema { falling_together(node) } else { BTreeMap::new() };
        if !names.is_empty() {
            found.push((pointer.clone(), names));
        }
    });
    let new_names = NewNames::beside(document);
    for (pointer, mut names) in found {
        new_names.instead_of(&mut names);
        for name in names.keys() {
            context.changed(format!("{name} of {pointer}"));
        }
        if let Some(schema) = document.at_mut(&pointer) {
            rename(schema, &names);
        }
        context.notes.wire_names.extend(wire_names(&pointer, &names));
    }
}

/// The field of a struct that takes the properties which are not documented.
const REST: &str = "extra";

/// The properties that share their field with another one, and how each is spelled out.
fn falling_together(schema: &Node) -> BTreeMap<String, String> {
    let names = || schema.get("properties").into_iter().flat_map(Node::members);
    let mut spelled = spelling::falling_together(names().map(|(name, _)| &**name), field_name);
    let rest = schema.get("additionalProperties");
    if rest.is_some_and(|rest| !matches!(rest.value, Value::Boolean(_))) {
        let like_rest = names().map(|(name, _)| name).filter(|name| field_name(name) == REST);
        for name in like_rest {
            spelled.entry(name.to_string()).or_insert_with(|| with_aside(name, "field"));
        }
    }
    spelled
}

fn rename(schema: &mut Node, names: &BTreeMap<String, String>) {
    if let Some(properties) = schema.get_mut("properties").and_then(Node::as_object_mut) {
        let renamed = std::mem::take(properties).into_iter().map(|(key, node)| {
            let name = names.get(&*key).map_or(&*key, String::as_str);
            (Key::new(key.place, name), node)
        });
        *properties = renamed.collect::<Object>();
    }
    let required = schema.get_mut("required").and_then(Node::as_array_mut);
    for entry in required.into_iter().flatten() {
        if let Some(name) = entry.as_str().and_then(|name| names.get(name)) {
            entry.value = Value::String(name.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_property_that_is_called_like_the_rest_is_told_from_it() {
        let text = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: object, properties: {extra: {type: string}}, additionalProperties: {type: string}}}}\n";
        let applied = apply_alone(&RULE, text);
        let json = applied.document.to_json().unwrap();
        assert!(json.contains("\"extra(field)\""), "{json}");
        let plain =
            text.replace("additionalProperties: {type: string}", "additionalProperties: true");
        assert!(apply_alone(&RULE, &plain).changes.is_empty());
    }
}
