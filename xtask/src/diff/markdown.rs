use std::{collections::BTreeMap, fmt::Write as _};

use indexmap::IndexMap;

use super::{Change, Class, Diff, Resource, Step, Subject, Version, site::code};

/// How many changes of a class are spelt out: a comment of a pull request takes 65,536 characters.
const SPELT_OUT: usize = 40;

/// How many things are named that one change is of.
const NAMED: usize = 3;

/// The changes as Markdown that fits a pull request: by class, the gravest first, by resource and
/// by what changed; then the counts, and the step of the version that follows. What step that is
/// depends on the version; both are named where there is none.
pub fn to_markdown(diff: &Diff, version: Option<Version>) -> String {
    if diff.changes.is_empty() {
        return "## The API did not change\n\nSuggested step: **none**.\n".to_owned();
    }
    let mut text = String::from("## Changes of the API\n");
    for class in Class::ALL.into_iter().filter(|class| diff.of(*class).next().is_some()) {
        let _ = writeln!(text, "\n### {}", heading(class));
        let mut resources: BTreeMap<&Resource, Vec<&Change>> = BTreeMap::new();
        for change in diff.of(class).take(SPELT_OUT) {
            resources.entry(&change.resource).or_default().push(change);
        }
        for (resource, changes) in resources {
            let _ = writeln!(text, "\n{}\n", title(resource));
            text += &of_resource(&changes);
        }
        let more = diff.of(class).count().saturating_sub(SPELT_OUT);
        if more > 0 {
            let _ = writeln!(text, "\n… and {more} more");
        }
    }
    let counts = Class::ALL.map(|class| format!("{} {}", diff.of(class).count(), class.as_str()));
    let _ = writeln!(text, "\n{}.\n{}", counts.join(", "), suggestion(diff, version));
    text
}

fn title(resource: &Resource) -> String {
    match resource {
        Resource::Document => "**The document**".to_owned(),
        Resource::One(name) => format!("**{}**", code(name)),
        Resource::Several => "**Several resources or none**".to_owned(),
    }
}

/// An item for each thing that changed, with a nested list if there are several changes.
fn of_resource(changes: &[&Change]) -> String {
    let mut things: IndexMap<String, Vec<&str>> = IndexMap::new();
    for change in changes {
        things.entry(thing(change)).or_default().push(&change.text);
    }
    things.into_iter().fold(String::new(), |mut text, (thing, said)| {
        match &said[..] {
            [said] => {
                let _ = writeln!(text, "- {thing}: {said}");
            }
            all => {
                let _ = writeln!(text, "- {thing}:");
                all.iter().for_each(|said| text += &format!("  - {said}\n"));
            }
        }
        text
    })
}

fn heading(class: Class) -> &'static str {
    match class {
        Class::Breaking => "Breaking",
        Class::Additive => "Additive",
        Class::Documentation => "Documentation",
    }
}

/// What changed, and some of the operations that it reaches.
fn thing(change: &Change) -> String {
    let subjects = subjects(&change.subjects);
    if change.carriers.named.is_empty() {
        return subjects;
    }
    let operations: Vec<String> = change.carriers.named.iter().map(|id| code(id)).collect();
    let others = match change.carriers.others {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{subjects} (in {}{others})", operations.join(", "))
}

fn subjects(subjects: &[Subject]) -> String {
    let kind = match subjects.first() {
        None | Some(Subject::Document) => return "the document".to_owned(),
        Some(Subject::Operation(_)) => "",
        Some(Subject::Schema(_)) => "schema ",
        Some(Subject::Component { section, .. }) => match *section {
            "parameters" => "shared parameter ",
            "requestBodies" => "shared request ",
            "responses" => "shared answer ",
            "headers" => "shared header ",
            "securitySchemes" => "security scheme ",
            _ => "component ",
        },
    };
    let names: Vec<String> =
        subjects.iter().take(NAMED).map(|subject| code(subject.name())).collect();
    match subjects.len().saturating_sub(NAMED) {
        0 => format!("{kind}{}", names.join(", ")),
        more => format!("{kind}{} and {more} more", names.join(", ")),
    }
}

fn suggestion(diff: &Diff, version: Option<Version>) -> String {
    let Some(version) = version else {
        let step = |version| Step::after(diff.class(), version).as_str();
        let (below, from) = (step(Version::ZERO), step(Version::ONE));
        return match below == from {
            true => format!("Suggested step: **{below}**."),
            false => format!("Suggested step: **{below}** below 1.0, **{from}** from 1.0 on."),
        };
    };
    let step = diff.step(version);
    format!("Suggested step: **{}**, {version} → {}.", step.as_str(), version.after(step))
}

#[cfg(test)]
mod tests {
    use super::to_markdown;
    use crate::{diff::compare, rule::tests::node};

    fn document(operations: usize) -> String {
        let operation = |index: usize| {
            format!(
                "  /{index}:\n    get: {{operationId: get-{index:03}, responses: {{'200': {{description: OK}}}}}}\n"
            )
        };
        let paths: String = (0..operations).map(operation).collect();
        format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}  /last: {{}}\n")
    }

    #[test]
    fn what_happened_to_many_in_the_same_words_is_one_line() {
        let diff = compare(&node(&document(30)), &node(&document(1)));
        let text = to_markdown(&diff, Some("0.1.0".parse().unwrap()));
        assert_eq!(
            text,
            "## Changes of the API\n\n### Breaking\n\n**Several resources or none**\n\n- `get-001`, \
             `get-002`, `get-003` and 26 more: removed\n\n1 breaking, 0 additive, 0 \
             documentation.\nSuggested step: **minor**, 0.1.0 → 0.2.0.\n"
        );
    }

    #[test]
    fn a_summary_of_thousands_of_changes_fits_a_pull_request() {
        let schema = |kind: &str| {
            let property = |index: usize| format!("        p{index:04}: {{type: {kind}}}\n");
            let properties: String = (0..3000).map(property).collect();
            format!(
                "openapi: 3.0.3\npaths: {{}}\ncomponents:\n  schemas:\n    S:\n      type: object\n      properties:\n{properties}"
            )
        };
        let diff = compare(&node(&schema("string")), &node(&schema("integer")));
        assert_eq!(diff.changes.len(), 3000);
        let text = to_markdown(&diff, None);
        assert!(text.len() < 60_000, "{}", text.len());
        assert!(text.contains("\n… and 2960 more\n"), "{text}");
        assert!(text.ends_with("**minor** below 1.0, **major** from 1.0 on.\n"), "{text}");
    }

    #[test]
    fn nothing_changed_is_said() {
        let same = node(&document(1));
        assert!(to_markdown(&compare(&same, &same), None).contains("did not change"));
    }
}
