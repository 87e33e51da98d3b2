use std::collections::{BTreeMap, BTreeSet};

use super::enums::{is_enum, is_enum_component};
use crate::document::{ALTERNATIVES, Kind, Node, Pointer, walk};

/// A chain of references that is longer leads in a circle.
const LONGEST_CHAIN: usize = 32;

/// What tells the branches of a union apart stands near their top.
const DEEPEST_TAG: usize = 4;

/// The places where an enum stays as documented.
///
/// The generator tries the branches of a union in their order and takes the first that fits. A
/// property that tells the branches apart would fit the first of them always, were it opened.
#[derive(Debug, Default)]
pub(super) struct Closed {
    /// The places, each with the reason if something is given up there.
    places: BTreeMap<Pointer, Option<&'static str>>,
}

const TELLS_APART: &str = "it tells the branches of a union apart";
const IS_NARROWED: &str = "another part of an `allOf` narrows it";

impl Closed {
    /// Looks through a document.
    pub(super) fn of(document: &Node) -> Self {
        let mut finder = Finder { document, closed: Self::default(), compared: BTreeSet::new() };
        walk(document, &mut |node, kind, pointer| {
            if kind == Kind::Schema {
                finder.look_at(node, pointer);
            }
        });
        finder.closed
    }

    /// Whether the schema at this place stays as documented.
    pub(super) fn holds(&self, pointer: &Pointer) -> bool {
        let mut outer = pointer.clone();
        loop {
            if self.places.contains_key(&outer) {
                return true;
            }
            if outer == Pointer::root() {
                return false;
            }
            outer.pop();
        }
    }

    /// The places where a documented enum fails an answer that carries a value beyond it.
    pub(super) fn given_up(&self) -> impl Iterator<Item = (&Pointer, &'static str)> {
        self.places.iter().filter_map(|(pointer, reason)| Some((pointer, (*reason)?)))
    }
}

/// The values that a schema takes.
enum Values<'a> {
    /// Those of an enum.
    Listed(Vec<&'a Node>),
    /// Others too, if this is text.
    Text,
    /// Others too.
    Any,
}

impl Values<'_> {
    /// Whether a value of the one may show that it is not of the other.
    fn tell_apart(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Listed(ours), Self::Listed(theirs)) => {
                !ours.iter().any(|value| theirs.contains(value))
            }
            (Self::Listed(_), _) | (_, Self::Listed(_)) => true,
            _ => false,
        }
    }
}

struct Finder<'a> {
    document: &'a Node,
    closed: Closed,
    /// Pairs of places that have been compared, or are being.
    compared: BTreeSet<(Pointer, Pointer, Option<String>)>,
}

impl<'a> Finder<'a> {
    fn look_at(&mut self, schema: &'a Node, at: &Pointer) {
        self.look_at_parts(schema, at);
        for union in ALTERNATIVES.into_iter().filter(|union| schema.get(union).is_some()) {
            self.look_at_union(schema, &at.join(union));
        }
    }

    /// What fits all parts is what the narrowest lists; the same goes for a property of several.
    fn look_at_parts(&mut self, schema: &'a Node, at: &Pointer) {
        let count = schema.get("allOf").into_iter().flat_map(Node::items).count();
        let parts: Vec<Pointer> =
            (0..count).map(|index| at.join("allOf").join(index.to_string())).collect();
        for (index, first) in parts.iter().enumerate().filter(|_| count > 1) {
            self.close(first, Some(IS_NARROWED));
            let ours = self.properties(first);
            for second in &parts[index + 1..] {
                for (name, theirs) in self.properties(second) {
                    if let Some(ours) = ours.get(&name).filter(|ours| **ours != theirs) {
                        self.close(ours, Some(IS_NARROWED));
                        self.close(&theirs, Some(IS_NARROWED));
                    }
                }
            }
        }
    }

    fn look_at_union(&mut self, schema: &'a Node, union: &Pointer) {
        let discriminator = schema.get("discriminator");
        let tag = discriminator.and_then(|node| node.get_str("propertyName"));
        let branches = self.branches(union);
        self.look_at_values(&branches);
        for (index, first) in branches.iter().enumerate() {
            for second in &branches[index + 1..] {
                self.compare(first, second, tag, 0);
            }
        }
    }

    /// The branches of a union, those of a union inside it in its place.
    fn branches(&self, union: &Pointer) -> Vec<Pointer> {
        let mut branches = Vec::new();
        let mut unions = vec![union.clone()];
        let mut seen = BTreeSet::new();
        while let Some(union) = unions.pop() {
            if !seen.insert(union.clone()) {
                continue;
            }
            let count = self.document.at(&union).into_iter().flat_map(Node::items).count();
            for branch in (0..count).map(|index| union.join(index.to_string())) {
                let inner = self.resolved(&branch).join("oneOf");
                if self.document.at(&inner).is_some() && !self.is_enum(&branch) {
                    unions.push(inner);
                } else {
                    branches.push(branch);
                }
            }
        }
        branches
    }

