use super::Findings;
use crate::document::operations;

/// Every operation says what it answers when all goes well.
pub(super) fn check(findings: &mut Findings<'_>) {
    for operation in operations(findings.document) {
        let Some(responses) = operation.node.get("responses") else {
            continue;
        };
        let mut statuses = responses.members().map(|(key, _)| &**key);
        if !statuses.any(|status| status.starts_with(['2', '3']) || status == "default") {
            let problem = "no answer of success is documented";
            let remedy = "without one its result would be lost: document the 2xx answer";
            findings.add(&operation.pointer().join("responses"), responses.place, problem, remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::{assert_found, with_operation};

    #[test]
    fn an_operation_that_only_fails_is_found() {
        let text = with_operation("/a", "operationId: a\nresponses: {'400': {description: No}}");
        assert_found(&text, &[(7, "a (/paths/~1a/get/responses)", "no answer of success")]);
    }
}
