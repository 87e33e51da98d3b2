//! Where the API is served: at the servers of the facts, to which the token goes.

use super::difference::{DifferenceKind as Told, Differences};
use crate::document::{Key, Node};

/// The addresses of the servers of a document.
fn addresses(document: &Node) -> Vec<&str> {
    let servers = document.get("servers").into_iter().flat_map(Node::items);
    servers
        .filter_map(|server| server.get_str("url"))
        .map(|url| url.trim_end_matches('/'))
        .collect()
}

/// Moves what the one server of a documented source has more of the path than that of the facts into
/// the paths, so that the same requests are the same operations.
pub(super) fn fold(document: &mut Node, facts: &Node) {
    let (&[server], &[fact]) = (&addresses(document)[..], &addresses(facts)[..]) else {
        return;
    };
    let Some(base) = server.strip_prefix(fact).filter(|base| base.starts_with('/')) else {
        return;
    };
    let base = base.to_owned();
    if let Some(paths) = document.get_mut("paths").and_then(Node::as_object_mut) {
        *paths = std::mem::take(paths)
            .into_iter()
            .map(|(path, item)| match path.starts_with('/') {
                true => (Key::new(path.place, format!("{base}{}", &*path)), item),
                false => (path, item),
            })
            .collect();
    }
    if let Some(servers) = facts.get("servers") {
        document.set("servers", servers.clone());
    }
}

/// Tells of documented servers that are not those of the facts.
pub(super) fn compare(documents: &[&Node], facts: &Node, told: &mut Differences) {
    let known = addresses(facts);
    if known.is_empty() {
        return;
    }
    for document in documents {
        for address in addresses(document).into_iter().filter(|address| !known.contains(address)) {
            let problem = format!("documented as {address}, but {} in the facts", known.join(", "));
            let place = document.get("servers").map_or(document.place, |servers| servers.place);
            let fact = facts.get("servers").map(|servers| servers.place);
            told.tell(Told::Servers, "the API", problem, place, fact);
        }
    }
}
