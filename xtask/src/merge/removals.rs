//! Operations that are no more, whatever an old edition of the documentation says.

use super::operations::Request;
use crate::{
    check::without_names,
    document::{Node, Place},
};

/// By this the facts say at their root which operations are no more: `METHOD /path`, or a path of
/// which everything below is gone, -> since when, and how that is known.
const REMOVED: &str = "x-removed";

/// An operation that is no more, or several.
#[derive(Clone, Debug)]
pub(super) struct Removal {
    method: Option<String>,
    path: String,
    pub(super) why: String,
    pub(super) place: Place,
}

/// What the facts say of operations that are no more.
#[derive(Clone, Debug, Default)]
pub(super) struct Removals(Vec<Removal>);

impl Removals {
    pub(super) fn of(facts: &Node) -> Self {
        let said = facts.get(REMOVED).into_iter().flat_map(Node::members);
        let removals = said.map(|(what, why)| {
            let (method, path) = match what.split_once(' ') {
                Some((method, path)) => (Some(method.to_lowercase()), path),
                None => (None, &**what),
            };
            let why = why.as_text().unwrap_or_default();
            Removal { method, path: without_names(path), why, place: what.place }
        });
        Self(removals.collect())
    }

    pub(super) fn of_request(&self, (method, path): &Request) -> Option<&Removal> {
        self.0.iter().find(|removal| {
            let below = path.strip_prefix(removal.path.trim_end_matches('/'));
            match &removal.method {
                Some(removed) => {
                    removed == method && below.is_some_and(|rest| matches!(rest, "" | "/"))
                }
                None => below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            }
        })
    }
}
