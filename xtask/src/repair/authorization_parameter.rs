use crate::{
    document::{METHODS, Node, Pointer, is_legal_in_component},
    manifest::Settings,
    rule::{Context, Example, Rule},
};

/// A header parameter that carries the credentials becomes a security scheme.
pub(super) const RULE: Rule = Rule {
    name: "authorization-parameter",
    summary: "the header parameter for credentials (`Authorization`; on a page also `x-api-key` \
              and similar) becomes a security scheme: the one in the manifest, or one derived from \
              the parameter",
    reason: "As a parameter it would be an argument of every call. OpenAPI 3.0 ignores a parameter \
             named `Authorization`, so only a scheme can express it.",
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

/// Credentials that were a parameter.
struct Credentials {
    /// The name of the parameter.
    parameter: String,
    is_required: bool,
    /// The name of the scheme, and the scheme.
    name: String,
    scheme: Node,
}

/// The document's parameters and schemes outside of its operations.
struct KnownSchemes {
    is_page: bool,
    parameters: Option<Node>,
    schemes: Option<Node>,
}

impl KnownSchemes {
    fn in_document(document: &Node, context: &Context<'_>) -> Self {
        let components = document.get("components");
        let section = |name: &str| components.and_then(|components| components.get(name)).cloned();
        Self {
            is_page: context.page.is_some(),
            parameters: section("parameters"),
            schemes: section("securitySchemes"),
        }
    }

    /// The scheme as it is documented already, under whatever name, or else as it is.
    fn known(&self, (name, scheme): (String, Node)) -> (String, Node) {
        let mut schemes = self.schemes.iter().flat_map(Node::members);
        let documented = schemes.find(|(_, documented)| says_the_same(documented, &scheme));
        (documented.map_or(name, |(name, _)| name.to_string()), scheme)
    }
}

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let documented = KnownSchemes::in_document(document, context);
    let of_document = document.get("security").cloned();
    let mut found = Vec::new();
    let path_items = document.get_mut("paths").into_iter().flat_map(Node::members_mut);
    for (_, path_item) in path_items {
        let of_all = take_credentials(path_item, &documented, context.settings);
        let methods = path_item.members_mut().filter(|(key, _)| METHODS.contains(&&***key));
        for (_, operation) in methods {
            let own = take_credentials(operation, &documented, context.settings);
            for credentials in of_all.iter().chain(&own) {
                require(operation, of_document.as_ref(), credentials);
            }
            found.extend(own);
        }
        found.extend(of_all);
    }
    for credentials in found {
        context.changed(format!("{} -> {}", credentials.parameter, credentials.name));
        define(document, credentials, context);
    }
}

/// Takes the credential parameters out of a path item or an operation.
fn take_credentials(
    holder: &mut Node,
    documented: &KnownSchemes,
    settings: &Settings,
) -> Vec<Credentials> {
    let Some(parameters) = holder.get_mut("parameters").and_then(Node::as_array_mut) else {
        return Vec::new();
    };
    let mut taken = Vec::new();
    let is_alone =
        parameters.iter().filter(|parameter| looks_like_credentials(parameter)).count() == 1;
    parameters.retain(|parameter| match credentials(parameter, is_alone, documented, settings) {
        Some(credentials) => {
            taken.push(credentials);
            false
        }
        None => true,
    });
    if parameters.is_empty() && !taken.is_empty() {
        holder.remove("parameters");
    }
    taken
}

/// The credentials that a parameter carries, or the one that it refers to.
fn credentials(
    parameter: &Node,
    is_alone: bool,
    documented: &KnownSchemes,
    settings: &Settings,
) -> Option<Credentials> {
    let parameter = match parameter.reference_target() {
        Some(target) => {
            let target = Pointer::from_reference(target)?;
            match target.tokens()[..] {
                ["components", "parameters", name] => documented.parameters.as_ref()?.get(name)?,
                _ => return None,
            }
        }
        None => parameter,
    };
    let (name, scheme) = scheme_for(parameter, is_alone, documented, settings)?;
    Some(Credentials {
        parameter: parameter.get_str("name").unwrap_or_default().to_owned(),
        is_required: parameter.is_true("required"),
        name,
        scheme,
    })
}

