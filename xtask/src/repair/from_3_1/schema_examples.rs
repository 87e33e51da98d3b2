use crate::{
    document::{Node, Pointer},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// The first of a schema's `examples` becomes its `example`.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "schema-examples",
    summary: "`examples: [X, …]` of a schema becomes `example: X`; the others are kept in \
              `x-examples`",
    reason: "A schema in OpenAPI 3.0.3 can have only one example.",
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
      x-examples: [Ada, Grace]
      example: Ada
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, take_the_first);
}

fn take_the_first(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(examples) = schema.get("examples").filter(|all| all.as_array().is_some()).cloned()
    else {
        return;
    };
    notes.changed(format!("at {at}"));
    let example = schema.get("example").or(examples.items().next()).cloned();
    if examples.items().any(|other| Some(other) != example.as_ref()) {
        notes.set_aside(schema, "examples", at);
        if let Some(example) = example.filter(|_| schema.get("example").is_none()) {
            schema.set("example", example);
        }
        return;
    }
    match example.filter(|_| schema.get("example").is_none()) {
        Some(only) => {
            schema.rename("examples", "example");
            schema.set("example", only);
        }
        None => drop(schema.remove("examples")),
    }
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
            ("examples: {one: {value: a}}", "examples: {one: {value: a}}"),
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
