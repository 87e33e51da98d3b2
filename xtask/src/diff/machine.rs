use serde_json::{Value, json};

use super::{Change, Class, Diff, Resource, Version};

/// The changes for machines.
pub fn to_json(diff: &Diff, version: Option<Version>) -> Value {
    let counts = Class::ALL.map(|class| (class.as_str().to_owned(), diff.of(class).count().into()));
    let step = version.map(|version| {
        let step = diff.step(version);
        json!({
            "step": step.as_str(),
            "current": version.to_string(),
            "suggested": version.after(step).to_string(),
        })
    });
    json!({
        "class": diff.class().map(Class::as_str),
        "counts": Value::Object(counts.into_iter().collect()),
        "version": step,
        "changes": diff.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Value {
    let subjects = change.subjects.iter();
    json!({
        "class": change.class.as_str(),
        "rule": change.rule.name,
        "kind": change.subjects.first().map(super::Subject::kind),
        "subjects": subjects.map(super::Subject::name).collect::<Vec<_>>(),
        "text": change.text,
        "resource": match &change.resource {
            Resource::One(name) => Some(name),
            Resource::Document | Resource::Several => None,
        },
        "operations": change.carriers.named,
        "more_operations": change.carriers.others,
    })
}
