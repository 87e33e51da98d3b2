use crate::{
    document::walk_mut,
    document::{Kind, Node, Value},
    notes::Notes,
    rule::{Context, Example, Rule},
};

/// Security that OpenAPI 3.0.3 has no word for is kept beside.
pub(super) const RULE: Rule = Rule {
    name: "mutual-tls",
    summary: "a security scheme `mutualTLS` moves to `x-securitySchemes` and out of the \
              requirements; roles of a scheme without scopes move to `x-security-roles`",
    reason: "OpenAPI 3.0.3 has no such scheme: a certificate is a matter of the connection, no \
             request carries it. And there, schemes other than `oauth2` and `openIdConnect` have \
             no scopes.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a:
    get:
      security: [{cert: [], token: [admin]}]
components:
  securitySchemes:
    cert: {type: mutualTLS}
    token: {type: http, scheme: bearer}
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get:
      security: [{token: []}]
      x-security-roles: {token: [admin]}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
  x-securitySchemes:
    cert: {type: mutualTLS}
",
    },
    apply,
};

const KEPT: &str = "x-securitySchemes";
const ROLES: &str = "x-security-roles";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let names = |document: &Node, is_meant: fn(&str) -> bool| -> Vec<String> {
        let schemes = document.get("components").and_then(|all| all.get("securitySchemes"));
        let schemes = schemes.into_iter().flat_map(Node::members);
        let meant = schemes.filter(|(_, scheme)| scheme.get_str("type").is_some_and(is_meant));
        meant.map(|(name, _)| name.to_string()).collect()
    };
    let certificates = names(document, |name| name == "mutualTLS");
    let without_scopes = names(document, |name| matches!(name, "http" | "apiKey"));
    let mut notes = Notes::default();
    set_aside(document, &certificates, &mut notes);
    walk_mut(document, &mut |node, kind, at| {
        if matches!(kind, Kind::Document | Kind::Operation) && node.get("security").is_some() {
            drop_from_requirements(node, &certificates);
            for (name, roles) in take_roles(node, &without_scopes) {
                let problem = format!("OpenAPI 3.0.3 has no roles of the security scheme `{name}`");
                notes.warn(at, roles.place, problem, format!("they are kept in `{ROLES}`"));
                notes.changed(format!("roles of {name} at {at}"));
                if let Some(all) = node.object_at(ROLES) {
                    all.set(&name, roles);
                }
            }
        }
    });
    notes.tell(document, context);
}

fn set_aside(document: &mut Node, certificates: &[String], notes: &mut Notes) {
    let Some(components) = document.get_mut("components") else {
        return;
    };
    for name in certificates {
        let scheme = components.get_mut("securitySchemes").and_then(|all| all.remove(name));
        let Some(scheme) = scheme else {
            continue;
        };
        let at = ["components", "securitySchemes", name].into_iter().collect();
        let problem = format!("OpenAPI 3.0.3 has no `mutualTLS`, the type of the scheme `{name}`");
        notes.warn(
            &at,
            scheme.place,
            problem,
            format!("it is kept in `{KEPT}`: set the certificate up where the client is built"),
        );
        notes.changed(name.clone());
        if let Some(kept) = components.object_at(KEPT) {
            kept.set(name, scheme);
        }
    }
    let schemes = components.get("securitySchemes").and_then(Node::as_object);
    if !certificates.is_empty() && schemes.is_some_and(|schemes| schemes.is_empty()) {
        components.remove("securitySchemes");
    }
}

fn drop_from_requirements(holder: &mut Node, certificates: &[String]) {
    let requirements = holder.get_mut("security").and_then(Node::as_array_mut);
    for requirement in requirements.into_iter().flatten() {
        certificates.iter().for_each(|name| drop(requirement.remove(name)));
    }
}

fn take_roles(holder: &mut Node, schemes: &[String]) -> Vec<(String, Node)> {
    let mut taken = Vec::new();
    let requirements = holder.get_mut("security").and_then(Node::as_array_mut);
    for (name, roles) in requirements.into_iter().flatten().flat_map(Node::members_mut) {
        let has_roles = roles.as_array().is_some_and(|roles| !roles.is_empty());
        if has_roles && schemes.iter().any(|scheme| **scheme == **name) {
            let none = Node::new(roles.place, Value::Array(Vec::new()));
            taken.push((name.to_string(), std::mem::replace(roles, none)));
        }
    }
    taken
}
