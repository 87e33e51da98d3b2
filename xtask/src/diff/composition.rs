use std::collections::{HashMap, HashSet, VecDeque};

use indexmap::{IndexMap, IndexSet};

use super::{
    comparison::{Comparison, address, resolve},
    rule::{
        BRANCH_REQUIREMENT_CHANGED, COMPOSITION_CHANGED, PROPERTY_ADDED, PROPERTY_BECAME_OPTIONAL,
        PROPERTY_BECAME_REQUIRED, PROPERTY_REMOVED, READ_ONLY_ADDED, READ_ONLY_REMOVED,
        REQUIRED_PROPERTY_ADDED, TYPE_CHANGED, VARIANT_ADDED, VARIANT_REMOVED, WRITE_ONLY_ADDED,
        WRITE_ONLY_REMOVED,
    },
    schema::{Use, named},
    site::{Sides, Site, code},
};
use crate::document::{Node, Pointer};

/// The properties of an object, those of its parts among them.
#[derive(Default)]
struct Members<'a> {
    properties: IndexMap<&'a str, &'a Node>,
    required: IndexSet<&'a str>,
}

/// The parts of an `allOf`, taken apart.
#[derive(Default)]
struct Parts<'a> {
    inline: Vec<&'a Node>,
    references: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(schema: &'a Node) -> Self {
        let mut parts = Self::default();
        let mut queue = VecDeque::from([schema]);
        while let Some(next) = queue.pop_front() {
            for part in next.get("allOf").into_iter().flat_map(Node::items) {
                match part.reference_target() {
                    Some(target) => parts.references.push(target),
                    None => {
                        parts.inline.push(part);
                        queue.push_back(part);
                    }
                }
            }
        }
        parts
    }
}

impl<'a> Comparison<'a> {
    /// Compares the properties of two objects, those of the parts of an `allOf` among them: a
    /// property may move from one part to another. What a part has that both refer to is compared
    /// at that component.
    pub(super) fn composed(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let (from, to) = (Parts::of(old), Parts::of(new));
        let (removed, added) = self.unmatched(&from.references, &to.references);
        let known = self.count();
        let olds = members(self.old, old, &from, &removed);
        let news = members(self.new, new, &to, &added);
        self.members(site, &olds, &news);
        self.inline_parts(site, &from.inline, &to.inline);
        let is_plain = |document: &'a Node, reference: &&'a str| {
            let part = resolve_reference(document, reference);
            part.is_some_and(is_plain_object)
        };
        let plain = removed.iter().all(|reference| is_plain(self.old, reference))
            && added.iter().all(|reference| is_plain(self.new, reference));
        if !plain && self.count() == known {
            let told = |references: &[&str]| match references {
                [] => "nothing".to_owned(),
                all => all.iter().map(|one| named(one)).collect::<Vec<_>>().join(", "),
            };
            let what = format!("combines {} instead of {}", told(&added), told(&removed));
            self.note(site, &COMPOSITION_CHANGED, what);
        }
    }

    /// The references that have no counterpart on the other side.
    fn unmatched(&mut self, old: &[&'a str], new: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
        let rest = |all: &[&'a str], others: &[&'a str]| -> Vec<&'a str> {
            let others: HashSet<&str> = others.iter().copied().collect();
            all.iter().filter(|one| !others.contains(**one)).copied().collect()
        };
        let (mut removed, mut added) = (rest(old, new), rest(new, old));
        removed.retain(|from| match added.iter().position(|to| self.is_same_schema(from, to)) {
            Some(at) => {
                added.remove(at);
                false
            }
            None => true,
        });
        (removed, added)
    }

    fn inline_parts(&mut self, site: &Site, old: &[&'a Node], new: &[&'a Node]) {
        for (old, new) in old.iter().zip(new) {
            self.aspects(site, old, new);
        }
        let (longer, common) =
            (if old.len() > new.len() { old } else { new }, old.len().min(new.len()));
        if longer[common..].iter().any(|part| !is_plain_object(part)) {
            self.note(site, &COMPOSITION_CHANGED, "combines a different number of parts");
        }
    }

