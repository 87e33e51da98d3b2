use super::{
    Subject,
    bodies::Carrier,
    comparison::{Comparison, section, section_get},
    rule::WORDS_CHANGED,
    site::{Sides, Site, code},
};
use crate::document::Node;

impl<'a> Comparison<'a> {
    /// Compares what the documents say of themselves as a whole.
    pub(super) fn whole(&mut self) {
        let (old, new) = (self.old, self.new);
        let site = Site::new(Subject::Document, Sides { requests: true, answers: true });
        self.words(&site, old, new);
        self.servers(&site, old.get("servers"), new.get("servers"));
        if let (Some(from), Some(to)) = (old.get("info"), new.get("info")) {
            self.words(&site, from, to);
            let version = |info: &'a Node| info.get_str("version").unwrap_or_default();
            if version(from) != version(to) {
                let what = format!("version {} → {}", code(version(from)), code(version(to)));
                self.note(&site, &WORDS_CHANGED, what);
            }
        }
        if old.get("tags") != new.get("tags") {
            self.note(&site, &WORDS_CHANGED, "descriptions of tags changed");
        }
    }

    /// Compares the components of the other sections that both documents have. Those of one
    /// document alone show where they are used.
    pub(super) fn shared_components(&mut self) {
        let (old, new) = (self.old, self.new);
        let pairs = |name: &'static str| {
            section(old, name).filter_map(move |(key, node)| {
                Some((
                    Subject::Component { section: name, name: key.to_owned() },
                    node,
                    section_get(new, name, key)?,
                ))
            })
        };
        for (subject, from, to) in pairs("parameters") {
            self.parameter_itself(&Site::new(subject, Sides::REQUESTS), from, to);
        }
        for (subject, from, to) in pairs("requestBodies") {
            self.request_body_itself(&Site::new(subject, Sides::REQUESTS), from, to);
        }
        for (subject, from, to) in pairs("responses") {
            self.answer_itself(&Site::new(subject, Sides::ANSWERS), Carrier::Success, from, to);
        }
        for (subject, from, to) in pairs("headers") {
            self.parameter_itself(&Site::new(subject, Sides::ANSWERS), from, to);
        }
    }
}
