use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// The headers of responses are dropped.
pub(super) const RULE: Rule = Rule {
    name: "response-headers",
    summary: "the documented headers of a response are dropped",
    reason: "The generator creates no types for them; callers read a header from the response by \
             name. If they were kept, an enum in a header would take the name that the generator \
             gives to a type of the body.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200':
          description: OK
          headers:
            X-State: {schema: {type: string, enum: [a]}}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200':
          description: OK
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Response {
            return;
        }
        for (name, _) in node.remove("headers").iter().flat_map(Node::members) {
            context.changed(format!("{name} of {pointer}"));
        }
    });
}
