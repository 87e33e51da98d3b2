use crate::{
    document::{Node, operations},
    rule::{Context, Example, Rule},
};

/// An operation of which no success is documented.
pub(super) const RULE: Rule = Rule {
    name: "missing-successes",
    summary: "an operation documents only failures",
    reason: "The successful response is not known, so the client treats it as an undocumented one.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    get:
      operationId: get-a
      responses:
        '400': {description: Bad}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    get:
      operationId: get-a
      responses:
        '400': {description: Bad}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    for operation in operations(document) {
        let Some(responses) = operation.node.get("responses") else {
            continue;
        };
        let is_success = |status: &str| status.starts_with(['2', '3']) || status == "default";
        if !responses.members().any(|(status, _)| is_success(status)) {
            let at = operation.pointer().join("responses");
            let remedy = "document the response of a successful request";
            let problem = "no success response is documented";
            context.warn(document, &at, responses.place, problem, remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn an_operation_that_succeeds_or_leads_elsewhere_has_no_warning() {
        for status in ["'204'", "2XX", "'302'", "default"] {
            let text = RULE.example.before.replace("'400'", status);
            assert_eq!(apply_alone(&RULE, &text).warnings, [], "{status}");
        }
    }
}
