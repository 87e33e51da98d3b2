use super::reach::Reach;
use crate::{
    document::{Kind, Node, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// Unions of answers are opened.
pub(super) const RULE: Rule = Rule {
    name: "open-unions",
    summary: "where an answer carries a `oneOf`, it may carry anything else too: `Unknown`, as it \
              came",
    reason: "A closed union fails the whole answer on the day the server adds a branch. What \
             fits no documented branch is kept as JSON.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
    Cat: {type: object, required: [purrs], properties: {purrs: {type: boolean}}}
    Dog: {type: object, required: [barks], properties: {barks: {type: boolean}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
        - title: Unknown
          description: What none of the documented forms fits.
    Cat: {type: object, required: [purrs], properties: {purrs: {type: boolean}}}
    Dog: {type: object, required: [barks], properties: {barks: {type: boolean}}}
",
    },
    apply,
};

/// The branch of an open union that takes what the documentation does not list.
pub(super) const UNKNOWN: &str = "Unknown";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    for part in Reach::of(document).answer_parts(document) {
        let Some(node) = document.at_mut(&part.pointer) else {
            continue;
        };
        walk_part_mut(node, part.kind, &mut |node, kind, inner| {
            if kind == Kind::Schema && open(node) {
                context.changed(part.pointer.concat(inner).to_string());
            }
        });
    }
}

/// Opens a union that is closed. One with a single branch is another name for it.
fn open(schema: &mut Node) -> bool {
    let place = schema.place;
    let branches = schema.get_mut("oneOf").and_then(Node::as_array_mut);
    let closed = branches.filter(|branches| branches.len() > 1 && !branches.iter().any(is_open));
    let Some(branches) = closed else {
        return false;
    };
    let text = |text: &str| Node::string(place, text);
    let description = text("What none of the documented forms fits.");
    branches.push(Node::object(place, [("title", text(UNKNOWN)), ("description", description)]));
    true
}

fn is_open(branch: &Node) -> bool {
    branch.get_str("title") == Some(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_union_of_requests_stays_closed() {
        let text = "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/U'}}}}\n      responses: {}\ncomponents:\n  schemas:\n    U: {oneOf: [{type: string}, {type: boolean}]}\n";
        assert!(apply_alone(&RULE, text).changes.is_empty());
    }
}
