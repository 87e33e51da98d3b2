use crate::{
    document::{Kind, Node, Place, walk_mut},
    manifest::Settings,
    rule::{Context, Example, Rule},
};

/// A required header parameter that carries the credentials becomes a security scheme.
pub(super) const RULE: Rule = Rule {
    name: "authorization-parameter",
    summary: "the `Authorization` header parameter becomes the security scheme of the manifest",
    reason: "As a parameter it would be an argument of every call; OpenAPI 3.0 says that a \
             parameter of this name shall be ignored, so the scheme is the only way to say it.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a:
    get:
      parameters:
        - name: Authorization
          in: header
          required: true
          schema:
            type: string
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get:
      security:
        - token: []
components:
  securitySchemes:
    token:
      type: apiKey
      in: header
      name: Authorization
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let settings = context.settings;
    let mut schemes: Vec<(String, Node)> = Vec::new();
    walk_mut(document, &mut |node, kind, _| {
        if kind != Kind::Operation {
            return;
        }
        for (name, scheme) in take_credentials(node, settings) {
            context.changed(format!("{} -> {name}", scheme.get_str("name").unwrap_or("header")));
            require(node, &name, scheme.place);
            schemes.push((name, scheme));
        }
    });
    let Some(components) = schemes.first().and_then(|_| document.object_at("components")) else {
        return;
    };
    if let Some(section) = components.object_at("securitySchemes") {
        schemes.into_iter().for_each(|(name, scheme)| section.set(&name, scheme));
    }
}

/// Takes the credential parameters out of an operation; gives their schemes with their names.
fn take_credentials(operation: &mut Node, settings: &Settings) -> Vec<(String, Node)> {
    let Some(parameters) = operation.get_mut("parameters").and_then(Node::as_array_mut) else {
        return Vec::new();
    };
    let mut schemes = Vec::new();
    parameters.retain(|parameter| match scheme_for(parameter, settings) {
        Some(scheme) => {
            schemes.push(scheme);
            false
        }
        None => true,
    });
    if parameters.is_empty() && !schemes.is_empty() {
        operation.remove("parameters");
    }
    schemes
}

fn scheme_for(parameter: &Node, settings: &Settings) -> Option<(String, Node)> {
    let name = parameter.get_str("name").filter(|_| parameter.get_str("in") == Some("header"))?;
    if let Some((scheme, node)) = settings.security_scheme_for(name, parameter.place) {
        return Some((scheme.to_owned(), node));
    }
    name.eq_ignore_ascii_case("Authorization").then(|| documented_scheme(parameter))
}

/// What the description of the parameter says, where the manifest says nothing.
fn documented_scheme(parameter: &Node) -> (String, Node) {
    let place = parameter.place;
    let description = parameter.get("description");
    let text = description.and_then(Node::as_str).unwrap_or_default();
    let members = if text.starts_with("Bearer") {
        [("type", "http"), ("scheme", "bearer")].to_vec()
    } else {
        [("type", "apiKey"), ("in", "header"), ("name", "Authorization")].to_vec()
    };
    let name = if members.len() == 2 { "bearer" } else { "authorization" };
    let members = members.into_iter().map(|(key, text)| (key, Node::string(place, text)));
    let description = description.map(|description| ("description", description.clone()));
    (name.to_owned(), Node::object(place, members.chain(description)))
}

fn require(operation: &mut Node, scheme: &str, place: Place) {
    let none = Node::array(place, []);
    match operation
        .get_mut("security")
        .and_then(Node::as_array_mut)
        .and_then(|list| list.first_mut())
    {
        Some(requirement) => requirement.set(scheme, none),
        None => {
            let requirement = Node::object(place, [(scheme, none)]);
            operation.set("security", Node::array(place, [requirement]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn after(scheme: &str, description: &str) -> String {
        format!(
            "openapi: 3.1.1\npaths:\n  /a:\n    get:\n      security: [{{{scheme}: []}}]\ncomponents:\n  securitySchemes:\n    {scheme}: {description}\n"
        )
    }

    #[test]
    fn without_a_manifest_the_description_of_the_parameter_decides() {
        let with_description = |text: &str| {
            RULE.example
                .before
                .replace("in: header", &format!("in: header\n          description: '{text}'"))
        };
        let bearer = apply_alone(&RULE, &with_description("Bearer authentication of the form x"));
        assert_eq!(
            bearer.document,
            node(&after(
                "bearer",
                "{type: http, scheme: bearer, description: Bearer authentication of the form x}"
            ))
        );
        let unknown = apply_alone(&RULE, &with_description("Header authentication"));
        assert_eq!(
            unknown.document,
            node(&after(
                "authorization",
                "{type: apiKey, in: header, name: Authorization, description: Header authentication}"
            ))
        );
    }

    #[test]
    fn other_parameters_stay() {
        let text = "openapi: 3.1.1\npaths:\n  /a:\n    get:\n      parameters:\n        - {name: Authorization, in: query, schema: {type: string}}\n        - {name: X-Other, in: header, schema: {type: string}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}