fn scheme_for(
    parameter: &Node,
    is_alone: bool,
    documented: &KnownSchemes,
    settings: &Settings,
) -> Option<(String, Node)> {
    let name = parameter.get_str("name").filter(|_| parameter.get_str("in") == Some("header"))?;
    if let Some((scheme, node)) = settings.security_scheme_for(name, parameter.place) {
        return Some((scheme.to_owned(), node));
    }
    // A key that is optional in addition to other credentials belongs to another service, to which
    // it is passed on.
    let is_own = parameter.is_true("required") || is_alone || is_told_as_credentials(parameter);
    let is_of_page = documented.is_page && is_own && looks_like_credentials(parameter);
    let carries = is_of_page || name.eq_ignore_ascii_case("Authorization");
    carries.then(|| documented.known(scheme_of(name, parameter)))
}

/// Whether the generator of the documentation may have written credentials down as this.
fn looks_like_credentials(parameter: &Node) -> bool {
    let name = parameter.get_str("name").filter(|_| parameter.get_str("in") == Some("header"));
    let letters = name.map(|name| name.to_ascii_lowercase().replace(['-', '_'], ""));
    letters.is_some_and(|name| {
        name == "authorization" || name.ends_with("apikey") || is_told_as_credentials(parameter)
    })
}

fn is_told_as_credentials(parameter: &Node) -> bool {
    let description = parameter.get_str("description");
    description.is_some_and(|text| text.contains("authentication of the form"))
}

/// The scheme of HTTP that a description tells of, `Bearer <token>` or `Basic authentication`.
fn http_scheme(description: &str) -> Option<&'static str> {
    let text = description.to_ascii_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_denied = |at: usize| {
        let before = words[..at].iter().rev().take(4);
        before.into_iter().any(|word| matches!(*word, "no" | "not" | "without"))
    };
    let is_basic = |pair: &[&str]| {
        pair[0] == "basic" && matches!(pair[1], "auth" | "authentication" | "base64")
    };
    let bearer = words.iter().position(|word| *word == "bearer").filter(|at| !is_denied(*at));
    match bearer {
        Some(_) => Some("bearer"),
        None => words.windows(2).any(is_basic).then_some("basic"),
    }
}

/// What the parameter itself says, where the manifest says nothing.
fn scheme_of(parameter_name: &str, parameter: &Node) -> (String, Node) {
    let place = parameter.place;
    let description = parameter.get("description");
    let text = description.and_then(Node::as_str).unwrap_or_default();
    let is_authorization = parameter_name.eq_ignore_ascii_case("Authorization");
    let (name, members) = match http_scheme(text).filter(|_| is_authorization) {
        Some(scheme) => (scheme.to_owned(), vec![("type", "http"), ("scheme", scheme)]),
        None => {
            let key = vec![("type", "apiKey"), ("in", "header"), ("name", parameter_name)];
            (scheme_name(parameter_name), key)
        }
    };
    let members = members.into_iter().map(|(key, text)| (key, Node::string(place, text)));
    let description = description.map(|description| ("description", description.clone()));
    (name, Node::object(place, members.chain(description)))
}

/// The header's name as the name of a component.
fn scheme_name(header: &str) -> String {
    header.to_ascii_lowercase().replace(|c| !is_legal_in_component(c), "-")
}

/// Adds the scheme to every alternative of the operation's requirement, or of the document's if it
/// has none. Optional credentials become separate alternatives.
fn require(operation: &mut Node, of_document: Option<&Node>, credentials: &Credentials) {
    let place = credentials.scheme.place;
    let effective = operation.get("security").or(of_document);
    let mut alternatives: Vec<Node> =
        effective.into_iter().flat_map(Node::items).cloned().collect();
    if alternatives.is_empty() {
        alternatives.push(Node::object(place, []));
    }
    let mut required = alternatives.clone();
    for alternative in &mut required {
        if alternative.get(&credentials.name).is_none() {
            alternative.set(&credentials.name, Node::array(place, []));
        }
    }
    if credentials.is_required {
        alternatives.clear();
    }
    required.retain(|alternative| !alternatives.contains(alternative));
    alternatives.extend(required);
    operation.set("security", Node::array(place, alternatives));
}

