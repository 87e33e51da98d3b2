use std::collections::{BTreeMap, BTreeSet};

use super::reach::Part;
use crate::document::{ALTERNATIVES, Kind, Node, Pointer, walk_part};

/// A chain of references that is longer leads in a circle.
const LONGEST_CHAIN: usize = 32;

/// What tells the branches of a union apart stands near their top.
const DEEPEST_TAG: usize = 4;

/// The places of answers where an enum stays as documented.
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
    /// Looks through what answers carry.
    pub(super) fn of(document: &Node, parts: &[Part]) -> Self {
        let mut finder = Finder { document, closed: Self::default(), compared: BTreeSet::new() };
        for part in parts {
            let Some(node) = document.at(&part.pointer) else {
                continue;
            };
            walk_part(node, part.kind, &mut |node, kind, inner| {
                if kind == Kind::Schema {
                    finder.look_at(node, &part.pointer.concat(inner));
                }
            });
        }
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

/// The strings that a schema takes.
enum Strings<'a> {
    /// Those of an enum.
    Listed(Vec<&'a Node>),
    /// Others too.
    Any,
}

impl Strings<'_> {
    /// Whether a string of the one may show that it is not of the other.
    fn tell_apart(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Listed(ours), Self::Listed(theirs)) => {
                !ours.iter().any(|value| theirs.contains(value))
            }
            (Self::Any, Self::Any) => false,
            _ => true,
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
        if schema.get("not").is_some() {
            // What may not be has to stay what it is.
            self.closed.places.insert(at.join("not"), None);
        }
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
        self.look_at_strings(&branches);
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
                if self.document.at(&inner).is_some() && self.strings(&branch).is_none() {
                    unions.push(inner);
                } else {
                    branches.push(branch);
                }
            }
        }
        branches
    }

    /// One string fits one branch. Where a branch takes any string, the union is open already.
    fn look_at_strings(&mut self, branches: &[Pointer]) {
        let strings: Vec<(&Pointer, Strings<'a>)> =
            branches.iter().filter_map(|branch| Some((branch, self.strings(branch)?))).collect();
        let is_open = strings.iter().any(|(_, strings)| matches!(strings, Strings::Any));
        let reason = (!is_open).then_some(TELLS_APART);
        if strings.len() > 1 {
            strings.iter().for_each(|(branch, _)| self.close(branch, reason));
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
            shared.iter().filter(|(a, b)| self.strings_tell_apart(a, b)).collect();
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
        self.look_at_strings(&[ours.clone(), theirs.clone()]);
        self.compare(&ours, &theirs, None, depth + 1);
    }

    fn strings_tell_apart(&self, first: &Pointer, second: &Pointer) -> bool {
        match (self.strings(first), self.strings(second)) {
            (Some(ours), Some(theirs)) => ours.tell_apart(&theirs),
            _ => false,
        }
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

    /// The strings that a schema takes, if it takes nothing else.
    fn strings(&self, at: &Pointer) -> Option<Strings<'a>> {
        self.strings_within(at, LONGEST_CHAIN)
    }

    fn strings_within(&self, at: &Pointer, chain: usize) -> Option<Strings<'a>> {
        let at = self.resolved(at);
        let schema = self.document.at(&at)?;
        if schema.get_str("type") == Some("string") {
            return Some(match schema.get("enum") {
                Some(values) => Strings::Listed(values.items().collect()),
                None => Strings::Any,
            });
        }
        let branches = schema.get("oneOf")?.as_array()?.len();
        let chain = chain.checked_sub(1)?;
        let mut listed = Vec::new();
        for branch in (0..branches).map(|index| at.join("oneOf").join(index.to_string())) {
            match self.strings_within(&branch, chain)? {
                Strings::Listed(values) => listed.extend(values),
                Strings::Any => return Some(Strings::Any),
            }
        }
        Some(Strings::Listed(listed))
    }

    fn is_enum(&self, at: &Pointer) -> bool {
        matches!(self.strings(at), Some(Strings::Listed(_)))
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

/// Whether this is a component that is a string enum and nothing else: where it is used decides
/// whether it is opened.
pub(super) fn is_enum_component(document: &Node, at: &Pointer) -> bool {
    at.schema_component().is_some()
        && document.at(at).is_some_and(|node| is_string_enum(node) && !node.is_true("nullable"))
}

/// Whether the schema is an enum of strings.
pub(super) fn is_string_enum(schema: &Node) -> bool {
    schema.get_str("type") == Some("string") && schema.get("enum").is_some()
}
