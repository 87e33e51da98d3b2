use std::collections::{BTreeSet, HashSet};

use super::{
    comparison::{Comparison, address, resolve},
    rule::{
        ADDITIONAL_PROPERTIES_CHANGED, ADDITIONAL_PROPERTIES_CLOSED, ADDITIONAL_PROPERTIES_OPENED,
        COMPOSITION_CHANGED, CONSTANT_WIDENED, DISCRIMINATOR_CHANGED, DISCRIMINATOR_VALUE_ADDED,
        ENUM_ADDED, ENUM_REMOVED, ENUM_VALUE_ADDED, ENUM_VALUE_REMOVED, FORMAT_CHANGED,
        FORMAT_OF_RUST_CHANGED, NULL_ADDED, NULL_OF_PROPERTY_REMOVED, NULL_REMOVED,
        OBJECT_FORM_CHANGED, SCHEMA_REPLACED, TYPE_CHANGED,
    },
    site::{Site, code},
};
use crate::document::{Node, Value};

/// Parts of parts are looked into this deep for a type.
const DEEPEST_TYPE: usize = 8;

/// The formats that have a dedicated type in the client.
const FORMATS_OF_RUST: [&str; 2] = ["date-time", "binary"];

/// Keywords that may appear next to the only part of an `allOf`, which is there to add to a
/// reference.
const ANNOTATIONS: [&str; 10] = [
    "nullable",
    "title",
    "description",
    "default",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
];

/// A schema as it is used in one place: an `allOf` of one part that only says more of that part is
/// the part.
#[derive(Clone, Copy)]
pub(super) struct Use<'a> {
    /// What is said here.
    outer: &'a Node,
    /// The reference or the schema itself.
    inner: &'a Node,
    is_nullable: bool,
}

impl<'a> Use<'a> {
    pub(super) fn of(schema: &'a Node) -> Self {
        let is_nullable = schema.is_true("nullable");
        let mut found = Self { outer: schema, inner: schema, is_nullable };
        while let Some(part) = only_part(found.inner) {
            found.inner = part;
            found.is_nullable |= part.is_true("nullable");
        }
        found
    }

    pub(super) fn reference(&self) -> Option<&'a str> {
        self.inner.reference_target()
    }
}

fn only_part(schema: &Node) -> Option<&Node> {
    let [part] = schema.get("allOf")?.as_array()? else {
        return None;
    };
    let says_more =
        |key: &str| key == "allOf" || key.starts_with("x-") || ANNOTATIONS.contains(&key);
    schema.members().all(|(key, _)| says_more(key)).then_some(part)
}

impl<'a> Comparison<'a> {
    /// Compares two schemas in one place.
    pub(super) fn schema(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let (old, new) = (Use::of(old), Use::of(new));
        self.words(site, old.outer, new.outer);
        self.nullability(site, old, new);
        match (old.reference(), new.reference()) {
            (None, None) => self.body(site, old.inner, new.inner),
            (Some(from), Some(to)) => {
                if !self.is_same_schema(from, to) {
                    self.told_as_replaced([from, to]);
                    let what = format!("is {}, was {}", named(to), named(from));
                    self.note(site, &SCHEMA_REPLACED, what);
                }
            }
            (None, Some(to)) => {
                self.told_as_replaced([to]);
                let there = resolve(self.new, new.inner);
                if self.is_replaced(site, old.inner, there, &format!("is {}", named(to))) {
                    self.compare_later(site, old.inner, old.inner, there);
                }
            }
            (Some(from), None) => {
                self.told_as_replaced([from]);
                let was = resolve(self.old, old.inner);
                if self.is_replaced(site, was, new.inner, &format!("was {}", named(from))) {
                    self.compare_later(site, new.inner, was, new.inner);
                }
            }
        }
    }

    /// Tells that a schema with a name took the place of one without, or the other way, and whether
    /// there is more to say of the two: where their types differ, that is all.
    fn is_replaced(&mut self, site: &Site, old: &'a Node, new: &'a Node, named: &str) -> bool {
        let (from, to) = (type_of(self.old, old, 0), type_of(self.new, new, 0));
        let what = match from == to {
            true if named.starts_with("is") => format!("{named}, was inline"),
            true => format!("is inline, {named}"),
            false => format!("{named}: type {from} → {to}"),
        };
        self.note(site, &SCHEMA_REPLACED, what);
        from == to
    }

    fn nullability(&mut self, site: &Site, old: Use<'a>, new: Use<'a>) {
        match (old.is_nullable, new.is_nullable) {
            (false, true) => self.note(site, &NULL_ADDED, "may be null"),
            (true, false) => {
                let rule = if site.is_property { &NULL_OF_PROPERTY_REMOVED } else { &NULL_REMOVED };
                self.note(site, rule, "may no longer be null");
            }
            _ => {}
        }
    }

