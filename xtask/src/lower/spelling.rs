//! Names that would be one identifier in Rust are spelled out, so that the generator makes two of
//! them; the code that it generates is given the documented names again.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Node, Place, Pointer},
    finding::Finding,
};

/// Stands around what is spelled out. A character of private use: a document that has it is refused.
const MARK: char = '\u{E000}';

const SPELLED: [(char, &str); 12] = [
    ('_', "underscore"),
    ('-', "minus"),
    ('+', "plus"),
    ('.', "dot"),
    (',', "comma"),
    (':', "colon"),
    ('/', "slash"),
    ('@', "at"),
    ('$', "dollar"),
    ('#', "hash"),
    ('*', "star"),
    (' ', "space"),
];

const CAPITAL: &str = "capital ";

/// What is said beside a name and is no part of it.
const ASIDES: [&str; 2] = ["empty", "field"];

/// A name with a word behind it that is not sent.
pub(super) fn with_aside(name: &str, aside: &str) -> String {
    debug_assert!(ASIDES.contains(&aside), "{aside}");
    format!("{name}{MARK}{aside}{MARK}")
}

/// Every character of a name that an identifier would lose, as a word.
pub(super) fn spelled_out(name: &str) -> String {
    if name.is_empty() {
        return with_aside("", "empty");
    }
    let spelled = name.chars().map(|c| match SPELLED.iter().find(|(known, _)| *known == c) {
        Some((_, word)) => format!("{MARK}{word}{MARK}"),
        None if c.is_ascii_uppercase() => {
            format!("{MARK}{CAPITAL}{}{MARK}", c.to_ascii_lowercase())
        }
        None if c.is_ascii_lowercase() || c.is_ascii_digit() => c.to_string(),
        None => format!("{MARK}u{:04x}{MARK}", u32::from(c)),
    });
    spelled.collect()
}

/// A name with its punctuation as words, `Thing-Input` as `Thing minus Input`. It is not restored.
pub(super) fn in_words(name: &str) -> String {
    let word = |c: char| match SPELLED.iter().find(|(known, _)| *known == c) {
        Some((_, word)) => format!(" {word} "),
        None if c.is_alphanumeric() => c.to_string(),
        None => format!(" u{:04x} ", u32::from(c)),
    };
    name.chars().map(word).collect()
}

/// The names that share their identifier with another one, and how each is spelled out. The
/// plainest stays, if there is a letter or a digit in it. The order of the names does not matter.
pub(super) fn falling_together<'a>(
    names: impl IntoIterator<Item = &'a str>,
    identifier: impl Fn(&str) -> String,
) -> BTreeMap<String, String> {
    let mut by_identifier: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for name in names {
        by_identifier.entry(identifier(name)).or_default().insert(name);
    }
    let mut spelled = BTreeMap::new();
    for names in by_identifier.into_values().filter(|names| names.len() > 1) {
        let with_words = names.iter().filter(|name| name.contains(char::is_alphanumeric));
        let plainest = with_words.min_by_key(|name| spelled_out(name).matches(MARK).count());
        let others = || names.iter().filter(|name| Some(*name) != plainest);
        let around: BTreeSet<String> =
            names.iter().map(|name| identifier(&spelled_around(name))).collect();
        let is_told = around.len() == names.len();
        spelled.extend(others().map(|name| {
            let new = if is_told { spelled_around(name) } else { spelled_out(name) };
            ((*name).to_owned(), new)
        }));
    }
    spelled
}

/// Every character around the words of a name, as a word.
fn spelled_around(name: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let (Some(first), Some(last)) = (name.find(is_word), name.rfind(is_word)) else {
        return spelled_out(name);
    };
    let spelled = |part: &str| if part.is_empty() { String::new() } else { spelled_out(part) };
    let (head, words, tail) = (&name[..first], &name[first..=last], &name[last + 1..]);
    format!("{}{words}{}", spelled(head), spelled(tail))
}

/// Refuses texts that hold the mark: they would not come out as they are.
pub(super) fn refuse_marks(document: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    find_marks(document, &mut Vec::new(), &mut |at, place| {
        let at: Pointer = at.iter().map(String::as_str).collect();
        let problem = format!("the character of private use U+{:04X}", u32::from(MARK));
        let remedy = "names are spelled out with it for the generator: leave it out";
        findings.push(Finding::at(document, &at, place, problem, remedy).found_by("lower"));
    });
    findings
}

