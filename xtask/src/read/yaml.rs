//! YAML (and so JSON) to a tree with places.

use serde::{Deserialize, Deserializer, de};
use serde_saphyr::{Error, Location, Spanned, budget::BudgetBreach};

use super::{lines::Lines, page::Excerpt, texts::keep_texts};
use crate::{
    document::{Key, Node, Object, Place, SourceId, Value},
    finding::Finding,
};

/// Deeper than any document of an API, and no deeper than readers of JSON go, serde_json among
/// them.
pub(crate) const DEEPEST_NESTING: usize = 120;

/// More values than any document of an API has, aliases followed.
const MOST_VALUES: usize = 4_000_000;

/// How many of these values aliases may make.
const MOST_REPEATED: usize = 250_000;

/// The tag of bytes in base64, which the reader drops.
const BINARY: &str = "!!binary";

pub(super) fn parse(source: SourceId, excerpt: &Excerpt<'_>) -> Result<Node, Finding> {
    let options = serde_saphyr::options! {
        // `no`, `on` and `yes` are strings in YAML 1.2, and enum values in these documents.
        strict_booleans: true,
        // `1_000` and `012` are no numbers that every reader takes for the same.
        underscored_numbers_as_strings: true,
        leading_zero_numbers_as_strings: true,
        reject_unsupported_tags: true,
        ignore_binary_tag_for_string: true,
        budget: serde_saphyr::budget! {
            max_depth: DEEPEST_NESTING,
            max_nodes: MOST_VALUES,
            // A value is an event, the end of a list or a mapping another.
            max_events: 2 * MOST_VALUES,
            // Keys of JSON may be of any length.
            simple_key_max_lookahead: 1 << 16,
            // What aliases can do is bounded by what they repeat.
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MOST_REPEATED },
    };
    let in_file = |place: Place| excerpt.place(source, place.line, place.column);
    if let Some(finding) = control_character(source, excerpt) {
        return Err(finding);
    }
    let parsed = serde_saphyr::from_str_with_options::<Node>(&excerpt.text, options);
    let mut node = parsed.map_err(|error| {
        let place = error.location().map_or_else(Place::default, place);
        Finding::about_source(
            in_file(place),
            format!("the YAML can't be read: {}", problem(&error)),
            "correct it where it is published, or remove the page from the manifest",
        )
    })?;
    let lines = Lines::of(&excerpt.text);
    keep_texts(&mut node, |scalar| written(scalar, &lines));
    if let Some((place, problem)) = misread(&node, &lines) {
        let remedy = "write it as a quoted string";
        return Err(Finding::about_source(in_file(place), problem, remedy));
    }
    node.relocate(&in_file);
    Ok(node)
}

/// Control characters, except tabs and line breaks, are neither YAML nor JSON.
fn control_character(source: SourceId, excerpt: &Excerpt<'_>) -> Option<Finding> {
    let is_none = |c: char| c < ' ' && !matches!(c, '\t' | '\n');
    let mut lines = excerpt.text.lines().zip(1..);
    let (before, c, line) = lines.find_map(|(line, number)| {
        let at = line.find(is_none)?;
        Some((&line[..at], line[at..].chars().next()?, number))
    })?;
    let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
    Some(Finding::about_source(
        excerpt.place(source, line, column),
        format!("the control character U+{:04X} is not allowed in YAML or JSON", u32::from(c)),
        "remove it, or write it as an escape in a quoted string",
    ))
}

/// The first value that is not what was written: a number that became another one, or data that
/// JSON has no form for.
fn misread(node: &Node, lines: &Lines<'_>) -> Option<(Place, String)> {
    let problem = match &node.value {
        Value::Number(number) if number.is_f64() => {
            let written = written(node, lines);
            let of_written = digits(written);
            let is_integer =
                written.bytes().all(|byte| byte.is_ascii_digit() || b"+-".contains(&byte));
            if is_integer {
                Some(format!("`{written}` is an integer that needs more than 64 bits"))
            } else if of_written.is_some() && of_written != digits(&number.to_string()) {
                Some(format!("`{written}` has more digits than a 64-bit number can hold"))
            } else {
                None
            }
        }
        Value::String(_) => {
            let (before, _) = lines.split_at(node.place);
            let is_binary = before.trim_end().ends_with(BINARY);
            is_binary.then(|| format!("`{BINARY}` can't be expressed in JSON"))
        }
        _ => None,
    };
    if let Some(problem) = problem {
        return Some((node.place, problem));
    }
    let members = node.members().map(|(_, member)| member);
    members.chain(node.items()).find_map(|inner| misread(inner, lines))
}

