use crate::{
    document::{Document, Kind, Node, Pointer, walk},
    rule::{Context, Example, Rule},
};

/// In a union, an integer next to a number only reads whole numbers.
pub(super) const RULE: Rule = Rule {
    name: "whole-branches",
    summary: "an `integer` next to a `number` in a `oneOf` gets `format: int64`",
    reason: "The client's own integer type also reads `61.4`, and rounds it: next to a `number`, \
             it would match all of its values.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Bound: {oneOf: [{type: integer}, {type: number}, {type: string}]}
    Version: {oneOf: [{type: integer}, {type: string}]}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Bound: {oneOf: [{type: integer, format: int64, title: Integer}, {type: number}, {type: string}]}
    Version: {oneOf: [{type: integer}, {type: string}]}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut found: Vec<Pointer> = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        let branches = node.get("oneOf").and_then(Node::as_array).unwrap_or_default();
        let has_type = |branch: &Node, name: &str| {
            Document(document)
                .resolve(branch)
                .is_some_and(|node| node.get_str("type") == Some(name))
        };
        if kind != Kind::Schema || !branches.iter().any(|branch| has_type(branch, "number")) {
            return;
        }
        let integers = branches.iter().enumerate();
        let integers = integers.filter(|(_, branch)| {
            branch.get_str("type") == Some("integer") && branch.get_str("format") != Some("int64")
        });
        found.extend(integers.map(|(index, _)| pointer.join("oneOf").join(index.to_string())));
    });
    for pointer in found {
        let Some(branch) = document.at_mut(&pointer) else {
            continue;
        };
        let format = Node::string(branch.place, "int64");
        branch.set("format", format);
        if branch.get("title").is_none() {
            // The generator would name the branch after its format.
            let title = Node::string(branch.place, "Integer");
            branch.set("title", title);
        }
        context.changed(pointer.to_string());
    }
}
