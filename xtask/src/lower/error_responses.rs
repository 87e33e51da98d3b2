use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// Responses that are no success are dropped.
pub(super) const RULE: Rule = Rule {
    name: "error-responses",
    summary: "responses other than 2xx are dropped, so that the client passes on the whole \
              response; without any 2xx response, `default` is kept",
    reason: "The generator supports at most one error type, fails if there are two, and discards \
             the body if the type is not documented. Passing on the `reqwest::Response` loses \
             nothing.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200': {description: OK}
        '404': {description: Not found}
        4XX: {description: Other refusals}
        default: {description: Anything else}
    put:
      responses:
        default: {description: Anything}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200': {description: OK}
    put:
      responses:
        default: {description: Anything}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Responses {
            return;
        }
        let Some(responses) = node.as_object_mut() else {
            return;
        };
        let has_success = responses.keys().any(|status| status.starts_with('2'));
        responses.retain(|status, _| {
            let stays = status.starts_with('2')
                || status.starts_with("x-")
                || (&**status == "default" && !has_success);
            if !stays {
                context.changed(pointer.join(&**status).to_string());
            }
            stays
        });
    });
}
