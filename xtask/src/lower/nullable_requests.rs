use super::{
    hoist::{Hoisted, NULLABLE, hoist_properties},
    reach::Reach,
};
use crate::{
    document::Node,
    rule::{Context, Example, Rule},
};

/// An optional property of a request may be absent, null, or a value.
pub(super) const RULE: Rule = Rule {
    name: "nullable-requests",
    summary: "an optional property of a request that may be null gets a type of its own, \
              `Nullable…`",
    reason: "The generator makes one `Option` of both and never sends a null, which clears a \
             field where its absence leaves it alone. `Option<Nullable…>` has all three states.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    patch:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Change'}
components:
  schemas:
    Change:
      type: object
      required: [id]
      properties:
        id: {type: string, nullable: true}
        title: {type: string, description: Its title., nullable: true}
        item: {nullable: true, allOf: [{$ref: '#/components/schemas/Item'}]}
    Item: {type: object}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    patch:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Change'}
components:
  schemas:
    Change:
      type: object
      required: [id]
      properties:
        id: {type: string, nullable: true}
        title:
          description: Its title.
          allOf: [{$ref: '#/components/schemas/NullableString'}]
        item:
          allOf: [{$ref: '#/components/schemas/NullableItem'}]
    Item: {type: object}
    NullableString:
      type: string
      nullable: true
      description: A value, or null.
    NullableItem:
      nullable: true
      allOf: [{$ref: '#/components/schemas/Item'}]
      description: A value, or null.
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let reach = Reach::of(document);
    hoist_properties(document, &reach, context, |property| {
        property
            .is_true("nullable")
            .then_some(Hoisted { prefix: NULLABLE, description: "A value, or null." })
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_union_that_may_be_null_has_a_name_of_its_own() {
        let item = "item: {nullable: true, allOf: [{$ref: '#/components/schemas/Item'}]}";
        let union = "item: {nullable: true, oneOf: [{type: string}, {type: integer}]}";
        let applied = apply_alone(&RULE, &RULE.example.before.replace(item, union));
        let json = applied.document.to_json().unwrap().replace([' ', '\n'], "");
        let reference = r##""NullableChangeItem":{"nullable":true,"allOf":[{"$ref":"#/components/schemas/ChangeItem"}]"##;
        assert!(json.contains(reference), "{json}");
        assert!(json.contains(r#""ChangeItem":{"oneOf":["#), "{json}");
    }
}
