use crate::{
    document::{ALTERNATIVES, Key, Kind, Node, Object, Pointer, Value, insert_at, walk_mut},
    rule::{Context, Example, Rule},
};

/// A list with a single alternative is replaced by the alternative.
pub(super) const RULE: Rule = Rule {
    name: "only-variant",
    summary: "a `oneOf` or `anyOf` with one variant is replaced by the variant's keywords, or by \
              `allOf` if they would change the keywords next to it",
    reason: "There is nothing to choose from, but generators create a union, and `nullable` has no \
             effect next to it, as it needs a type.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      properties:
        kind:
          oneOf:
            - $ref: '#/components/schemas/B'
        owner:
          description: Who has it.
          oneOf:
            - $ref: '#/components/schemas/B'
          nullable: true
        name:
          description: The name.
          oneOf:
            - type: string
          nullable: true
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      properties:
        kind:
          $ref: '#/components/schemas/B'
        owner:
          description: Who has it.
          allOf:
            - $ref: '#/components/schemas/B'
          nullable: true
        name:
          description: The name.
          type: string
          nullable: true
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema {
            return;
        }
        for keyword in ALTERNATIVES {
            if unite_with_only_variant(node, keyword, pointer) {
                context.changed(format!("of {}", pointer.tokens().last().unwrap_or(&"a schema")));
            }
        }
    });
}

/// A discriminator refers to the list, which is therefore kept.
fn unite_with_only_variant(schema: &mut Node, keyword: &str, pointer: &Pointer) -> bool {
    if schema.get("discriminator").is_some() {
        return false;
    }
    let Some(members) = schema.as_object_mut() else {
        return false;
    };
    let Some((at, _, list)) = members.get_full_mut(keyword) else {
        return false;
    };
    let Some([variant]) = list.as_array_mut().map(Vec::as_mut_slice) else {
        return false;
    };
    let variant = std::mem::replace(variant, Node::new(variant.place, Value::Null));
    members.shift_remove_index(at);
    let is_component = pointer.schema_component().is_some();
    match variant.value {
        Value::Object(inner) if is_free(members, &inner, is_component) => {
            for (offset, (key, node)) in inner.into_iter().enumerate() {
                insert_at(members, at + offset, key, node);
            }
        }
        value => add_part(members, at, Node::new(variant.place, value)),
    }
    true
}

/// Whether a schema can take the keywords of another one: it only has keywords that describe it,
/// and different ones. A reference must not have other keywords, and a component that is a
/// reference has no definition.
fn is_free(members: &Object, inner: &Object, is_component: bool) -> bool {
    let asserts = members.keys().any(|key| !is_word(key));
    let collides = inner.keys().any(|key| members.contains_key(key));
    let is_reference = inner.contains_key("$ref");
    !asserts && !collides && (!is_reference || (members.is_empty() && !is_component))
}

/// Keywords that say something of a schema without asserting anything of its values.
fn is_word(key: &Key) -> bool {
    let words = ["description", "title", "default", "example", "nullable", "deprecated"];
    words.contains(&&**key)
        || matches!(&**key, "readOnly" | "writeOnly" | "externalDocs" | "examples")
        || key.starts_with("x-")
}

fn add_part(members: &mut Object, at: usize, part: Node) {
    match members.get_mut("allOf").and_then(Node::as_array_mut) {
        Some(parts) => parts.push(part),
        None => {
            let key = Key::new(part.place, "allOf");
            insert_at(members, at, key, Node::array(part.place, [part]));
        }
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
    fn what_stands_beside_the_list_keeps_its_meaning() {
        let cases = [
            (
                "{oneOf: [{$ref: '#/components/schemas/B'}]}",
                "{allOf: [{$ref: '#/components/schemas/B'}]}",
            ),
            (
                "{properties: {b: {}}, oneOf: [{additionalProperties: false}]}",
                "{properties: {b: {}}, allOf: [{additionalProperties: false}]}",
            ),
            (
                "{description: Outer., anyOf: [{type: string, description: Inner.}]}",
                "{description: Outer., allOf: [{type: string, description: Inner.}]}",
            ),
            (
                "{allOf: [{type: object}], oneOf: [{required: [b]}]}",
                "{allOf: [{type: object}, {required: [b]}]}",
            ),
            (
                "{oneOf: [{type: string}], anyOf: [{minLength: 1}]}",
                "{allOf: [{type: string}, {minLength: 1}]}",
            ),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
            assert!(apply_alone(&RULE, &schema(after)).changes.is_empty(), "{before}");
        }
    }

    #[test]
    fn a_list_that_is_a_choice_or_has_a_discriminator_stays() {
        for keywords in [
            "{oneOf: [{type: string}, {type: integer}]}",
            "{oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: t}}",
            "{type: object, properties: {oneOf: {type: array, items: {}}}}",
        ] {
            let applied = apply_alone(&RULE, &schema(keywords));
            assert_eq!(applied.document, node(&schema(keywords)));
            assert!(applied.changes.is_empty());
        }
    }
}
