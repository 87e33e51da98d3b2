use super::Findings;
use crate::document::{Kind, Node, Pointer, walk};

/// Every security requirement names a scheme.
pub(super) fn check(findings: &mut Findings<'_>) {
    let schemes = Pointer::from_iter(["components", "securitySchemes"]);
    let schemes = findings.document.at(&schemes);
    walk(findings.document, &mut |node, kind, pointer| {
        if kind != Kind::SecurityRequirement {
            return;
        }
        for (name, _) in node.members() {
            if schemes.is_none_or(|schemes: &Node| schemes.get(name).is_none()) {
                let problem = format!("the security scheme `{name}` is not defined");
                let remedy = "define it under /components/securitySchemes";
                findings.add(&pointer.join(&**name), name.place, problem, remedy);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::check::tests::{assert_found, with_operation};

    #[test]
    fn a_requirement_of_a_scheme_that_is_not_defined_is_found() {
        let text = with_operation(
            "/a",
            "operationId: a\nsecurity: [{key: []}]\nresponses: {'200': {description: OK}}",
        );
        assert_found(&text, &[(7, "security/0/key", "`key` is not defined")]);
    }
}
