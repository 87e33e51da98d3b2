use std::{borrow::Borrow, fmt, ops::Deref};

use indexmap::IndexMap;
use serde::{Serialize, Serializer};

use super::{Place, Pointer};

/// A JSON value and where it was written.
///
/// Nodes are equal if their values are, regardless of their places and of the order of their
/// members.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value begins.
    pub place: Place,
    /// The value.
    pub value: Value,
}

/// The value of a [`Node`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number.
    Number(serde_json::Number),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// A mapping.
    Object(Object),
}

/// The members of a mapping, in the order they were written.
pub type Object = IndexMap<Key, Node>;

/// Inserts a member at a position, or at the end if there are fewer. Replaces a member of that
/// name, which unchecked documents may have.
pub fn insert_at(members: &mut Object, position: usize, key: Key, node: Node) {
    members.shift_remove(&key);
    let position = position.min(members.len());
    members.shift_insert(position, key, node);
}

/// The key of a member. Keys are equal when their texts are.
#[derive(Clone, Debug)]
pub struct Key {
    text: String,
    /// Where the key begins.
    pub place: Place,
}

impl Key {
    /// A key written at `place`.
    pub fn new(place: Place, text: impl Into<String>) -> Self {
        Self { text: text.into(), place }
    }
}

impl Node {
    /// A value written at `place`.
    pub fn new(place: Place, value: Value) -> Self {
        Self { place, value }
    }

    /// A string.
    pub fn string(place: Place, text: impl Into<String>) -> Self {
        Self::new(place, Value::String(text.into()))
    }

    /// A list.
    pub fn array(place: Place, items: impl IntoIterator<Item = Node>) -> Self {
        Self::new(place, Value::Array(items.into_iter().collect()))
    }

    /// A mapping whose keys have its own place.
    pub fn object<'a>(place: Place, members: impl IntoIterator<Item = (&'a str, Node)>) -> Self {
        let members = members.into_iter().map(|(key, node)| (Key::new(place, key), node));
        Self::new(place, Value::Object(members.collect()))
    }

    /// A `$ref` to `pointer`.
    pub fn reference(place: Place, pointer: &Pointer) -> Self {
        Self::object(place, [("$ref", Self::string(place, pointer.to_reference()))])
    }

    /// The members, if this is a mapping.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The members, if this is a mapping.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match &mut self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar, or a list of such, as a reader would write it.
    pub fn as_text(&self) -> Option<String> {
        match &self.value {
            Value::Null | Value::Object(_) => None,
            Value::Boolean(value) => Some(value.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(text.clone()),
            Value::Array(items) => {
                let texts: Option<Vec<String>> = items.iter().map(Self::as_text).collect();
                texts.map(|texts| texts.join(", "))
            }
        }
    }

    /// The members, empty if this is not a mapping.
    pub fn members(&self) -> impl Iterator<Item = (&Key, &Node)> {
        self.as_object().into_iter().flatten()
    }

    /// The members, empty if this is not a mapping.
    pub fn members_mut(&mut self) -> impl Iterator<Item = (&Key, &mut Node)> {
        self.as_object_mut().into_iter().flatten()
    }

    /// The items, empty if this is not a list.
    pub fn items(&self) -> impl Iterator<Item = &Node> {
        self.as_array().into_iter().flatten()
    }

    /// The member called `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_object()?.get(key)
    }

    /// The key of the member called `key`, which knows where it was written.
    pub fn get_key(&self, key: &str) -> Option<&Key> {
        self.as_object()?.get_key_value(key).map(|(key, _)| key)
    }

    /// The member called `key`.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.as_object_mut()?.get_mut(key)
    }

    /// The text of the member called `key`.
    pub fn get_str(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// Whether the member called `key` is `true`.
    pub fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(|node| node.value == Value::Boolean(true))
    }

    /// The target of a reference, if this is one.
    pub fn reference_target(&self) -> Option<&str> {
        self.get_str("$ref")
    }

    /// The node that a pointer names.
    pub fn at(&self, pointer: &Pointer) -> Option<&Node> {
        pointer.tokens().into_iter().try_fold(self, |node, token| match &node.value {
            Value::Object(members) => members.get(token),
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The node that a pointer names.
    pub fn at_mut(&mut self, pointer: &Pointer) -> Option<&mut Node> {
        pointer.tokens().into_iter().try_fold(self, |node, token| match &mut node.value {
            Value::Object(members) => members.get_mut(token),
            Value::Array(items) => items.get_mut(token.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Sets a member of a mapping, which keeps its position if it is there already, and says whether
    /// this is a mapping: of anything else nothing is changed.
    pub fn set(&mut self, key: &str, node: Node) -> bool {
        let place = node.place;
        match self.as_object_mut() {
            Some(members) => {
                members.insert(Key::new(place, key), node);
                true
            }
            None => false,
        }
    }

    /// Takes a member out of a mapping; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        self.as_object_mut()?.shift_remove(key)
    }

    /// Calls the member `old` by another name; it keeps its position and its key's place. Returns
    /// `false`, and does nothing, where there is no such member, or one of the new name already.
    pub fn rename(&mut self, old: &str, new: &str) -> bool {
        let Some(members) = self.as_object_mut().filter(|members| !members.contains_key(new))
        else {
            return false;
        };
        let Some((at, key, _)) = members.get_full(old) else {
            return false;
        };
        let key = Key::new(key.place, new);
        let Some((_, node)) = members.shift_remove_index(at) else {
            return false;
        };
        insert_at(members, at, key, node);
        true
    }

    /// The member called `key` as a mapping, which is put there if there is none.
    pub fn object_at(&mut self, key: &str) -> Option<&mut Node> {
        let place = self.place;
        Some(
            self.as_object_mut()?
                .entry(Key::new(place, key))
                .or_insert_with(|| Node::object(place, [])),
        )
    }

    /// What this is, for a message: `a list`, `a string`.
    pub fn description(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Boolean(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "a mapping",
        }
    }

    /// Changes every place of this tree.
    pub fn relocate(&mut self, new_place: &impl Fn(Place) -> Place) {
        self.place = new_place(self.place);
        match &mut self.value {
            Value::Array(items) => items.iter_mut().for_each(|item| item.relocate(new_place)),
            Value::Object(members) => {
                *members = std::mem::take(members)
                    .into_iter()
                    .map(|(mut key, mut node)| {
                        key.place = new_place(key.place);
                        node.relocate(new_place);
                        (key, node)
                    })
                    .collect();
            }
            _ => {}
        }
    }

    /// This tree as pretty-printed JSON with a final line break.
    ///
    /// # Errors
    ///
    /// None of a tree that was read from text: every value of it is JSON.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|json| json + "\n")
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl Deref for Key {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null => serializer.serialize_unit(),
            Value::Boolean(value) => serializer.serialize_bool(*value),
            Value::Number(number) => number.serialize(serializer),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(items) => serializer.collect_seq(items),
            Value::Object(members) => serializer.collect_map(members),
        }
    }
}
