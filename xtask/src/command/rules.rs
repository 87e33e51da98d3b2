use std::fmt::Write as _;

use crate::{
    check::CHECKS,
    limits::LIMITS,
    lower::LOWERINGS,
    repair::RULES,
    rule::{Example, Rule},
    warn::WARNINGS,
};

/// Something that findings, warnings or reports name.
struct Topic {
    stage: &'static str,
    name: &'static str,
    summary: &'static str,
    reason: &'static str,
    example: Option<Example>,
}

/// The stages whose findings are of no rule and of no check.
const STAGES: [Topic; 6] = [
    stage(
        "fetch",
        "downloads a source from its `url`, and compares an index with the manifest",
        "Sites also serve HTML, pages in prose, and notices in place of deleted pages. None of \
         these may replace a good page.",
    ),
    stage(
        "read",
        "finds the OpenAPI fence of a page, and parses its YAML or JSON",
        "Nothing is guessed: a page that lost its white space, a duplicate key, or an integer that \
         a parser would round is refused.",
    ),
    stage(
        "manifest",
        "reads the manifest, and requires that every entry matches something",
        "An entry that matches nothing is a typo, or refers to a page that has changed.",
    ),
    stage(
        "merge",
        "merges the sources into one document in which each name has one definition",
        "If two sources define a name differently, either definition would be wrong for the other \
         source.",
    ),
    stage(
        "retry",
        "requires the retry class of every operation",
        "Retrying an operation that has already taken effect may carry it out twice.",
    ),
    stage(
        "generate",
        "generates the client from the lowered document",
        "What the generator can't express is reported with its operation or schema.",
    ),
];

/// The comparisons of documentation, facts, manifest and wrapper crate.
const COMPARISONS: [Topic; 18] = [
    comparison(
        "facts-differ",
        "documentation and facts disagree on a shape, and the documentation is followed",
        "The documentation may have changed, or it may be wrong: then say so in the facts with \
         `x-corrects`, which names what is documented and why it is wrong.",
    ),
    comparison(
        "facts-about-nothing",
        "the facts describe something that the documentation doesn't have",
        "Such a fact is stale, or in the wrong place.",
    ),
    comparison(
        "facts-unknown",
        "an operation, a parameter or a property is documented, and the facts don't have it",
        "It is in the client. The facts can add a name and what the documentation doesn't say, \
         such as the retry class or the unit of a number.",
    ),
    comparison(
        "documented-servers",
        "the documentation names servers that the facts don't",
        "The client uses those of the facts, since it sends them the token.",
    ),
    comparison(
        "documented-security",
        "an operation needs credentials in the documentation but not in the facts, or vice versa",
        "The facts are followed, since they name the scheme; one of them is wrong.",
    ),
    comparison(
        "documented-extensions",
        "extensions of a documented source that would control the build step are renamed",
        "Only the facts may use them: a page must not be able to make a payment retryable.",
    ),
    comparison(
        "dropped",
        "a source's description of itself is left out of the merged document",
        "The manifest describes the merged document.",
    ),
    comparison(
        "facts-fill",
        "the documentation says less than the facts, which complete it",
        "For example, the facts add the schema of a body, or the values of a string.",
    ),
    comparison(
        "facts-correct",
        "documentation and facts disagree, and the facts say why they are right",
        "They do so with `x-corrects`, `x-official-type`, `x-official-required` or \
         `x-required-source`.",
    ),
    comparison(
        "documented-copies",
        "several documented schemas have the same name, and differ",
        "One type covers all of them: it has the enum values and properties of each, and requires \
         what all of them require. A schema that a single type can't cover gets a separate name.",
    ),
    comparison(
        "copies-apart",
        "several documented schemas would have the same name, and no single type can express them",
        "The largest group keeps the name, and the others get their documented names.",
    ),
    comparison(
        "names-by-place",
        "the documentation has one schema, and the facts have several",
        "Each place gets the type that the facts name there, with the documented shape.",
    ),
    comparison(
        "covered-sources",
        "a page contradicts an earlier source of the manifest",
        "The first source that has an operation is followed; the others are compared with it.",
    ),
    comparison(
        "removed-operations",
        "a documented operation is left out of the client, since the facts list it under \
         `x-removed`",
        "Old editions of the documentation have operations that no longer exist.",
    ),
    comparison(
        "gone-operations",
        "the source that documents the whole API no longer has an operation",
        "The facts name no other source for it, so it is removed from the client.",
    ),
    comparison(
        "absent-sources",
        "a source with a `url` in the manifest has not been fetched",
        "Until it is fetched, the facts are used instead.",
    ),
    comparison(
        "unnamed-files",
        "a file next to documented sources is not in the manifest",
        "It would be ignored silently.",
    ),
    comparison(
        "wrapper-values",
        "an enum of the wrapper crate and the documented enum have different values",
        "Nothing breaks, since the crate converts values as text, but programs can't match on a \
         value without a variant.",
    ),
];

