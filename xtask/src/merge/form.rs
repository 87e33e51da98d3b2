//! What kind of values a schema is of, as far as two sources can disagree about it.

use std::fmt;

use crate::document::{Node, type_of};

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
    /// The form of a schema that is no reference.
    pub(super) fn of(schema: &Node) -> Self {
        if schema.get("oneOf").or(schema.get("anyOf")).is_some() {
            return Self::Union;
        }
        match schema.get_str("type") {
            Some(name) => Self::of_type(name),
            None if has(schema, &["properties", "additionalProperties", "allOf"]) => Self::Object,
            None if has(schema, &["items"]) => Self::List,
            None => {
                let first = schema.get("enum").and_then(|values| values.items().next());
                first.map_or(Self::of_rest(schema), |value| Self::of_type(type_of(value)))
            }
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
