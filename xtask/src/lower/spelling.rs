//! Names that would be one identifier in Rust are spelled out, so that the generator makes two of
//! them. The plan says which is which, and the generated code is given the documented names again.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::{
    document::{Node, Pointer},
    plan::WireName,
};

/// Stand around what is spelled out: no identifier has them, so that the generator has to say in an
/// attribute what is sent.
const AROUND: (char, char) = ('(', ')');

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

/// A name with a suffix that is not sent.
pub(super) fn with_aside(name: &str, aside: &str) -> String {
    let (open, close) = AROUND;
    format!("{name}{open}{aside}{close}")
}

/// Every character of a name that an identifier would lose, as a word.
fn spelled_out(name: &str) -> String {
    if name.is_empty() {
        return with_aside("", "empty");
    }
    let spelled = name.chars().map(|c| match SPELLED.iter().find(|(known, _)| *known == c) {
        Some((_, word)) => with_aside("", word),
        None if c.is_ascii_uppercase() => {
            with_aside("", &format!("{CAPITAL}{}", c.to_ascii_lowercase()))
        }
        None if c.is_ascii_lowercase() || c.is_ascii_digit() => c.to_string(),
        None => with_aside("", &format!("u{:04x}", u32::from(c))),
    });
    spelled.collect()
}

/// A name with its punctuation as words, `Thing-Input` as `Thing minus Input`.
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
        let plainest = with_words.min_by_key(|name| spelled_out(name).matches(AROUND.0).count());
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

/// Names that a document has nowhere else, so that the generated code has them for nothing else.
pub(super) struct NewNames(HashSet<String>);

impl NewNames {
    /// Names that differ from all names and texts of a document.
    pub(super) fn beside(document: &Node) -> Self {
        let mut taken = HashSet::new();
        let mut open = vec![document];
        while let Some(node) = open.pop() {
            taken.extend(node.as_str().map(str::to_owned));
            taken.extend(node.members().map(|(key, _)| key.to_string()));
            open.extend(node.members().map(|(_, member)| member).chain(node.items()));
        }
        Self(taken)
    }

    /// The names, each numbered where the document has it already.
    pub(super) fn instead_of(&self, names: &mut BTreeMap<String, String>) {
        for name in names.values_mut() {
            let numbered = (2..).map(|number| with_aside(name, &number.to_string()));
            let mut candidates = std::iter::once(name.clone()).chain(numbered);
            if let Some(new) = candidates.find(|name| !self.0.contains(name)) {
                *name = new;
            }
        }
    }
}

/// The plan's word on what was spelled out in the schema at a place: documented and lowered names.
pub(super) fn wire_names<'a>(
    schema: &'a Pointer,
    spelled: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = WireName> {
    spelled.iter().map(|(documented, lowered)| WireName {
        schema: schema.clone(),
        lowered: lowered.clone(),
        documented: documented.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::{NewNames, falling_together};
    use crate::{document::type_name, rule::tests::node};

    #[test]
    fn a_name_that_the_document_has_is_numbered() {
        let document = node("openapi: 3.0.3\nx-a: ['(dot)a', {'(dot)a(2)': 1}]\n");
        let new_names = NewNames::beside(&document);
        let owned = |(from, to): (&str, &str)| (from.to_owned(), to.to_owned());
        let mut names = [(".a", "(dot)a"), (".b", "(dot)b")].map(owned).into();
        new_names.instead_of(&mut names);
        assert_eq!(names, [(".a", "(dot)a(3)"), (".b", "(dot)b")].map(owned).into());
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