    /// One value fits one branch. Where a branch takes any text, the union is open already.
    fn look_at_values(&mut self, branches: &[Pointer]) {
        let is_open = branches.iter().any(|branch| matches!(self.values(branch), Values::Text));
        let reason = (!is_open).then_some(TELLS_APART);
        if branches.len() > 1 {
            branches.iter().for_each(|branch| self.close(branch, reason));
        }
    }

    /// Closes what tells two branches apart. A discriminator says which property that is; without
    /// one it is any that both have, or else something inside them.
    fn compare(&mut self, first: &Pointer, second: &Pointer, tag: Option<&str>, depth: usize) {
        let (one, other) = (self.resolved(first), self.resolved(second));
        let is_known = one == other || depth > DEEPEST_TAG;
        if is_known || !self.compared.insert((one, other, tag.map(str::to_owned))) {
            return;
        }
        let mut ours = self.properties(first);
        ours.retain(|name, _| tag.is_none_or(|tag| tag == name));
        let theirs = self.properties(second);
        let shared: Vec<(&Pointer, &Pointer)> =
            ours.iter().filter_map(|(name, ours)| Some((ours, theirs.get(name)?))).collect();
        let telling: Vec<_> =
            shared.iter().filter(|(a, b)| self.values(a).tell_apart(&self.values(b))).collect();
        for (ours, theirs) in &telling {
            self.close(ours, Some(TELLS_APART));
            self.close(theirs, Some(TELLS_APART));
        }
        if tag.is_none() && telling.is_empty() {
            shared.iter().for_each(|(ours, theirs)| self.compare(ours, theirs, None, depth + 1));
            self.compare_items(first, second, depth);
        }
    }

    fn compare_items(&mut self, first: &Pointer, second: &Pointer, depth: usize) {
        let items = |at: &Pointer| self.resolved(at).join("items");
        let (ours, theirs) = (items(first), items(second));
        if self.document.at(&ours).is_none() || self.document.at(&theirs).is_none() {
            return;
        }
        self.look_at_values(&[ours.clone(), theirs.clone()]);
        self.compare(&ours, &theirs, None, depth + 1);
    }

    /// The properties of a schema, and of all that it is composed of.
    fn properties(&self, at: &Pointer) -> BTreeMap<String, Pointer> {
        let mut properties = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![at.clone()];
        while let Some(at) = open.pop().map(|at| self.resolved(&at)) {
            if !seen.insert(at.clone()) {
                continue;
            }
            let Some(schema) = self.document.at(&at) else {
                continue;
            };
            let own = at.join("properties");
            for (name, _) in schema.get("properties").into_iter().flat_map(Node::members) {
                properties.entry(name.to_string()).or_insert_with(|| own.join(&**name));
            }
            let parts = schema.get("allOf").into_iter().flat_map(Node::items).count();
            open.extend((0..parts).map(|index| at.join("allOf").join(index.to_string())));
        }
        properties
    }

    /// The definition that a reference leads to, alone or as the one part of an `allOf`.
    fn resolved(&self, at: &Pointer) -> Pointer {
        let mut at = at.clone();
        for _ in 0..LONGEST_CHAIN {
            match self.next(&at) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    fn next(&self, at: &Pointer) -> Option<Pointer> {
        let node = self.document.at(at)?;
        if let Some(target) = node.reference_target() {
            return Pointer::from_reference(target);
        }
        let parts = node.get("allOf")?.as_array()?;
        let is_alias = parts.len() == 1 && node.get("properties").is_none();
        is_alias.then(|| at.join("allOf").join("0"))
    }

    /// The values that a schema takes.
    fn values(&self, at: &Pointer) -> Values<'a> {
        self.values_within(at, LONGEST_CHAIN)
    }

    fn values_within(&self, at: &Pointer, chain: usize) -> Values<'a> {
        let at = self.resolved(at);
        let Some(schema) = self.document.at(&at) else {
            return Values::Any;
        };
        if is_enum(schema) {
            return Values::Listed(schema.get("enum").into_iter().flat_map(Node::items).collect());
        }
        let branches = schema.get("oneOf").and_then(Node::as_array).map_or(0, <[Node]>::len);
        if branches == 0 || chain == 0 {
            let is_text = schema.get_str("type") == Some("string");
            return if is_text { Values::Text } else { Values::Any };
        }
        let mut listed = Vec::new();
        for branch in (0..branches).map(|index| at.join("oneOf").join(index.to_string())) {
            match self.values_within(&branch, chain - 1) {
                Values::Listed(values) => listed.extend(values),
                other => return other,
            }
        }
        Values::Listed(listed)
    }

    fn is_enum(&self, at: &Pointer) -> bool {
        matches!(self.values(at), Values::Listed(_))
    }

    /// Closes an enum, through the names that it goes by.
    fn close(&mut self, at: &Pointer, reason: Option<&'static str>) {
        if !self.is_enum(at) || self.closed.places.contains_key(at) {
            return;
        }
        self.closed.places.insert(at.clone(), reason);
        if let Some(next) = self.next(at).filter(|next| !is_enum_component(self.document, next)) {
            self.close(&next, None);
        }
    }
}