    fn members(&mut self, site: &Site, old: &Members<'a>, new: &Members<'a>) {
        for (name, property) in &old.properties {
            let was_required = old.required.contains(name);
            match new.properties.get(name) {
                None => {
                    let site = with_flags_of(site, property);
                    self.note(&site, &PROPERTY_REMOVED, format!("property {} removed", code(name)));
                }
                Some(there) => {
                    let inside = with_flags_of(&site.property(name), property);
                    self.flags(&site.property(name), property, there);
                    self.requirement(
                        &inside.clone().in_branch(site.is_branch),
                        was_required,
                        new.required.contains(name),
                    );
                    self.schema(&inside, property, there);
                }
            }
        }
        for (name, property) in
            new.properties.iter().filter(|(name, _)| !old.properties.contains_key(*name))
        {
            let (rule, what) = if new.required.contains(name) {
                (&REQUIRED_PROPERTY_ADDED, "required property")
            } else {
                (&PROPERTY_ADDED, "property")
            };
            let site = with_flags_of(site, property);
            self.note(&site, rule, format!("{what} {} added", code(name)));
        }
        self.requirements_without_a_property(site, old, new);
    }

    fn requirements_without_a_property(
        &mut self,
        site: &Site,
        old: &Members<'a>,
        new: &Members<'a>,
    ) {
        let is_listed =
            |name: &&str| old.properties.contains_key(*name) || new.properties.contains_key(*name);
        for name in old.required.union(&new.required).filter(|name| !is_listed(name)) {
            let inside = site.property(name).in_branch(site.is_branch);
            self.requirement(&inside, old.required.contains(name), new.required.contains(name));
        }
    }

    fn requirement(&mut self, site: &Site, was: bool, is: bool) {
        let (rule, what) = match (was, is) {
            (false, true) => (&PROPERTY_BECAME_REQUIRED, "became required"),
            (true, false) => (&PROPERTY_BECAME_OPTIONAL, "became optional"),
            _ => return,
        };
        let rule = if site.is_branch { &BRANCH_REQUIREMENT_CHANGED } else { rule };
        self.note(site, rule, what);
    }

    fn flags(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let flags = [
            ("readOnly", "read-only", &READ_ONLY_ADDED, &READ_ONLY_REMOVED),
            ("writeOnly", "write-only", &WRITE_ONLY_ADDED, &WRITE_ONLY_REMOVED),
        ];
        for (key, word, added, removed) in flags {
            match (old.is_true(key), new.is_true(key)) {
                (false, true) => self.note(site, added, format!("became {word}")),
                (true, false) => self.note(site, removed, format!("is no longer {word}")),
                _ => {}
            }
        }
    }

    /// Compares the branches of two unions.
    pub(super) fn union(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let branches = |schema: &'a Node| {
            let found =
                ["oneOf", "anyOf"].into_iter().find_map(|key| Some((key, schema.get(key)?)));
            found.map(|(key, list)| (key, list.items().collect::<Vec<_>>()))
        };
        match (branches(old), branches(new)) {
            (None, None) => {}
            (Some((old_key, old)), Some((new_key, new))) if old_key == new_key => {
                self.branches(site, old, new);
            }
            (from, to) => {
                let told =
                    |side: Option<(&str, _)>| side.map_or("none".to_owned(), |(key, _)| code(key));
                let what = format!("union {} → {}", told(from), told(to));
                self.note(site, &TYPE_CHANGED, what);
            }
        }
    }

    fn branches(&mut self, site: &Site, old: Vec<&'a Node>, new: Vec<&'a Node>) {
        let references = |branches: &[&'a Node]| -> Vec<&'a str> {
            branches.iter().filter_map(|branch| Use::of(branch).reference()).collect()
        };
        let (removed, added) = self.unmatched(&references(&old), &references(&new));
        for reference in removed {
            self.note(site, &VARIANT_REMOVED, format!("variant {} removed", named(reference)));
        }
        for reference in added {
            self.note(site, &VARIANT_ADDED, format!("variant {} added", named(reference)));
        }
        let inline = |branches: Vec<&'a Node>| -> Vec<&'a Node> {
            branches.into_iter().filter(|branch| Use::of(branch).reference().is_none()).collect()
        };
        self.inline_branches(site, inline(old), inline(new));
    }

    /// Unnamed branches correspond if they are equal, or if they have the same name or, with equal
    /// numbers on both sides, the same position.
    fn inline_branches(&mut self, site: &Site, mut old: Vec<&'a Node>, mut new: Vec<&'a Node>) {
        let json = |branch: &Node| serde_json::to_string(branch).unwrap_or_default();
        let mut pairs = paired(&mut old, &mut new, json);
        pairs.extend(paired(&mut old, &mut new, title));
        if old.len() == new.len() {
            pairs.extend(std::mem::take(&mut old).into_iter().zip(std::mem::take(&mut new)));
        }
        for (old, new) in pairs {
            self.schema(&site.branch(&title(new)), old, new);
        }
        for branch in old {
            self.note(site, &VARIANT_REMOVED, format!("variant {} removed", code(&title(branch))));
        }
        for branch in new {
            self.note(site, &VARIANT_ADDED, format!("variant {} added", code(&title(branch))));
        }
    }
}

