//! The ids of the operations, which become their names in Rust: the documented ones, or such as
//! are built from the documented endpoint, as the manifest says. An id depends on its operation
//! alone, so that it stays when a page is added or removed; two that fall together are refused.

use std::collections::{HashMap, HashSet};

use heck::ToSnakeCase as _;

use crate::{
    document::{Kind, Node, Operation, Place, field_name, operations, type_name, walk, walk_mut},
    finding::Finding,
    manifest::{Manifest, OperationNames},
    read::Sources,
    repair::ENDPOINT,
};

/// Gives every operation its id, and tells which ones are others than documented. Links follow.
pub fn decide(document: &mut Node, manifest: &Manifest) -> Vec<String> {
    let mut renamed: HashMap<String, Vec<String>> = HashMap::new();
    let decided: Vec<(String, String, String)> = operations(document)
        .map(|operation| {
            let id = id_of(&operation, manifest);
            (operation.path.to_string(), operation.method.to_string(), id)
        })
        .collect();
    let mut changes = Vec::new();
    for (path, method, id) in decided {
        let paths = document.get_mut("paths");
        let operation = paths.and_then(|paths| paths.get_mut(&path)?.get_mut(&method));
        let Some(operation) = operation else {
            continue;
        };
        if operation.get_str("operationId") == Some(&id) {
            continue;
        }
        let place = operation.get("operationId").map_or(operation.place, |node| node.place);
        if let Some(documented) = operation.get_str("operationId") {
            renamed.entry(documented.to_owned()).or_default().push(id.clone());
        }
        operation.set("operationId", Node::string(place, &*id));
        changes.push(format!("{} {path} is `{id}`", method.to_uppercase()));
    }
    let kept: HashSet<String> =
        operations(document).filter_map(|operation| operation.id().map(str::to_owned)).collect();
    walk_mut(document, &mut |node, kind, _| {
        let named = node.get_str("operationId").filter(|name| !kept.contains(*name));
        let Some([id]) = named.and_then(|name| renamed.get(name)).map(Vec::as_slice) else {
            return;
        };
        if kind == Kind::Link {
            node.set("operationId", Node::string(node.place, &**id));
        }
    });
    changes
}

fn id_of(operation: &Operation<'_>, manifest: &Manifest) -> String {
    if let Some(id) = manifest.operations.get(&key(operation)) {
        return id.get_ref().clone();
    }
    let documented = operation.id();
    match manifest.document.operation_names {
        OperationNames::Documented => documented.map(str::to_owned),
        OperationNames::Qualified => qualified(operation),
    }
    .unwrap_or_else(|| of_request(operation))
}

/// The operation as [operations] of the manifest calls it.
fn key(operation: &Operation<'_>) -> String {
    format!("{} {}", operation.method.to_uppercase(), operation.path)
}

/// The package and the name of the endpoint, or the first tag and the id.
fn qualified(operation: &Operation<'_>) -> Option<String> {
    if let Some(endpoint) = operation.node.get_str(ENDPOINT) {
        return Some(joined(endpoint.split(['.', '/'])));
    }
    let id = operation.id()?;
    let tag = operation.node.get("tags").and_then(|tags| tags.items().next()?.as_str());
    Some(joined(tag.into_iter().flat_map(|tag| tag.split(['.', '/'])).chain([id])))
}

/// The method and the path, `get_things_by_id`.
fn of_request(operation: &Operation<'_>) -> String {
    let path = operation.path.replace('{', "by_");
    joined([&**operation.method].into_iter().chain(path.split(['/', '#'])))
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words = words.map(|word| word.to_snake_case()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// Refuses ids with the same name in Rust, links to missing operations, and entries of
/// the manifest that name no operation.
pub fn check(document: &Node, manifest: &Manifest, sources: &Sources) -> Vec<Finding> {
    let mut findings = names_of_nothing(document, manifest);
    findings.extend(links_to_nothing(document));
    let mut first: HashMap<String, Operation<'_>> = HashMap::new();
    for operation in operations(document) {
        let name = field_name(operation.id().unwrap_or_default());
        if let Some(other) = first.get(&type_name(&name)) {
            findings.push(fall_together(document, manifest, sources, other, &operation));
        } else {
            first.insert(type_name(&name), operation);
        }
    }
    findings
}

/// Links whose operation is not there, or was called like others before each got its own id.
fn links_to_nothing(document: &Node) -> Vec<Finding> {
    let ids: HashSet<&str> = operations(document).filter_map(|operation| operation.id()).collect();
    let mut findings = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        let named = node.get("operationId").filter(|_| kind == Kind::Link);
        if let Some(named) = named.filter(|name| !ids.contains(name.as_str().unwrap_or_default())) {
            let name = named.as_str().unwrap_or_default();
            let problem = format!(
                "the link refers to `{name}`, which is not the name of exactly one operation"
            );
            let remedy = "refer to another operation, or use `operationRef`";
            let at = pointer.join("operationId");
            findings.push(Finding::at(document, &at, named.place, problem, remedy));
        }
    });
    findings
}

fn fall_together(
    document: &Node,
    manifest: &Manifest,
    sources: &Sources,
    first: &Operation<'_>,
    second: &Operation<'_>,
) -> Finding {
    let id = |operation: &Operation<'_>| operation.id().unwrap_or_default().to_owned();
    let (there, here) = (place_of_id(first), place_of_id(second));
    let problem = format!(
        "`{}` is the same name in Rust as `{}` of {} at {}:{}:{}",
        id(second),
        id(first),
        key(first),
        sources.name(there.source),
        there.line,
        there.column
    );
    let remedy = match manifest.document.operation_names {
        OperationNames::Documented => {
            "set `operation-names = \"qualified\"` under [document] in the manifest, or give one \
             of them another id under [operations]"
        }
        OperationNames::Qualified => {
            "give one of them another id under [operations] in the manifest"
        }
    };
    let pointer = second.pointer().join("operationId");
    Finding::at(document, &pointer, here, problem, remedy)
}

fn place_of_id(operation: &Operation<'_>) -> Place {
    operation.node.get("operationId").map_or(operation.method.place, |node| node.place)
}

fn names_of_nothing(document: &Node, manifest: &Manifest) -> Vec<Finding> {
    let known: Vec<String> = operations(document).map(|operation| key(&operation)).collect();
    let unused = manifest.operations.iter().filter(|(name, _)| !known.contains(name));
    unused
        .map(|(name, id)| {
            Finding::about_source(
                manifest.place_of(id),
                format!("[operations] refers to `{name}`, but no source has that operation"),
                "write it as `GET /path`, with the documented path, or remove the entry",
            )
        })
        .collect()
}
