use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
};

use crate::document::{Node, Pointer, Value};

/// A chain of references that is longer leads in a circle.
const LONGEST_CHAIN: usize = 32;

/// What the generated code would read one schema's values as.
pub(super) struct Cover<'a> {
    document: &'a Node,
    /// Pairs of schemas that have been compared. While they are, they are taken to fit, so that
    /// schemas which hold themselves come to an end.
    known: RefCell<HashMap<(*const Node, *const Node), bool>>,
}

/// An object with all that it is composed of.
#[derive(Default)]
pub(super) struct WholeObject<'a> {
    pub(super) properties: BTreeMap<&'a str, &'a Node>,
    pub(super) required: Vec<&'a str>,
    is_closed: bool,
    pub(super) rest: Option<&'a Node>,
}

impl<'a> Cover<'a> {
    /// Of the schemas of a document.
    pub(super) fn of(document: &'a Node) -> Self {
        Self { document, known: RefCell::default() }
    }

    /// Whether the type of `outer` reads every value of `inner`.
    pub(super) fn covers(&self, outer: &'a Node, inner: &'a Node) -> bool {
        let (outer, inner) = (self.definition(outer), self.definition(inner));
        if std::ptr::eq(outer, inner) {
            return true;
        }
        let pair = (std::ptr::from_ref(outer), std::ptr::from_ref(inner));
        if let Some(known) = self.known.borrow().get(&pair) {
            return *known;
        }
        self.known.borrow_mut().insert(pair, true);
        let covers = self.covers_definition(outer, inner);
        self.known.borrow_mut().insert(pair, covers);
        covers
    }

    /// Whether every property of `inner` is one of `outer` too.
    pub(super) fn keeps_all_of(&self, outer: &'a Node, inner: &'a Node) -> bool {
        let (outer, inner) = (self.parts(outer), self.parts(inner));
        inner.properties.keys().all(|name| outer.properties.contains_key(name))
    }

    fn covers_definition(&self, outer: &'a Node, inner: &'a Node) -> bool {
        if let Some(branches) = branches(inner) {
            return branches.iter().all(|branch| self.covers(outer, branch));
        }
        if let Some(branches) = branches(outer) {
            return branches.iter().any(|branch| self.covers(branch, inner));
        }
        match (self.kind(outer), self.kind(inner)) {
            (None, _) => true,
            (Some("number"), Some("integer" | "number")) => covers_values(outer, inner),
            // A number is read of a text too: not of every text, but of some that are meant as one.
            (Some("number" | "integer"), Some("string")) => covers_values(outer, inner),
            (Some("object"), Some("object")) => self.covers_object(outer, inner),
            (Some("array"), Some("array")) => match (outer.get("items"), inner.get("items")) {
                (Some(outer), Some(inner)) => self.covers(outer, inner),
                (outer, _) => outer.is_none(),
            },
            (outer_kind, inner_kind) => outer_kind == inner_kind && covers_values(outer, inner),
        }
    }

    fn covers_object(&self, outer: &'a Node, inner: &'a Node) -> bool {
        let (outer, inner) = (self.parts(outer), self.parts(inner));
        let requires_more = outer.required.iter().any(|name| !inner.required.contains(name));
        let refuses_more = outer.is_closed
            && inner.properties.keys().any(|name| !outer.properties.contains_key(name));
        if requires_more || refuses_more {
            return false;
        }
        inner.properties.iter().all(|(name, theirs)| {
            let ours = outer.properties.get(name).copied().or(outer.rest);
            ours.is_none_or(|ours| self.covers(ours, theirs))
        })
    }

    /// The type of a schema that is written out, as it says or implies.
    pub(super) fn kind(&self, schema: &'a Node) -> Option<&'a str> {
        let is_object = schema.get("allOf").is_some() || schema.get("properties").is_some();
        schema.get_str("type").or(is_object.then_some("object"))
    }

    /// An object with all that it is composed of.
    pub(super) fn parts(&self, schema: &'a Node) -> WholeObject<'a> {
        let mut parts = WholeObject::default();
        self.add_parts(schema, LONGEST_CHAIN, &mut parts);
        parts
    }

    fn add_parts(&self, schema: &'a Node, chain: usize, parts: &mut WholeObject<'a>) {
        let schema = self.definition(schema);
        let properties = schema.get("properties").into_iter().flat_map(Node::members);
        parts.properties.extend(properties.map(|(name, node)| (&**name, node)));
        let required = schema.get("required").into_iter().flat_map(Node::items);
        parts.required.extend(required.filter_map(Node::as_str));
        match schema.get("additionalProperties").map(|rest| (rest, &rest.value)) {
            Some((_, Value::Boolean(allowed))) => parts.is_closed |= !allowed,
            Some((rest, _)) => parts.rest = Some(rest),
            None => {}
        }
        let chain = chain.saturating_sub(1);
        for part in schema.get("allOf").into_iter().flat_map(Node::items).filter(|_| chain > 0) {
            self.add_parts(part, chain, parts);
        }
    }

    /// The definition that a reference leads to, alone or as the one part of an `allOf`.
    pub(super) fn definition(&self, schema: &'a Node) -> &'a Node {
        let mut schema = schema;
        for _ in 0..LONGEST_CHAIN {
            let next = match (schema.reference_target(), schema.get("allOf")) {
                (Some(target), _) => {
                    Pointer::from_reference(target).and_then(|target| self.document.at(&target))
                }
                (None, Some(parts)) if schema.get("properties").is_none() => {
                    parts.as_array().filter(|parts| parts.len() == 1).and_then(<[Node]>::first)
                }
                _ => None,
            };
            match next {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }
}

fn branches(schema: &Node) -> Option<&[Node]> {
    schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Node::as_array)
}

/// Whether every value that the one lists is listed by the other too.
fn covers_values(outer: &Node, inner: &Node) -> bool {
    match (outer.get("enum"), inner.get("enum")) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(outer), Some(inner)) => {
            let outer = outer.as_array().unwrap_or_default();
            inner.items().all(|value| outer.contains(value))
        }
    }
}
