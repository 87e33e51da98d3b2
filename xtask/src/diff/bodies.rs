use indexmap::IndexMap;

use super::{
    comparison::{Comparison, resolve},
    rule::{
        ANSWER_BODY_ADDED, BODY_ADDED, BODY_BECAME_OPTIONAL, BODY_BECAME_REQUIRED, BODY_REMOVED,
        ENCODING_CHANGED, ERROR_BODY_CHANGED, MEDIA_TYPE_ADDED, MEDIA_TYPE_OF_CLIENT_CHANGED,
        MEDIA_TYPE_REMOVED, REQUIRED_BODY_ADDED, TYPE_CHANGED,
    },
    site::{Sides, Site, code},
};
use crate::document::{Node, is_json};

/// What carries a body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    Request,
    Success,
    Error,
}

impl<'a> Comparison<'a> {
    pub(super) fn request_body(
        &mut self,
        site: &Site,
        old: Option<&'a Node>,
        new: Option<&'a Node>,
    ) {
        match (old, new) {
            (None, None) => {}
            (Some(_), None) => self.note(site, &BODY_REMOVED, "request body removed"),
            (None, Some(new)) if resolve(self.new, new).is_true("required") => {
                self.note(site, &REQUIRED_BODY_ADDED, "required request body added");
            }
            (None, Some(_)) => self.note(site, &BODY_ADDED, "request body added"),
            (Some(old), Some(new)) => {
                if let Some((old, new)) = self.resolved(old, new, "requestBodies") {
                    self.request_body_itself(&site.part("request", Sides::REQUESTS), old, new);
                }
            }
        }
    }

    pub(super) fn request_body_itself(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        self.words(site, old, new);
        match (old.is_true("required"), new.is_true("required")) {
            (false, true) => self.note(site, &BODY_BECAME_REQUIRED, "body became required"),
            (true, false) => self.note(site, &BODY_BECAME_OPTIONAL, "body became optional"),
            _ => {}
        }
        self.content(site, Carrier::Request, old.get("content"), new.get("content"));
    }

    pub(super) fn content(
        &mut self,
        site: &Site,
        carrier: Carrier,
        old: Option<&'a Node>,
        new: Option<&'a Node>,
    ) {
        let (from, to) = (media_types(old), media_types(new));
        let is_error = carrier == Carrier::Error;
        let or_error = |rule| if is_error { &ERROR_BODY_CHANGED } else { rule };
        match (from.is_empty(), to.is_empty()) {
            (true, true) => return,
            (true, false) => return self.note(site, or_error(&ANSWER_BODY_ADDED), "body added"),
            (false, true) => return self.note(site, or_error(&BODY_REMOVED), "body removed"),
            (false, false) => {}
        }
        if !is_error && chosen(&from) != chosen(&to) {
            let told = |media: Option<&str>| media.map_or("none".to_owned(), code);
            let what =
                format!("the client's media type {} → {}", told(chosen(&from)), told(chosen(&to)));
            self.note(site, &MEDIA_TYPE_OF_CLIENT_CHANGED, what);
        }
        for (media, old) in &from {
            match to.get(media) {
                Some(new) => self.media_type(site, old, new),
                None => {
                    let what = format!("media type {} removed", code(media));
                    self.note(site, or_error(&MEDIA_TYPE_REMOVED), what);
                }
            }
        }
        for media in to.keys().filter(|media| !from.contains_key(*media)) {
            let what = format!("media type {} added", code(media));
            self.note(site, or_error(&MEDIA_TYPE_ADDED), what);
        }
    }

    fn media_type(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        self.words(site, old, new);
        if old.get("encoding") != new.get("encoding") {
            self.note(site, &ENCODING_CHANGED, "encoding changed");
        }
        match (old.get("schema"), new.get("schema")) {
            (Some(old), Some(new)) => self.schema(site, old, new),
            (None, None) => {}
            _ => self.note(site, &TYPE_CHANGED, "body gained or lost its type"),
        }
    }
}

/// The forms of a body, without the parameters of a media type.
fn media_types(content: Option<&Node>) -> IndexMap<String, &Node> {
    let members = content.into_iter().flat_map(Node::members);
    members
        .filter(|(media, _)| !media.starts_with("x-"))
        .map(|(media, node)| {
            let name = media.split(';').next().unwrap_or_default();
            (name.trim().to_ascii_lowercase(), node)
        })
        .collect()
}

/// The form that the client sends or reads.
fn chosen<'a>(media_types: &'a IndexMap<String, &Node>) -> Option<&'a str> {
    let names = || media_types.keys().map(String::as_str);
    let json = names().find(|media| is_json(media));
    json.or_else(|| names().next())
}
