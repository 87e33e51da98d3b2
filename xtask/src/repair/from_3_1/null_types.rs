use crate::{
    document::{ALTERNATIVES, Key, Kind, Node, Place, Pointer, Value, insert_at, walk_mut},
    rule::{Context, Example, Rule},
};

/// What makes values that are not null of a schema, whatever its alternatives allow.
const ASSERTIONS: [&str; 4] = ["$ref", "allOf", "enum", "const"];

/// The extension that keeps what is said of the alternative null.
const DESCRIPTION: &str = "x-null-description";

/// `'null'` as a type becomes `nullable`.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "null-types",
    summary: "`'null'` in a list of types, and an alternative of type `'null'`, become `nullable: true`",
    reason: "OpenAPI 3.0 has no type `null`. Tools fail on a schema with a list of types or with \
             type null, or treat it as arbitrary JSON.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      properties:
        name:
          type:
            - string
            - 'null'
          format: uuid
        owner:
          description: Who has it.
          oneOf:
            - $ref: '#/components/schemas/Owner'
            - type: 'null'
        nothing:
          type: 'null'
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      properties:
        name:
          type: string
          nullable: true
          format: uuid
        owner:
          description: Who has it.
          oneOf:
            - $ref: '#/components/schemas/Owner'
          nullable: true
        nothing:
          type: string
          nullable: true
          enum:
            - null
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut contradictions = Vec::new();
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema {
            let change = take_null_alternatives(node);
            if let Some(Change::Contradicts(place)) = change {
                contradictions.push((pointer.clone(), place));
            }
            if change.is_some() {
                context.changed(format!("an alternative of {}", name(pointer)));
            }
        }
    });
    // An alternative that is null has to be known as such until its parent has been visited.
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema && node.get("type").is_none() && is_null(node) {
            node.set("type", Node::string(node.place, "null"));
        }
        if kind == Kind::Schema && take_null_from_types(node) {
            context.changed(format!("a type of {}", name(pointer)));
        }
    });
    for (pointer, place) in contradictions {
        let problem = "one of the alternatives is null, but the keywords next to them don't allow \
                       null";
        let remedy = "null doesn't match the schema, so it is dropped: correct one of them";
        context.warn(document, &pointer, place, problem, remedy);
    }
}

fn name(pointer: &Pointer) -> String {
    pointer.tokens().last().map_or_else(|| "a schema".to_owned(), |name| (*name).to_owned())
}

/// What became of the alternatives that were null.
enum Change {
    Nullable,
    /// The schema here allows null in one place and forbids it in another.
    Contradicts(Place),
}

fn take_null_alternatives(schema: &mut Node) -> Option<Change> {
    let has_null = |list: &Node| list.items().any(is_null);
    let with_null = ALTERNATIVES.map(|keyword| schema.get(keyword).is_some_and(has_null));
    if with_null == [false, false] {
        return None;
    }
    let other = |index: usize, keyword: &str| !with_null[index] && schema.get(keyword).is_some();
    let forbids = ALTERNATIVES.iter().enumerate().any(|(index, keyword)| other(index, keyword))
        || forbids_null(schema);
    let change = match forbids && !schema.is_true("nullable") {
        true => Change::Contradicts(schema.place),
        false => Change::Nullable,
    };
    for keyword in
        ALTERNATIVES.iter().zip(with_null).filter_map(|(keyword, has)| has.then_some(keyword))
    {
        take_null_from(schema, keyword);
        if matches!(change, Change::Nullable) && schema.get(keyword).is_some() {
            set_nullable(schema, keyword);
        }
    }
    Some(change)
}

/// Whether a schema is only null, possibly with a description.
fn is_null(schema: &Node) -> bool {
    let says_so = |(key, node): (&Key, &Node)| match &**key {
        "type" => is_null_type(node) || matches!(node.as_array(), Some([one]) if is_null_type(one)),
        "const" => node.value == Value::Null,
        "enum" => matches!(node.as_array(), Some([one]) if one.value == Value::Null),
        _ => false,
    };
    let is_word = |key: &Key| matches!(&**key, "description" | "title") || key.starts_with("x-");
    schema.members().any(says_so)
        && schema.members().all(|(key, node)| is_word(key) || says_so((key, node)))
}

/// `null` without quotes is a slip that can mean nothing else.
fn is_null_type(name: &Node) -> bool {
    name.as_str() == Some("null") || name.value == Value::Null
}

/// Whether something else than its alternatives keeps null out of a schema.
fn forbids_null(schema: &Node) -> bool {
    let allows = |node: &Node| is_null_type(node) || node.items().any(is_null_type);
    let values_allow =
        |node: &Node| node.value == Value::Null || node.items().any(|v| v.value == Value::Null);
    schema.get("type").is_some_and(|node| !allows(node))
        || ASSERTIONS
            .iter()
            .filter_map(|keyword| schema.get(keyword))
            .any(|node| !values_allow(node))
}

