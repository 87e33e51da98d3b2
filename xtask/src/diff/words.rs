use super::{
    comparison::Comparison,
    rule::{DEFAULT_CHANGED, DEPRECATED, EXTENSION_CHANGED, WORDS_CHANGED},
    site::{Site, code},
};
use crate::{
    document::{Node, Object},
    merge::GENERATED,
    retry,
};

/// The fields that are there to be read, of whatever object.
const WORDS: [&str; 12] = [
    "title",
    "summary",
    "description",
    "termsOfService",
    "contact",
    "license",
    "example",
    "examples",
    "externalDocs",
    "xml",
    "links",
    "callbacks",
];

/// Extensions that this program reads itself.
const READ: [&str; 2] = [GENERATED, retry::EXTENSION];

impl<'a> Comparison<'a> {
    /// What changed of an object for its readers alone.
    pub(super) fn words(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let known = Object::default();
        let (from, to) = (old.as_object().unwrap_or(&known), new.as_object().unwrap_or(&known));
        let gone = from.keys().filter(|key| !to.contains_key(*key));
        let keys: Vec<&str> = to.keys().chain(gone).map(|key| &**key).collect();
        for key in keys {
            if from.get(key) == to.get(key) {
                continue;
            }
            let (rule, what) = match key {
                "default" => (&DEFAULT_CHANGED, "default"),
                "deprecated" if old.is_true(key) == new.is_true(key) => continue,
                "deprecated" if new.is_true(key) => {
                    self.note(site, &DEPRECATED, "deprecated");
                    continue;
                }
                "deprecated" => {
                    self.note(site, &DEPRECATED, "no longer deprecated");
                    continue;
                }
                key if WORDS.contains(&key) => (&WORDS_CHANGED, key),
                key if key.starts_with("x-") && !READ.contains(&key) => (&EXTENSION_CHANGED, key),
                _ => continue,
            };
            let verb = match (from.contains_key(key), to.contains_key(key)) {
                (false, _) => "added",
                (_, false) => "removed",
                _ => "changed",
            };
            self.note(site, rule, format!("{} {verb}", code(what)));
        }
    }
}
