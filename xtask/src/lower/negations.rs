use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// What may not be is not looked for.
pub(super) const RULE: Rule = Rule {
    name: "negations",
    summary: "a `not` is dropped",
    reason: "The generator fails on most of them, and a client doesn't need to know which values \
             are never sent.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: string, not: {enum: [none]}}
    Other: {not: {type: integer}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing: {type: string}
    Other: {}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema && node.remove("not").is_some() {
            context.changed(pointer.to_string());
        }
    });
}
