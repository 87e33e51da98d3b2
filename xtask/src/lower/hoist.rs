use super::{
    names::{Names, define_among},
    reach::{Reach, pascal, property_path},
};
use crate::{
    document::{Kind, Node, Pointer, Value, walk_part_mut},
    rule::Context,
};

/// What the name of a type begins with that may be null.
pub(super) const NULLABLE: &str = "Nullable";

/// What becomes of a property that gets a type of its own.
pub(super) struct Hoisted {
    /// What its name begins with.
    pub(super) prefix: &'static str,
    /// What it is.
    pub(super) description: &'static str,
}

/// Gives optional properties of what requests carry a type of their own, named after what they
/// hold, or else after their place. What only an answer carries is left alone.
pub(super) fn hoist_properties(
    document: &mut Node,
    reach: &Reach,
    context: &mut Context<'_>,
    is_wanted: impl Fn(&Node) -> Option<Hoisted>,
) {
    let mut hoisted: Vec<(String, Node)> = Vec::new();
    for part in reach.request_parts(document) {
        let Some(node) = document.at_mut(&part.pointer) else {
            continue;
        };
        walk_part_mut(node, part.kind, &mut |node, kind, inner| {
            if kind == Kind::Schema {
                let owner = format!("{}{}", part.name, property_path(inner));
                for property in hoist_of(node, &owner, &is_wanted, &mut hoisted) {
                    context.changed(format!("{property} of {}", part.pointer.concat(inner)));
                }
            }
        });
    }
    let mut names = Names::of(document);
    for (name, schema) in hoisted {
        let (schema, union) = without_union(&name, schema, &names);
        if let Some((name, union)) = union {
            define_among(document, &mut names, &name, union, context);
        }
        define_among(document, &mut names, &name, schema, context);
    }
}

/// A union or null is null or a union that has a name of its own, and an enum or null likewise: of the
/// two at once the generator makes two types of one name.
fn without_union(name: &str, mut schema: Node, names: &Names) -> (Node, Option<(String, Node)>) {
    let own = name.strip_prefix(NULLABLE).unwrap_or(name);
    if !is_choice(&schema) || own == name || schema.remove("nullable").is_none() {
        return (schema, None);
    }
    let place = schema.place;
    // A response may have the same without null.
    let own = names.or_else(own.to_owned(), "Value");
    let reference = Node::reference(place, &Pointer::to_schema(&own));
    let mut nullable = Node::object(place, []);
    nullable.set("nullable", Node::new(place, Value::Boolean(true)));
    nullable.set("allOf", Node::array(place, [reference]));
    if let Some(description) = schema.remove("description") {
        nullable.set("description", description);
    }
    (nullable, Some((own, schema)))
}

fn is_choice(schema: &Node) -> bool {
    let is_choice_itself = ["oneOf", "anyOf", "enum"].iter().any(|key| schema.get(key).is_some());
    let parts = schema.get("allOf").and_then(Node::as_array);
    is_choice_itself || matches!(parts, Some([part]) if is_choice(part))
}

/// The names of the properties of one object that were hoisted.
fn hoist_of(
    object: &mut Node,
    owner: &str,
    is_wanted: &impl Fn(&Node) -> Option<Hoisted>,
    hoisted: &mut Vec<(String, Node)>,
) -> Vec<String> {
    let required: Vec<Node> =
        object.get("required").into_iter().flat_map(Node::items).cloned().collect();
    let properties = object.get_mut("properties").into_iter().flat_map(Node::members_mut);
    let mut changed = Vec::new();
    for (property, node) in properties {
        let is_required =
            required.iter().any(|name| name.value == Value::String(property.to_string()));
        let Some(wanted) = is_wanted(node).filter(|_| !is_required) else {
            continue;
        };
        let (usage, schema) = taken_apart(node, wanted.description);
        let by_place = format!("{}{owner}{}", wanted.prefix, pascal(property));
        let by_content = content_name(&schema).map(|name| format!("{}{name}", wanted.prefix));
        let name = name_among(hoisted, by_content.into_iter().chain([by_place.clone()]), &schema)
            .unwrap_or_else(|| numbered(hoisted, &by_place, &schema));
        if !hoisted.iter().any(|(known, _)| *known == name) {
            hoisted.push((name.clone(), schema));
        }
        *node = usage;
        let reference = Node::reference(node.place, &Pointer::to_schema(&name));
        node.set("allOf", Node::array(node.place, [reference]));
        changed.push(property.to_string());
    }
    changed
}

/// The first of these names that no other schema has.
fn name_among(
    hoisted: &[(String, Node)],
    mut names: impl Iterator<Item = String>,
    schema: &Node,
) -> Option<String> {
    names.find(|name| hoisted.iter().all(|(known, other)| known != name || other == schema))
}

/// The name with a number: places whose names are equal in Rust.
fn numbered(hoisted: &[(String, Node)], name: &str, schema: &Node) -> String {
    let names = (2..=hoisted.len() + 2).map(|number| format!("{name}{number}"));
    name_among(hoisted, names, schema).unwrap_or_else(|| name.to_owned())
}

/// What stays at the use of a schema, and the schema itself.
fn taken_apart(node: &Node, description: &str) -> (Node, Node) {
    let place = node.place;
    let (mut usage, mut schema) = (Node::object(place, []), Node::object(place, []));
    for (key, member) in node.members() {
        match &**key {
            "description" | "deprecated" | "readOnly" | "writeOnly" | "example" => {
                usage.set(key, member.clone());
            }
            _ => {
                schema.set(key, member.clone());
            }
        }
    }
    if content_name(&schema).is_some() {
        leave_out_words(&mut schema);
    }
    schema.set("description", Node::string(place, description));
    (usage, schema)
}

/// What has its name from what it holds is the same wherever that is held.
fn leave_out_words(schema: &mut Node) {
    walk_part_mut(schema, Kind::Schema, &mut |node, _, _| {
        ["description", "title", "example"].into_iter().for_each(|word| drop(node.remove(word)));
    });
}

/// A name for what a schema holds; none where that is called after its place.
fn content_name(schema: &Node) -> Option<String> {
    if let Some(parts) = schema.get("allOf").and_then(Node::as_array) {
        return match parts {
            [part] => content_name(part),
            _ => None,
        };
    }
    let target = schema.reference_target().and_then(Pointer::from_reference);
    if let Some(name) = target.as_ref().and_then(Pointer::schema_component) {
        return Some(pascal(name));
    }
    match (schema.get_str("type")?, schema.get_str("format")) {
        ("array", None) => Some(inner_name(schema.get("items")?)? + "Array"),
        ("object", None) if schema.get("properties").is_none() => {
            Some(inner_name(schema.get("additionalProperties")?)? + "Map")
        }
        (scalar @ ("string" | "integer" | "number" | "boolean"), None)
            if schema.get("enum").is_none() =>
        {
            Some(pascal(scalar))
        }
        _ => None,
    }
}

fn inner_name(schema: &Node) -> Option<String> {
    let name = content_name(schema)?;
    Some(if schema.is_true("nullable") { format!("Nullable{name}") } else { name })
}
