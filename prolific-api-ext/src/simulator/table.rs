//! A table of objects of one kind.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::answer::Refusal;

/// Objects by id, in the order of creation.
#[derive(Debug)]
pub(super) struct Table {
    what: &'static str,
    made: usize,
    numbers: HashMap<String, usize>,
    rows: BTreeMap<usize, (String, Value)>,
}

impl Table {
    /// An empty table; `what` names its objects in errors.
    pub(super) fn of(what: &'static str) -> Self {
        Self { what, made: 0, numbers: HashMap::new(), rows: BTreeMap::new() }
    }

    /// Appends an object; returns it.
    pub(super) fn add(&mut self, id: &str, object: Value) -> &mut Value {
        self.made += 1;
        self.numbers.insert(id.to_owned(), self.made);
        &mut self.rows.entry(self.made).or_insert((id.to_owned(), object)).1
    }

    pub(super) fn get(&self, id: &str) -> Option<&Value> {
        let number = self.numbers.get(id)?;
        self.rows.get(number).map(|(_, object)| object)
    }

    /// Finds an object by id.
    ///
    /// # Errors
    ///
    /// 404.
    pub(super) fn named(&self, id: &str) -> Result<&Value, Refusal> {
        self.get(id).ok_or_else(|| Refusal::not_found(self.what))
    }

    /// Finds an object by id, for changes.
    ///
    /// # Errors
    ///
    /// 404.
    pub(super) fn named_mut(&mut self, id: &str) -> Result<&mut Value, Refusal> {
        let number = self.numbers.get(id);
        let object = number.and_then(|number| self.rows.get_mut(number));
        object.map(|(_, object)| object).ok_or_else(|| Refusal::not_found(self.what))
    }

    /// Removes an object.
    ///
    /// # Errors
    ///
    /// 404.
    pub(super) fn remove(&mut self, id: &str) -> Result<Value, Refusal> {
        let number = self.numbers.remove(id);
        let object = number.and_then(|number| self.rows.remove(&number));
        object.map(|(_, object)| object).ok_or_else(|| Refusal::not_found(self.what))
    }

    /// The objects, oldest first.
    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.rows.values().map(|(_, object)| object)
    }

    /// The objects for changes, oldest first.
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.rows.values_mut().map(|(_, object)| object)
    }

    /// The ids, oldest first.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.rows.values().map(|(id, _)| id.as_str())
    }

    /// The objects with this value in a field, oldest first.
    pub(super) fn of_field<'a>(
        &'a self,
        field: &'a str,
        value: &'a str,
    ) -> impl DoubleEndedIterator<Item = &'a Value> {
        self.values().filter(move |object| object[field] == value)
    }
}

/// Replaces members of an object.
pub(super) fn extend(object: &mut Value, members: Value) {
    if let (Value::Object(object), Value::Object(members)) = (object, members) {
        object.extend(members);
    }
}

/// The members of a body that may be set.
pub(super) fn picked(body: &Value, names: &[&str]) -> Value {
    let members = names.iter().filter_map(|name| Some((*name, body.get(*name)?)));
    members.map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

/// An object as the API shows it: without the simulator's internal members, whose names begin with
/// a tilde.
pub(super) fn shown(object: &Value) -> Value {
    let Value::Object(members) = object else { return object.clone() };
    let members = members.iter().filter(|(name, _)| !name.starts_with('~'));
    members.map(|(name, value)| (name.clone(), value.clone())).collect()
}
