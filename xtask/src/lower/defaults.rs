use super::wording::describe;
use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// Defaults are documented instead of sent.
pub(super) const RULE: Rule = Rule {
    name: "defaults",
    summary: "a `default` moves to the description",
    reason: "The generator would create a field that is always present: every request would send \
             the default, even one that changes something else, and a response would appear to \
             contain what the server did not send.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Limits:
      type: object
      properties:
        per_day: {type: integer, description: How many a day, default: -1}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Limits:
      type: object
      properties:
        per_day: {type: integer, description: 'How many a day. Default: `-1`.'}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema {
            return;
        }
        let Some(default) = node.remove("default") else {
            return;
        };
        context.changed(pointer.to_string());
        if let Ok(json) = serde_json::to_string(&default) {
            describe(node, &format!("Default: `{json}`."));
        }
    });
}
