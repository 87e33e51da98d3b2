//! Several documented schemas of one name: what one type can say is united.

use std::fmt;

use indexmap::IndexSet;

use super::form::Form;
use crate::document::{Key, Node, Object, Place, Value};

/// What differs between schemas that are united, in words.
#[derive(Debug, Default)]
pub(super) struct Copies(IndexSet<String>);

impl Copies {
    fn tell(&mut self, at: &str, what: impl fmt::Display) {
        let at = if at.is_empty() { String::new() } else { format!("`{at}` ") };
        self.0.insert(format!("{at}{what}"));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Copies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<&str> = self.0.iter().map(String::as_str).collect();
        f.write_str(&all.join(", "))
    }
}

/// The schema that says what both say: all values of enums that may get more, all properties,
/// required where both require them. None where no one type can.
pub(super) fn unite(a: &Node, b: &Node, at: &str, told: &mut Copies) -> Option<Node> {
    if shape_of(a) == shape_of(b) {
        return Some(with_words_of(a, b));
    }
    if let (Some(target), Some(other)) = (only_reference(a), only_reference(b)) {
        return (target == other).then(|| wrapped(a, b));
    }
    let (form, other) = (Form::of(a), Form::of(b));
    if !form.agrees_with(other) || only_reference(a).is_some() != only_reference(b).is_some() {
        return None;
    }
    let mut members = Object::new();
    let keys: IndexSet<&Key> = a.members().chain(b.members()).map(|(key, _)| key).collect();
    for key in keys {
        let united = match (&**key, a.get(key), b.get(key)) {
            ("required", ..) => required(a, b, at, told),
            ("properties", Some(a), Some(b)) => Some(properties(a, b, at, told)?),
            ("enum", a, b) => Some(values(a?, b?, at, told)?),
            ("type", Some(a), Some(b)) if a != b && form != Form::Union => {
                told.tell(at, "is an integer or a number");
                Some(Node::string(a.place, "number"))
            }
            ("items", Some(a), Some(b)) => Some(unite(a, b, &format!("{at}[]"), told)?),
            ("additionalProperties", Some(a), Some(b)) if a != b => Some(unite(a, b, at, told)?),
            ("oneOf" | "anyOf", Some(a), Some(b)) if a != b => Some(branches(a, b, at, told)?),
            ("oneOf" | "anyOf" | "allOf", a, b) if a != b => return None,
            ("nullable" | "deprecated", a, b) => a.or(b).cloned(),
            (key, a, b) if is_words(key) => a.or(b).cloned(),
            ("format", Some(a), Some(b)) if a != b => return None,
            ("format" | "properties" | "items" | "additionalProperties" | "type", a, b) => {
                a.or(b).cloned()
            }
            // A bound that only one of them has, or that differs, is none of both.
            (_, Some(a), Some(b)) if a == b => Some(a.clone()),
            _ => None,
        };
        if let Some(united) = united {
            members.insert(key.clone(), united);
        }
    }
    Some(Node::new(a.place, Value::Object(members)))
}

fn properties(a: &Node, b: &Node, at: &str, told: &mut Copies) -> Option<Node> {
    let mut all = Object::new();
    let names: IndexSet<&Key> = a.members().chain(b.members()).map(|(name, _)| name).collect();
    for name in names {
        let inner = if at.is_empty() { name.to_string() } else { format!("{at}.{name}") };
        let property = match (a.get(name), b.get(name)) {
            (Some(a), Some(b)) => unite(a, b, &inner, told)?,
            (one, other) => {
                told.tell(&inner, "exists in some of them");
                one.or(other)?.clone()
            }
        };
        all.insert(name.clone(), property);
    }
    Some(Node::new(a.place, Value::Object(all)))
}

