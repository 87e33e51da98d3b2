use crate::{
    document::{Key, Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// An answer without a body may have any status of success.
pub(super) const RULE: Rule = Rule {
    name: "empty-answers",
    summary: "if no success response has a body, they become a single one, `2XX`",
    reason: "To the caller, an empty 200 and an empty 204 mean the same, and servers switch \
             between them without notice.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    delete:
      responses:
        '200': {description: Gone}
        '204': {description: Gone}
    get:
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {type: string}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    delete:
      responses:
        2XX: {description: Gone}
    get:
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {type: string}
",
    },
    apply,
};

const ANY: &str = "2XX";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Responses {
            return;
        }
        let Some(responses) = node.as_object_mut() else {
            return;
        };
        let successes = || responses.iter().filter(|(status, _)| status.starts_with('2'));
        let are_empty = successes().all(|(_, response)| {
            response.get("content").is_none() && response.reference_target().is_none()
        });
        let first = successes().next().map(|(key, node)| (key.clone(), node.clone()));
        let Some((key, response)) = first.filter(|(key, _)| are_empty && &**key != ANY) else {
            return;
        };
        responses.retain(|status, _| !status.starts_with('2'));
        responses.insert_before(0, Key::new(key.place, ANY), response);
        context.changed(pointer.to_string());
    });
}
