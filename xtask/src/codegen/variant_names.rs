//! The variants that the values of an enum are.

use std::collections::BTreeSet;

use crate::{document::variant_name, lower::UNKNOWN};

/// Words for characters that carry meaning.
const WORDS: [(char, &str); 24] = [
    ('+', "plus"),
    ('-', "minus"),
    ('*', "times"),
    ('/', "slash"),
    ('\\', "backslash"),
    ('=', "equals"),
    ('<', "less than"),
    ('>', "greater than"),
    ('!', "not"),
    ('&', "and"),
    ('|', "or"),
    ('%', "percent"),
    ('#', "hash"),
    ('$', "dollar"),
    ('@', "at"),
    ('~', "tilde"),
    ('^', "caret"),
    ('?', "question mark"),
    ('.', "dot"),
    (',', "comma"),
    (':', "colon"),
    (';', "semicolon"),
    ('_', "underscore"),
    (' ', "space"),
];

/// A name for each value, in their order.
///
/// A name depends on its value alone, so that a value that is added renames no other. Where two
/// values would be one variant, as `and` and `AND`, the first in the documentation has the plain name.
pub(super) fn variant_names<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken: BTreeSet<String> = [UNKNOWN.to_owned()].into();
    values
        .into_iter()
        .map(|value| {
            let plain = plain(value);
            let numbered = (2..).map(|number| format!("{plain}{number}"));
            let mut candidates = [plain.clone(), in_words(value), format!("{plain}Value")]
                .into_iter()
                .chain(numbered)
                .filter(|name| syn::parse_str::<syn::Ident>(name).is_ok());
            let name = candidates.find(|name| taken.insert(name.clone()));
            name.unwrap_or(plain)
        })
        .collect()
}

/// The words of a value, including those for surrounding characters: `-created_at` is
/// `MinusCreatedAt`.
fn plain(value: &str) -> String {
    let (Some(first), Some(last)) =
        (value.find(char::is_alphanumeric), value.rfind(char::is_alphanumeric))
    else {
        return in_words(value);
    };
    let end = value[last..].chars().next().map_or(last, |c| last + c.len_utf8());
    let (head, words, tail) = (&value[..first], &value[first..end], &value[end..]);
    variant_name(&format!("{} {words} {}", spelled(head), spelled(tail)))
}

/// Every character that a name would lose, as a word.
fn in_words(value: &str) -> String {
    match value {
        "" => "Empty".to_owned(),
        _ => variant_name(&spelled(value)),
    }
}

fn spelled(part: &str) -> String {
    let word = |c: char| match WORDS.iter().find(|(known, _)| *known == c) {
        Some((_, word)) => format!(" {word} "),
        None if c.is_alphanumeric() => c.to_string(),
        None => format!(" u{:04x} ", u32::from(c)),
    };
    part.chars().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::variant_names;

    fn names<const N: usize>(values: [&str; N]) -> Vec<String> {
        variant_names(values)
    }

    #[test]
    fn every_value_is_a_variant() {
        assert_eq!(
            names(["=", "<>", "", "and", "AND", "-created_at", "created_at", "video/mp4", "3d"]),
            [
                "Equals",
                "LessThanGreaterThan",
                "Empty",
                "And",
                "AndValue",
                "MinusCreatedAt",
                "CreatedAt",
                "VideoMp4",
                "X3d"
            ]
        );
        assert_eq!(
            names(["a-b", "a_b", "aB", "a b"]),
            ["AB", "AUnderscoreB", "ABValue", "ASpaceB"]
        );
        assert_eq!(names(["\u{e9}t\u{e9}", "\u{1f600}", "\n"]), ["Été", "U1f600", "U000a"]);
    }

    #[test]
    fn what_the_code_calls_otherwise_has_another_name() {
        assert_eq!(names(["UNKNOWN", "self", "Self"]), ["UnknownValue", "SelfValue", "Self2"]);
        assert_eq!(names(["unknown", "UNKNOWN", "unknown_value"]).len(), 3);
    }

    #[test]
    fn a_value_that_is_added_renames_no_other() {
        let before = names(["_id", "AND", "+1"]);
        let after = names(["_id", "AND", "+1", "id", "and", "1"]);
        assert_eq!(after[..3], before);
        assert_eq!(before, ["UnderscoreId", "And", "Plus1"]);
    }
}
