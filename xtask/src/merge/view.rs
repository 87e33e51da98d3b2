//! A schema as it is seen through references, and through an `allOf` of one part that only says
//! something about its place.

use crate::document::{Node, Pointer};

/// How many references may follow one another; documents with circles of them are refused later.
const LONGEST_CHAIN: usize = 32;

/// A schema at its place.
#[derive(Clone, Debug)]
pub(super) struct View<'a> {
    /// The name of the component that it is, if it is one.
    pub(super) name: Option<&'a str>,
    /// The wrappers that describe this place only, outermost first.
    pub(super) wrappers: Vec<&'a Node>,
    /// The schema itself.
    pub(super) schema: &'a Node,
}

impl<'a> View<'a> {
    /// Looks at a schema up to the first component that it names.
    pub(super) fn of(document: &'a Node, node: &'a Node) -> Self {
        Self::up_to(document, node, |view| view.name.is_some())
    }

    /// Looks through every name.
    pub(super) fn through(document: &'a Node, node: &'a Node) -> Self {
        Self::up_to(document, node, |_| false)
    }

    fn up_to(document: &'a Node, node: &'a Node, is_end: impl Fn(&Self) -> bool) -> Self {
        let mut view = Self { name: None, wrappers: Vec::new(), schema: node };
        for _ in 0..LONGEST_CHAIN {
            if is_end(&view) {
                break;
            }
            if let Some((name, target)) = target(document, view.schema) {
                view.name = view.name.or(name);
                view.schema = target;
            } else if let Some(part) = only_part(view.schema) {
                view.wrappers.push(view.schema);
                view.schema = part;
            } else {
                break;
            }
        }
        view
    }
}

/// What a reference leads to, with the name of the component if it is a schema.
fn target<'a>(document: &'a Node, node: &'a Node) -> Option<(Option<&'a str>, &'a Node)> {
    let pointer = Pointer::from_reference(node.reference_target()?)?;
    let target = document.at(&pointer)?;
    let schemas = document.get("components").and_then(|components| components.get("schemas"));
    let name = pointer.schema_component().and_then(|name| schemas?.get_key(name));
    Some((name.map(|name| &**name), target))
}

/// The only part of an `allOf`, if no other keyword restricts the values.
fn only_part(node: &Node) -> Option<&Node> {
    let [part] = node.get("allOf")?.as_array()? else {
        return None;
    };
    let is_shape = |key: &str| {
        matches!(key, "type" | "oneOf" | "anyOf" | "not") || crate::document::is_assertion(key)
    };
    node.members().all(|(key, _)| !is_shape(key)).then_some(part)
}

/// What an object of any kind is, seen through its references.
pub(super) fn resolved<'a>(document: &'a Node, node: &'a Node) -> &'a Node {
    let mut node = node;
    for _ in 0..LONGEST_CHAIN {
        match target(document, node) {
            Some((_, target)) => node = target,
            None => break,
        }
    }
    node
}
