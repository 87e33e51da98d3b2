use indexmap::IndexMap;

use super::{
    comparison::{Comparison, resolve},
    rule::{
        PARAMETER_ADDED, PARAMETER_BECAME_OPTIONAL, PARAMETER_BECAME_REQUIRED,
        PARAMETER_FORM_CHANGED, PARAMETER_REMOVED, PARAMETER_RENAMED, REQUIRED_PARAMETER_ADDED,
        TYPE_CHANGED,
    },
    site::{Sides, Site, code},
};
use crate::document::{Node, Operation, field_name};

/// The fields that say in which form a value is sent.
const FORM: [&str; 4] = ["style", "explode", "allowReserved", "allowEmptyValue"];

/// The parameters of an operation by where they are sent and their names; those of the path apply
/// where the operation has none of the same.
type Parameters<'a> = IndexMap<(String, String), &'a Node>;

fn parameters<'a>(document: &'a Node, operation: &Operation<'a>) -> Parameters<'a> {
    let lists = [operation.path_item.get("parameters"), operation.node.get("parameters")];
    let all = lists.into_iter().flatten().flat_map(Node::items);
    all.map(|node| (identity(resolve(document, node)), node)).collect()
}

fn identity(parameter: &Node) -> (String, String) {
    let place = parameter.get_str("in").unwrap_or_default().to_owned();
    let name = parameter.get_str("name").unwrap_or_default();
    let name = if place == "header" { name.to_ascii_lowercase() } else { name.to_owned() };
    (place, name)
}

impl<'a> Comparison<'a> {
    pub(super) fn parameters(&mut self, site: &Site, old: &Operation<'a>, new: &Operation<'a>) {
        let mut from = parameters(self.old, old);
        let mut to = parameters(self.new, new);
        for (was, is) in renamed_in_path(old.path, new.path) {
            let key = |name: &str| ("path".to_owned(), name.to_owned());
            if let (Some(old), Some(new)) =
                (from.shift_remove(&key(was)), to.shift_remove(&key(is)))
            {
                self.renamed_parameter(site, was, is);
                self.parameter(site, old, new);
            }
        }
        for (key, old) in &from {
            match to.get(key) {
                Some(new) => self.parameter(site, old, new),
                None => {
                    let what = format!("{} removed", told(resolve(self.old, old)));
                    self.note(site, &PARAMETER_REMOVED, what);
                }
            }
        }
        for (_, new) in to.iter().filter(|(key, _)| !from.contains_key(*key)) {
            let new = resolve(self.new, new);
            let (rule, word) = if new.is_true("required") {
                (&REQUIRED_PARAMETER_ADDED, "required ")
            } else {
                (&PARAMETER_ADDED, "")
            };
            self.note(site, rule, format!("{word}{} added", told(new)));
        }
    }

    fn renamed_parameter(&mut self, site: &Site, was: &str, is: &str) {
        if field_name(was) != field_name(is) {
            let what = format!("path parameter {} renamed to {}", code(was), code(is));
            self.note(site, &PARAMETER_RENAMED, what);
        }
    }

    fn parameter(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        if let Some((old, new)) = self.resolved(old, new, "parameters") {
            self.parameter_itself(&site.part(told(new), Sides::REQUESTS), old, new);
        }
    }

    /// Compares two parameters, or two headers of answers.
    pub(super) fn parameter_itself(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        self.words(site, old, new);
        match (old.is_true("required"), new.is_true("required")) {
            (false, true) => self.note(site, &PARAMETER_BECAME_REQUIRED, "became required"),
            (true, false) => self.note(site, &PARAMETER_BECAME_OPTIONAL, "became optional"),
            _ => {}
        }
        for key in FORM {
            if form(old, key) != form(new, key) {
                self.note(site, &PARAMETER_FORM_CHANGED, format!("`{key}` changed"));
            }
        }
        match (old.get("schema"), new.get("schema")) {
            (Some(old), Some(new)) => self.schema(site, old, new),
            (None, None) => self.contents_of_parameter(site, old, new),
            _ => self.note(site, &PARAMETER_FORM_CHANGED, "is sent in a different format"),
        }
    }

    fn contents_of_parameter(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let content = |node: &'a Node| {
            let content = node.get("content").into_iter().flat_map(Node::members).next();
            content.map(|(media, node)| (&**media, node.get("schema")))
        };
        match (content(old), content(new)) {
            (Some((from, Some(old))), Some((to, Some(new)))) if from == to => {
                self.schema(site, old, new);
            }
            (from, to) if from.map(|(media, _)| media) != to.map(|(media, _)| media) => {
                self.note(site, &PARAMETER_FORM_CHANGED, "is sent in a different format");
            }
            (Some((_, None)), Some((_, Some(_)))) | (Some((_, Some(_))), Some((_, None))) => {
                self.note(site, &TYPE_CHANGED, "gained or lost its type");
            }
            _ => {}
        }
    }
}

/// What a field of the form says, also where it says nothing.
fn form(parameter: &Node, key: &str) -> String {
    let style = || {
        let by_place = match parameter.get_str("in") {
            Some("query" | "cookie") => "form",
            _ => "simple",
        };
        parameter.get_str("style").unwrap_or(by_place).to_owned()
    };
    match (key, parameter.get(key)) {
        ("style", _) => style(),
        ("explode", None) => (style() == "form").to_string(),
        (_, None) => false.to_string(),
        (_, Some(node)) => node.as_text().unwrap_or_default(),
    }
}

fn told(parameter: &Node) -> String {
    let text = |key: &str| parameter.get_str(key).unwrap_or_default();
    match text("in") {
        "" => "header".to_owned(),
        place => format!("{place} parameter {}", code(text("name"))),
    }
}

/// The parts of two paths of one shape that are called differently.
fn renamed_in_path<'a>(old: &'a str, new: &'a str) -> Vec<(&'a str, &'a str)> {
    let (from, to) = (templates(old), templates(new));
    if from.len() != to.len() {
        return Vec::new();
    }
    from.into_iter().zip(to).filter(|(was, is)| was != is).collect()
}

/// The names in braces.
fn templates(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

/// A path without the names in its braces.
pub(super) fn shape(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shape, part| {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        shape + "{}" + rest
    })
}
