use std::collections::HashMap;

use crate::{
    check::Findings,
    document::{field_name, operations},
};

/// Names that every operation's builder or mock helper uses itself.
const TAKEN: [&str; 4] = ["customize", "into_inner", "new", "send"];

/// What a builder has where there is a body.
const TAKEN_BY_BODY: &str = "body";

/// The parameters of an operation must have distinct names, across all parts of the request: the
/// builder has one method for each name, and would silently lose one of two.
pub(super) fn check(findings: &mut Findings<'_>) {
    for operation in operations(findings.document) {
        let mut names: HashMap<String, String> = HashMap::new();
        let has_body = operation.node.get("requestBody").is_some();
        let is_taken = |name: &str| TAKEN.contains(&name) || (has_body && name == TAKEN_BY_BODY);
        for (pointer, parameter) in operation.parameters(findings.document) {
            let text = |key| parameter.get_str(key).unwrap_or_default();
            let described = format!("`{}` in {}", text("name"), text("in"));
            let name = field_name(text("name"));
            let problem = match names.get(&name) {
                Some(first) => {
                    format!("the parameters {first} and {described} have the same name in Rust")
                }
                None if is_taken(&name) => {
                    format!("the builder already has a `{name}`, like the parameter {described}")
                }
                None => {
                    names.insert(name, described);
                    continue;
                }
            };
            let remedy = "the generator can't tell them apart: remove one of them from the source";
            findings.add(&pointer, parameter.place, problem, remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::limits::tests::{assert_refused, assert_taken};

    const TEXT: &str = "openapi: 3.0.3\npaths:\n  /a:\n    parameters: [{name: q, in: query}]\n    get:\n      operationId: a\n      parameters: [{name: q, in: query}, {name: Q, in: header}]\n";

    #[test]
    fn parameters_that_fall_together_are_refused_and_those_replaced_are_not() {
        assert_refused(TEXT, "a (/paths/~1a/get/parameters/1)", "`q` in query and `Q` in header");
        assert_taken(&TEXT.replace("name: Q", "name: r"));
        for name in ["send", "customize"] {
            let text = TEXT.replace("name: Q", &format!("name: {name}"));
            assert_refused(&text, "/parameters/1", &format!("already has a `{name}`"));
        }
        let body = TEXT.replace("name: Q", "name: body");
        assert_taken(&body);
        let with_body = body.replace("operationId: a", "operationId: a\n      requestBody: {}");
        assert_refused(&with_body, "/parameters/1", "already has a `body`");
    }
}
