use crate::{
    document::{Node, Pointer, Value},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// `const` becomes an enum of one value.
pub(super) const RULE: Rule = Rule {
    name: "const-values",
    summary: "`const: X` becomes `enum: [X]`; a `const` that is a list or a mapping becomes `x-const`",
    reason: "OpenAPI 3.0.3 has no `const`. An enum of one value says the same.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Event:
      type: object
      properties:
        kind:
          const: created
          description: What happened.
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Event:
      type: object
      properties:
        kind:
          enum: [created]
          description: What happened.
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, list_the_constant);
}

fn list_the_constant(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(constant) = schema.get("const").cloned() else {
        return;
    };
    if matches!(constant.value, Value::Array(_) | Value::Object(_)) {
        keep_as_extension(schema, &constant, at, notes);
        return;
    }
    if schema.get("enum").is_some_and(|values| values.items().all(|value| *value != constant)) {
        let problem = "the `const` of the schema is not in its `enum`: no value fits";
        notes.refuse(&at.join("const"), constant.place, problem, "mend one of the two");
        return;
    }
    notes.changed(format!("{} at {at}", constant.as_text().unwrap_or_else(|| "null".to_owned())));
    if constant.value == Value::Null {
        schema.rename("const", "type");
        schema.set("type", Node::string(constant.place, "null"));
    } else {
        schema.rename("const", "enum");
        schema.set("enum", Node::array(constant.place, [constant]));
    }
    schema.remove("const");
}

fn keep_as_extension(schema: &mut Node, constant: &Node, at: &Pointer, notes: &mut Notes) {
    let what = constant.description();
    let problem = format!("a `const` that is {what}: enums of OpenAPI 3.0.3 tools are of scalars");
    notes.warn(&at.join("const"), constant.place, problem, "it is kept as `x-const`");
    notes.changed(format!("x-const at {at}"));
    schema.rename("const", "x-const");
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {keywords}\n")
    }

    #[test]
    fn a_constant_of_an_enum_is_all_that_is_left_of_it() {
        let applied = apply_alone(&RULE, &schema("{enum: [a, b], const: b}"));
        assert_eq!(applied.document, node(&schema("{enum: [b]}")));
        let applied = apply_alone(&RULE, &schema("{enum: [a], const: b}"));
        assert!(applied.findings[0].problem.contains("not in its `enum`"));
    }

    #[test]
    fn a_constant_null_is_the_type_of_null() {
        for keywords in ["{const: null}", "{type: [string, 'null'], const: null}"] {
            let applied = apply_alone(&RULE, &schema(keywords));
            assert_eq!(applied.document, node(&schema("{type: 'null'}")), "{keywords}");
        }
    }

    #[test]
    fn a_constant_that_is_no_scalar_is_kept_beside_and_told() {
        let applied = apply_alone(&RULE, &schema("{type: object, const: {a: 1}}"));
        assert_eq!(applied.document, node(&schema("{type: object, x-const: {a: 1}}")));
        assert_eq!(applied.warnings.len(), 1);
    }

    #[test]
    fn a_property_called_const_is_data() {
        let text =
            schema("{type: object, properties: {const: {type: string}}, default: {const: 1}}");
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }
}
