use crate::{
    document::{Key, Node, Object, is_assertion},
    notes::repair_schemas,
    rule::{Context, Example, Rule},
};

/// An enum beside other schemas becomes one of them.
pub(super) const RULE: Rule = Rule {
    name: "enum-parts",
    summary: "an `enum` beside `allOf`, `oneOf`, `anyOf` or `not` moves into a part of `allOf`, and \
              its `type` with it",
    reason: "A value has to fit all of them either way, but tools take an enum beside other schemas \
             for any JSON.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    A:
      description: One of B.
      type: string
      enum: [a]
      allOf:
        - $ref: '#/components/schemas/B'
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    A:
      description: One of B.
      allOf:
        - $ref: '#/components/schemas/B'
        - type: string
          enum: [a]
",
    },
    apply,
};

/// Keywords that bring in other schemas.
const COMPOSING: [&str; 4] = ["allOf", "oneOf", "anyOf", "not"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        let is_composed = COMPOSING.iter().any(|keyword| schema.get(keyword).is_some());
        if is_composed && schema.get("enum").is_some() {
            notes.changed(format!("at {at}"));
            move_into_part(schema);
        }
    });
}

fn move_into_part(schema: &mut Node) {
    let place = schema.place;
    let is_nullable = schema.is_true("nullable");
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    let is_moved = |key: &Key| &**key == "type" || is_assertion(key);
    let (moved, kept): (Object, Object) =
        std::mem::take(members).into_iter().partition(|(key, _)| is_moved(key));
    *members = kept;
    let mut part = Node::new(place, crate::document::Value::Object(moved));
    if let Some(nullable) = schema.get("nullable").filter(|_| is_nullable).cloned() {
        part.set("nullable", nullable);
    }
    match schema.get_mut("allOf").and_then(Node::as_array_mut) {
        Some(parts) => parts.push(part),
        None => schema.set("allOf", Node::array(place, [part])),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn alternatives_stay_beside_the_part() {
        let text = |keywords: &str| {
            format!("openapi: 3.0.3\ncomponents: {{schemas: {{A: {{{keywords}}}}}}}\n")
        };
        let before = text("type: string, nullable: true, enum: [a, null], oneOf: [{}]");
        let after = text(
            "nullable: true, oneOf: [{}], allOf: [{type: string, enum: [a, null], nullable: true}]",
        );
        assert_eq!(apply_alone(&RULE, &before).document, node(&after));
    }
}
