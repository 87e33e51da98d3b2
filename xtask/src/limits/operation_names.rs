use crate::{
    check::Findings,
    document::{field_name, operations},
};

/// Names that the client uses itself, and types that the builders refer to: a builder `Result`
/// would hide the one that it returns.
const TAKEN: [&str; 19] = [
    "baseurl",
    "byte_stream",
    "call",
    "client",
    "error",
    "execute",
    "fn_once",
    "future",
    "into_optional",
    "into_value",
    "new",
    "new_with_client",
    "option",
    "request",
    "response_value",
    "result",
    "send",
    "transport",
    "url",
];

/// No operation may have a name that the generated code uses itself.
pub(super) fn check(findings: &mut Findings<'_>) {
    for operation in operations(findings.document) {
        let Some(id) = operation.node.get("operationId") else {
            continue;
        };
        let name = field_name(id.as_str().unwrap_or_default());
        if TAKEN.contains(&&*name) {
            let problem = format!("the generated client already has a `{name}`");
            let remedy = "give the operation another id under [operations] in the manifest";
            findings.add(&operation.pointer().join("operationId"), id.place, problem, remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::limits::tests::{assert_refused, assert_taken};

    #[test]
    fn an_operation_with_a_name_of_the_generated_code_is_refused() {
        let text = "openapi: 3.0.3\npaths:\n  /a:\n    get: {operationId: Response-Value}\n";
        assert_refused(text, "/operationId", "`response_value`");
        assert_taken(&text.replace("Response-Value", "get-response-value"));
    }
}
