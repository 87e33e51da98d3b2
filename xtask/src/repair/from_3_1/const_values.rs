use crate::{
    document::{Key, Node, Pointer, Value, insert_at, type_of},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// `const` becomes an enum of one value.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "const-values",
    summary: "`const: X` becomes `enum: [X]`; a missing `type` becomes the type of X",
    reason: "OpenAPI 3.0.3 has no `const`. An enum with one value means the same.",
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
          type: string
          enum: [created]
          description: What happened.
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, list_the_constant);
}

/// A list or a mapping can be in no enum that tools take: the check refuses it.
fn list_the_constant(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(constant) = schema.get("const").cloned() else {
        return;
    };
    let name = type_of(&constant);
    if matches!(name, "array" | "object") {
        return;
    }
    if schema.get("enum").is_some_and(|values| values.items().all(|value| *value != constant)) {
        let problem = "the `const` of the schema is not in its `enum`, so no value is valid";
        notes.refuse(&at.join("const"), constant.place, problem, "correct one of them");
        return;
    }
    notes.changed(format!("{} at {at}", constant.as_text().unwrap_or_else(|| "null".to_owned())));
    let place = constant.place;
    if constant.value == Value::Null {
        schema.remove("const");
        schema.set("type", Node::string(place, "null"));
        return;
    }
    let is_typed = ["type", "$ref"].iter().any(|keyword| schema.get(keyword).is_some());
    if let Some(members) = schema.as_object_mut().filter(|_| !is_typed) {
        let position = members.get_index_of("const").unwrap_or(0);
        insert_at(members, position, Key::new(place, "type"), Node::string(place, name));
    }
    schema.remove("enum");
    schema.rename("const", "enum");
    schema.set("enum", Node::array(place, [constant]));
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
        assert_eq!(applied.document, node(&schema("{type: string, enum: [b]}")));
        let applied = apply_alone(&RULE, &schema("{enum: [a], const: b}"));
        assert!(applied.findings[0].problem.contains("not in its `enum`"));
    }

    #[test]
    fn a_constant_is_of_its_type() {
        for (constant, after) in [
            ("{const: null}", "{type: 'null'}"),
            ("{type: [string, 'null'], const: null}", "{type: 'null'}"),
            ("{const: 2}", "{type: integer, enum: [2]}"),
            ("{const: true}", "{type: boolean, enum: [true]}"),
            ("{type: [string, 'null'], const: a}", "{type: [string, 'null'], enum: [a]}"),
            ("{const: {a: 1}}", "{const: {a: 1}}"),
        ] {
            let applied = apply_alone(&RULE, &schema(constant));
            assert_eq!(applied.document, node(&schema(after)), "{constant}");
        }
    }

    #[test]
    fn a_property_called_const_is_data() {
        let text =
            schema("{type: object, properties: {const: {type: string}}, default: {const: 1}}");
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }
}