/// Defines the scheme, unless there is one of the name that says the same.
fn define(document: &mut Node, credentials: Credentials, context: &mut Context<'_>) {
    let Credentials { name, scheme, .. } = credentials;
    let at = Pointer::from_iter(["components", "securitySchemes", &name]);
    if let Some(documented) = document.at(&at) {
        if !says_the_same(documented, &scheme) {
            let place = documented.place;
            let problem = format!(
                "the header parameter at line {} needs a security scheme `{name}`, but this one is \
                 different",
                scheme.place.line
            );
            let remedy = "add a scheme for the parameter under [security] in the manifest, with a \
                          name that is not used yet";
            context.refuse(document, &at, place, problem, remedy);
        }
        return;
    }
    let components = document.object_at("components");
    if let Some(section) = components.and_then(|part| part.object_at("securitySchemes")) {
        section.set(&name, scheme);
    }
}

/// Whether two schemes send the same credentials, however they are described.
fn says_the_same(documented: &Node, scheme: &Node) -> bool {
    ["type", "in", "name", "scheme"].into_iter().all(|key| {
        let text = |scheme: &Node| scheme.get_str(key).map(str::to_ascii_lowercase);
        text(documented) == text(scheme)
    })
}

#[cfg(test)]
mod tests {
    use super::{RULE, http_scheme};
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

    const HEAD: &str = "openapi: 3.1.1\n";
    const OWN: &str =
        "parameters: [{name: Authorization, in: header, required: true, schema: {type: string}}]";