fn find_marks(node: &Node, at: &mut Vec<String>, found: &mut dyn FnMut(&[String], Place)) {
    if node.as_str().is_some_and(|text| text.contains(MARK)) {
        found(at, node.place);
    }
    for (key, member) in node.members() {
        at.push(key.to_string());
        if key.contains(MARK) {
            found(at, key.place);
        }
        find_marks(member, at, found);
        at.pop();
    }
    for (index, item) in node.items().enumerate() {
        at.push(index.to_string());
        find_marks(item, at, found);
        at.pop();
    }
}

/// The same finding, in which every name is the documented one.
pub(crate) fn with_documented_names(mut finding: Finding) -> Finding {
    let documented = |text: &str| restored(text).unwrap_or_else(|| text.to_owned());
    finding.problem = documented(&finding.problem);
    finding.remedy = documented(&finding.remedy);
    finding.pointer = finding.pointer.map(|at| at.tokens().into_iter().map(documented).collect());
    finding
}

/// A text in which every name is the documented one again; none where it holds no other.
pub(crate) fn restored(text: &str) -> Option<String> {
    if !text.contains(MARK) {
        return None;
    }
    let parts = text.split(MARK).enumerate();
    Some(
        parts.map(|(index, part)| if index % 2 == 0 { part.into() } else { meant(part) }).collect(),
    )
}

fn meant(word: &str) -> String {
    if ASIDES.contains(&word) {
        return String::new();
    }
    let capital = word.strip_prefix(CAPITAL).map(str::to_ascii_uppercase);
    let known = SPELLED.iter().find(|(_, known)| *known == word);
    capital
        .or_else(|| known.map(|(c, _)| c.to_string()))
        .or_else(|| code_point(word).map(String::from))
        .unwrap_or_else(|| word.to_owned())
}

fn code_point(word: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(word.strip_prefix('u')?, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{
        MARK, falling_together, refuse_marks, restored, spelled_out, with_aside,
        with_documented_names,
    };
    use crate::{
        document::{Pointer, type_name},
        finding::Finding,
        rule::tests::node,
    };

    #[test]
    fn what_is_spelled_out_is_restored() {
        for name in ["_id", "userId", "a.b-c+d", "$ref", "plain", "", "。", "||", "<>", "Größe"]
        {
            let spelled = spelled_out(name);
            assert_eq!(restored(&spelled).unwrap_or(spelled), name);
        }
        assert_eq!(restored("no mark"), None);
        let text = format!("names: {}, {}.", spelled_out("_id"), with_aside("Id", "field"));
        assert_eq!(restored(&text).as_deref(), Some("names: _id, Id."));
    }

    #[test]
    fn a_text_with_the_mark_is_refused_wherever_it_stands() {
        let text = "openapi: 3.0.3\npaths: {}\nx-a: [\"a\u{E000}b\", {\"\u{E000}\": 1}]\n";
        let found = refuse_marks(&node(text));
        let subjects: BTreeSet<_> = found.iter().map(|finding| finding.subject()).collect();
        let expected = ["/x-a/0".to_owned(), format!("/x-a/1/{MARK}")];
        assert_eq!(subjects, expected.into());
        assert_eq!(refuse_marks(&node("openapi: 3.0.3\nx-a: \u{E001}\n")), []);
    }

    #[test]
    fn a_finding_names_what_was_documented() {
        let document = node("openapi: 3.0.3\n");
        let at = Pointer::from_iter(["a", &*spelled_out("_id")]);
        let problem = format!("`{}` is bad", spelled_out("userId"));
        let finding = Finding::at(&document, &at, document.place, problem, "mend it");
        let finding = with_documented_names(finding);
        assert_eq!(
            (finding.subject(), &*finding.problem),
            ("/a/_id".to_owned(), "`userId` is bad")
        );
    }

    #[test]
    fn all_but_the_plainest_of_names_that_fall_together_are_spelled_out() {
        let spelled = falling_together(["1", "-1", "10", "+1", "-10", "a"], type_name);
        let names: Vec<&str> = spelled.keys().map(String::as_str).collect();
        assert_eq!(names, ["-10"], "{spelled:?}");
        let spelled = falling_together(["。", "，", ".", ""], type_name);
        let mut identifiers: Vec<String> = spelled.values().map(|name| type_name(name)).collect();
        identifiers.sort();
        assert_eq!(identifiers, ["Dot", "Empty", "U3002", "Uff0c"]);
        let spelled = falling_together(["-started_at", "started_at"], type_name);
        assert_eq!(spelled.len(), 1);
        assert_eq!(type_name(&spelled["-started_at"]), "MinusStartedAt");
        let spelled = falling_together(["mp3", "MP3"], type_name);
        assert_eq!(type_name(&spelled["MP3"]), "CapitalMCapitalP3");
    }
}
