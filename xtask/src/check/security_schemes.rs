use super::Findings;
use crate::document::{Kind, Node, Pointer, walk};

/// The additional fields that a scheme of each type requires.
const TYPES: [(&str, &[&str]); 4] = [
    ("apiKey", &["name", "in"]),
    ("http", &["scheme"]),
    ("oauth2", &["flows"]),
    ("openIdConnect", &["openIdConnectUrl"]),
];

/// Where the key of an API can be sent.
const LOCATIONS: [&str; 3] = ["query", "header", "cookie"];

/// Every security scheme is of a type that exists and says what that type demands.
pub(super) fn check(findings: &mut Findings<'_>) {
    walk(findings.document, &mut |node, kind, pointer| {
        if kind == Kind::SecurityScheme && node.reference_target().is_none() {
            check_scheme(findings, node, pointer);
        }
    });
}

fn check_scheme(findings: &mut Findings<'_>, scheme: &Node, pointer: &Pointer) {
    let Some(name) = scheme.get_str("type") else {
        return;
    };
    let Some((_, demanded)) = TYPES.iter().find(|(known, _)| *known == name) else {
        let known = TYPES.map(|(known, _)| known).join(", ");
        let problem = format!("`{name}` is not a valid security scheme type");
        findings.add(pointer, scheme.place, problem, format!("use one of {known}"));
        return;
    };
    for field in demanded.iter().filter(|field| scheme.get(field).is_none()) {
        let problem = format!("a security scheme of type `{name}` has no `{field}`");
        findings.add(pointer, scheme.place, problem, "OpenAPI 3.0.3 requires it: add it");
    }
    let location = scheme.get_str("in").filter(|_| name == "apiKey");
    if let Some(location) = location.filter(|location| !LOCATIONS.contains(location)) {
        let problem = format!("`{location}` is not a valid location for an API key");
        let remedy = format!("use one of {}", LOCATIONS.join(", "));
        findings.add(&pointer.join("in"), scheme.place, problem, remedy);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::assert_found;

    #[test]
    fn a_scheme_that_is_none_is_found() {
        let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  securitySchemes:\n    a: {type: apikey}\n    b: {type: apiKey, name: k, in: body}\n    c: {type: http}\n    d: {type: oauth2, flows: {}}\n    e: {type: http, scheme: bearer}\n";
        assert_found(
            text,
            &[
                (6, "/securitySchemes/a", "`apikey` is not a valid security scheme type"),
                (7, "/securitySchemes/b/in", "`body` is not a valid location"),
                (8, "/securitySchemes/c", "has no `scheme`"),
            ],
        );
    }
}
