use crate::{
    check::Findings,
    document::{field_name, operations},
    lower::TAKEN_BY_GENERATED_CODE,
};

/// An operation is not called what the generated code calls something of its own.
pub(super) fn check(findings: &mut Findings<'_>) {
    for operation in operations(findings.document) {
        let Some(id) = operation.node.get("operationId") else {
            continue;
        };
        let name = field_name(id.as_str().unwrap_or_default());
        if TAKEN_BY_GENERATED_CODE.contains(&&*name) {
            let problem = format!("the generated client has a `{name}` of its own");
            let remedy = "give the operation another id in the source";
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
