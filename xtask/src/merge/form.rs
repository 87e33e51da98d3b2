//! What kind of values a schema is of, as far as two sources can disagree about it.

use std::{collections::HashSet, fmt};

use super::view::View;
use crate::document::{Node, type_of};

/// How deeply compositions may hold one another.
const DEEPEST: usize = 120;

/// What kind of values a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// It says nothing.
    Anything,
    Text,
    Integer,
    Number,
    Boolean,
    List,
    Object,
    /// One of several schemas.
    Union,
    /// Several schemas at once, or a type that there is no name for.
    Other,
}

impl Form {
    /// The form of a schema that is not a reference.
    pub(super) fn of(schema: &Node) -> Self {
        if schema.get("oneOf").or(schema.get("anyOf")).is_some() {
            return Self::Union;
        }
        match schema.get_str("type") {
            Some(name) => Self::of_type(name),
            None if has(schema, &["allOf"]) => Self::Other,
            None if has(schema, &["properties", "additionalProperties"]) => Self::Object,
            None if has(schema, &["items"]) => Self::List,
            None => {
                let first = schema.get("enum").and_then(|values| values.items().next());
                first.map_or(Self::of_rest(schema), |value| Self::of_type(type_of(value)))
            }
        }
    }

    /// The form of a schema, its compositions seen through: objects that are put together are an
    /// object, and nothing else is known of what is put together.
    pub(super) fn seen(document: &Node, schema: &Node) -> Self {
        match schema.get("allOf") {
            Some(_) if are_objects(document, schema, 0, &mut HashSet::new()) => Self::Object,
            Some(_) => Self::Other,
            None => Self::of(schema),
        }
    }

    fn of_type(name: &str) -> Self {
        match name {
            "string" => Self::Text,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "array" => Self::List,
            "object" => Self::Object,
            _ => Self::Other,
        }
    }

    fn of_rest(schema: &Node) -> Self {
        let says_something = has(schema, &["not", "$ref", "enum"])
            || schema.members().any(|(key, _)| crate::document::is_assertion(key));
        if says_something { Self::Other } else { Self::Anything }
    }

    /// Whether two sources that say these agree about the kind, if not about each value.
    pub(super) fn agrees_with(self, other: Self) -> bool {
        let is_numeric = |form| matches!(form, Self::Integer | Self::Number);
        self == other || (is_numeric(self) && is_numeric(other))
    }
}

/// Whether a schema and all its parts are objects. Parts are looked at once: they may be shared, and
/// lead in a circle.
fn are_objects(
    document: &Node,
    schema: &Node,
    depth: usize,
    looked_at: &mut HashSet<*const Node>,
) -> bool {
    if !looked_at.insert(schema) {
        return true;
    }
    let Some(parts) = schema.get("allOf") else {
        return says_what_objects_hold(schema)
            && matches!(Form::of(schema), Form::Object | Form::Anything);
    };
    depth <= DEEPEST
        && says_what_objects_hold(schema)
        && parts.items().all(|part| {
            let part = View::through(document, part).schema;
            are_objects(document, part, depth + 1, looked_at)
        })
}

/// Whether a schema says nothing that is lost where its properties are taken out of it.
fn says_what_objects_hold(schema: &Node) -> bool {
    let of_objects = ["type", "properties", "required", "additionalProperties", "allOf"];
    let is_shape = |key: &str| {
        matches!(key, "oneOf" | "anyOf" | "not" | "type") || crate::document::is_assertion(key)
    };
    schema.members().all(|(key, _)| of_objects.contains(&&**key) || !is_shape(key))
}

fn has(schema: &Node, keys: &[&str]) -> bool {
    keys.iter().any(|key| schema.get(key).is_some())
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anything => "anything",
            Self::Text => "text",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::List => "a list",
            Self::Object => "an object",
            Self::Union => "one of several",
            Self::Other => "a composition",
        })
    }
}