    /// Compares two schemas that are no references.
    pub(super) fn body(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let types = (type_of(self.old, old, 0), type_of(self.new, new, 0));
        if types.0 != types.1 {
            return self.note(site, &TYPE_CHANGED, format!("type {} → {}", types.0, types.1));
        }
        let forms = (self.form_of(site, self.old, old), self.form_of(site, self.new, new));
        if types.0 == "object" && forms.0 != forms.1 {
            let what = format!("{} → {}", forms.0.as_str(), forms.1.as_str());
            return self.note(site, &OBJECT_FORM_CHANGED, what);
        }
        self.aspects(site, old, new);
        self.composed(site, old, new);
    }

    /// All that a schema says but of its properties and what it is composed of.
    pub(super) fn aspects(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        self.format(site, old, new);
        self.enum_values(site, old, new);
        self.bounds(site, old, new);
        self.items(site, old, new);
        self.additional_properties(site, old, new);
        self.union(site, old, new);
        self.discriminator(site, old, new);
        if old.get("not") != new.get("not") {
            self.note(site, &COMPOSITION_CHANGED, "`not` changed");
        }
    }

    fn format(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let (from, to) = (old.get_str("format"), new.get_str("format"));
        if from == to {
            return;
        }
        let is_of_rust =
            [from, to].into_iter().flatten().any(|format| FORMATS_OF_RUST.contains(&format));
        let rule = if is_of_rust { &FORMAT_OF_RUST_CHANGED } else { &FORMAT_CHANGED };
        let told = |format: Option<&str>| format.map_or("none".to_owned(), code);
        self.note(site, rule, format!("format {} → {}", told(from), told(to)));
    }

    fn enum_values(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let (Some(from), Some(to)) = (old.get("enum"), new.get("enum")) else {
            match (old.get("enum"), new.get("enum")) {
                (None, Some(values)) => {
                    let values = listed(&enum_values(values));
                    self.note(site, &ENUM_ADDED, format!("only {values} allowed"));
                }
                (Some(_), None) => self.note(site, &ENUM_REMOVED, "any value, no longer an enum"),
                _ => {}
            }
            return;
        };
        let (from, to) = (enum_values(from), enum_values(to));
        let added: BTreeSet<String> = to.difference(&from).cloned().collect();
        let removed: BTreeSet<String> = from.difference(&to).cloned().collect();
        let is_of_builder = site.is_property || site.is_component();
        let mut note = |rule, values: &BTreeSet<String>, what: &str| {
            if !values.is_empty() {
                let noun = if values.len() == 1 { "value" } else { "values" };
                self.note(site, rule, format!("enum {noun} {} {what}", listed(values)));
            }
        };
        note(&ENUM_VALUE_REMOVED, &removed, "removed");
        let is_constant = from.len() == 1 && removed.is_empty() && is_of_builder;
        let rule = if is_constant { &CONSTANT_WIDENED } else { &ENUM_VALUE_ADDED };
        note(rule, &added, "added");
    }

    fn items(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        match (old.get("items"), new.get("items")) {
            (Some(old), Some(new)) => self.schema(&site.inside("[]"), old, new),
            (None, None) => {}
            _ => self.note(site, &TYPE_CHANGED, "items gained or lost their type"),
        }
    }

    fn additional_properties(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let [from, to] = [(self.old, old), (self.new, new)].map(|(document, schema)| {
            match Additional::of(schema) {
                // A map of additional properties only exists if there are documented properties.
                Additional::Kept if !has_properties(document, schema) => Additional::Any,
                additional => additional,
            }
        });
        match (from, to) {
            (Additional::Any, Additional::Any)
            | (Additional::Kept, Additional::Kept)
            | (Additional::None, Additional::None) => {}
            (Additional::Any | Additional::None, Additional::Kept) => {
                let what = "additional properties are kept";
                self.note(site, &ADDITIONAL_PROPERTIES_OPENED, what);
            }
            (Additional::Typed(old), Additional::Typed(new)) => {
                self.schema(&site.inside("{}"), old, new);
            }
            (Additional::None, Additional::Any) => {
                let what = "additional properties are allowed";
                self.note(site, &ADDITIONAL_PROPERTIES_OPENED, what);
            }
            (Additional::Any, Additional::None) => {
                let what = "additional properties are no longer allowed";
                self.note(site, &ADDITIONAL_PROPERTIES_CLOSED, what);
            }
            _ => {
                let what = "the map of additional properties changed or was removed";
                self.note(site, &ADDITIONAL_PROPERTIES_CHANGED, what);
            }
        }
    }

    /// What an object is in Rust. Answers are read whatever else comes, so that in them one that
    /// has nothing is a map too.
    fn form_of(&self, site: &Site, document: &'a Node, schema: &'a Node) -> ObjectForm {
        let is_closed = matches!(Additional::of(schema), Additional::None);
        match has_properties(document, schema) {
            true => ObjectForm::Struct,
            false if is_closed && site.sides.requests => ObjectForm::Empty,
            false => ObjectForm::Map,
        }
    }

