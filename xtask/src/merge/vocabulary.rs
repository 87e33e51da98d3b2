//! The extensions that steer the generator or become sentences of the docs. They are ours alone: a
//! page must not make a payment repeatable, nor say that a fact is known from somewhere else.

use crate::{
    document::{Key, Kind, Node, Pointer, walk, walk_mut},
    lower::SECRET_EXTENSION,
    manifest::Manifest,
    pagination, published, retry,
};

/// What repairs write into a documented source, for later stages to read.
const OF_REPAIRS: [&str; 4] = ["x-endpoint", "x-discriminator", "x-enum-descriptions", "x-default"];

/// Names that the build step reads in addition to those in the facts and the manifest.
const OF_THE_BUILD_STEP: [&str; 14] = [
    retry::EXTENSION,
    pagination::EXTENSION,
    published::EXTENSION,
    SECRET_EXTENSION,
    "x-cursor",
    "x-idempotency-key",
    "x-official-type",
    "x-ndjson",
    "x-media-type",
    "x-form",
    "x-empty-statuses",
    "x-answer-union",
    "x-answer-variants",
    "x-corrects",
];

/// What the generator itself reads.
const OF_THE_GENERATOR: [&str; 2] = ["x-dropshot-", "x-rust-type"];

/// The names that no documented source may use.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary(std::collections::BTreeSet<String>);

impl Vocabulary {
    pub(super) fn of(facts: Option<&Node>, manifest: &Manifest) -> Self {
        let mut names: std::collections::BTreeSet<String> =
            OF_THE_BUILD_STEP.iter().map(|name| (*name).to_owned()).collect();
        names.extend(manifest.settings().wording.keys().cloned());
        if let Some(facts) = facts {
            walk(facts, &mut |node, _, _| {
                let extensions = node.members().filter(|(key, _)| key.starts_with("x-"));
                names.extend(extensions.map(|(key, _)| key.to_string()));
            });
        }
        names.retain(|name| !OF_REPAIRS.contains(&&**name));
        Self(names)
    }

    fn has(&self, name: &str) -> bool {
        let of_generator = OF_THE_GENERATOR.iter().any(|prefix| name.starts_with(prefix));
        of_generator || self.0.contains(name)
    }

    /// Gives the extensions of a documented source that have such a name another one,
    /// `x-documented-…`, and tells which.
    pub(super) fn set_aside(&self, document: &mut Node) -> Vec<String> {
        let mut changes = Vec::new();
        walk_mut(document, &mut |node, kind, pointer| {
            if kind == Kind::Paths {
                return;
            }
            changes.extend(self.renamed_members(node, pointer));
        });
        changes
    }

    fn renamed_members(&self, node: &mut Node, pointer: &Pointer) -> Vec<String> {
        let Some(members) = node.as_object_mut() else {
            return Vec::new();
        };
        let ours: Vec<String> =
            members.keys().filter(|key| self.has(key)).map(Key::to_string).collect();
        if ours.is_empty() {
            return Vec::new();
        }
        *members = std::mem::take(members)
            .into_iter()
            .map(|(key, value)| match ours.iter().any(|name| *name == *key) {
                true => (Key::new(key.place, documented(&key)), value),
                false => (key, value),
            })
            .collect();
        ours.iter().map(|name| format!("{pointer}/{name} is `{}`", documented(name))).collect()
    }
}

fn documented(name: &str) -> String {
    name.replacen("x-", "x-documented-", 1)
}
