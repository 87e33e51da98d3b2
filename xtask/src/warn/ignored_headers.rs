use crate::{
    document::{Kind, Node, walk},
    rule::{Context, Example, Rule},
};

/// A header parameter that OpenAPI ignores.
pub(super) const RULE: Rule = Rule {
    name: "ignored-headers",
    summary: "a header parameter is called `Accept` or `Content-Type`",
    reason: "OpenAPI says to ignore such a definition, since the media types of bodies determine \
             the header. The client has a parameter for it, and may send the header twice.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    parameters:
      - {name: accept, in: header, schema: {type: string}}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    parameters:
      - {name: accept, in: header, schema: {type: string}}
",
    },
    apply,
};

const IGNORED: [&str; 2] = ["accept", "content-type"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    walk(document, &mut |node, kind, at| {
        let name = node.get_str("name").unwrap_or_default();
        let is_ignored = IGNORED.iter().any(|ignored| name.eq_ignore_ascii_case(ignored));
        if kind == Kind::Parameter && node.get_str("in") == Some("header") && is_ignored {
            let problem = format!("OpenAPI ignores a header parameter `{name}`");
            let remedy = "remove it: the media types of the bodies determine the header";
            context.warn(document, at, node.place, problem, remedy);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn another_header_and_a_query_parameter_have_no_warning() {
        for other in ["name: Accept-Language, in: header", "name: accept, in: query"] {
            let text = RULE.example.before.replace("name: accept, in: header", other);
            assert_eq!(apply_alone(&RULE, &text).warnings, [], "{other}");
        }
    }
}