    fn discriminator(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let of = |schema: &'a Node| schema.get("discriminator");
        let property = |schema| of(schema).and_then(|node| node.get_str("propertyName"));
        if property(old) != property(new) {
            let told = |schema| property(schema).map_or("none".to_owned(), code);
            let what = format!("discriminator {} → {}", told(old), told(new));
            return self.note(site, &DISCRIMINATOR_CHANGED, what);
        }
        let mapping = |schema: &'a Node| {
            let mapping = of(schema).and_then(|node| node.get("mapping"));
            mapping.into_iter().flat_map(Node::members)
        };
        for (tag, target) in mapping(old) {
            let there = mapping(new).find(|(key, _)| *key == tag).map(|(_, target)| target);
            let leads_there = match (target.as_str(), there.and_then(Node::as_str)) {
                (Some(old), Some(new)) => self.is_same_schema(old, new),
                _ => false,
            };
            if !leads_there {
                let what = if there.is_some() { "leads elsewhere" } else { "removed" };
                let what = format!("discriminator value {} {what}", code(tag));
                self.note(site, &DISCRIMINATOR_CHANGED, what);
            }
        }
        let is_known = |target: &Node| mapping(old).any(|(_, known)| known.value == target.value);
        let is_branch = |target: &Node| {
            let branches = ["oneOf", "anyOf"].into_iter().filter_map(|key| old.get(key));
            let mut references = branches.flat_map(Node::items).filter_map(Node::reference_target);
            references.any(|reference| Some(reference) == target.as_str())
        };
        for (tag, target) in mapping(new) {
            if mapping(old).any(|(key, _)| key == tag) {
                continue;
            }
            let is_renamed = is_branch(target) && !is_known(target);
            let rule = if is_renamed { &DISCRIMINATOR_CHANGED } else { &DISCRIMINATOR_VALUE_ADDED };
            self.note(site, rule, format!("discriminator value {} added", code(tag)));
        }
    }
}

/// What an object is in Rust.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ObjectForm {
    Struct,
    Empty,
    Map,
}

impl ObjectForm {
    fn as_str(self) -> &'static str {
        match self {
            Self::Struct => "an object with properties",
            Self::Empty => "an object without properties",
            Self::Map => "a map",
        }
    }
}

/// Whether an object has properties, in its parts too.
fn has_properties(document: &Node, schema: &Node) -> bool {
    let mut seen = HashSet::new();
    let mut queue = vec![schema];
    while let Some(next) = queue.pop().map(|next| resolve(document, next)) {
        if !seen.insert(address(next)) {
            continue;
        }
        if next.get("properties").is_some_and(|properties| properties.members().next().is_some()) {
            return true;
        }
        queue.extend(next.get("allOf").into_iter().flat_map(Node::items));
    }
    false
}

/// What an object says of the properties that it does not list.
enum Additional<'a> {
    Any,
    /// Any, and documented to come.
    Kept,
    None,
    Typed(&'a Node),
}

impl<'a> Additional<'a> {
    fn of(schema: &'a Node) -> Self {
        match schema.get("additionalProperties") {
            None => Self::Any,
            Some(node) => match &node.value {
                Value::Boolean(false) => Self::None,
                Value::Object(members) if !members.is_empty() => Self::Typed(node),
                _ => Self::Kept,
            },
        }
    }
}

/// The type of a schema in a word, also where it follows from what else it says.
fn type_of<'a>(document: &'a Node, schema: &'a Node, depth: usize) -> &'a str {
    if let Some(known) = schema.get_str("type") {
        return known;
    }
    let has = |key: &str| schema.get(key).is_some();
    if has("properties") || has("additionalProperties") {
        return "object";
    }
    if has("items") {
        return "array";
    }
    if has("oneOf") || has("anyOf") {
        return "union";
    }
    let parts = schema.get("allOf").into_iter().flat_map(Node::items).take(DEEPEST_TYPE);
    let mut types = parts
        .filter(|_| depth < DEEPEST_TYPE)
        .map(|part| type_of(document, resolve(document, part), depth + 1));
    types.find(|known| *known != "any").unwrap_or("any")
}

/// The values of an enum as they are shown; null says what `nullable` says.
fn enum_values(values: &Node) -> BTreeSet<String> {
    let values = values.items().filter(|node| node.value != Value::Null);
    values.map(|node| serde_json::to_string(node).unwrap_or_default()).collect()
}

/// How many values of an enum are spelt out.
const SPELT_OUT: usize = 5;

fn listed(values: &BTreeSet<String>) -> String {
    let shown: Vec<String> = values
        .iter()
        .take(SPELT_OUT)
        .map(|value| {
            // A string is shown without its quotes, unless that would leave nothing.
            let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            code(bare.filter(|bare| !bare.trim().is_empty()).unwrap_or(value))
        })
        .collect();
    match values.len().checked_sub(SPELT_OUT) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}

pub(super) fn named(reference: &str) -> String {
    code(super::comparison::component_name(reference).unwrap_or(reference))
}