/// The text at the start of an unquoted scalar.
fn written<'a>(scalar: &Node, lines: &Lines<'a>) -> &'a str {
    let (_, rest) = lines.split_at(scalar.place);
    rest.split([' ', '\t', ',', ']', '}']).next().unwrap_or_default()
}

/// The digits of a decimal number without the zeros around them, and the power of ten of the first.
fn digits(written: &str) -> Option<(String, i64)> {
    let text = written.strip_prefix(['+', '-']).unwrap_or(written);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = all.trim_start_matches('0');
    let leading = i64::try_from(all.len() - significant.len()).ok()?;
    let first = i64::try_from(whole.len()).ok()? - leading + exponent.parse::<i64>().ok()?;
    let significant = significant.trim_end_matches('0').to_owned();
    Some(if significant.is_empty() { (significant, 0) } else { (significant, first) })
}

/// The problem in one line: an exceeded limit is reported with what it limits.
fn problem(error: &Error) -> String {
    match error.without_snippet() {
        Error::AliasError { error, .. } => problem(error),
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => too_deep(),
        Error::Budget {
            breach: BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. }, ..
        } => format!("it has more than {MOST_VALUES} values"),
        Error::Budget { breach: BudgetBreach::ScalarBytes { .. }, .. } => {
            "its aliases repeat too much text".to_owned()
        }
        Error::Budget { .. } => "it has too many anchors, aliases or merge keys".to_owned(),
        Error::AliasReplayLimitExceeded { .. } => {
            format!("its aliases repeat more than {MOST_REPEATED} values")
        }
        error => in_plain_words(&without_location(error)),
    }
}

fn too_deep() -> String {
    format!("it is nested more than {DEEPEST_NESTING} levels deep")
}

/// The parser's messages are meant for programmers, and mention its own types and options.
fn in_plain_words(message: &str) -> String {
    if let Some((key, _)) = message
        .strip_prefix("duplicate mapping key: ")
        .and_then(|rest| rest.rsplit_once(", set DuplicateKeyPolicy"))
    {
        return format!("the key `{key}` appears twice in this mapping");
    }
    let number = message.strip_suffix(" rejected by the configured policy");
    if let Some(number) = number.and_then(|text| text.strip_prefix("non-finite float ")) {
        return format!("{number} is a number that JSON can't express");
    }
    let plain = [
        ("recursion limit exceeded", too_deep()),
        ("expected string scalar", "a key is a list or a mapping instead of a string".to_owned()),
        ("cannot deserialize null into string", "a key is null instead of a string".to_owned()),
        ("multiple YAML documents", "the file contains several YAML documents".to_owned()),
        ("recursive references", "an alias refers to a value that contains it".to_owned()),
    ];
    let known = plain.into_iter().find(|(said, _)| message.starts_with(said));
    known.map_or_else(|| message.to_owned(), |(_, plain)| plain)
}

/// Only the message: the place is printed already, and the snippet would take many lines.
fn without_location(error: &Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let text = text.split(" at line ").next().unwrap_or(text);
    match text.split_once(": ") {
        Some((location, message)) if location.starts_with("line ") => message.to_owned(),
        _ => text.to_owned(),
    }
}

