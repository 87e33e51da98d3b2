use indexmap::IndexMap;

use super::{
    Subject,
    comparison::Comparison,
    parameters::shape,
    rule::{
        OPERATION_ADDED, OPERATION_MOVED, OPERATION_REMOVED, OPERATION_RENAMED, OPERATION_RESPELT,
        REPEATED_LESS, REPEATED_MORE, RESOURCE_CHANGED, RETRY_CLASS_CHANGED, SERVER_ADDED,
        SERVER_REMOVED, WORDS_CHANGED,
    },
    site::{Sides, Site, code},
    usage::label,
};
use crate::{
    document::{Node, Operation, field_name, operations, type_name},
    retry::RetrySafety,
};

/// The key that identifies an operation in another document.
type Identity = fn(&Operation<'_>) -> Option<String>;

/// The ways to identify an operation, most reliable first: method and path, the same without the
/// names in the path, the id.
const IDENTITIES: [Identity; 3] = [
    |operation| Some(format!("{} {}", operation.method, operation.path)),
    |operation| Some(format!("{} {}", operation.method, shape(operation.path))),
    |operation| operation.node.get_str("operationId").map(str::to_owned),
];

impl<'a> Comparison<'a> {
    /// Compares the operations.
    pub(super) fn operations(&mut self) {
        let (pairs, removed, added) = matched(self.old, self.new);
        for operation in &removed {
            self.note(&site_of(operation), &OPERATION_REMOVED, "removed");
        }
        for operation in &added {
            self.note(&site_of(operation), &OPERATION_ADDED, "added");
        }
        for (old, new) in &pairs {
            self.operation(old, new);
        }
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let site = site_of(new);
        self.name(&site, old, new);
        let address = |operation: &Operation<'_>| {
            format!("{} {}", operation.method.to_uppercase(), shape(operation.path))
        };
        if address(old) != address(new) {
            let told = |operation: &Operation<'_>| {
                code(&format!("{} {}", operation.method.to_uppercase(), operation.path))
            };
            self.note(&site, &OPERATION_MOVED, format!("{} → {}", told(old), told(new)));
        }
        self.words(&site, old.path_item, new.path_item);
        self.words(&site, old.node, new.node);
        self.tags(&site, old, new);
        self.retry(&site, old, new);
        self.security(&site, old, new);
        self.parameters(&site, old, new);
        self.request_body(&site, old.node.get("requestBody"), new.node.get("requestBody"));
        if let (Some(old), Some(new)) = (old.node.get("responses"), new.node.get("responses")) {
            self.answers(&site, old, new);
        }
        self.servers_of_operation(&site, old, new);
    }

    fn name(&mut self, site: &Site, old: &Operation<'a>, new: &Operation<'a>) {
        let (from, to) = (label(old), label(new));
        let has_ids = [old, new].iter().any(|one| one.node.get_str("operationId").is_some());
        if from == to || !has_ids {
            return;
        }
        let is_same = field_name(&from) == field_name(&to) && type_name(&from) == type_name(&to);
        let rule = if is_same { &OPERATION_RESPELT } else { &OPERATION_RENAMED };
        self.note(site, rule, format!("was named {}", code(&from)));
    }

    /// The first tag is the resource that an operation belongs to.
    fn tags(&mut self, site: &Site, old: &Operation<'a>, new: &Operation<'a>) {
        let tags = |operation: &Operation<'a>| -> Vec<&'a str> {
            let tags = operation.node.get("tags").into_iter().flat_map(Node::items);
            tags.filter_map(Node::as_str).collect()
        };
        let (from, to) = (tags(old), tags(new));
        let resource = |tags: &[&str]| tags.first().map(|tag| field_name(tag));
        if resource(&from) != resource(&to) {
            let told = |tags: &[&str]| tags.first().map_or("none".to_owned(), |tag| code(tag));
            let what = format!("first tag {} → {}", told(&from), told(&to));
            self.note(site, &RESOURCE_CHANGED, what);
        } else if from != to {
            self.note(site, &WORDS_CHANGED, "tags changed");
        }
    }

    fn retry(&mut self, site: &Site, old: &Operation<'a>, new: &Operation<'a>) {
        let (from, to) = (RetrySafety::of(old), RetrySafety::of(new));
        let is_repeated = |safety| matches!(safety, RetrySafety::Safe | RetrySafety::Idempotent);
        let rule = match (is_repeated(from), is_repeated(to)) {
            (true, false) => &REPEATED_LESS,
            (false, true) => &REPEATED_MORE,
            _ if from == to => return,
            _ => &RETRY_CLASS_CHANGED,
        };
        self.note(site, rule, format!("retry class {} → {}", from.as_str(), to.as_str()));
    }

    fn servers_of_operation(&mut self, site: &Site, old: &Operation<'a>, new: &Operation<'a>) {
        let own = |operation: &Operation<'a>| {
            operation.node.get("servers").or_else(|| operation.path_item.get("servers"))
        };
        let (from, to) = (own(old), own(new));
        if from.is_some() || to.is_some() {
            let from = from.or_else(|| self.old.get("servers"));
            let to = to.or_else(|| self.new.get("servers"));
            self.servers(site, from, to);
        }
    }

    /// Compares two lists of servers by their URLs and what these may be filled with.
    pub(super) fn servers(&mut self, site: &Site, old: Option<&'a Node>, new: Option<&'a Node>) {
        let servers = |list: Option<&'a Node>| -> IndexMap<&'a str, &'a Node> {
            let servers = list.into_iter().flat_map(Node::items);
            servers.filter_map(|server| Some((server.get_str("url")?, server))).collect()
        };
        let (from, to) = (servers(old), servers(new));
        for (url, server) in &from {
            match to.get(url) {
                None => self.note(site, &SERVER_REMOVED, format!("server {} removed", code(url))),
                Some(there) => {
                    self.words(site, server, there);
                    if server.get("variables") != there.get("variables") {
                        let what = format!("variables of server {} changed", code(url));
                        self.note(site, &SERVER_REMOVED, what);
                    }
                }
            }
        }
        for url in to.keys().filter(|url| !from.contains_key(*url)) {
            self.note(site, &SERVER_ADDED, format!("server {} added", code(url)));
        }
    }
}

type Matched<'a> = (Vec<(Operation<'a>, Operation<'a>)>, Vec<Operation<'a>>, Vec<Operation<'a>>);

/// The operations of both documents, and those of the old one and of the new one alone.
fn matched<'a>(old: &'a Node, new: &'a Node) -> Matched<'a> {
    let mut removed: Vec<Operation<'a>> = operations(old).collect();
    let mut added: Vec<Operation<'a>> = operations(new).collect();
    let mut pairs = Vec::new();
    for identity in IDENTITIES {
        let mut there: IndexMap<String, Operation<'a>> = IndexMap::new();
        let mut rest = Vec::new();
        for operation in added {
            match identity(&operation) {
                Some(key) if !there.contains_key(&key) => drop(there.insert(key, operation)),
                _ => rest.push(operation),
            }
        }
        removed.retain(|operation| {
            let partner = identity(operation).and_then(|key| there.swap_remove(&key));
            let is_gone = partner.is_none();
            pairs.extend(partner.map(|partner| (operation.clone(), partner)));
            is_gone
        });
        rest.extend(there.into_values());
        added = rest;
    }
    (pairs, removed, added)
}

fn site_of(operation: &Operation<'_>) -> Site {
    Site::new(Subject::Operation(label(operation)), Sides { requests: true, answers: true })
}