    fn security(text: &str) -> String {
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.findings, [], "{text}");
        let at = ["paths", "/a", "get", "security"].into_iter().collect();
        serde_json::to_string(applied.document.at(&at).unwrap()).unwrap()
    }

    #[test]
    fn every_alternative_that_is_in_effect_requires_the_scheme() {
        let operation = format!("paths:\n  /a:\n    get:\n      {OWN}\n");
        let of_document = format!("{HEAD}security: [{{k: []}}, {{l: []}}]\n{operation}");
        let expected = r#"[{"k":[],"authorization":[]},{"l":[],"authorization":[]}]"#;
        assert_eq!(security(&of_document), expected);
        let own = format!(
            "{HEAD}security: [{{m: []}}]\n{operation}      security: [{{k: []}}, {{l: []}}]\n"
        );
        assert_eq!(security(&own), expected);
    }

    #[test]
    fn a_parameter_that_may_be_left_out_may_be_left_out() {
        let text = format!("{HEAD}paths:\n  /a:\n    get:\n      {OWN}\n");
        let optional = text.replace("required: true", "required: false");
        assert_eq!(security(&optional), r#"[{},{"authorization":[]}]"#);
    }

    #[test]
    fn a_parameter_of_the_path_and_one_that_is_shared_are_taken_too() {
        let of_path = format!("{HEAD}paths:\n  /a:\n    {OWN}\n    get: {{}}\n");
        assert_eq!(security(&of_path), r#"[{"authorization":[]}]"#);
        let shared = format!(
            "{HEAD}paths:\n  /a:\n    get:\n      parameters: [{{$ref: '#/components/parameters/Auth'}}]\ncomponents:\n  parameters:\n    Auth: {{name: Authorization, in: header, required: true}}\n"
        );
        assert_eq!(security(&shared), r#"[{"authorization":[]}]"#);
    }

    #[test]
    fn a_documented_scheme_of_the_name_is_not_overwritten() {
        let operation = format!("{HEAD}paths:\n  /a:\n    get:\n      {OWN}\n");
        let schemes = "components: {securitySchemes: {authorization: ";
        let other = format!("{operation}{schemes}{{type: apiKey, in: query, name: k}}}}}}\n");
        let applied = apply_alone(&RULE, &other);
        assert_eq!(applied.findings.len(), 1);
        assert_eq!(applied.findings[0].place.line, 6);
        let same = format!(
            "{operation}{schemes}{{type: apiKey, in: header, name: Authorization, description: d}}}}}}\n"
        );
        assert_eq!(apply_alone(&RULE, &same).findings, []);
    }

    #[test]
    fn a_documented_scheme_of_the_same_credentials_is_used_by_its_own_name() {
        let bearer = OWN.replace("required: true", "description: A bearer token, required: true");
        let text = format!(
            "{HEAD}paths:\n  /a:\n    get:\n      {bearer}\n      security: [{{jwt: []}}]\ncomponents: {{securitySchemes: {{jwt: {{type: http, scheme: Bearer, bearerFormat: JWT}}}}}}\n"
        );
        assert_eq!(security(&text), r#"[{"jwt":[]}]"#);
        let schemes = apply_alone(&RULE, &text).document;
        let at = ["components", "securitySchemes"].into_iter().collect();
        assert_eq!(schemes.at(&at).unwrap().members().count(), 1);
    }

    #[test]
    fn a_description_tells_the_scheme_in_words_of_its_own() {
        let cases = [
            ("Bearer authentication of the form `Bearer <token>`", Some("bearer")),
            ("API key as bearer token in the header", Some("bearer")),
            ("Basic authentication of the form `Basic <base64(name:password)>`", Some("basic")),
            ("The token, without the Bearer prefix", None),
            ("Do not put `Bearer` before it", None),
            ("Needs the basic plan, basically", None),
            ("Use `Authorization: Token <API_KEY>`", None),
            ("", None),
        ];
        for (description, scheme) in cases {
            assert_eq!(http_scheme(description), scheme, "{description}");
        }
    }

    #[test]
    fn a_key_of_another_service_stays_a_parameter() {
        let page = |keys: &str| {
            format!(
                "# A\n\n```yaml\n{HEAD}paths:\n  /a:\n    get:\n      parameters:\n        - {{name: Authorization, in: header, required: true, schema: {{type: string}}}}\n{keys}```\n"
            )
        };
        let other = "        - {name: X-Other-Api-Key, in: header, schema: {type: string}}\n";
        assert_eq!(security(&page(other)), r#"[{"authorization":[]}]"#);
        let json = apply_alone(&RULE, &page(other)).document.to_json().unwrap();
        assert!(json.contains(r#""name": "X-Other-Api-Key""#), "{json}");
        let required = other.replace("in: header", "in: header, required: true");
        assert_eq!(security(&page(&required)), r#"[{"authorization":[],"x-other-api-key":[]}]"#);
    }

    #[test]
    fn keys_are_taken_from_pages_alone() {
        let yaml = format!(
            "{HEAD}paths:\n  /a:\n    get:\n      parameters:\n        - {{name: X-Api-Key, in: header, required: true, schema: {{type: string}}}}\n        - {{name: X-Session, in: header, description: 'Header authentication of the form <id>', schema: {{type: string}}}}\n        - {{name: X-Request-Id, in: header, schema: {{type: string}}}}\n"
        );
        assert_eq!(apply_alone(&RULE, &yaml).document, node(&yaml));
        let page = format!("# A\n\n```yaml\n{yaml}```\n");
        let json = apply_alone(&RULE, &page).document.to_json().unwrap();
        assert!(json.contains(r#""name": "X-Request-Id""#), "{json}");
        assert_eq!(security(&page), r#"[{"x-api-key":[]},{"x-api-key":[],"x-session":[]}]"#);
    }

    #[test]
    fn what_the_api_calls_back_is_left_alone() {
        let text = format!(
            "{HEAD}paths:\n  /a:\n    get:\n      callbacks:\n        c:\n          '{{$url}}':\n            post:\n              {OWN}\n"
        );
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }
}
