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
        "a source is downloaded from its `url`, and an index says what else the site has",
        "A site has more than documents: HTML for browsers, a notice instead of a page that is \
         gone, pages in prose. None of them takes the place of a page that is good.",
    ),
    stage(
        "read",
        "a file is read: the fence of a page is found, and its YAML or JSON taken as it is",
        "What can't be read as it was meant is refused, never guessed: a page without its white \
         space, a key that is there twice, an integer that a reader would round.",
    ),
    stage(
        "manifest",
        "the manifest says which files there are, and what is said in it is of something",
        "An entry that matches nothing is a slip of the pen, or of a page that has changed.",
    ),
    stage(
        "merge",
        "the sources become one document; what has one name in two of them is one thing",
        "Of two different definitions of one name either would be wrong for the other source.",
    ),
    stage(
        "retry",
        "for every operation it is known whether it may be repeated",
        "An operation that is repeated though it took effect may do its work twice.",
    ),
    stage(
        "generate",
        "the generator makes the client of the lowered document",
        "What it can't express is told with the operation or the schema it is in.",
    ),
];

/// What is told where documentation, facts, manifest and the crate on top do not say the same.
const COMPARISONS: [Topic; 18] = [
    comparison(
        "facts-differ",
        "documentation and facts disagree on a shape, and the documentation is followed",
        "The documentation may have changed, or the facts may know better: then they say so with \
         `x-corrects`, which names what is documented and why it is wrong.",
    ),
    comparison(
        "facts-about-nothing",
        "the facts say something of a place that the documentation doesn't have",
        "What is said of nothing is stale, or stands in the wrong place.",
    ),
    comparison(
        "facts-unknown",
        "an operation, a parameter or a property is documented, and the facts don't have it",
        "It is in the client. The facts can name it and say what the documentation doesn't: whether it may \
         be repeated, what a number counts.",
    ),
    comparison(
        "documented-servers",
        "the documentation names servers that the facts don't",
        "The client goes to those of the facts, since the token goes there too.",
    ),
    comparison(
        "documented-security",
        "an operation needs credentials in the documentation and none in the facts, or the other way",
        "The facts stand, since they name the scheme; but one of the two is wrong.",
    ),
    comparison(
        "documented-extensions",
        "extensions of a documented source that would steer the build step are called otherwise",
        "They are the facts' alone: a page must not make a payment repeatable.",
    ),
    comparison(
        "dropped",
        "what a source says of itself is left out of the one document",
        "The manifest says what the one document says of itself.",
    ),
    comparison(
        "facts-fill",
        "the documentation says less of a place than the facts, which fill it",
        "A body without a schema, a text without its values: the facts say what comes.",
    ),
    comparison(
        "facts-correct",
        "documentation and facts disagree, and the facts say why they stand",
        "By `x-corrects`, `x-official-type`, `x-official-required` or `x-required-source`.",
    ),
    comparison(
        "documented-copies",
        "several documented schemas have one name, and differ",
        "One type says what all of them say: values of enums and properties of each, required where \
         all require them. What no one type can say gets a name of its own.",
    ),
    comparison(
        "copies-apart",
        "several documented schemas would have one name, and no one type can say what they say",
        "The largest group keeps the name, the others get their documented one.",
    ),
    comparison(
        "names-by-place",
        "one documented schema stands where the facts have several",
        "Each place has the type that the facts name there, with the documented shape.",
    ),
    comparison(
        "covered-sources",
        "a page says otherwise than a source that stands before it in the manifest",
        "The first source that has an operation is followed; the others are compared with it.",
    ),
    comparison(
        "removed-operations",
        "a documented operation stays out of the client, as the facts list it under `x-removed`",
        "Old editions of a document have operations that are no more.",
    ),
    comparison(
        "gone-operations",
        "the source that documents the whole API has an operation no more",
        "The facts know it from nowhere else, so that it is out of the client.",
    ),
    comparison(
        "absent-sources",
        "a source that the manifest names by `url` has not been fetched",
        "Until it is there the facts stand for what it documents.",
    ),
    comparison(
        "unnamed-files",
        "a file beside documented sources is named by no entry of the manifest",
        "It would be read by nobody, and nobody would know.",
    ),
    comparison(
        "wrapper-values",
        "an enum of the crate on top and the documented one have other values",
        "That crate reads and writes by text, so that nothing breaks; but a value without a variant is \
         one that programs can't match on.",
    ),
];

const fn comparison(name: &'static str, summary: &'static str, reason: &'static str) -> Topic {
    Topic { stage: "merge", name, summary, reason, example: None }
}

const fn stage(name: &'static str, summary: &'static str, reason: &'static str) -> Topic {
    Topic { stage: "stage", name, summary, reason, example: None }
}

/// Everything that has a name, in the order in which it has its say.
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
        return Err(format!("no rule and no check is called `{name}`:{meant} see --rules"));
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
