use crate::{
    document::{
        ASSERTIONS, Key, Node, Pointer, Value, asserts_of, insert_at, is_assertion, is_composed,
        type_of,
    },
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// A schema without `type` gets the one that its keywords are of.
pub(super) const RULE: Rule = Rule {
    name: "implied-types",
    summary: "a schema without `type` gets the type that `properties`, `items`, `pattern` or \
              similar keywords apply to; an enum gets the type of its values, if they have the \
              same",
    reason: "Without a type, tools treat the schema as arbitrary JSON. Strictly, values of other \
             types would be valid too, but `properties` imply an object.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A:
      properties:
        b: {items: {type: string}}
        c: {format: date-time}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      properties:
        b: {type: array, items: {type: string}}
        c: {type: string, format: date-time}
",
    },
    apply,
};

/// The types that are tried, the first that knows a keyword is taken.
const CANDIDATES: [&str; 4] = ["object", "array", "string", "number"];

/// Formats of integers alone.
const INTEGERS: [&str; 2] = ["int32", "int64"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, name_type);
}

fn name_type(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    if is_composed(schema) || ["$ref", "type"].iter().any(|key| schema.get(key).is_some()) {
        return;
    }
    let mut types: Vec<&str> = schema.get("enum").and_then(type_of_all).into_iter().collect();
    for (keyword, _) in ASSERTIONS.iter().filter(|_| schema.get("enum").is_none()) {
        let Some(value) = schema.get(keyword) else {
            continue;
        };
        let of = CANDIDATES.into_iter().find(|name| asserts_of(keyword, value, name));
        types.extend(of.filter(|of| !types.contains(of)));
    }
    if schema.get_str("format").is_some_and(|format| INTEGERS.contains(&format)) {
        types.iter_mut().filter(|name| **name == "number").for_each(|name| *name = "integer");
    }
    if types.is_empty() {
        return;
    }
    notes.changed(format!("{} at {at}", types.join(", ")));
    let place = schema.place;
    let mut names: Vec<Node> = types.iter().map(|name| Node::string(place, *name)).collect();
    let documented = match names.len() {
        1 => names.remove(0),
        _ => Node::array(place, names),
    };
    let may_be_null = schema
        .get("enum")
        .is_some_and(|values| values.items().any(|value| value.value == Value::Null));
    if let Some(members) = schema.as_object_mut() {
        let first = members.keys().position(|key| is_assertion(key)).unwrap_or(0);
        if may_be_null {
            let nullable = Node::new(place, Value::Boolean(true));
            insert_at(members, first, Key::new(place, "nullable"), nullable);
        }
        insert_at(members, first, Key::new(place, "type"), documented);
    }
}

/// The scalar type of all values but null, if they have one.
fn type_of_all(values: &Node) -> Option<&'static str> {
    let mut types = values.items().map(type_of).filter(|name| *name != "null");
    let first = types.next().filter(|name| !matches!(*name, "array" | "object"))?;
    types.all(|name| name == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {{{keywords}}}\n")
    }

    #[test]
    fn the_type_is_that_of_the_keywords() {
        let cases = [
            ("required: [a]", "type: object, required: [a]"),
            ("additionalProperties: false", "type: object, additionalProperties: false"),
            ("minimum: 1", "type: number, minimum: 1"),
            ("format: int64, minimum: 1", "type: integer, format: int64, minimum: 1"),
            ("items: {}, minLength: 1", "type: [array, string], items: {}, minLength: 1"),
            ("enum: [a, '']", "type: string, enum: [a, '']"),
            ("enum: [1, 2]", "type: integer, enum: [1, 2]"),
            ("enum: [a, 1]", "enum: [a, 1]"),
            ("enum: [a, null]", "type: string, nullable: true, enum: [a, null]"),
            ("enum: [null]", "enum: [null]"),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
        }
    }

    #[test]
    fn parts_and_descriptions_imply_no_type() {
        for keywords in ["allOf: [{}], required: [a]", "description: any", ""] {
            let text = schema(keywords);
            assert_eq!(apply_alone(&RULE, &text).document, node(&text), "{keywords}");
        }
    }
}
