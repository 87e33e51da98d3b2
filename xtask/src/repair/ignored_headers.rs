use crate::{
    document::{Kind, Node, Pointer, Value},
    notes::{Notes, repair_each},
    rule::{Context, Example, Rule},
};

/// Header parameters that OpenAPI ignores go.
pub(super) const RULE: Rule = Rule {
    name: "ignored-headers",
    summary: "header parameters `Accept` and `Content-Type` go; so does a header `Content-Type` of \
              a response",
    reason: "OpenAPI says that such a definition shall be ignored: the media types of bodies say \
             it. A client that took it for a parameter would send the header twice.",
    example: Example {
        before: "\
openapi: 3.0.0
paths:
  /a:
    get:
      parameters:
        - {name: accept, in: header, schema: {type: string}}
        - {name: Accept-Language, in: header, schema: {type: string}}
",
        after: "\
openapi: 3.0.0
paths:
  /a:
    get:
      parameters:
        - {name: Accept-Language, in: header, schema: {type: string}}
",
    },
    apply,
};

const IGNORED: [&str; 2] = ["accept", "content-type"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let before = document.clone();
    repair_each(document, context, |node, kind, at, notes| match kind {
        Kind::PathItem | Kind::Operation => drop_parameters(&before, node, at, notes),
        Kind::Response => drop_header(node, at, notes),
        _ => {}
    });
}

fn drop_parameters(document: &Node, holder: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(Node { value: Value::Array(parameters), .. }) = holder.get_mut("parameters") else {
        return;
    };
    let documented = parameters.len();
    parameters.retain(|parameter| {
        let target = parameter.reference_target().and_then(Pointer::from_reference);
        let definition = target.and_then(|to| document.at(&to)).unwrap_or(parameter);
        let name = definition.get_str("name").unwrap_or_default();
        let is_ignored = definition.get_str("in") == Some("header")
            && IGNORED.contains(&&*name.to_ascii_lowercase());
        if is_ignored {
            notes.changed(format!("{name} at {at}"));
        }
        !is_ignored
    });
    if parameters.is_empty() && documented > 0 {
        holder.remove("parameters");
    }
}

fn drop_header(response: &mut Node, at: &Pointer, notes: &mut Notes) {
    let headers = response.get("headers").into_iter().flat_map(Node::members);
    let ignored = headers
        .map(|(name, _)| name.to_string())
        .find(|name| name.eq_ignore_ascii_case("content-type"));
    let Some(name) = ignored else {
        return;
    };
    notes.changed(format!("{name} at {at}"));
    if let Some(headers) = response.get_mut("headers") {
        headers.remove(&name);
        if headers.members().next().is_none() {
            response.remove("headers");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn a_shared_parameter_and_a_header_of_a_response_go_too() {
        let text = "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      parameters: [{$ref: '#/components/parameters/C'}]\n      responses: {'200': {description: OK, headers: {content-type: {}}}}\ncomponents: {parameters: {C: {name: Content-Type, in: header}}}\n";
        let after = "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      responses: {'200': {description: OK}}\ncomponents: {parameters: {C: {name: Content-Type, in: header}}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(after));
    }

    #[test]
    fn a_query_parameter_of_that_name_stays() {
        let text = "openapi: 3.0.0\npaths: {/a: {parameters: [{name: accept, in: query}]}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}
