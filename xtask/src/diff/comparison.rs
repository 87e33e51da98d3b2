use std::collections::{BTreeSet, HashSet, VecDeque};

use indexmap::IndexMap;

use super::{
    Carriers, Change, ChangeRule, Class, Diff, Resource, Subject,
    rule::{SCHEMA_ADDED, SCHEMA_REMOVED, SCHEMA_RENAMED, SCHEMA_RESPELT},
    site::{Sides, Site, code},
    union_branches::union_branches,
    usage::Usage,
};
use crate::{
    document::{Node, Pointer, type_name},
    lower::Reach,
};

/// A chain of references that is longer leads in a circle.
const LONGEST_CHAIN: usize = 32;

/// Schemas that are still to be compared.
enum Pending<'a> {
    Renamed(&'a str, &'a str),
    Named(Site, &'a Node, &'a Node),
}

/// Two documents, and what was found so far.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Node,
    pub(super) new: &'a Node,
    /// Schemes that only their name changed of, old -> new.
    pub(super) renamed_schemes: IndexMap<&'a str, &'a str>,
    changes: Vec<(Subject, &'static ChangeRule, Class, String)>,
    /// Schemas that another one took the place of, old -> new, and the way back.
    renamed: IndexMap<&'a str, &'a str>,
    renamed_from: IndexMap<&'a str, &'a str>,
    /// Schemas already reported as replaced, with their replacements.
    replaced: HashSet<&'a str>,
    pending: VecDeque<Pending<'a>>,
    /// Unnamed schemas that were compared with a named one.
    named: HashSet<usize>,
    reach: Reach,
    branches: BTreeSet<String>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Node, new: &'a Node) -> Self {
        Self {
            old,
            new,
            renamed_schemes: IndexMap::new(),
            changes: Vec::new(),
            renamed: IndexMap::new(),
            renamed_from: IndexMap::new(),
            replaced: HashSet::new(),
            pending: VecDeque::new(),
            named: HashSet::new(),
            reach: Reach::of(old),
            branches: union_branches(old),
        }
    }

    pub(super) fn note(&mut self, site: &Site, rule: &'static ChangeRule, what: impl AsRef<str>) {
        let class = site.sides.class(rule);
        self.changes.push((site.subject.clone(), rule, class, site.tell(what.as_ref())));
    }

    /// How many changes are known.
    pub(super) fn count(&self) -> usize {
        self.changes.len()
    }

    /// Compares every component of both documents, each once, and those that were renamed.
    pub(super) fn components(&mut self) {
        for (name, old) in section(self.old, "schemas") {
            if let Some(new) = section_get(self.new, "schemas", name) {
                let site = self.schema_site(name, name);
                self.schema(&site, old, new);
            }
        }
        self.shared_components();
        while let Some(pending) = self.pending.pop_front() {
            match pending {
                Pending::Renamed(from, to) => self.renamed_schema(from, to),
                Pending::Named(site, old, new) => self.body(&site, old, new),
            }
        }
        self.schemas_of_one_document();
    }

    fn schema_site(&self, old: &str, new: &str) -> Site {
        let requests = self.reach.by_requests(old);
        let answers = self.reach.by_answers(old) || !requests;
        let site = Site::new(Subject::Schema(new.to_owned()), Sides { requests, answers });
        site.in_branch(self.branches.contains(old))
    }

    fn renamed_schema(&mut self, from: &'a str, to: &'a str) {
        let site = self.schema_site(from, to);
        let is_same_type = type_name(from) == type_name(to);
        let rule = if is_same_type { &SCHEMA_RESPELT } else { &SCHEMA_RENAMED };
        self.note(&site, rule, format!("was named {}", code(from)));
        let old = section_get(self.old, "schemas", from);
        if let (Some(old), Some(new)) = (old, section_get(self.new, "schemas", to)) {
            self.schema(&site, old, new);
        }
    }

    fn schemas_of_one_document(&mut self) {
        let (old, new) = (self.old, self.new);
        for (name, _) in section(old, "schemas") {
            let is_told = self.renamed.contains_key(name) || self.replaced.contains(name);
            if section_get(new, "schemas", name).is_none() && !is_told {
                let site = self.schema_site(name, name);
                self.note(&site, &SCHEMA_REMOVED, "removed");
            }
        }
        for (name, _) in section(new, "schemas") {
            let is_told = self.renamed_from.contains_key(name) || self.replaced.contains(name);
            if section_get(old, "schemas", name).is_none() && !is_told {
                let site = Site::new(Subject::Schema(name.to_owned()), Sides::ANSWERS);
                self.note(&site, &SCHEMA_ADDED, "added");
            }
        }
    }

    /// Whether two references lead to one component. A component that took the place of one that
    /// is gone counts as that one under a new name.
    pub(super) fn is_same_schema(&mut self, old: &'a str, new: &'a str) -> bool {
        if old == new {
            return true;
        }
        let (Some(from), Some(to)) = (component_name(old), component_name(new)) else {
            return false;
        };
        if let Some(known) = self.renamed.get(from) {
            return *known == to;
        }
        let is_gone = section_get(self.new, "schemas", from).is_none();
        let is_there = section_get(self.new, "schemas", to).is_some();
        let is_new = section_get(self.old, "schemas", to).is_none();
        if !(is_gone && is_there && is_new) || self.renamed_from.contains_key(to) {
            return false;
        }
        self.renamed.insert(from, to);
        self.renamed_from.insert(to, from);
        self.pending.push_back(Pending::Renamed(from, to));
        true
    }

    /// Records that the replacement in these references was reported.
    pub(super) fn told_as_replaced(&mut self, references: impl IntoIterator<Item = &'a str>) {
        self.replaced.extend(references.into_iter().filter_map(component_name));
    }

    /// Schedules the comparison of an unnamed schema with a named one, to be done later and once: the
    /// two may refer to each other endlessly.
    pub(super) fn compare_later(
        &mut self,
        site: &Site,
        nameless: &'a Node,
        old: &'a Node,
        new: &'a Node,
    ) {
        if self.named.insert(address(nameless)) {
            self.pending.push_back(Pending::Named(site.clone(), old, new));
        }
    }

    /// Two values of which either may be a reference to a component of a shared section; none where
    /// both are the same one, which is compared by itself.
    pub(super) fn resolved(
        &self,
        old: &'a Node,
        new: &'a Node,
        section: &str,
    ) -> Option<(&'a Node, &'a Node)> {
        if let (Some(old), Some(new)) = (old.reference_target(), new.reference_target())
            && old == new
            && old.starts_with(&format!("#/components/{section}/"))
        {
            return None;
        }
        Some((resolve(self.old, old), resolve(self.new, new)))
    }

    pub(super) fn into_diff(self) -> Diff {
        let changes = united(self.changes);
        let usages = (Usage::of(self.old), Usage::of(self.new));
        let usage_of = |subject: &Subject| {
            let is_here = subject.pointer().is_none_or(|pointer| self.new.at(&pointer).is_some());
            if is_here { &usages.1 } else { &usages.0 }
        };
        let changes = changes.into_iter().map(|change| {
            let resources = change.subjects.iter().map(|subject| {
                let usages = [usage_of(subject), &usages.0];
                let found = usages.into_iter().find_map(|usage| usage.resource_of(subject));
                found.unwrap_or(Resource::Several)
            });
            let resource = Resource::of_all(&resources.collect::<Vec<_>>());
            let carriers = match &change.subjects[..] {
                [subject] => subject.pointer().map(|at| usage_of(subject).carriers(&at).0),
                _ => None,
            };
            Change { resource, carriers: carriers.unwrap_or_default(), ..change }
        });
        let mut changes: Vec<Change> = changes.collect();
        changes.sort_by_key(|change| std::cmp::Reverse(change.class));
        Diff { changes }
    }
}

