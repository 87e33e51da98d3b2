use std::collections::HashSet;

use super::reach::schemas;
use crate::{
    document::{Kind, Node, Pointer, Value, walk_mut},
    rule::{Context, Example, Rule},
};

/// Whether a union may be null is said where it is used.
pub(super) const RULE: Rule = Rule {
    name: "nullable-unions",
    summary: "a component that is a union or null is a union; where it is used, null may stand",
    reason: "The generator makes two types of one name of it.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: object, properties: {size: {$ref: '#/components/schemas/Size'}}}
    Size: {nullable: true, oneOf: [{type: integer}, {type: string}]}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: object, properties: {size: {nullable: true, allOf: [{$ref: '#/components/schemas/Size'}]}}}
    Size: {oneOf: [{type: integer}, {type: string}]}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let is_union = |schema: &Node| schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
    let nullable: HashSet<String> = schemas(document)
        .filter(|(_, schema)| schema.is_true("nullable") && is_union(schema))
        .map(|(name, _)| name.to_string())
        .collect();
    if nullable.is_empty() {
        return;
    }
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema {
            return;
        }
        take_up(node);
        let target = node.reference_target().and_then(Pointer::from_reference);
        let name = target.as_ref().and_then(Pointer::schema_component);
        if name.is_some_and(|name| nullable.contains(name)) {
            let place = node.place;
            let reference = std::mem::replace(node, Node::object(place, []));
            node.set("nullable", Node::new(place, Value::Boolean(true)));
            node.set("allOf", Node::array(place, [reference]));
        }
        if pointer.schema_component().is_some_and(|name| nullable.contains(name)) {
            node.remove("nullable");
            context.changed(pointer.to_string());
        }
    });
}

/// A schema that is one of these unions alone is null itself; a part of more than one is not.
fn take_up(schema: &mut Node) {
    let place = schema.place;
    let Some(parts) = schema.get_mut("allOf").and_then(Node::as_array_mut) else {
        return;
    };
    let is_alone = parts.len() == 1;
    let mut is_null = false;
    for part in parts {
        let inner = part.get("allOf").and_then(Node::as_array).and_then(<[Node]>::first).cloned();
        let is_wrapped = part.is_true("nullable") && part.members().count() == 2;
        if let Some(inner) = inner.filter(|inner| is_wrapped && inner.reference_target().is_some())
        {
            *part = inner;
            is_null = is_alone;
        }
    }
    if is_null {
        schema.set("nullable", Node::new(place, Value::Boolean(true)));
    }
}
