//! One pass over the sources: what each place becomes, and under which name.
//!
//! A pass follows documentation and facts in parallel, starting at the operations, and collects for
//! each name of the facts the documented schemas in its places. The names of a schema are only
//! known at the end of a pass, so passes are repeated until the names no longer change.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use indexmap::{IndexMap, map::Entry};

use super::{
    copies::{Copies, unite},
    difference::{DifferenceKind as Told, Differences},
    names::Names,
    view::resolved,
};
use crate::{
    document::{
        Document, Key, Kind, Node, Object, Pointer, Value, insert_at, walk_part, walk_part_mut,
    },
    lower::Reach,
};

/// A documented source, repaired.
#[derive(Debug)]
pub(super) struct DocumentedSource {
    pub(super) document: Node,
    /// Whether it documents the whole API.
    pub(super) is_complete: bool,
}

/// A documented schema in a place where the facts have a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape<'a> {
    /// The index of its source.
    pub(super) source: usize,
    pub(super) schema: &'a Node,
    /// Its documented name, if it has one.
    pub(super) name: Option<&'a str>,
}

impl Shape<'_> {
    /// What tells it from others: the sources stay where they are in memory during a merge.
    pub(super) fn identity(&self) -> usize {
        std::ptr::from_ref(self.schema).addr()
    }
}

/// A schema of the result.
#[derive(Debug, Default)]
pub(super) struct Component<'a> {
    /// The documented schemas in its places, and what each becomes.
    pub(super) copies: IndexMap<usize, (Shape<'a>, Option<Node>)>,
}

/// How many documented names correspond to a name of the facts.
pub(super) type Votes = BTreeMap<(usize, String), IndexMap<String, usize>>;

