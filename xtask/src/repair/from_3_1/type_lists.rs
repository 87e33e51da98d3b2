use crate::{
    document::{
        COMPOSED, Key, Node, Object, Pointer, TYPES, Value, asserts_of, insert_at, is_assertion,
        is_of_type,
    },
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// A list of types becomes alternatives of one type each.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "type-lists",
    summary: "`type: [string, integer]` becomes `oneOf` with a schema for each type, which has the \
              keywords that apply to it; a list of all types is dropped",
    reason: "In OpenAPI 3.0.3 a schema has one type. The types exclude each other, so exactly one \
             alternative matches; `integer` next to `number` adds nothing, and is dropped.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Id:
      description: A name or a number.
      type: [string, integer]
      minLength: 1
      minimum: 0
      default: 5
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Id:
      description: A name or a number.
      oneOf:
        - type: string
          minLength: 1
        - type: integer
          minimum: 0
      default: 5
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, part_types);
}

fn part_types(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(list) = schema.get("type").filter(|list| list.as_array().is_some()).cloned() else {
        return;
    };
    let mut types: Vec<&Node> = Vec::new();
    for name in list.items() {
        if !types.contains(&name) {
            types.push(name);
        }
    }
    // Which parts are of which type can't be seen, so that the check refuses the list.
    let is_composed = COMPOSED.iter().chain(&["$ref"]).any(|keyword| schema.get(keyword).is_some());
    let are_names = types.iter().all(|name| name.as_str().is_some());
    if types.is_empty() || !are_names || (is_composed && types.len() > 1) {
        return;
    }
    let documented: Vec<&str> = types.iter().filter_map(|name| name.as_str()).collect();
    notes.changed(format!("{} at {at}", documented.join(", ")));
    let says_more = schema.members().any(|(keyword, _)| is_assertion(keyword));
    if documented.contains(&"number") {
        types.retain(|name| name.as_str() != Some("integer"));
    }
    match &types[..] {
        [only] => {
            schema.set("type", (*only).clone());
        }
        all if all.len() == TYPES.len() - 1 && schema.is_true("nullable") && !says_more => {
            schema.remove("type");
            schema.remove("nullable");
        }
        all => part_keywords(schema, all),
    }
}

fn part_keywords(schema: &mut Node, types: &[&Node]) {
    let place = schema.place;
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    let above = members.keys().take_while(|keyword| ***keyword != *"type");
    let at = above.filter(|keyword| !is_assertion(keyword)).count();
    members.shift_remove("type");
    let (parted, kept): (Object, Object) =
        std::mem::take(members).into_iter().partition(|(keyword, _)| is_assertion(keyword));
    *members = kept;
    let mut parts: Vec<Node> = types.iter().filter_map(|name| part(name, &parted)).collect();
    match &mut parts[..] {
        [Node { value: Value::Object(only), .. }] => members.append(only),
        _ => insert_at(members, at, Key::new(place, "oneOf"), Node::array(place, parts)),
    }
}

/// What the keywords say of one type; nothing where the enum has no value of it.
fn part(name: &Node, keywords: &Object) -> Option<Node> {
    let of = name.as_str().unwrap_or_default();
    let mut part = Node::object(name.place, [("type", name.clone())]);
    for (keyword, value) in keywords {
        if &**keyword == "enum" {
            let values: Vec<Node> =
                value.items().filter(|value| is_of_type(value, of)).cloned().collect();
            if values.is_empty() {
                return None;
            }
            part.set("enum", Node::array(value.place, values));
        } else if asserts_of(keyword, value, of) {
            part.set(keyword, value.clone());
        }
    }
    Some(part)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {{{keywords}}}\n")
    }

    #[test]
    fn each_type_gets_what_is_of_it() {
        let cases = [
            ("type: [string]", "type: string"),
            ("type: [string, string]", "type: string"),
            ("type: [integer, number], minimum: 1", "type: number, minimum: 1"),
            (
                "type: [string, integer, boolean], enum: [a, 1]",
                "oneOf: [{type: string, enum: [a]}, {type: integer, enum: [1]}]",
            ),
            (
                "type: [array, object], items: {type: string}, properties: {a: {type: string}}",
                "oneOf: [{type: array, items: {type: string}}, {type: object, properties: {a: {type: string}}}]",
            ),
            ("type: [string, integer], enum: [a]", "type: string, enum: [a]"),
            (
                "type: [string, integer], format: int64",
                "oneOf: [{type: string}, {type: integer, format: int64}]",
            ),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
        }
    }

    #[test]
    fn all_types_are_any_json() {
        let all = "type: [string, number, integer, boolean, array, object], nullable: true";
        let applied = apply_alone(&RULE, &schema(&format!("description: d, {all}")));
        assert_eq!(applied.document, node(&schema("description: d")));
        let applied = apply_alone(&RULE, &schema(&format!("{all}, minimum: 1")));
        let json = applied.document.to_json().unwrap();
        assert!(json.contains("\"minimum\": 1") && json.contains("oneOf"), "{json}");
    }

    #[test]
    fn a_list_that_names_no_types_and_one_beside_parts_are_left_to_the_check() {
        for keywords in ["type: []", "type: [1]", "type: [string, integer], anyOf: [{minimum: 1}]"]
        {
            let text = schema(keywords);
            assert_eq!(apply_alone(&RULE, &text).document, node(&text));
        }
    }
}
