use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// A response's `content: {}` is dropped.
pub(super) const RULE: Rule = Rule {
    name: "empty-content",
    summary: "a response's `content: {}` is dropped",
    reason: "It says that there is a body but not which; the schema was lost where the page was \
             made. Generators read it as `no body` and throw away what the server says.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a:
    get:
      responses:
        '400':
          description: Error
          content: {}
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get:
      responses:
        '400':
          description: Error
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        let is_empty = |content: &Node| content.as_object().is_some_and(|media| media.is_empty());
        if kind == Kind::Response && node.get("content").is_some_and(is_empty) {
            node.remove("content");
            context.changed(format!("of {}", pointer.tokens().last().unwrap_or(&"a response")));
        }
    });
}
