//! Unions: finds the documented branch of a value.

use serde_json::Value;

/// A documented branch of a union.
#[derive(Debug)]
pub struct Branch<U> {
    /// The JSON types it can have; empty for any.
    pub kinds: &'static [Kind],
    /// The documented values that identify it.
    pub listed: &'static [Listed],
    /// Keys that another branch requires and this one lacks: they would be lost.
    pub foreign: &'static [&'static str],
    /// Keys that another branch documents and this one lacks: it is tried after branches without them.
    pub others: &'static [&'static str],
    /// Reads a value as this branch.
    pub read: fn(&Value) -> Option<U>,
}

/// A kind of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Null.
    Null,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An array.
    List,
    /// An object.
    Object,
}

/// The documented values of a part of a branch.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Their place: keys, and `None` for every item of a list.
    pub at: &'static [Option<&'static str>],
    /// The values.
    pub values: &'static [Constant],
    /// Whether these values alone identify all branches.
    pub is_tag: bool,
}

/// A documented value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant {
    /// A string.
    Text(&'static str),
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
}

/// Reads a value as the first branch that fits, or keeps it as received. A branch that would lose
/// keys of another branch comes after those that would not.
///
/// A branch with other documented values than the received one is tried only if no other branch
/// fits, and not at all if the values identify the branches: an unknown tag is an unknown branch.
pub fn read<U>(value: Value, branches: &[Branch<U>], unknown: fn(Value) -> U) -> U {
    let fitting = || branches.iter().filter(|branch| branch.fits(&value));
    let whole = fitting().filter(|branch| !has_any(&value, branch.others));
    let lossy = fitting().filter(|branch| has_any(&value, branch.others));
    let loose = branches.iter().filter(|branch| !branch.fits(&value) && branch.may_fit(&value));
    match whole.chain(lossy).chain(loose).find_map(|branch| (branch.read)(&value)) {
        Some(read) => read,
        None => unknown(value),
    }
}

/// Whether an object has any of these keys.
fn has_any(value: &Value, keys: &[&str]) -> bool {
    value.as_object().is_some_and(|object| keys.iter().any(|key| object.contains_key(*key)))
}

impl<U> Branch<U> {
    fn fits(&self, value: &Value) -> bool {
        let is_kind = self.kinds.is_empty() || self.kinds.contains(&Kind::of(value));
        is_kind
            && self.listed.iter().all(|listed| listed.fits(value))
            && !has_any(value, self.foreign)
    }

    fn may_fit(&self, value: &Value) -> bool {
        let is_kind = match Kind::of(value) {
            _ if self.kinds.is_empty() => true,
            // Servers write numbers as text.
            Kind::Text if self.kinds.contains(&Kind::Number) => true,
            kind => self.kinds.contains(&kind),
        };
        let tells_apart = |listed: &&Listed| listed.is_tag;
        let mut tags = self.listed.iter().filter(tells_apart);
        is_kind && tags.all(|tag| tag.fits(value)) && !has_any(value, self.foreign)
    }
}

impl Listed {
    /// Whether the value at a place is documented. Absent and null decide nothing.
    fn fits(&self, value: &Value) -> bool {
        self.fits_at(value, self.at)
    }

    fn fits_at(&self, value: &Value, at: &[Option<&str>]) -> bool {
        match (at, value) {
            (_, Value::Null) => true,
            ([], value) => self.values.iter().any(|constant| constant.is(value)),
            ([Some(key), rest @ ..], Value::Object(object)) => {
                object.get(*key).is_none_or(|value| self.fits_at(value, rest))
            }
            ([None, rest @ ..], Value::Array(items)) => {
                items.iter().all(|item| self.fits_at(item, rest))
            }
            _ => true,
        }
    }
}

impl Constant {
    fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text(text), Value::String(value)) => value == text,
            (Self::Number(number), Value::Number(value)) => value.as_f64() == Some(*number),
            (Self::Boolean(boolean), Value::Bool(value)) => value == boolean,
            _ => false,
        }
    }
}

impl Kind {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use serde_json::{Value, json};

    use super::{Branch, Constant, Kind, Listed};

    #[derive(Debug, PartialEq)]
    enum Read {
        First,
        Second,
        Unknown(Value),
    }

