use crate::{
    document::{Node, Value},
    notes::repair_schemas,
    rule::{Context, Example, Rule},
};

/// A schema that null alone fits says so by its enum.
pub(super) const RULE: Rule = Rule {
    name: "null-types",
    summary: "`type: 'null'` alone becomes a nullable string of which null is the only value",
    reason: "OpenAPI 3.0.3 has no type of null. An enum that lists nothing else beside a type that \
             may be null says exactly the same.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Nothing: {type: 'null'}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Nothing: {type: string, nullable: true, enum: [null]}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        let Some(place) = schema.get("type").filter(|name| is_null(name)).map(|name| name.place)
        else {
            return;
        };
        notes.changed(format!("at {at}"));
        schema.set("type", Node::string(place, "string"));
        schema.set("nullable", Node::new(place, Value::Boolean(true)));
        schema.set("enum", Node::array(place, [Node::new(place, Value::Null)]));
    });
}

fn is_null(name: &Node) -> bool {
    let is_alone = name.as_array().is_some_and(|names| {
        !names.is_empty() && names.iter().all(|name| name.as_str() == Some("null"))
    });
    is_alone || name.as_str() == Some("null")
}
