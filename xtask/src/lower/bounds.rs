use super::wording::describe;
use crate::{
    document::{Kind, Node, Value, walk_mut},
    rule::{Context, Example, Rule},
};

/// Bounds of values are documented instead of enforced.
pub(super) const RULE: Rule = Rule {
    name: "bounds",
    summary: "bounds of numbers, lengths and counts, and patterns, move to the description",
    reason: "The generator would create types that reject every other value: a response beyond a \
             bound would be lost as a whole. For requests the server decides, and its bounds may \
             have changed since they were documented.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Page:
      type: object
      properties:
        size: {type: integer, minimum: 1, maximum: 100}
        title: {type: string, description: Its title., maxLength: 40}
        ids: {type: array, minItems: 1, uniqueItems: true, items: {type: string}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Page:
      type: object
      properties:
        size: {type: integer, description: At least 1. At most 100.}
        title: {type: string, description: Its title. At most 40 characters.}
        ids: {type: array, items: {type: string}, description: At least 1 items. Each once.}
",
    },
    apply,
};

/// The keywords, and what each says; `{}` is the value.
const BOUNDS: [(&str, &str); 11] = [
    ("minimum", "At least {}."),
    ("maximum", "At most {}."),
    ("multipleOf", "A multiple of {}."),
    ("minLength", "At least {} characters."),
    ("maxLength", "At most {} characters."),
    ("pattern", "Matches `{}`."),
    ("minItems", "At least {} items."),
    ("maxItems", "At most {} items."),
    ("uniqueItems", "Each once."),
    ("minProperties", "At least {} entries."),
    ("maxProperties", "At most {} entries."),
];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema {
            return;
        }
        let excludes = [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")];
        let excluded = excludes.map(|(bound, flag)| (bound, is_flagged(node.remove(flag))));
        let taken = BOUNDS.into_iter().filter_map(|(bound, words)| {
            let value = node.remove(bound)?;
            let is_excluded = excluded.contains(&(bound, true));
            sentence(&value, words, is_excluded)
        });
        let sentences: Vec<String> = taken.collect();
        if !sentences.is_empty() {
            context.changed(pointer.to_string());
            describe(node, &sentences.join(" "));
        }
    });
}

fn is_flagged(flag: Option<Node>) -> bool {
    flag.is_some_and(|flag| flag.value == Value::Boolean(true))
}

fn sentence(value: &Node, words: &str, is_excluded: bool) -> Option<String> {
    let text = match &value.value {
        Value::Boolean(false) => return None,
        Value::String(text) => text.clone(),
        _ => serde_json::to_string(value).ok()?,
    };
    let words = match (is_excluded, words) {
        (false, words) => words,
        (true, "At least {}.") => "More than {}.",
        (true, _) => "Less than {}.",
    };
    Some(words.replace("{}", &text))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn an_excluded_bound_says_so() {
        let text = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 2.5, exclusiveMaximum: false}}}\n";
        let after = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: number, description: More than 0. At most 2.5.}}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(after));
    }

    #[test]
    fn a_property_that_is_called_like_a_bound_is_data() {
        let text = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: object, properties: {minimum: {type: string}}}}}\n";
        assert!(apply_alone(&RULE, text).changes.is_empty());
    }
}