/// What happened to several things in the same words is one change.
fn united(changes: Vec<(Subject, &'static ChangeRule, Class, String)>) -> Vec<Change> {
    type Key = (&'static str, Class, &'static str, String);
    let mut united: IndexMap<Key, Change> = IndexMap::new();
    for (subject, rule, class, text) in changes {
        let key = (rule.name, class, subject.kind(), text.clone());
        let change = united.entry(key).or_insert_with(|| Change {
            rule,
            class,
            subjects: Vec::new(),
            text,
            carriers: Carriers::default(),
            resource: Resource::default(),
        });
        if change.subjects.last() != Some(&subject) {
            change.subjects.push(subject);
        }
    }
    united.into_values().collect()
}

/// The components of a section.
pub(super) fn section<'a>(
    document: &'a Node,
    section: &str,
) -> impl Iterator<Item = (&'a str, &'a Node)> + use<'a> {
    let components = document.get("components");
    let section = components.and_then(|components| components.get(section));
    section.into_iter().flat_map(Node::members).map(|(name, node)| (&**name, node))
}

pub(super) fn section_get<'a>(document: &'a Node, section: &str, name: &str) -> Option<&'a Node> {
    document.get("components")?.get(section)?.get(name)
}

/// The name of the schema component that a reference leads to.
pub(super) fn component_name(reference: &str) -> Option<&str> {
    let name = reference.strip_prefix("#/components/schemas/")?;
    (!name.contains(['/', '~', '%'])).then_some(name)
}

/// The target of a chain of references; the last reference if it is dangling.
pub(super) fn resolve<'a>(document: &'a Node, node: &'a Node) -> &'a Node {
    let mut found = node;
    for _ in 0..LONGEST_CHAIN {
        let target = found.reference_target().and_then(Pointer::from_reference);
        match target.and_then(|target| document.at(&target)) {
            Some(next) => found = next,
            None => return found,
        }
    }
    found
}

/// Tells a node from all others of its document.
pub(super) fn address(node: &Node) -> usize {
    std::ptr::from_ref(node) as usize
}