/// Takes the nodes out of two lists that have the same key.
fn paired<'a>(
    old: &mut Vec<&'a Node>,
    new: &mut Vec<&'a Node>,
    key: impl Fn(&Node) -> String,
) -> Vec<(&'a Node, &'a Node)> {
    let mut there: HashMap<String, VecDeque<&'a Node>> = HashMap::new();
    new.iter().for_each(|node| there.entry(key(node)).or_default().push_back(node));
    let mut pairs = Vec::new();
    old.retain(|node| match there.get_mut(&key(node)).and_then(VecDeque::pop_front) {
        Some(partner) => {
            pairs.push((*node, partner));
            false
        }
        None => true,
    });
    let taken: HashSet<usize> = pairs.iter().map(|(_, node)| address(node)).collect();
    new.retain(|node| !taken.contains(&address(node)));
    pairs
}

/// What a branch without a name is called: its title, the tag that it requires, or its type.
fn title(branch: &Node) -> String {
    let tag = || {
        let properties = branch.get("properties").into_iter().flat_map(Node::members);
        let mut values = properties.filter_map(|(_, property)| property.get("enum")?.as_array());
        values.find_map(|values| match values {
            [value] => value.as_text(),
            _ => None,
        })
    };
    let title = branch.get_str("title").map(str::to_owned);
    title.or_else(tag).unwrap_or_else(|| branch.get_str("type").unwrap_or("any").to_owned())
}

/// Whether a schema says nothing beyond its properties and in words.
fn is_plain_object(schema: &Node) -> bool {
    let known = ["type", "properties", "required", "allOf", "description", "title", "example"];
    ["properties", "required", "allOf"].iter().any(|key| schema.get(key).is_some())
        && schema.members().all(|(key, _)| known.contains(&&**key) || key.starts_with("x-"))
}

/// A property that is read-only is of answers alone, one that is write-only of requests.
fn with_flags_of(site: &Site, property: &Node) -> Site {
    let requests = site.sides.requests && !property.is_true("readOnly");
    let answers = site.sides.answers && !property.is_true("writeOnly");
    match requests || answers {
        true => site.with_sides(Sides { requests, answers }),
        false => site.clone(),
    }
}

fn resolve_reference<'a>(document: &'a Node, reference: &str) -> Option<&'a Node> {
    let pointer = Pointer::from_reference(reference)?;
    document.at(&pointer).map(|node| resolve(document, node))
}

/// The members of a schema, of its inline parts, and of the named parts that have no counterpart.
fn members<'a>(
    document: &'a Node,
    schema: &'a Node,
    parts: &Parts<'a>,
    unmatched: &[&'a str],
) -> Members<'a> {
    let mut members = Members::default();
    members.add(schema);
    parts.inline.iter().for_each(|part| members.add(part));
    let mut seen: HashSet<&str> = parts.references.iter().copied().collect();
    let mut queue = unmatched.to_vec();
    while let Some(part) = queue.pop().and_then(|one| resolve_reference(document, one)) {
        members.add(part);
        let inner = Parts::of(part);
        inner.inline.iter().for_each(|part| members.add(part));
        queue.extend(inner.references.into_iter().filter(|reference| seen.insert(*reference)));
    }
    members
}

impl<'a> Members<'a> {
    fn add(&mut self, schema: &'a Node) {
        for (name, property) in schema.get("properties").into_iter().flat_map(Node::members) {
            self.properties.entry(name).or_insert(property);
        }
        let required = schema.get("required").into_iter().flat_map(Node::items);
        self.required.extend(required.filter_map(Node::as_str));
    }
}
