use indexmap::IndexMap;

use super::{
    bodies::Carrier,
    comparison::{Comparison, resolve},
    rule::{
        ANSWER_HEADER_ADDED, ANSWER_HEADER_REMOVED, ERROR_STATUS_ADDED, ERROR_STATUS_REMOVED,
        STATUS_ADDED, STATUS_REMOVED, STATUS_WITH_OTHER_BODY_ADDED, STATUS_WITHOUT_BODY_CHANGED,
    },
    site::{Sides, Site, code},
};
use crate::document::Node;

/// The answers of an operation, by status.
type Answers<'a> = IndexMap<&'a str, &'a Node>;

impl<'a> Comparison<'a> {
    pub(super) fn answers(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        let (from, to) = (answers(old), answers(new));
        let site = site.with_sides(Sides::ANSWERS);
        let has_bodies = has_bodies(self.old, &from) || has_bodies(self.new, &to);
        let rules = |is_success: bool, of_success, of_error| match (is_success, has_bodies) {
            (true, true) => of_success,
            (true, false) => &STATUS_WITHOUT_BODY_CHANGED,
            (false, _) => of_error,
        };
        for (status, old) in &from {
            let was_success = is_success(status, &from);
            match to.get(status) {
                Some(new) => self.answer(&site, status, was_success, (old, new)),
                None => {
                    let rule = rules(was_success, &STATUS_REMOVED, &ERROR_STATUS_REMOVED);
                    self.note(&site, rule, format!("response {} removed", code(status)));
                }
            }
        }
        let known: Vec<_> = from
            .iter()
            .filter(|(status, _)| is_success(status, &from))
            .filter_map(|(_, answer)| named_body(self.old, answer))
            .collect();
        for (status, answer) in to.iter().filter(|(status, _)| !from.contains_key(*status)) {
            let is_known = named_body(self.new, answer).is_some_and(|body| known.contains(&body));
            let of_success = if is_known { &STATUS_ADDED } else { &STATUS_WITH_OTHER_BODY_ADDED };
            let rule = rules(is_success(status, &to), of_success, &ERROR_STATUS_ADDED);
            self.note(&site, rule, format!("response {} added", code(status)));
        }
    }

    fn answer(&mut self, site: &Site, status: &str, is_success: bool, pair: (&'a Node, &'a Node)) {
        if let Some((old, new)) = self.resolved(pair.0, pair.1, "responses") {
            let (carrier, sides) = match is_success {
                true => (Carrier::Success, Sides::ANSWERS),
                false => (Carrier::Error, Sides::ERRORS),
            };
            let site = site.part(format!("response {}", code(status)), sides);
            self.answer_itself(&site, carrier, old, new);
        }
    }

    pub(super) fn answer_itself(
        &mut self,
        site: &Site,
        carrier: Carrier,
        old: &'a Node,
        new: &'a Node,
    ) {
        self.words(site, old, new);
        self.content(site, carrier, old.get("content"), new.get("content"));
        let site = site.with_sides(Sides::ANSWERS);
        let headers = |answer: &'a Node| -> IndexMap<String, &'a Node> {
            let headers = answer.get("headers").into_iter().flat_map(Node::members);
            headers.map(|(name, node)| (name.to_ascii_lowercase(), node)).collect()
        };
        let (from, to) = (headers(old), headers(new));
        for (name, old) in &from {
            match to.get(name) {
                Some(new) => {
                    if let Some((old, new)) = self.resolved(old, new, "headers") {
                        let site = site.part(format!("header {}", code(name)), Sides::ANSWERS);
                        self.parameter_itself(&site, old, new);
                    }
                }
                None => {
                    let what = format!("header {} removed", code(name));
                    self.note(&site, &ANSWER_HEADER_REMOVED, what);
                }
            }
        }
        for name in to.keys().filter(|name| !from.contains_key(*name)) {
            self.note(&site, &ANSWER_HEADER_ADDED, format!("header {} added", code(name)));
        }
    }
}

fn answers(responses: &Node) -> Answers<'_> {
    let members = responses.members().filter(|(status, _)| !status.starts_with("x-"));
    members.map(|(status, node)| (&**status, node)).collect()
}

/// Where there is no 2xx, `default` is what the client takes for a success.
fn is_success(status: &str, all: &Answers<'_>) -> bool {
    let is_2xx = |status: &str| status.starts_with('2');
    is_2xx(status) || (status == "default" && !all.keys().any(|status| is_2xx(status)))
}

/// The forms of an answer's body and what they are, if each has a name: two bodies without one are
/// two types.
fn named_body<'a>(document: &'a Node, answer: &'a Node) -> Option<Vec<(&'a str, &'a str)>> {
    let content = resolve(document, answer).get("content")?;
    let named = content
        .members()
        .map(|(media, node)| Some((&**media, node.get("schema")?.reference_target()?)));
    named.collect()
}

fn has_bodies(document: &Node, answers: &Answers<'_>) -> bool {
    let mut of_success = answers.iter().filter(|(status, _)| is_success(status, answers));
    of_success.any(|(_, answer)| {
        let content = resolve(document, answer).get("content");
        content.is_some_and(|content| content.members().next().is_some())
    })
}
