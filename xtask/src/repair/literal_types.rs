use crate::{
    document::{Key, Kind, Node, insert_at, is_of_type, walk_mut},
    rule::{Context, Example, Rule},
};

/// The suffix of the type of an enum entry, after the type of its value.
const SUFFIX: &str = "Literal";

/// A schema is of the type of its literals.
pub(super) const RULE: Rule = Rule {
    name: "literal-types",
    summary: "a schema with type `string` or without a type, whose enum entries are all literals \
              of another type, gets that type",
    reason: "The documentation's generator writes `type: string` for literals of every type. \
             `true` is not a string, so no response would match.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Deleted:
      type: string
      enum:
        - type: booleanLiteral
          value: true
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Deleted:
      type: boolean
      enum:
        - type: booleanLiteral
          value: true
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema
            || !matches!(node.get("type").map(Node::as_str), None | Some(Some("string")))
        {
            return;
        }
        let Some(name) = type_of_literals(node).filter(|name| node.get_str("type") != Some(name))
        else {
            return;
        };
        context.changed(format!("{pointer} is of type {name}"));
        set_type(node, &name);
    });
}

/// The type that all entries say they are of, and are.
fn type_of_literals(schema: &Node) -> Option<String> {
    let entries = schema.get("enum")?.as_array()?;
    let name = entries.first()?.get_str("type")?.strip_suffix(SUFFIX)?;
    let are_of_it = entries.iter().all(|entry| {
        let literal = entry.get_str("type").and_then(|literal| literal.strip_suffix(SUFFIX));
        literal == Some(name) && entry.get("value").is_some_and(|value| is_of_type(value, name))
    });
    are_of_it.then(|| name.to_owned())
}

/// Sets `type`, which is inserted first if it is missing.
fn set_type(schema: &mut Node, name: &str) {
    let node = Node::string(schema.place, name);
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    match members.get_mut("type") {
        Some(documented) => documented.value = node.value,
        None => insert_at(members, 0, Key::new(node.place, "type"), node),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {keywords}\n")
    }

    #[test]
    fn a_schema_without_a_type_takes_that_of_its_literals() {
        let before = "{enum: [{type: integerLiteral, value: 1}, {type: integerLiteral, value: 2}]}";
        let after = format!("{{type: integer, {}", &before[1..]);
        assert_eq!(apply_alone(&RULE, &schema(before)).document, node(&schema(&after)));
    }

    #[test]
    fn where_the_literals_do_not_agree_nothing_is_made_of_them() {
        for keywords in [
            "{type: string, enum: [{type: stringLiteral, value: a}]}",
            "{type: string, enum: [{type: booleanLiteral, value: 'true'}]}",
            "{type: string, enum: [{type: booleanLiteral, value: true}, {type: stringLiteral, value: a}]}",
            "{type: string, enum: [{type: booleanLiteral, value: true}, plain]}",
            "{type: integer, enum: [{type: booleanLiteral, value: true}]}",
            "{type: string, enum: [{value: a}]}",
        ] {
            let applied = apply_alone(&RULE, &schema(keywords));
            assert_eq!(applied.document, node(&schema(keywords)), "{keywords}");
            assert!(applied.changes.is_empty());
        }
    }
}
