use super::reach::Reach;
use crate::{
    document::{Kind, Node, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// A number that others document as text is read as either.
pub(super) const RULE: Rule = Rule {
    name: "numbers-as-text",
    summary: "an integer in a response whose `x-official-type` is a string is read as either",
    reason: "If two sources disagree about a type, a response of either type must be readable.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      properties:
        version: {type: integer, description: Its version., x-official-type: text 1}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      properties:
        version:
          allOf: [{$ref: '#/components/schemas/IntegerOrText'}]
          description: Its version.
    IntegerOrText:
      description: A number that some sources document as a text.
      oneOf:
        - {title: Integer, type: integer}
        - {title: Text, type: string}
",
    },
    apply,
};

const NAME: &str = "IntegerOrText";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut found = false;
    for part in Reach::of(document).answer_parts(document) {
        let Some(node) = document.at_mut(&part.pointer) else {
            continue;
        };
        walk_part_mut(node, part.kind, &mut |node, kind, inner| {
            let is_text =
                node.get_str("x-official-type").is_some_and(|text| text.starts_with("text"));
            if kind == Kind::Schema && is_text && node.get_str("type") == Some("integer") {
                refer(node);
                context.changed(part.pointer.concat(inner).to_string());
                found = true;
            }
        });
    }
    if found {
        define(document, context);
    }
}

fn refer(node: &mut Node) {
    let place = node.place;
    let reference = Node::reference(place, &crate::document::Pointer::to_schema(NAME));
    let description = node.remove("description").map(|text| ("description", text));
    let parts = ("allOf", Node::array(place, [reference]));
    *node = Node::object(place, [parts].into_iter().chain(description));
}

fn define(document: &mut Node, context: &mut Context<'_>) {
    let place = document.place;
    let text = |text: &str| Node::string(place, text);
    let branch = |title: &str, kind: &str| {
        Node::object(place, [("title", text(title)), ("type", text(kind))])
    };
    let branches = Node::array(place, [branch("Integer", "integer"), branch("Text", "string")]);
    let description = text("A number that some sources document as a text.");
    let union = Node::object(place, [("description", description), ("oneOf", branches)]);
    super::names::define(document, NAME, union, context);
}
