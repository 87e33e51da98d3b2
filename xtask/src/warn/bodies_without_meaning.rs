use crate::{
    document::{Node, operations},
    rule::{Context, Example, Rule},
};

/// The methods whose requests have no body that HTTP gives a meaning to.
const METHODS: [&str; 3] = ["get", "head", "delete"];

/// A request body under a method that has none.
pub(super) const RULE: Rule = Rule {
    name: "bodies-without-meaning",
    summary: "a GET, HEAD or DELETE has a request body",
    reason: "OpenAPI 3.0 says to ignore it, and servers and proxies may drop it. It is kept, since \
             the API documents it.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /things:
    delete:
      operationId: delete-things
      requestBody:
        content: {}
",
        after: "\
openapi: 3.1.1
paths:
  /things:
    delete:
      operationId: delete-things
      requestBody:
        content: {}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    for operation in operations(document).filter(|operation| METHODS.contains(&&**operation.method))
    {
        let Some(body) = operation.node.get_key("requestBody") else {
            continue;
        };
        let method = operation.method.to_uppercase();
        let problem = format!("a {method} request has a body, which OpenAPI 3.0 doesn't define");
        let remedy = "clients may omit it: test how the server handles it";
        context.warn(
            document,
            &operation.pointer().join("requestBody"),
            body.place,
            problem,
            remedy,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn the_warning_names_operation_and_place_and_other_methods_have_bodies() {
        let warnings = apply_alone(&RULE, RULE.example.before).warnings;
        assert_eq!(warnings[0].subject(), "delete-things (/paths/~1things/delete/requestBody)");
        assert_eq!((warnings[0].place.line, warnings[0].place.column), (6, 7));
        let post = RULE.example.before.replace("delete:", "post:");
        assert_eq!(apply_alone(&RULE, &post).warnings, []);
    }
}