    fn branch<U>(
        read: fn(&Value) -> Option<U>,
        listed: &'static [Listed],
        foreign: &'static [&'static str],
    ) -> Branch<U> {
        Branch { kinds: &[Kind::Object], listed, foreign, others: &[], read }
    }

    fn listed(at: &'static [Option<&'static str>], is_tag: bool, text: &'static str) -> Listed {
        let values: &'static [Constant] = match text {
            "a" => &[Constant::Text("a"), Constant::Number(1.0)],
            _ => &[Constant::Text("b"), Constant::Boolean(true)],
        };
        Listed { at, values, is_tag }
    }

    /// Reads a value of two branches, whose values at a place are listed.
    fn read(at: &'static [Option<&'static str>], is_tag: bool, value: &Value) -> Read {
        let first = [listed(at, is_tag, "a")];
        let second = [listed(at, is_tag, "b")];
        let branches = [
            branch(|_| Some(Read::First), Box::leak(Box::new(first)), &[]),
            branch(|_| Some(Read::Second), Box::leak(Box::new(second)), &["not-of-second"]),
        ];
        super::read(value.clone(), &branches, Read::Unknown)
    }

    #[test]
    fn listed_values_tell_branches_apart_wherever_they_stand() {
        let key: &[Option<&str>] = &[Some("kind")];
        for (value, expected) in [
            (json!({ "kind": "a" }), Read::First),
            (json!({ "kind": 1.0 }), Read::First),
            (json!({ "kind": "b" }), Read::Second),
            (json!({ "kind": true }), Read::Second),
        ] {
            assert_eq!(read(key, true, &value), expected, "{value}");
        }
        let deep: &[Option<&str>] = &[Some("items"), None, Some("kind")];
        let value = json!({ "items": [{ "kind": "b" }, { "kind": "b" }, { "kind": null }] });
        assert_eq!(read(deep, false, &value), Read::Second);
    }

    #[test]
    fn an_unknown_tag_is_an_unknown_branch_and_another_new_value_is_none() {
        let value = json!({ "kind": "c" });
        assert_eq!(read(&[Some("kind")], true, &value), Read::Unknown(value.clone()));
        assert_eq!(read(&[Some("kind")], false, &value), Read::First);
        assert_eq!(read(&[Some("kind")], true, &json!([])), Read::Unknown(json!([])));
    }

    #[test]
    fn a_branch_does_not_take_keys_that_it_would_lose() {
        let value = json!({ "kind": "b", "not-of-second": 1 });
        assert_eq!(read(&[Some("kind")], true, &value), Read::Unknown(value.clone()));
    }

    #[test]
    fn a_branch_that_would_lose_keys_of_another_comes_after_it() {
        let lossy = || Branch { others: &["b"], ..branch(|_| Some(Read::First), &[], &[]) };
        let whole = |read| Branch { others: &["a"], ..branch(read, &[], &[]) };
        let read = |value: Value| {
            let branches = [lossy(), whole(|_| Some(Read::Second))];
            super::read(value, &branches, Read::Unknown)
        };
        assert_eq!(read(json!({ "b": 1 })), Read::Second);
        assert_eq!(read(json!({ "a": 1 })), Read::First);
        assert_eq!(read(json!({ "a": 1, "b": 1 })), Read::First);
        assert_eq!(read(json!({})), Read::First);
        let branches = [lossy(), whole(|_| None)];
        assert_eq!(super::read(json!({ "b": 1 }), &branches, Read::Unknown), Read::First);
    }

    #[test]
    fn a_branch_that_can_not_be_read_is_read_once() {
        static READS: AtomicUsize = AtomicUsize::new(0);
        let read = |_: &Value| {
            READS.fetch_add(1, Ordering::Relaxed);
            None
        };
        let value = json!({});
        assert_eq!(
            super::read(value.clone(), &[branch(read, &[], &[])], Read::Unknown),
            Read::Unknown(value)
        );
        assert_eq!(READS.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_number_is_read_of_a_text_where_no_text_is_documented() {
        let number = || Branch { kinds: &[Kind::Number], ..branch(|_| Some(1), &[], &[]) };
        let text = Branch { kinds: &[Kind::Text], ..branch(|_| Some(2), &[], &[]) };
        assert_eq!(super::read(json!("61"), &[number(), text], |_| 0), 2);
        assert_eq!(super::read(json!("61"), &[number()], |_| 0), 1);
    }
}
