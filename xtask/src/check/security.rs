use super::Findings;
use crate::document::{Kind, Pointer, walk};

/// The types of schemes that have scopes.
const SCOPED: [&str; 2] = ["oauth2", "openIdConnect"];

/// Every security requirement names a scheme, and asks for scopes of one that has them.
pub(super) fn check(findings: &mut Findings<'_>) {
    let schemes = Pointer::from_iter(["components", "securitySchemes"]);
    let schemes = findings.document.at(&schemes);
    walk(findings.document, &mut |node, kind, pointer| {
        if kind != Kind::SecurityRequirement {
            return;
        }
        for (name, scopes) in node.members() {
            let scheme = schemes.and_then(|schemes| schemes.get(name));
            let has_scopes = scheme.and_then(|scheme| scheme.get_str("type"));
            if has_scopes.is_some_and(|of| !SCOPED.contains(&of)) && scopes.items().count() > 0 {
                let problem = format!("the security scheme `{name}` has no scopes");
                let remedy = "OpenAPI 3.0.3 requires an empty list here";
                findings.add(&pointer.join(&**name), scopes.place, problem, remedy);
            }
            if scheme.is_none() {
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

    #[test]
    fn roles_of_a_scheme_without_scopes_are_found() {
        let text = with_operation(
            "/a",
            "operationId: a\nsecurity: [{key: [admin]}]\nresponses: {'200': {description: OK}}",
        ) + "components:\n  securitySchemes: {key: {type: http, scheme: bearer}}\n";
        assert_found(&text, &[(7, "security/0/key", "`key` has no scopes")]);
        let oauth = "{type: openIdConnect, openIdConnectUrl: 'https://a.example'}";
        assert_found(&text.replace("{type: http, scheme: bearer}", oauth), &[]);
    }
}
