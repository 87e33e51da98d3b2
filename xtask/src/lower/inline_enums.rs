use super::{
    closed::{Closed, is_string_enum},
    names::{Names, Wanted},
    reach::{Part, property_path},
};
use crate::{
    document::{Kind, Node, Pointer, Value, walk_part_mut},
    rule::Context,
};

/// An enum that stood inline.
struct Named {
    name: String,
    schema: Node,
    /// The part of the answer that it stood in.
    owner: Pointer,
    /// Where it stood.
    at: Pointer,
}

/// Gives the string enums that stand inline in what answers carry a name, that of the schema
/// or the response they are in with the properties that lead to them.
pub(super) fn name_inline_enums(
    document: &mut Node,
    parts: &[Part],
    closed: &Closed,
    names: &mut Names,
    context: &mut Context<'_>,
) {
    let mut found: Vec<Named> = Vec::new();
    for part in parts {
        let Some(node) = document.at_mut(&part.pointer) else {
            continue;
        };
        walk_part_mut(node, part.kind, &mut |node, kind, inner| {
            let at = part.pointer.concat(inner);
            if kind == Kind::Schema && is_inline_enum(node, &at) && !closed.holds(&at) {
                let is_whole = *inner == Pointer::root();
                let suffix = if is_whole { "Value".to_owned() } else { property_path(inner) };
                let name = names.or_else(format!("{}{suffix}", part.name), "Value");
                let name = name_of_its_own(name, node, &found);
                let schema = take_enum(node, &name);
                found.push(Named { name, schema, owner: part.pointer.clone(), at });
            }
        });
    }
    let mut defined: Vec<Named> = Vec::new();
    for named in found {
        // Two media types of one response, or two paths to one meaning, may share a type.
        let is_known = defined
            .iter()
            .any(|known| known.name == named.name && has_values_of(&known.schema, &named.schema));
        if is_known || !take_name(document, &named, names, context) {
            continue;
        }
        context.changed(format!("{} ({})", named.name, named.at));
        define(document, &named);
        defined.push(named);
    }
}

/// Whether two enums are one type: what their places say of them may differ.
fn has_values_of(one: &Node, other: &Node) -> bool {
    let values = |schema: &Node| {
        let values = schema.get("enum").into_iter().flat_map(Node::items).cloned();
        values.filter(|value| value.value != Value::Null).collect::<Vec<_>>()
    };
    values(one) == values(other)
}

/// The name, numbered where another enum that stood inline has it.
fn name_of_its_own(name: String, schema: &Node, found: &[Named]) -> String {
    let is_another = |name: &str| {
        let mut named = found.iter().filter(|known| known.name == name);
        named.any(|known| !has_values_of(&known.schema, schema))
    };
    let numbered = (2..).map(|number| format!("{name}{number}"));
    let mut candidates = std::iter::once(name.clone()).chain(numbered);
    candidates.find(|name| !is_another(name)).unwrap_or(name)
}

/// A component that is an enum has a name already, unless null fits it too: whether null may
/// stand in a place is a matter of the place.
fn is_inline_enum(schema: &Node, at: &Pointer) -> bool {
    let is_component = at.schema_component().is_some();
    is_string_enum(schema) && (!is_component || schema.is_true("nullable"))
}

fn take_name(document: &Node, named: &Named, names: &mut Names, context: &mut Context<'_>) -> bool {
    let wanted =
        Wanted { name: &named.name, what: "the enum that stands here inline", from: &named.owner };
    names.take(document, &wanted, &named.at, context)
}

fn define(document: &mut Node, named: &Named) {
    let components = document.object_at("components");
    if let Some(schemas) = components.and_then(|components| components.object_at("schemas")) {
        schemas.set(&named.name, named.schema.clone());
    }
}

/// Takes an inline enum out of its place, where a reference stays. Whether null may stand there
/// is a matter of the place.
fn take_enum(node: &mut Node, name: &str) -> Node {
    let place = node.place;
    let reference = Node::reference(place, &Pointer::to_schema(name));
    let stays = match node.remove("nullable") {
        Some(nullable) => Node::object(
            place,
            [("nullable", nullable), ("allOf", Node::array(place, [reference]))],
        ),
        None => reference,
    };
    let mut schema = std::mem::replace(node, stays);
    if let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) {
        values.retain(|value| value.value != Value::Null);
    }
    if let Some(default) = schema.remove("default") {
        schema.set("x-default", default);
    }
    schema
}