fn required(a: &Node, b: &Node, at: &str, told: &mut Copies) -> Option<Node> {
    let names = |node: &Node| -> IndexSet<String> {
        let names = node.get("required").into_iter().flat_map(Node::items);
        names.filter_map(Node::as_str).map(str::to_owned).collect()
    };
    let (ours, theirs) = (names(a), names(b));
    for name in ours.symmetric_difference(&theirs) {
        let inner = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        told.tell(&inner, "is required in some of them");
    }
    let both: Vec<Node> =
        ours.intersection(&theirs).map(|name| Node::string(a.place, name)).collect();
    (!both.is_empty()).then(|| Node::array(a.place, both))
}

/// The values of both. A list without an end takes part in no enum.
fn values(a: &Node, b: &Node, at: &str, told: &mut Copies) -> Option<Node> {
    let mut all: Vec<Node> = a.items().cloned().collect();
    let more: Vec<&Node> = b.items().filter(|value| !all.contains(value)).collect();
    let fewer = a.items().filter(|value| !b.items().any(|other| other == *value));
    let some: Vec<String> = more.iter().copied().chain(fewer).filter_map(Node::as_text).collect();
    if !some.is_empty() {
        told.tell(at, format!("has {} in some of them", some.join(", ")));
    }
    all.extend(more.into_iter().cloned());
    Some(Node::array(a.place, all))
}

/// The branches of both, if unequal ones can be distinguished by their form.
fn branches(a: &Node, b: &Node, at: &str, told: &mut Copies) -> Option<Node> {
    let mut all: Vec<Node> = a.items().cloned().collect();
    for branch in b.items() {
        let equal = all.iter().position(|other| shape_of(other) == shape_of(branch));
        if equal.is_some() {
            continue;
        }
        let form = Form::of(branch);
        let is_scalar = matches!(form, Form::Text | Form::Integer | Form::Number | Form::Boolean);
        let is_apart = is_scalar && all.iter().all(|other| Form::of(other) != form);
        if !is_apart {
            return None;
        }
        told.tell(at, format!("is {form} in some of them"));
        all.push(branch.clone());
    }
    Some(Node::array(a.place, all))
}

/// Where a schema leads that is a reference, or an `allOf` of one with words.
fn only_reference(node: &Node) -> Option<&str> {
    let part = match node.get("allOf").and_then(Node::as_array) {
        Some([part]) => part,
        _ => node,
    };
    part.reference_target()
}

/// Two references to one schema, with the words and the null of both.
fn wrapped(a: &Node, b: &Node) -> Node {
    let (wrapper, bare) = if a.get("allOf").is_some() { (a, b) } else { (b, a) };
    let mut wrapper = wrapper.clone();
    for (key, node) in bare.members().filter(|(key, _)| !matches!(&***key, "allOf" | "$ref")) {
        if wrapper.get(key).is_none() {
            wrapper.set(key, node.clone());
        }
    }
    wrapper
}

fn with_words_of(a: &Node, b: &Node) -> Node {
    let mut whole = a.clone();
    for (key, node) in b.members().filter(|(key, _)| is_words(key)) {
        if whole.get(key).is_none() {
            whole.set(key, node.clone());
        }
    }
    whole
}

/// Whether a member says nothing of what values are.
pub(super) fn is_words(key: &str) -> bool {
    matches!(key, "description" | "title" | "example" | "externalDocs" | "deprecated")
        || key.starts_with("x-")
}

/// A schema without its words.
fn shape_of(node: &Node) -> Node {
    let value = match &node.value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(key, _)| !is_words(key))
                .map(|(key, node)| {
                    // The names of properties are no keywords.
                    let inner = match (&**key, &node.value) {
                        ("properties", Value::Object(properties)) => Node::new(
                            Place::default(),
                            Value::Object(
                                properties
                                    .iter()
                                    .map(|(name, property)| (name.clone(), shape_of(property)))
                                    .collect(),
                            ),
                        ),
                        ("enum" | "default" | "required", _) => node.clone(),
                        _ => shape_of(node),
                    };
                    (key.clone(), inner)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(shape_of).collect()),
        value => value.clone(),
    };
    Node::new(Place::default(), value)
}
