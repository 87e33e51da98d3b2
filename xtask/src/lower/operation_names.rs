use crate::{
    document::{Kind, Node, field_name, walk_mut},
    rule::{Context, Example, Rule},
};

/// An operation is not called what the generated code calls something of its own.
pub(super) const RULE: Rule = Rule {
    name: "operation-names",
    summary: "an operation that would be called like something of the generated code is an \
              `…-operation`",
    reason: "A method `post` would hide the one that the generated code calls, and a builder \
             `Result` the type that it returns.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    get: {operationId: result}
    put: {operationId: get-result}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    get: {operationId: result-operation}
    put: {operationId: get-result}
",
    },
    apply,
};

/// What the generated code itself uses of these names.
pub(crate) const TAKEN: [&str; 16] = [
    "byte_stream",
    "client_hooks",
    "client_info",
    "error",
    "exec",
    "from",
    "new",
    "new_with_client",
    "operation_info",
    "option",
    "post",
    "pre",
    "request_builder_ext",
    "response_value",
    "result",
    "string",
];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Operation {
            return;
        }
        let Some(id) = node.get("operationId") else {
            return;
        };
        let (text, place) = (id.as_str().unwrap_or_default(), id.place);
        if TAKEN.contains(&&*field_name(text)) {
            context.changed(format!("{text} of {pointer}"));
            let id = Node::string(place, format!("{text}-operation"));
            node.set("operationId", id);
        }
    });
}
