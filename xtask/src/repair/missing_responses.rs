use crate::{
    document::{Kind, Node},
    notes::repair_each,
    rule::{Context, Example, Rule},
};

/// An operation that documents no answer gets one that says nothing.
pub(super) const RULE: Rule = Rule {
    name: "missing-responses",
    summary: "an operation without responses gets a `default` one; a response without \
              `description` gets an empty one; `2xx` becomes `2XX`",
    reason: "OpenAPI 3.1 allows an operation without responses, OpenAPI 3.0.3 demands one. The \
             description is demanded by both, and says nothing to a client.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a:
    get: {}
    put:
      responses:
        2xx: {content: {}}
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get:
      responses:
        default: {description: ''}
    put:
      responses:
        2XX: {content: {}, description: ''}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_each(document, context, |node, kind, at, notes| match kind {
        Kind::Operation if node.as_object().is_some() => {
            let is_answered = node.get("responses").is_some_and(|responses| {
                responses.as_object().is_none_or(|responses| !responses.is_empty())
            });
            if !is_answered {
                let nothing = Node::object(node.place, [("description", text(node))]);
                let responses = Node::object(node.place, [("default", nothing)]);
                node.set("responses", responses);
                notes.changed(format!("responses of {at}"));
                let problem = "the operation documents no answer";
                notes.warn(at, node.place, problem, "whatever it answers is taken for success");
            } else if !documents_success(node) {
                let problem = "no answer of success is documented";
                notes.warn(at, node.place, problem, "what it is can't be known");
            }
        }
        Kind::Responses => {
            for range in ["1xx", "2xx", "3xx", "4xx", "5xx"] {
                if node.get(range).is_some() {
                    notes.changed(format!("{range} of {at}"));
                    node.rename(range, &range.to_uppercase());
                }
            }
            let documented = node.members_mut().filter(|(status, response)| {
                kind.shape_of(&status.to_uppercase()).is_some()
                    || &***status == "default" && response.as_object().is_some()
            });
            for (status, response) in documented {
                if response.get("$ref").is_none() && response.get("description").is_none() {
                    notes.changed(format!("description of {}", at.join(&**status)));
                    let nothing = text(response);
                    response.set("description", nothing);
                }
            }
        }
        _ => {}
    });
}

fn documents_success(operation: &Node) -> bool {
    let mut statuses = operation.get("responses").into_iter().flat_map(Node::members);
    statuses.any(|(status, _)| status.starts_with(['2', '3']) || &**status == "default")
}

fn text(node: &Node) -> Node {
    Node::string(node.place, "")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn an_operation_that_only_fails_is_told() {
        let text = "openapi: 3.0.0\npaths: {/a: {get: {responses: {'400': {description: No}}}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        assert!(applied.warnings[0].problem.contains("no answer of success"));
    }
}