const fn comparison(name: &'static str, summary: &'static str, reason: &'static str) -> Topic {
    Topic { stage: "merge", name, summary, reason, example: None }
}

const fn stage(name: &'static str, summary: &'static str, reason: &'static str) -> Topic {
    Topic { stage: "stage", name, summary, reason, example: None }
}

/// Everything that has a name, in the order in which it is applied.
fn all() -> Vec<Topic> {
    let rules = |stage, rules: &'static [Rule]| {
        rules.iter().map(move |rule| Topic {
            stage,
            name: rule.name,
            summary: rule.summary,
            reason: rule.reason,
            example: Some(rule.example),
        })
    };
    let checks = [("check", CHECKS), ("limit", LIMITS)].into_iter().flat_map(|(stage, checks)| {
        checks.iter().map(move |check| Topic {
            stage,
            name: check.name,
            summary: check.summary,
            reason: check.reason,
            example: None,
        })
    });
    let rules =
        rules("repair", RULES).chain(rules("warn", WARNINGS)).chain(rules("lower", LOWERINGS));
    rules.chain(checks).chain(STAGES).chain(COMPARISONS).collect()
}

/// The rules and the checks, a line each.
pub(super) fn list() -> String {
    let all = all();
    let width = all.iter().map(|topic| topic.name.len()).max().unwrap_or(0);
    all.iter().fold(String::new(), |mut text, topic| {
        let _ = writeln!(text, "{:<7} {:width$}  {}", topic.stage, topic.name, topic.summary);
        text
    })
}

/// What a rule does and why, with its example; or what a check or a stage holds, and why.
///
/// # Errors
///
/// What to say where nothing is called so.
pub(super) fn explain(name: &str) -> Result<String, String> {
    let all = all();
    let found: Vec<&Topic> = all.iter().filter(|topic| topic.name == name).collect();
    if found.is_empty() {
        let nearest = all.iter().map(|topic| (distance(name, topic.name), topic.name)).min();
        let meant = nearest.filter(|(distance, _)| *distance <= 1 + name.len() / 3);
        let meant = meant.map_or_else(String::new, |(_, name)| format!(" did you mean `{name}`?"));
        return Err(format!("there is no rule or check `{name}`:{meant} see --rules"));
    }
    Ok(found.into_iter().map(explained).collect::<Vec<_>>().join("\n"))
}

fn explained(topic: &Topic) -> String {
    let Topic { stage, name, summary, reason, example } = topic;
    let text = format!("{name} ({stage})\n\n{summary}\n\n{reason}\n");
    match example {
        None => text,
        Some(Example { before, after }) => {
            format!("{text}\nBefore:\n\n{}\nAfter:\n\n{}", indented(before), indented(after))
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |text, line| match line {
        "" => text + "\n",
        line => text + "    " + line + "\n",
    })
}

/// How many letters have to be put in, taken out or changed to make one name of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, c) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (at, o) in other.iter().enumerate() {
            let changed = diagonal + usize::from(c != *o);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_right_is_understood() {
        let said = |name| explain(name).unwrap_err();
        assert!(said("enum-value").contains("did you mean `enum-values`?"));
        assert!(said("refernces").contains("did you mean `references`?"));
        assert!(!said("zzzzzz").contains("did you mean"));
    }

    #[test]
    fn a_name_of_a_rule_and_of_a_check_explains_both() {
        let explained = explain("property-names").unwrap();
        assert!(explained.starts_with("property-names (lower)"), "{explained}");
        assert!(explained.contains("\nproperty-names (limit)"), "{explained}");
    }

    #[test]
    fn the_distance_counts_letters() {
        let cases = [("", "ab", 2), ("abc", "abc", 0), ("abc", "axc", 1), ("kitten", "sitting", 3)];
        for (one, other, expected) in cases {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }
}
