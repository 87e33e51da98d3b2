use super::{
    hoist::{Hoisted, hoist_properties},
    reach::Reach,
};
use crate::{
    document::Node,
    rule::{Context, Example, Rule},
};

/// An optional list of a request may be absent or empty.
pub(super) const RULE: Rule = Rule {
    name: "empty-lists",
    summary: "an optional list or map of a request gets a type of its own, `…Array` or `…Map`",
    reason: "The generator leaves out what is empty, so that nothing could be cleared. An \
             `Option` of a type tells an empty list from none.",
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
      required: [all]
      properties:
        all: {type: array, items: {type: string}}
        ids: {type: array, description: Whose., items: {type: string}}
        items: {type: array, items: {$ref: '#/components/schemas/Item'}}
        extra: {type: object, additionalProperties: {type: integer}}
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
      required: [all]
      properties:
        all: {type: array, items: {type: string}}
        ids:
          description: Whose.
          allOf: [{$ref: '#/components/schemas/StringArray'}]
        items:
          allOf: [{$ref: '#/components/schemas/ItemArray'}]
        extra:
          allOf: [{$ref: '#/components/schemas/IntegerMap'}]
    Item: {type: object}
    StringArray:
      type: array
      items: {type: string}
      description: A list that is sent as it is, also when it is empty.
    ItemArray:
      type: array
      items: {$ref: '#/components/schemas/Item'}
      description: A list that is sent as it is, also when it is empty.
    IntegerMap:
      type: object
      additionalProperties: {type: integer}
      description: A mapping that is sent as it is, also when it is empty.
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let reach = Reach::of(document);
    hoist_properties(document, &reach, context, |property| {
        let is_map =
            property.get("additionalProperties").is_some_and(|node| node.as_object().is_some())
                && property.get("properties").is_none();
        match property.get_str("type") {
            Some("array") => Some(Hoisted {
                prefix: "",
                description: "A list that is sent as it is, also when it is empty.",
            }),
            Some("object") if is_map => Some(Hoisted {
                prefix: "",
                description: "A mapping that is sent as it is, also when it is empty.",
            }),
            _ => None,
        }
    });
}
