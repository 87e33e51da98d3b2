use std::collections::BTreeMap;

use crate::document::{Node, Pointer, Value};

/// What is nested deeper is taken to fit.
const DEEPEST: usize = 5;

/// A chain of references that is longer leads in a circle.
const LONGEST_CHAIN: usize = 32;

/// What the generated code would read one schema's values as.
#[derive(Clone, Copy)]
pub(super) struct Cover<'a>(pub(super) &'a Node);

/// An object with all that it is composed of.
#[derive(Default)]
struct Parts<'a> {
    properties: BTreeMap<&'a str, &'a Node>,
    required: Vec<&'a str>,
    is_closed: bool,
    rest: Option<&'a Node>,
}

impl<'a> Cover<'a> {
    /// Whether the type of `outer` reads every value of `inner`.
    pub(super) fn covers(self, outer: &'a Node, inner: &'a Node) -> bool {
        self.covers_within(outer, inner, DEEPEST)
    }

    /// Whether every property of `inner` is one of `outer` too.
    pub(super) fn keeps_all_of(self, outer: &'a Node, inner: &'a Node) -> bool {
        let (outer, inner) = (self.parts(outer), self.parts(inner));
        inner.properties.keys().all(|name| outer.properties.contains_key(name))
    }

    fn covers_within(self, outer: &'a Node, inner: &'a Node, depth: usize) -> bool {
        let (outer, inner) = (self.definition(outer), self.definition(inner));
        if depth == 0 || std::ptr::eq(outer, inner) {
            return true;
        }
        if let Some(branches) = branches(inner) {
            return branches.iter().all(|branch| self.covers_within(outer, branch, depth - 1));
        }
        if let Some(branches) = branches(outer) {
            return branches.iter().any(|branch| self.covers_within(branch, inner, depth - 1));
        }
        match (self.kind(outer), self.kind(inner)) {
            (None, _) => true,
            (Some("number"), Some("integer" | "number")) => covers_values(outer, inner),
            (Some("object"), Some("object")) => self.covers_object(outer, inner, depth),
            (Some("array"), Some("array")) => match (outer.get("items"), inner.get("items")) {
                (Some(outer), Some(inner)) => self.covers_within(outer, inner, depth - 1),
                (outer, _) => outer.is_none(),
            },
            (outer_kind, inner_kind) => outer_kind == inner_kind && covers_values(outer, inner),
        }
    }

    fn covers_object(self, outer: &'a Node, inner: &'a Node, depth: usize) -> bool {
        let (outer, inner) = (self.parts(outer), self.parts(inner));
        let requires_more = outer.required.iter().any(|name| !inner.required.contains(name));
        let refuses_more = outer.is_closed
            && inner.properties.keys().any(|name| !outer.properties.contains_key(name));
        if requires_more || refuses_more {
            return false;
        }
        inner.properties.iter().all(|(name, theirs)| {
            let ours = outer.properties.get(name).copied().or(outer.rest);
            ours.is_none_or(|ours| self.covers_within(ours, theirs, depth - 1))
        })
    }

    fn kind(self, schema: &'a Node) -> Option<&'a str> {
        let is_object = schema.get("allOf").is_some() || schema.get("properties").is_some();
        schema.get_str("type").or(is_object.then_some("object"))
    }

    fn parts(self, schema: &'a Node) -> Parts<'a> {
        let mut parts = Parts::default();
        self.add_parts(schema, LONGEST_CHAIN, &mut parts);
        parts
    }

    fn add_parts(self, schema: &'a Node, chain: usize, parts: &mut Parts<'a>) {
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
    fn definition(self, schema: &'a Node) -> &'a Node {
        let mut schema = schema;
        for _ in 0..LONGEST_CHAIN {
            let next = match (schema.reference_target(), schema.get("allOf")) {
                (Some(target), _) => {
                    Pointer::from_reference(target).and_then(|target| self.0.at(&target))
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