/// A place inside the YAML: the source is known when the tree is complete.
fn place(location: Location) -> Place {
    Place {
        source: SourceId::default(),
        line: u32::try_from(location.line()).unwrap_or(u32::MAX),
        column: u32::try_from(location.column()).unwrap_or(u32::MAX),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Node::new(place(spanned.referenced), spanned.value))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> de::Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        let number = serde_json::Number::from_f64(value);
        number.map(Value::Number).ok_or_else(|| E::custom("a number that JSON can't express"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Object::new();
        while let Some(key) = members.next_key::<Spanned<String>>()? {
            let key = Key::new(place(key.referenced), key.value);
            // The reader takes `200` and `'200'` for two keys.
            if object.contains_key(&key) {
                return Err(de::Error::custom(format!(
                    "the key `{key}` appears twice in this mapping"
                )));
            }
            object.insert(key, members.next_value()?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn parse_text(text: &str) -> Result<Node, Finding> {
        let excerpt = Excerpt {
            text: Cow::Borrowed(text),
            lines_above: 10,
            stride: 1,
            indentation: vec![2; 9],
            page: None,
        };
        parse(SourceId(3), &excerpt)
    }

    #[test]
    fn a_node_knows_its_place_in_the_file() {
        let node = parse_text("a:\n  - x\n  - b: 1\n").unwrap();
        let item = &node.get("a").unwrap().as_array().unwrap()[1];
        let expected = Place { source: SourceId(3), line: 13, column: 7 };
        assert_eq!(item.place, expected);
        let (key, value) = item.members().next().unwrap();
        assert_eq!((key.place.column, value.place.column), (7, 10));
    }

    #[test]
    fn words_that_yaml_1_1_took_for_booleans_and_dates_are_strings() {
        let node = parse_text("[no, off, on, yes, NO, 2025-06-26, '200']").unwrap();
        assert!(node.items().all(|item| item.as_str().is_some()), "{node:?}");
    }

    #[test]
    fn numbers_that_readers_take_for_different_ones_are_strings() {
        let node = parse_text("[1_000, 012, 1e3, 1.0, -5, 18446744073709551615]").unwrap();
        let json = serde_json::to_string(&node).unwrap();
        assert_eq!(json, r#"["1_000","012",1000.0,1.0,-5,18446744073709551615]"#);
    }

    #[test]
    fn scalars_where_the_grammar_has_text_are_what_was_written() {
        let text = "info: {version: 1.10, title: true, description: 0x1F}
tags: [{name: 1e3}] # a comment
paths: {/a: {get: {tags: [1.0, +1], operationId: 007, responses: {200: {description: 1.50}}}}}
servers: [{url: x, variables: {port: {enum: [443, '8443'], default: 443}}}]
components:
  schemas:
    A: {type: string, enum: [1.10, 1.20, yes, NO, on, 0755, 12:30, 1_000, 1e3, 0x1F, 2024-01-01, ~x, true, null, 123456789012345678901234567890], default: 1.10}
    B: {type: [string, 'null'], const: .5, examples: [1.0, 2]}
    C: {type: number, enum: [1.10], default: 1}
    D: {type: [string, integer], enum: [1]}
    E: {enum: [1]}
    F: {type: string, enum: [{type: booleanLiteral, value: true}], required: true}
    G: {type: object, required: [1, y], properties: {1: {}, 1.10: {}, true: {}, y: {}}}
";
        let json = serde_json::to_value(parse_text(text).unwrap()).unwrap();
        let at = |pointer: &str| json.pointer(pointer).unwrap().to_string();
        let schema = |name: &str| at(&format!("/components/schemas/{name}"));
        assert_eq!(at("/info"), r#"{"version":"1.10","title":"true","description":"0x1F"}"#);
        assert_eq!(at("/tags/0/name"), r#""1e3""#);
        assert_eq!(at("/paths/~1a/get/tags"), r#"["1.0","+1"]"#);
        assert_eq!(at("/paths/~1a/get/operationId"), r#""007""#);
        assert_eq!(at("/paths/~1a/get/responses/200/description"), r#""1.50""#);
        assert_eq!(at("/servers/0/variables/port"), r#"{"enum":["443","8443"],"default":"443"}"#);
        assert_eq!(
            schema("A/enum"),
            r#"["1.10","1.20","yes","NO","on","0755","12:30","1_000","1e3","0x1F","2024-01-01","~x","true",null,"123456789012345678901234567890"]"#
        );
        assert_eq!(schema("A/default"), r#""1.10""#);
        assert_eq!(
            schema("B"),
            r#"{"type":["string","null"],"const":".5","examples":["1.0","2"]}"#
        );
        assert_eq!(schema("C"), r#"{"type":"number","enum":[1.1],"default":1}"#);
        assert_eq!((schema("D/enum"), schema("E/enum")), ("[1]".to_owned(), "[1]".to_owned()));
        assert_eq!(schema("F/enum/0/value"), "true");
        assert_eq!(schema("F/required"), "true");
        assert_eq!(schema("G/required"), r#"["1","y"]"#);
        assert_eq!(schema("G/properties"), r#"{"1":{},"1.10":{},"true":{},"y":{}}"#);
        let aliased = parse_text("info: {version: &v 1.10, title: *v}\n").unwrap();
        assert_eq!(aliased.get("info").unwrap().get_str("version"), Some("1.10"));
    }

    #[test]
    fn numbers_that_are_written_in_another_form_are_the_same() {
        let text =
            "[1.50, 0.1, 1e3, 1.5E-7, 100.0, 0.0, -0.30000000000000004, 1e22, .5, 6.02e+23, 0e5]";
        assert!(parse_text(text).is_ok(), "{:?}", parse_text(text));
    }

    #[test]
    fn what_can_not_be_read_is_a_finding_with_its_place() {
        let cases = [
            ("a: 1\na: 2\n", 12, "the key `a` appears twice in this mapping"),
            ("b: 1\na:\n  200: 1\n  '200': 2\n", 13, "the key `200` appears twice"),
            ("a: [\n", 11, "unclosed"),
            ("a: .nan\n", 11, "`.nan` is a number that JSON can't express"),
            ("a: {b: 1}}\n", 11, ""),
            ("b: 1\na: [1, 123456789012345678901234567890]\n", 12, "more than 64 bits"),
            ("b: 1\na: -9223372036854775809\n", 12, "more than 64 bits"),
            ("b: 1\na: 0.1234567890123456789\n", 12, "more digits than a 64-bit number"),
            ("b: 1\na: {c: 12345678901234567890.5}\n", 12, "more digits"),
            ("b: 1\na: 1.0e-400\n", 12, "more digits"),
            ("b: 1\na: 1.0e+400\n", 12, "a number that JSON can't express"),
            ("b: 1\na: !!binary aGVsbG8=\n", 12, "`!!binary` can't be expressed in JSON"),
            ("b: 1\na: !custom foo\n", 12, "custom"),
            ("b: 1\n~: 2\n", 12, "a key is null"),
            ("b: 1\n[a]: 2\n", 12, "a key is a list or a mapping"),
            ("b: 1\n---\nb: 2\n", 13, "several YAML documents"),
            ("a: &a [*a]\n", 11, "a value that contains it"),
        ];
        for (text, line, problem) in cases {
            let finding = parse_text(text).unwrap_err();
            assert_eq!(finding.place.line, line, "{text}: {finding:?}");
            assert!(finding.problem.contains(problem), "{finding:?}");
        }
    }

    #[test]
    fn nesting_without_end_and_aliases_that_multiply_are_refused() {
        let nested = "[".repeat(10_000);
        assert!(parse_text(&nested).is_err());
        let mut bomb = "a0: &a0 [x]\n".to_owned();
        for level in 1..30 {
            let references = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb += &format!("a{level}: &a{level} [{references}]\n");
        }
        assert!(parse_text(&bomb).is_err());
    }

    /// The habits of YAML 1.1 that serde-saphyr knows are turned off; this holds that none of our
    /// documents is touched by another.
    #[test]
    fn another_reader_reads_the_same_from_every_fixture_and_page() {
        let mut texts: Vec<(String, String)> = crate::repair::RULES
            .iter()
            .chain(crate::lower::LOWERINGS)
            .flat_map(|rule| [rule.example.before, rule.example.after])
            .map(|text| ("example".to_owned(), text.to_owned()))
            .collect();
        texts.extend(files_under("../openapi/pages"));
        texts.extend(files_under("../../shared/prolific"));
        texts.extend(files_under("../../shared/fern-pages"));
        for (name, text) in texts {
            let excerpts = super::super::page::api_excerpts(SourceId(0), &text);
            for excerpt in excerpts.into_iter().flatten() {
                let ours = parse(SourceId(0), &excerpt).unwrap();
                let theirs: serde_json::Value = yaml_serde::from_str(&excerpt.text).unwrap();
                assert!(serde_json::to_value(&ours).unwrap() == theirs, "{name}");
            }
        }
    }

    fn files_under(folder: &str) -> Vec<(String, String)> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let Ok(entries) = std::fs::read_dir(&folder) else {
            println!("skipped: {} is not there", folder.display());
            return Vec::new();
        };
        entries
            .flat_map(|entry| {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    return files_under(path.to_str().unwrap());
                }
                vec![(path.display().to_string(), std::fs::read_to_string(path).unwrap())]
            })
            .collect()
    }
}
