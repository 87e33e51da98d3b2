use crate::{
    document::{Key, Kind, Node, Object, Value, insert_at, walk_mut},
    rule::{Context, Example, Rule},
};

/// A schema's `$ref` with siblings becomes `allOf` with one reference.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "reference-siblings",
    summary: "a schema's `$ref` next to other keywords moves into `allOf`",
    reason: "OpenAPI 3.0 ignores keywords next to a `$ref`, so a description would be lost \
             silently.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A:
      properties:
        status:
          $ref: '#/components/schemas/B'
          description: How it stands.
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A:
      properties:
        status:
          allOf:
            - $ref: '#/components/schemas/B'
          description: How it stands.
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        let has_siblings = node.as_object().is_some_and(|members| members.len() > 1);
        if kind == Kind::Schema && has_siblings && node.reference_target().is_some() {
            move_into_all_of(node);
            context.changed(format!("of {}", pointer.tokens().last().unwrap_or(&"a schema")));
        }
    });
}

fn move_into_all_of(schema: &mut Node) {
    let place = schema.place;
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    let Some(at) = members.get_index_of("$ref") else {
        return;
    };
    let Some((key, target)) = members.shift_remove_index(at) else {
        return;
    };
    let reference = Node::new(place, Value::Object(Object::from_iter([(key, target)])));
    match members.get_mut("allOf") {
        Some(Node { value: Value::Array(parts), .. }) => parts.insert(0, reference),
        // The check reports anything that is not a list.
        Some(_) => {}
        None => {
            insert_at(members, at, Key::new(place, "allOf"), Node::array(place, [reference]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn an_all_of_beside_the_reference_is_kept() {
        let head = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A:\n      ";
        let before =
            format!("{head}$ref: '#/components/schemas/B'\n      allOf: [{{type: object}}]\n");
        let after =
            format!("{head}allOf: [{{$ref: '#/components/schemas/B'}}, {{type: object}}]\n");
        assert_eq!(apply_alone(&RULE, &before).document, node(&after));
    }

    #[test]
    fn an_all_of_that_is_no_list_stays_for_the_check() {
        let head = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A:\n      ";
        let text = format!("{head}type: object\n      allOf: {{}}\n      $ref: self\n");
        let after = format!("{head}type: object\n      allOf: {{}}\n");
        assert_eq!(apply_alone(&RULE, &text).document, node(&after));
    }

    #[test]
    fn a_property_called_ref_is_data() {
        let text = "openapi: 3.1.1\ncomponents:\n  schemas:\n    A:\n      properties:\n        $ref: {type: string}\n        b: {type: string}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}
