use crate::{
    document::{Node, Pointer, Value},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

const ALL: &str = "x-examples";

/// The first of a schema's `examples` becomes its `example`.
pub(super) const RULE: Rule = Rule {
    name: "schema-examples",
    summary: "`examples: [X, …]` of a schema becomes `example: X`; more of them stay in `x-examples`",
    reason: "A schema of OpenAPI 3.0.3 has one example.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Name:
      type: string
      examples: [Ada, Grace]
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Name:
      type: string
      example: Ada
      x-examples: [Ada, Grace]
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, take_the_first);
}

fn take_the_first(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(examples) = schema.get("examples").cloned() else {
        return;
    };
    let first = match &examples.value {
        Value::Array(items) => items.first().cloned(),
        Value::Object(members) => members.first().map(|(_, example)| unwrapped(example)),
        _ => Some(examples.clone()),
    };
    let is_all = examples.as_array().is_some_and(|items| items.len() <= 1);
    notes.changed(format!("at {at}"));
    match first.filter(|_| schema.get("example").is_none()) {
        Some(first) => {
            schema.rename("examples", "example");
            schema.set("example", first);
            if !is_all {
                schema.set(ALL, examples);
            }
        }
        None if examples.items().all(|example| Some(example) == schema.get("example")) => {
            schema.remove("examples");
        }
        None => schema.rename("examples", ALL),
    }
}

/// Examples by name, as a media type has them, hold the value in a member of its own.
fn unwrapped(example: &Node) -> Node {
    example.get("value").unwrap_or(example).clone()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {{type: string, {keywords}}}\n")
    }

    #[test]
    fn no_example_is_lost_and_none_is_invented() {
        let cases = [
            ("examples: [a]", "example: a"),
            ("examples: []", ""),
            ("example: b, examples: [b]", "example: b"),
            ("example: b, examples: [a]", "example: b, x-examples: [a]"),
            (
                "examples: {one: {value: a}, two: {value: b}}",
                "example: a, x-examples: {one: {value: a}, two: {value: b}}",
            ),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
        }
    }

    #[test]
    fn examples_of_a_media_type_are_left_alone() {
        let text = "openapi: 3.1.1\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: OK\n          content:\n            application/json:\n              examples: {a: {value: 1}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}
