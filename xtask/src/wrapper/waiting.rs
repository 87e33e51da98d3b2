use std::{collections::BTreeMap, fmt::Write as _};

use super::{Method, Wrapper};
use crate::{
    diff::{Change, Class, Diff, Subject},
    document::{Node, operations},
    lower::schemas_of,
    read::Sources,
};

/// How many changes are named of a method.
const NAMED: usize = 5;

/// The methods of the wrapper crate that breaking changes reach, as Markdown; empty where there are
/// none. What such a change is to mean there, a person has to decide.
pub fn waiting(
    wrapper: &Wrapper,
    changes: &Diff,
    (old, new): (&Node, &Node),
    sources: &Sources,
) -> String {
    let mut reached: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    for change in changes.of(Class::Breaking) {
        for operation in operations_of(change, [old, new]) {
            for method in wrapper.methods_of(&operation) {
                let what = format!("{}: {}", subject(change), change.text);
                let entry = reached.entry((&method.name, place(method, sources))).or_default();
                if !entry.contains(&what) {
                    entry.push(what);
                }
            }
        }
    }
    if reached.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n### Methods of the wrapper crate that need a decision\n\n");
    for ((name, place), changes) in reached {
        let more = changes.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let changes = changes.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
        // Writing to a string does not fail.
        let _ = writeln!(text, "- `{name}` ({place}): {changes}{more}");
    }
    text
}

/// The operations that a change is of, or whose schemas it is of, before or after it.
fn operations_of(change: &Change, documents: [&Node; 2]) -> Vec<String> {
    let mut ids = Vec::new();
    for subject in &change.subjects {
        match subject {
            Subject::Operation(id) => ids.push(id.clone()),
            Subject::Schema(name) => {
                let of_both = documents.into_iter().flat_map(|document| {
                    operations(document)
                        .filter(move |operation| schemas_of(document, operation).contains(name))
                });
                let found = of_both.filter_map(|operation| operation.node.get_str("operationId"));
                ids.extend(found.map(str::to_owned));
            }
            _ => {}
        }
    }
    ids.sort();
    ids.dedup();
    ids
}

fn subject(change: &Change) -> String {
    let names: Vec<String> =
        change.subjects.iter().map(|subject| format!("`{}`", subject.name())).collect();
    names.join(", ")
}

fn place(method: &Method, sources: &Sources) -> String {
    let place = method.place;
    format!("{}:{}", sources.name(place.source), place.line)
}
