use crate::{
    document::{
        Key, Node, Object, Pointer, TYPES, Value, asserts_of, insert_at, is_assertion, is_of_type,
    },
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// A list of types becomes alternatives of one type each.
pub(super) const RULE: Rule = Rule {
    name: "type-lists",
    summary: "`type: [string, integer]` becomes `oneOf` of a schema for each type, with the \
              keywords that are of it; all types at once become none",
    reason: "In OpenAPI 3.0.3 a schema has one type. The types exclude each other, so that exactly \
             one alternative fits; `integer` beside `number` adds nothing and goes.",
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
    let mut types: Vec<Node> = Vec::new();
    for name in list.items() {
        if !types.contains(name) {
            types.push(name.clone());
        }
    }
    if types.is_empty() || types.iter().any(|name| name.as_str().is_none()) {
        return;
    }
    let documented: Vec<&str> = types.iter().filter_map(Node::as_str).collect();
    notes.changed(format!("{} at {at}", documented.join(", ")));
    if types.len() > 1 && types.iter().any(|name| name.as_str() == Some("null")) {
        types.retain(|name| name.as_str() != Some("null"));
        schema.set("nullable", Node::new(list.place, Value::Boolean(true)));
    }
    if types.iter().any(|name| name.as_str() == Some("number")) {
        types.retain(|name| name.as_str() != Some("integer"));
    }
    match types.len() {
        1 => schema.set("type", types.remove(0)),
        _ if is_anything(&types, schema) => forget_types(schema),
        _ if leave_to_branches(&types, schema) => drop(schema.remove("type")),
        _ => part_keywords(schema, types),
    }
}

/// Whether every value fits: the list names all types, and nothing else says anything of them.
fn is_anything(types: &[Node], schema: &Node) -> bool {
    let is_listed = |name: &str| types.iter().any(|node| node.as_str() == Some(name));
    TYPES.iter().all(|name| *name == "integer" || is_listed(name))
        && schema.is_true("nullable")
        && !asserts(schema)
}

/// Where each branch of a union has a type, the list only says which of them can be; the others go.
fn leave_to_branches(types: &[Node], schema: &mut Node) -> bool {
    let union = ["anyOf", "oneOf"].into_iter().find(|keyword| schema.get(keyword).is_some());
    let (Some(keyword), false) = (union, asserts(schema)) else {
        return false;
    };
    let Some(branches) = schema.get_mut(keyword).and_then(Node::as_array_mut) else {
        return false;
    };
    let have_types = branches.iter().all(|branch| branch.get_str("type").is_some());
    if !have_types || !branches.iter().any(|branch| narrowed(branch, types).is_some()) {
        return false;
    }
    *branches = branches.iter().filter_map(|branch| narrowed(branch, types)).collect();
    true
}

/// A branch as far as the list allows it: of numbers, the integers may be all that it does.
fn narrowed(branch: &Node, types: &[Node]) -> Option<Node> {
    let is_listed = |name: &str| types.iter().any(|node| node.as_str() == Some(name));
    let of = branch.get_str("type")?;
    if is_listed(of) || of == "integer" && is_listed("number") {
        return Some(branch.clone());
    }
    (of == "number" && is_listed("integer")).then(|| {
        let mut integers = branch.clone();
        let place = branch.get("type").map_or(branch.place, |node| node.place);
        integers.set("type", Node::string(place, "integer"));
        integers
    })
}

/// Whether a schema says more of its values than their types.
fn asserts(schema: &Node) -> bool {
    schema.members().any(|(keyword, _)| is_assertion(keyword))
}

fn forget_types(schema: &mut Node) {
    schema.remove("type");
    schema.remove("nullable");
}

fn part_keywords(schema: &mut Node, types: Vec<Node>) {
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
    let mut parts: Vec<Node> = types.into_iter().filter_map(|name| part(name, &parted)).collect();
    if let [Node { value: Value::Object(only), .. }] = &mut parts[..] {
        members.append(only);
        return;
    }
    let alternatives = Node::array(place, parts);
    if members.contains_key("oneOf") {
        let inner = Node::object(place, [("oneOf", alternatives)]);
        match members.get_mut("allOf").and_then(Node::as_array_mut) {
            Some(all) => all.push(inner),
            None => drop(members.insert(Key::new(place, "allOf"), Node::array(place, [inner]))),
        }
    } else {
        insert_at(members, at, Key::new(place, "oneOf"), alternatives);
    }
}

/// What the keywords say of one type; nothing where the enum has no value of it.
fn part(name: Node, keywords: &Object) -> Option<Node> {
    let of = name.as_str().unwrap_or_default().to_owned();
    let mut part = Node::object(name.place, [("type", name)]);
    for (keyword, value) in keywords {
        if &**keyword == "enum" {
            let values: Vec<Node> =
                value.items().filter(|value| is_of_type(value, &of)).cloned().collect();
            if values.is_empty() {
                return None;
            }
            part.set("enum", Node::array(value.place, values));
        } else if asserts_of(keyword, value, &of) {
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
            ("type: [string, 'null', string]", "type: string, nullable: true"),
            (
                "type: [string, integer, 'null']",
                "oneOf: [{type: string}, {type: integer}], nullable: true",
            ),
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
            (
                "type: [string, number, integer, 'null'], anyOf: [{type: string}, {type: integer}]",
                "anyOf: [{type: string}, {type: integer}], nullable: true",
            ),
            (
                "type: [string, integer], oneOf: [{type: string}, {type: boolean}]",
                "oneOf: [{type: string}]",
            ),
            (
                "type: [string, integer], anyOf: [{type: number, minimum: 3}, {type: string}]",
                "anyOf: [{type: integer, minimum: 3}, {type: string}]",
            ),
            (
                "type: [string, integer], oneOf: [{minimum: 1}]",
                "oneOf: [{minimum: 1}], allOf: [{oneOf: [{type: string}, {type: integer}]}]",
            ),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
        }
    }

    #[test]
    fn all_types_are_any_json() {
        let all = "[string, number, integer, boolean, array, object, 'null']";
        let applied = apply_alone(&RULE, &schema(&format!("description: d, type: {all}")));
        assert_eq!(applied.document, node(&schema("description: d")));
        let applied = apply_alone(&RULE, &schema(&format!("type: {all}, minimum: 1")));
        let json = applied.document.to_json().unwrap();
        assert!(json.contains("\"minimum\": 1") && json.contains("oneOf"), "{json}");
    }

    #[test]
    fn a_list_that_names_no_types_is_left_to_the_check() {
        for keywords in ["type: []", "type: [1]"] {
            let text = schema(keywords);
            assert_eq!(apply_alone(&RULE, &text).document, node(&text));
        }
    }
}
