//! Scalars without quotes where the grammar has text, such as `version: 1.10`: YAML takes them for
//! numbers and booleans, and they are what was written.

use crate::document::{Kind, Node, Shape, Value, walk_mut};

/// Reads numbers and booleans as the texts that they were written as, where a text is expected, and
/// where the schema that has them as its values is of strings. `written` gives the text of a node.
pub(super) fn keep_texts<'a>(document: &mut Node, written: impl Fn(&Node) -> &'a str) {
    let keep = |node: &mut Node| {
        let text = written(node);
        let is_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if is_plain && matches!(node.value, Value::Number(_) | Value::Boolean(_)) {
            node.value = Value::String(text.to_owned());
        }
    };
    walk_mut(document, &mut |node, kind, _| {
        let is_of_strings = kind == Kind::Schema && is_of_strings(node);
        for (key, member) in node.members_mut() {
            match (kind.walked_shape_of(key), &mut member.value) {
                (Some(Shape::Text), _) => keep(member),
                (Some(Shape::TextList | Shape::Names), Value::Array(items)) => {
                    items.iter_mut().for_each(keep);
                }
                (Some(Shape::TextMap), Value::Object(texts)) => texts.values_mut().for_each(keep),
                _ if !is_of_strings || !VALUES.contains(&&**key) => {}
                (_, Value::Array(items)) => items.iter_mut().for_each(keep),
                _ => keep(member),
            }
        }
    });
}

/// The keywords that have values of their schema.
const VALUES: [&str; 5] = ["const", "default", "enum", "example", "examples"];

/// Whether a schema is of strings, and of nothing else but null.
fn is_of_strings(schema: &Node) -> bool {
    let Some(types) = schema.get("type") else {
        return false;
    };
    let mut names = types.items().filter(|name| name.as_str() != Some("null")).peekable();
    types.as_str() == Some("string")
        || names.peek().is_some() && names.all(|name| name.as_str() == Some("string"))
}