/// A list of which nothing is left says that the schema is null.
fn take_null_from(schema: &mut Node, keyword: &str) {
    let Some(list) = schema.get_mut(keyword).and_then(Node::as_array_mut) else {
        return;
    };
    let (nulls, others): (Vec<Node>, Vec<Node>) =
        std::mem::take(list).into_iter().partition(is_null);
    let is_empty = others.is_empty();
    *list = others;
    if is_empty && let Some(members) = schema.as_object_mut() {
        members.shift_remove(keyword);
        schema.set("type", Node::string(schema.place, "null"));
    }
    let description = nulls.iter().find_map(|null| null.get("description"));
    if let Some(description) = description {
        schema.set(DESCRIPTION, description.clone());
    }
}

/// Inserts `nullable` after the keyword that it refers to.
fn set_nullable(schema: &mut Node, keyword: &str) {
    let yes = Node::new(schema.place, Value::Boolean(true));
    if schema.get("nullable").is_some() {
        schema.set("nullable", yes);
    } else if let Some(members) = schema.as_object_mut() {
        let at = members.get_index_of(keyword).map_or(members.len(), |index| index + 1);
        insert_at(members, at, Key::new(yes.place, "nullable"), yes);
    }
}

/// A list of several other types stays one.
fn take_null_from_types(schema: &mut Node) -> bool {
    let Some(documented) = schema.get_mut("type") else {
        return false;
    };
    let others: Vec<Node> = match &documented.value {
        Value::Array(types) if types.iter().any(is_null_type) => {
            types.iter().filter(|name| !is_null_type(name)).cloned().collect()
        }
        _ if is_null_type(documented) => Vec::new(),
        _ => return false,
    };
    let is_null_alone = others.is_empty();
    documented.value = match <[Node; 1]>::try_from(others) {
        Ok([one]) => one.value,
        Err(others) if others.is_empty() => Value::String("string".to_owned()),
        Err(others) => Value::Array(others),
    };
    set_nullable(schema, "type");
    if is_null_alone {
        let place = schema.place;
        schema.set("enum", Node::array(place, [Node::new(place, Value::Null)]));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{Applied, apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {keywords}\n")
    }

    fn applied(keywords: &str) -> Applied {
        apply_alone(&RULE, &schema(keywords))
    }

    #[test]
    fn null_goes_and_whatever_else_is_said_stays() {
        let cases = [
            ("{type: [array, 'null'], items: {}}", "{type: array, nullable: true, items: {}}"),
            ("{type: ['null', string]}", "{type: string, nullable: true}"),
            ("{type: [string, null]}", "{type: string, nullable: true}"),
            ("{type: [string, integer, 'null']}", "{type: [string, integer], nullable: true}"),
            ("{enum: [null]}", "{type: string, nullable: true, enum: [null]}"),
            ("{type: ['null']}", "{type: string, nullable: true, enum: [null]}"),
            (
                "{anyOf: [{type: string}, {type: integer}, {type: 'null'}]}",
                "{anyOf: [{type: string}, {type: integer}], nullable: true}",
            ),
            (
                "{oneOf: [{type: string}, {const: null, description: Not known.}]}",
                "{oneOf: [{type: string}], nullable: true, x-null-description: Not known.}",
            ),
            ("{oneOf: [{type: 'null'}]}", "{type: string, nullable: true, enum: [null]}"),
            (
                "{type: [object, 'null'], oneOf: [{type: object}, {type: 'null'}]}",
                "{type: object, nullable: true, oneOf: [{type: object}]}",
            ),
            (
                "{oneOf: [{oneOf: [{type: 'null'}, {type: string}]}, {type: integer}]}",
                "{oneOf: [{oneOf: [{type: string}], nullable: true}, {type: integer}]}",
            ),
        ];
        for (before, after) in cases {
            let Applied { document, warnings, .. } = applied(before);
            assert_eq!(document, node(&schema(after)), "{before}");
            assert_eq!(warnings, [], "{before}");
            assert!(applied(after).changes.is_empty(), "{before}");
        }
    }

    #[test]
    fn null_that_another_keyword_forbids_does_not_come_in() {
        for beside in [
            "type: object",
            "allOf: [{type: object}]",
            "anyOf: [{type: object}]",
            "enum: [a]",
            "$ref: '#/components/schemas/A'",
        ] {
            let Applied { document, warnings, .. } =
                applied(&format!("{{{beside}, oneOf: [{{type: object}}, {{type: 'null'}}]}}"));
            let expected = schema(&format!("{{{beside}, oneOf: [{{type: object}}]}}"));
            assert_eq!(document, node(&expected), "{beside}");
            let found: Vec<_> = warnings.iter().map(|f| (f.place.line, f.subject())).collect();
            assert_eq!(found, [(4, "/components/schemas/A".to_owned())], "{beside}");
        }
    }

    #[test]
    fn what_is_data_is_not_touched() {
        let text = schema(
            "{type: object, properties: {type: {type: object}}, default: {type: [string, 'null']}, example: {oneOf: [{type: 'null'}]}}",
        );
        let applied = apply_alone(&RULE, &text);
        assert_eq!(applied.document, node(&text));
        assert!(applied.changes.is_empty());
    }
}
