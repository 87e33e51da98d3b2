use std::collections::BTreeMap;

use crate::{
    document::{Key, Kind, Node, Object, Value, field_name, walk_mut},
    rule::{Context, Example, Rule},
};

/// Properties that would be one field in Rust get names that are spelled out.
pub(super) const RULE: Rule = Rule {
    name: "property-names",
    summary: "where properties would be one field in Rust, all but the plainest name are spelled \
              out; the client still sends and reads the documented names",
    reason: "The generator drops punctuation and case: `_id` and `id` would both be `id`.",
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
      required: ['\u{E000}underscore\u{E000}id']
      properties:
        \u{E000}underscore\u{E000}id: {type: string}
        id: {type: string}
",
    },
    apply,
};

/// Stands around what is spelled out. A character of private use: no document has it.
const MARK: char = '\u{E000}';

const SPELLED: [(char, &str); 12] = [
    ('_', "underscore"),
    ('-', "minus"),
    ('+', "plus"),
    ('.', "dot"),
    (',', "comma"),
    (':', "colon"),
    ('/', "slash"),
    ('@', "at"),
    ('$', "dollar"),
    ('#', "hash"),
    ('*', "star"),
    (' ', "space"),
];

const CAPITAL: &str = "capital ";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        let names = if kind == Kind::Schema { falling_together(node) } else { BTreeMap::new() };
        for name in names.keys() {
            context.changed(format!("{name} of {pointer}"));
        }
        if !names.is_empty() {
            rename(node, &names);
        }
    });
}

/// The properties that share their field with another one, and how each is spelled out.
fn falling_together(schema: &Node) -> BTreeMap<String, String> {
    let mut fields: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, _) in schema.get("properties").into_iter().flat_map(Node::members) {
        fields.entry(field_name(name)).or_default().push(name);
    }
    let mut names = BTreeMap::new();
    for (field, mut properties) in fields {
        // The one that is called like the field stays, or else the first.
        properties.sort_by_key(|name| (**name != field, name.to_owned()));
        for name in properties.into_iter().skip(1) {
            names.insert(name.to_owned(), spelled_out(name));
        }
    }
    names
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

fn spelled_out(name: &str) -> String {
    let spelled = name.chars().map(|c| match SPELLED.iter().find(|(known, _)| *known == c) {
        Some((_, word)) => format!("{MARK}{word}{MARK}"),
        None if c.is_ascii_uppercase() => {
            format!("{MARK}{CAPITAL}{}{MARK}", c.to_ascii_lowercase())
        }
        None => c.to_string(),
    });
    spelled.collect()
}

/// A text in which every name is the documented one again; none where it holds no other.
pub(crate) fn restored(text: &str) -> Option<String> {
    if !text.contains(MARK) {
        return None;
    }
    let parts = text.split(MARK).enumerate();
    Some(
        parts.map(|(index, part)| if index % 2 == 0 { part.into() } else { meant(part) }).collect(),
    )
}

fn meant(word: &str) -> String {
    let capital = word.strip_prefix(CAPITAL).map(str::to_ascii_uppercase);
    let known = SPELLED.iter().find(|(_, known)| *known == word);
    capital.or_else(|| known.map(|(c, _)| c.to_string())).unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{restored, spelled_out};

    #[test]
    fn what_is_spelled_out_is_restored() {
        for name in ["_id", "userId", "a.b-c+d", "$ref", "plain"] {
            let spelled = spelled_out(name);
            assert_eq!(restored(&spelled).unwrap_or(spelled), name);
        }
        assert_eq!(restored("no mark"), None);
        let text = format!("names: {}, {}.", spelled_out("_id"), spelled_out("Id"));
        assert_eq!(restored(&text).as_deref(), Some("names: _id, Id."));
    }
}
