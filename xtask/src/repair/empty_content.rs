use std::collections::HashSet;

use crate::{
    document::{Kind, Node, Pointer, walk, walk_mut},
    rule::{Context, Example, Rule},
};

/// The `content: {}` of a refusal is dropped.
pub(super) const RULE: Rule = Rule {
    name: "empty-content",
    summary: "drops `content: {}` from error responses",
    reason: "It says that there is a body, but the schema was lost when the page was generated. \
             Generators take it to mean `no body`, and discard the server's error.",
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
    let answers = successes(document);
    let mut refused = Vec::new();
    walk_mut(document, &mut |node, kind, pointer| {
        let is_empty = |content: &Node| content.as_object().is_some_and(|media| media.is_empty());
        if kind != Kind::Response || !node.get("content").is_some_and(is_empty) {
            return;
        }
        if answers.contains(pointer) {
            refused.push((pointer.join("content"), node.place));
            return;
        }
        node.remove("content");
        context.changed(format!("of {pointer}"));
    });
    for (pointer, place) in refused {
        let problem = "the success response has a body, but its content is not documented";
        let remedy = "document its schema, or remove `content` if there is no body";
        context.refuse(document, &pointer, place, problem, remedy);
    }
}

/// The success responses, and the shared responses that they refer to.
fn successes(document: &Node) -> HashSet<Pointer> {
    let mut answers = HashSet::new();
    walk(document, &mut |node, kind, pointer| {
        if kind != Kind::Responses {
            return;
        }
        let has_success = node.members().any(|(status, _)| status.starts_with('2'));
        for (status, response) in node.members() {
            let has_body = status.starts_with('2') && !matches!(&**status, "204" | "205");
            if has_body || (&**status == "default" && !has_success) {
                answers.insert(pointer.join(&**status));
                answers.extend(response.reference_target().and_then(Pointer::from_reference));
            }
        }
    });
    answers
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn an_answer_of_success_keeps_it_and_is_refused() {
        let own = RULE.example.before.replace("'400'", "'200'");
        let shared = "openapi: 3.1.1\npaths:\n  /a:\n    get:\n      responses:\n        '200': {$ref: '#/components/responses/R'}\ncomponents:\n  responses:\n    R: {description: OK, content: {}}\n";
        for (text, line) in [(own.as_str(), 7), (shared, 9)] {
            let applied = apply_alone(&RULE, text);
            assert_eq!(applied.document, node(text));
            assert_eq!(applied.findings.len(), 1);
            assert_eq!(applied.findings[0].place.line, line, "{:?}", applied.findings);
        }
    }

    #[test]
    fn where_there_can_be_no_body_nothing_is_lost() {
        let text = RULE.example.before.replace("'400'", "'204'");
        assert_eq!(apply_alone(&RULE, &text).changes, ["of /paths/~1a/get/responses/204"]);
    }
}