#[derive(Debug)]
pub(super) struct Pass<'a> {
    pub(super) documented: &'a [DocumentedSource],
    pub(super) facts: &'a Node,
    pub(super) names: &'a Names,
    /// What the facts are called in a message.
    pub(super) against: &'static str,
    pub(super) votes: Votes,
    pub(super) components: IndexMap<String, Component<'a>>,
    pub(super) told: Differences,
    /// Components of the facts that are no schemas, by pointer.
    others: BTreeSet<Pointer>,
    queue: VecDeque<(String, Option<usize>)>,
    pub(super) reach: &'a Reach,
    /// Whether what is looked at is sent.
    pub(super) is_request: bool,
    pub(super) depth: usize,
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        documented: &'a [DocumentedSource],
        facts: &'a Node,
        names: &'a Names,
        reach: &'a Reach,
        against: &'static str,
    ) -> Self {
        Self {
            documented,
            facts,
            names,
            against,
            votes: Votes::new(),
            components: IndexMap::new(),
            told: Differences::default(),
            others: BTreeSet::new(),
            queue: VecDeque::new(),
            reach,
            is_request: false,
            depth: 0,
        }
    }

    pub(super) fn document(&self, source: usize) -> &'a Node {
        &self.documented[source].document
    }

    /// The schema of the facts that has this name.
    pub(super) fn fact(&self, name: &str) -> Option<&'a Node> {
        self.facts.at(&Pointer::to_schema(name))
    }

    /// Looks at every schema that the operations lead to, and at those that no operation of the facts
    /// leads to: they are there for their own sake.
    pub(super) fn follow(&mut self) {
        for (name, schema) in Document(self.facts).schemas() {
            if !self.reach.by_requests(name) && !self.reach.by_answers(name) {
                self.reference(schema, name, None);
            }
        }
        while let Some((name, identity)) = self.queue.pop_front() {
            match identity {
                Some(identity) => self.copy(&name, identity),
                None => {
                    let fact = self.fact(&name);
                    fact.into_iter().for_each(|fact| self.note_references(fact, Kind::Schema));
                }
            }
        }
    }

    /// What a documented schema becomes under a name.
    fn copy(&mut self, name: &str, identity: usize) {
        let Some((shape, _)) = self.components.get(name).and_then(|c| c.copies.get(&identity))
        else {
            return;
        };
        let shape = *shape;
        self.is_request = self.reach.by_requests(name);
        let node = match self.fact(name) {
            Some(fact) => self.component(shape, fact, name),
            None => self.documented_part(shape.source, shape.schema, Kind::Schema),
        };
        let copy = self.components.get_mut(name).and_then(|c| c.copies.get_mut(&identity));
        copy.into_iter().for_each(|(_, becomes)| *becomes = Some(node.clone()));
    }

    /// A reference to the schema of a name, with or without a documented schema in its place.
    pub(super) fn reference(&mut self, place: &Node, name: &str, shape: Option<Shape<'a>>) -> Node {
        let is_new = !self.components.contains_key(name);
        let component = self.components.entry(name.to_owned()).or_default();
        match shape {
            Some(shape) => {
                let identity = shape.identity();
                if let Entry::Vacant(entry) = component.copies.entry(identity) {
                    entry.insert((shape, None));
                    self.queue.push_back((name.to_owned(), Some(identity)));
                }
            }
            None if is_new => self.queue.push_back((name.to_owned(), None)),
            None => {}
        }
        let called = shape.and_then(|shape| self.names.apart(name, shape.identity()));
        Node::reference(place.place, &Pointer::to_schema(called.unwrap_or(name)))
    }

    /// A member of a part of the facts, unchanged.
    pub(super) fn facts_member(&mut self, holder: &Node, key: &str, kind: Kind) -> Option<Node> {
        let alone = alone(holder, key)?;
        self.facts_part(&alone, kind).remove(key)
    }

    /// A part of the facts, unchanged.
    pub(super) fn facts_part(&mut self, part: &Node, kind: Kind) -> Node {
        self.note_references(part, kind);
        part.clone()
    }

    /// Notes what a part of the facts leads to.
    fn note_references(&mut self, part: &Node, kind: Kind) {
        let mut targets = Vec::new();
        walk_part(part, kind, &mut |node, kind, _| {
            if kind.takes_reference() {
                targets.extend(node.reference_target().and_then(Pointer::from_reference));
            }
        });
        for target in targets {
            match target.schema_component() {
                Some(name) => drop(self.reference(part, name, None)),
                None => self.note_other(&target),
            }
        }
    }

    fn note_other(&mut self, target: &Pointer) {
        let [_, section, _] = target.tokens()[..] else {
            return;
        };
        let kind = Kind::of_section(section);
        if let (Some(kind), Some(node), true) =
            (kind, self.facts.at(target), self.others.insert(target.clone()))
        {
            self.note_references(node, kind);
        }
    }

    /// A member of a documented part for which the facts have no place.
    pub(super) fn documented_member(
        &mut self,
        source: usize,
        holder: &Node,
        key: &str,
        kind: Kind,
    ) -> Option<Node> {
        let alone = alone(holder, key)?;
        self.documented_part(source, &alone, kind).remove(key)
    }

    /// A documented part for which the facts have no place. Its schemas keep their documented names
    /// but where a name of the facts is known for them from other places.
    pub(super) fn documented_part(&mut self, source: usize, part: &Node, kind: Kind) -> Node {
        let document = self.document(source);
        let mut part = expanded(document, part, kind, 0);
        let mut targets = BTreeSet::new();
        walk_part(&part, kind, &mut |node, kind, _| match kind {
            Kind::Schema => targets.extend(schema_target(node)),
            Kind::Discriminator => {
                let mapping = node.get("mapping").into_iter().flat_map(Node::members);
                targets.extend(mapping.filter_map(|(_, target)| mapped(document, target)));
            }
            _ => {}
        });
        let called: HashMap<String, String> = targets
            .into_iter()
            .map(|name| {
                let reference = self.documented_reference(source, &name);
                (name, reference)
            })
            .collect();
        walk_part_mut(&mut part, kind, &mut |node, kind, _| match kind {
            Kind::Schema => {
                if let Some(reference) = schema_target(node).and_then(|name| called.get(&name)) {
                    let place = node.place;
                    node.set("$ref", Node::string(place, reference));
                }
            }
            Kind::Discriminator => {
                let targets = node.get_mut("mapping").into_iter().flat_map(Node::members_mut);
                for (_, target) in targets {
                    if let Some(reference) =
                        mapped(document, target).and_then(|name| called.get(&name))
                    {
                        target.value = Value::String(reference.clone());
                    }
                }
            }
            _ => {}
        });
        part
    }

    /// The reference to a documented schema in a place that the facts don't have.
    fn documented_reference(&mut self, source: usize, name: &str) -> String {
        let document = self.document(source);
        let pointer = Pointer::to_schema(name);
        let schemas: Pointer = ["components", "schemas"].into_iter().collect();
        let key = document.at(&schemas).and_then(|schemas| schemas.get_key(name));
        let (Some(schema), Some(key)) = (document.at(&pointer), key) else {
            return pointer.to_reference();
        };
        let shape = Shape { source, schema, name: Some(key) };
        let called = self.names.of_documented(source, name, |name| self.fact(name).is_some());
        let reference = self.reference(schema, &called, Some(shape));
        reference.reference_target().unwrap_or_default().to_owned()
    }

    /// The components of the result: the schemas, and what else of the facts is used.
    pub(super) fn into_components(mut self) -> (Node, Differences) {
        let mut schemas = Object::new();
        let components = std::mem::take(&mut self.components);
        for (name, component) in components {
            self.tell_apart(&name, &component);
            if component.copies.is_empty() {
                let fact = self.facts.at(&Pointer::to_schema(&name));
                fact.into_iter().for_each(|fact| {
                    insert_at(&mut schemas, usize::MAX, Key::new(fact.place, &*name), fact.clone());
                });
                continue;
            }
            for (called, copies) in self.named(&name, component) {
                if let Some(node) = self.united(&called, copies) {
                    insert_at(&mut schemas, usize::MAX, Key::new(node.place, called), node);
                }
            }
        }
        let place = self.facts.place;
        let mut sections =
            Node::object(place, [("schemas", Node::new(place, Value::Object(schemas)))]);
        for pointer in &self.others {
            if let ([_, section, name], Some(node)) =
                (&pointer.tokens()[..], self.facts.at(pointer))
                && let Some(section) = sections.object_at(section)
            {
                section.set(name, node.clone());
            }
        }
        for (name, schemes) in Document(self.facts).sections() {
            if &**name == "securitySchemes" {
                sections.set(name, schemes.clone());
            }
        }
        (sections, self.told)
    }

    /// Tells of documented schemas that can't share the name of their places.
    fn tell_apart(&mut self, name: &str, component: &Component<'a>) {
        for (identity, (shape, _)) in &component.copies {
            if let Some(called) = self.names.apart(name, *identity) {
                let problem = format!(
                    "documented in a way that `{name}` can't express: it is named `{called}`"
                );
                let fact = self.fact(name).map(|fact| fact.place);
                self.told.tell(Told::Apart, name, problem, shape.schema.place, fact);
            }
        }
    }

    /// The documented schemas of a name, by the names that they get.
    fn named(
        &self,
        name: &str,
        component: Component<'a>,
    ) -> IndexMap<String, Vec<(Shape<'a>, Node)>> {
        let mut named: IndexMap<String, Vec<(Shape<'a>, Node)>> = IndexMap::new();
        for (identity, (shape, node)) in component.copies {
            let called = self.names.apart(name, identity).unwrap_or(name);
            let node = node.unwrap_or_else(|| shape.schema.clone());
            named.entry(called.to_owned()).or_default().push((shape, node));
        }
        named
    }

    fn united(&mut self, name: &str, copies: Vec<(Shape<'a>, Node)>) -> Option<Node> {
        let mut copies = copies.into_iter();
        let (_, mut whole) = copies.next()?;
        for (shape, node) in copies {
            let mut differ = Copies::default();
            whole = unite(&whole, &node, "", &mut differ).unwrap_or(whole);
            if !differ.is_empty() {
                let place = whole.place;
                let problem = format!("documented differently elsewhere ({differ}); merged");
                self.told.tell(Told::Copies, name, problem, shape.schema.place, Some(place));
            }
        }
        Some(whole)
    }
}

/// An object with one of its members alone, so that what the others lead to is not looked at.
fn alone(holder: &Node, key: &str) -> Option<Node> {
    Some(Node::object(holder.place, [(key, holder.get(key)?.clone())]))
}

/// The schema component that a reference names.
fn schema_target(node: &Node) -> Option<String> {
    let pointer = Pointer::from_reference(node.reference_target()?)?;
    pointer.schema_component().map(str::to_owned)
}

/// The schema component that a discriminator maps to: by reference, or by its bare name.
fn mapped(document: &Node, target: &Node) -> Option<String> {
    let text = target.as_str()?;
    let by_reference = Pointer::from_reference(text)
        .and_then(|pointer| pointer.schema_component().map(str::to_owned));
    let is_name = || document.at(&Pointer::to_schema(text)).map(|_| text.to_owned());
    by_reference.or_else(is_name)
}

/// How deeply references to what is no schema may lead into one another.
const DEEPEST: usize = 16;

/// A documented part in which only references to schemas remain: the targets of all others are
/// inlined.
fn expanded(document: &Node, part: &Node, kind: Kind, depth: usize) -> Node {
    let is_other = kind.takes_reference() && kind != Kind::Schema;
    let mut part = if is_other { resolved(document, part).clone() } else { part.clone() };
    if depth > DEEPEST {
        return part;
    }
    walk_part_mut(&mut part, kind, &mut |node, kind, pointer| {
        let is_inside = *pointer != Pointer::root();
        let is_other = kind.takes_reference() && kind != Kind::Schema;
        if is_inside && is_other && node.reference_target().is_some() {
            *node = expanded(document, node, kind, depth + 1);
        }
    });
    part
}
