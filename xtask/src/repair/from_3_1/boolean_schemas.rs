use crate::{
    document::{Node, Object, Value},
    notes::repair_schemas,
    rule::{Context, Example, Rule},
};

/// `true` and `false` as schemas become mappings.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "boolean-schemas",
    summary: "a schema `true` becomes `{}`, a schema `false` becomes `not: {}`",
    reason: "In OpenAPI 3.0.3 a schema is a mapping; only `additionalProperties` can be a boolean.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      properties: {any: true, none: false}
      additionalProperties: false
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      properties: {any: {}, none: {not: {}}}
      additionalProperties: false
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        let Value::Boolean(fits) = schema.value else {
            return;
        };
        notes.changed(format!("{fits} at {at}"));
        schema.value = Value::Object(Object::new());
        if !fits {
            schema.set("not", Node::object(schema.place, []));
        }
    });
}
