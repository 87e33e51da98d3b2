use std::collections::HashSet;

use crate::{
    document::{Key, Node, Pointer, Value, insert_at, type_of},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// Alternatives that are constants are the values of an enum.
pub(super) const RULE: Rule = Rule {
    name: "constant-variants",
    summary: "a `oneOf` or `anyOf` of constants becomes an enum; their descriptions move to its \
              description",
    reason: "OpenAPI 3.1 describes enum values this way. They are a single type, but tools create \
             a union with one type for each.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Status:
      description: How it stands.
      oneOf:
        - type: string
          enum: [READY]
          description: It can be used.
        - type: string
          enum: [FAILED, LOST]
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Status:
      description: |-
        How it stands.

        - `READY`: It can be used.
      type: string
      enum: [READY, FAILED, LOST]
",
    },
    apply,
};

/// The keywords of a schema that stay true of it when its alternatives become values.
const BESIDE: [&str; 8] =
    ["type", "title", "description", "default", "example", "nullable", "deprecated", "readOnly"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, unite);
}

fn unite(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let keyword = ["oneOf", "anyOf"].into_iter().find(|keyword| schema.get(keyword).is_some());
    let Some((keyword, constants)) =
        keyword.zip(keyword.and_then(|key| Constants::of(schema, key)))
    else {
        return;
    };
    let place = schema.place;
    let description = constants.description(schema.get_str("description"));
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    let position = members.get_index_of(keyword).unwrap_or(members.len());
    members.shift_remove(keyword);
    let values = Node::array(place, constants.values);
    insert_at(members, position, Key::new(place, "enum"), values);
    if !members.contains_key("type") {
        insert_at(members, position, Key::new(place, "type"), Node::string(place, constants.name));
    }
    if let Some(description) = description {
        schema.set("description", Node::string(place, description));
    }
    notes.changed(format!("at {at}"));
}

/// The constants that a list of alternatives consists of.
struct Constants {
    /// Their type.
    name: &'static str,
    values: Vec<Node>,
    /// What is said of them.
    words: Vec<String>,
}

impl Constants {
    /// The constants of a schema that says nothing else; none where some alternative is more.
    fn of(schema: &Node, keyword: &str) -> Option<Self> {
        let may_stand =
            |key: &str| key == keyword || BESIDE.contains(&key) || key.starts_with("x-");
        let alternatives = schema.get(keyword)?.as_array().filter(|list| list.len() > 1)?;
        if !schema.members().all(|(key, _)| may_stand(key)) {
            return None;
        }
        let (mut values, mut words) = (Vec::new(), Vec::new());
        for alternative in alternatives {
            let listed = values_of(alternative)?;
            words.extend(words_of(alternative, listed));
            values.extend(listed.iter().cloned());
        }
        let name = type_of(values.first()?);
        let types = [schema].into_iter().chain(alternatives);
        let is_one_type =
            types.filter_map(|schema| schema.get_str("type")).all(|told| told == name)
                && values.iter().all(|value| type_of(value) == name);
        let mut seen = HashSet::new();
        let are_distinct = values.iter().all(|value| seen.insert(value.as_text()));
        (is_one_type && are_distinct && name != "null").then_some(Self { name, values, words })
    }

    fn description(&self, known: Option<&str>) -> Option<String> {
        if self.words.is_empty() {
            return None;
        }
        let known = known.map(str::trim_end).filter(|known| !known.is_empty());
        let parts = known.map(str::to_owned).into_iter().chain([self.words.join("\n")]);
        Some(parts.collect::<Vec<_>>().join("\n\n"))
    }
}

/// The values of an alternative that only lists and describes them.
fn values_of(alternative: &Node) -> Option<&[Node]> {
    let known = ["type", "enum", "title", "description"];
    let says_no_more = alternative.members().all(|(key, _)| known.contains(&&**key));
    let values = alternative.get("enum")?.as_array()?;
    let are_plain =
        values.iter().all(|value| !matches!(value.value, Value::Array(_) | Value::Object(_)));
    (says_no_more && are_plain).then_some(values)
}

/// An item of a list in Markdown with what is said of values.
fn words_of(alternative: &Node, values: &[Node]) -> Option<String> {
    let texts = values.iter().filter_map(Node::as_text).collect::<Vec<_>>();
    let title = alternative.get_str("title").filter(|title| texts != [*title]);
    let said: Vec<&str> =
        title.into_iter().chain(alternative.get_str("description")).map(str::trim).collect();
    let said = said.join(": ").replace('\n', "\n  ");
    let values: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    (!said.is_empty()).then(|| format!("- {}: {said}", values.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    const HEAD: &str = "openapi: 3.1.1\ncomponents:\n  schemas:\n    S: ";

    fn assert_becomes(schema: &str, expected: &str) {
        let applied = apply_alone(&RULE, &format!("{HEAD}{schema}\n"));
        assert_eq!(applied.document, node(&format!("{HEAD}{expected}\n")), "{schema}");
    }

    #[test]
    fn constants_of_one_type_are_an_enum() {
        let cases = [
            (
                "{anyOf: [{type: string, enum: [a]}, {type: string, enum: [b]}], nullable: true, x-a: b}",
                "{type: string, enum: [a, b], nullable: true, x-a: b}",
            ),
            ("{type: integer, oneOf: [{enum: [1]}, {enum: [2]}]}", "{type: integer, enum: [1, 2]}"),
            (
                "{oneOf: [{enum: [a], title: a}, {enum: [b], title: B, description: \"Is\\nb.\"}]}",
                "{type: string, enum: [a, b], description: \"- `b`: B: Is\\n  b.\"}",
            ),
        ];
        for (schema, expected) in cases {
            assert_becomes(schema, expected);
        }
    }

    #[test]
    fn alternatives_that_are_more_than_constants_stay() {
        for schema in [
            "{oneOf: [{type: string, enum: [a]}, {type: string}]}",
            "{oneOf: [{type: string, enum: [a]}, {type: integer, enum: [1]}]}",
            "{oneOf: [{type: string, enum: [a]}, {type: string, enum: [a, b]}]}",
            "{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b], x-note: n}]}",
            "{oneOf: [{type: string, enum: [a]}, {$ref: '#/components/schemas/B'}]}",
            "{oneOf: [{enum: [a]}, {enum: [b]}], discriminator: {propertyName: p}}",
            "{type: integer, oneOf: [{enum: [a]}, {enum: [b]}]}",
            "{oneOf: [{type: string, enum: [a]}]}",
        ] {
            assert_becomes(schema, schema);
        }
    }
}
