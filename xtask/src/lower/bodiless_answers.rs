use crate::{
    document::{Document, Node, Pointer, operations},
    rule::{Context, Example, Rule},
};

/// A success response without a body is dropped if another one has a body.
pub(super) const RULE: Rule = Rule {
    name: "bodiless-answers",
    summary: "if an operation has success responses with and without a body, those without are \
              dropped from the document; the client accepts both",
    reason: "The generator fails if one success response has a type and another has none. The \
             operation's plan keeps the status, and the client returns `None` for a response \
             without a body.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    post:
      responses:
        '200': {description: Done, content: {application/json: {schema: {type: object}}}}
        '204': {description: Nothing to do}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    post:
      responses:
        '200': {description: Done, content: {application/json: {schema: {type: object}}}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut found: Vec<(Pointer, Vec<String>)> = Vec::new();
    for operation in operations(document) {
        let successes = operation.responses().filter(|(status, _)| status.starts_with('2'));
        let has_body = |response| {
            let resolved = Document(document).resolve(response);
            resolved.is_some_and(|response| response.get("content").is_some())
        };
        let (full, empty): (Vec<_>, Vec<_>) = successes.partition(|(_, it)| has_body(*it));
        let empty: Vec<String> = empty.into_iter().map(|(status, _)| status.to_string()).collect();
        found.extend((!full.is_empty() && !empty.is_empty()).then(|| (operation.pointer(), empty)));
    }
    for (pointer, statuses) in found {
        let at = pointer.join("responses");
        if let Some(responses) = document.at_mut(&at).and_then(Node::as_object_mut) {
            responses.retain(|status, _| !statuses.iter().any(|empty| **status == **empty));
        }
        for status in &statuses {
            context.changed(format!("{status} of {at}"));
        }
        context.notes.empty_statuses.insert(pointer, statuses);
    }
}
