use super::wording::describe;
use crate::{
    document::{Kind, Node, Value, walk_mut},
    rule::{Context, Example, Rule},
};

/// Cookies are one header.
pub(super) const RULE: Rule = Rule {
    name: "cookies",
    summary: "the cookies of an operation become one header parameter, `cookie`",
    reason: "The generator stops at a parameter in a cookie. They are sent in one header, which \
             it can express; whoever calls writes `name=value; other=value`.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    get:
      parameters:
        - {name: session, in: cookie, required: true, schema: {type: string}}
        - {name: theme, in: cookie, schema: {type: string}}
        - {name: q, in: query, schema: {type: string}}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    get:
      parameters:
        - {name: q, in: query, schema: {type: string}}
        - name: cookie
          in: header
          required: true
          schema: {type: string}
          description: 'The cookies `session`, `theme`, written `name=value; other=value`.'
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Operation {
            return;
        }
        let Some(parameters) = node.get_mut("parameters").and_then(Node::as_array_mut) else {
            return;
        };
        let is_cookie = |node: &Node| node.get_str("in") == Some("cookie");
        let cookies: Vec<Node> =
            parameters.iter().filter(|parameter| is_cookie(parameter)).cloned().collect();
        let Some(first) = cookies.first() else {
            return;
        };
        let is_header = |node: &Node| {
            let name = node.get_str("name").unwrap_or_default();
            node.get_str("in") == Some("header") && name.eq_ignore_ascii_case("cookie")
        };
        let place = first.place;
        parameters.retain(|parameter| !is_cookie(parameter) && !is_header(parameter));
        let names: Vec<String> = cookies
            .iter()
            .map(|cookie| format!("`{}`", cookie.get_str("name").unwrap_or_default()))
            .collect();
        let text = |text: &str| Node::string(place, text);
        let is_required = cookies.iter().any(|cookie| cookie.is_true("required"));
        let mut header = Node::object(
            place,
            [
                ("name", text("cookie")),
                ("in", text("header")),
                ("required", Node::new(place, Value::Boolean(is_required))),
                ("schema", Node::object(place, [("type", text("string"))])),
            ],
        );
        let names = names.join(", ");
        describe(&mut header, &format!("The cookies {names}, written `name=value; other=value`."));
        parameters.push(header);
        context.changed(format!("{names} of {pointer}"));
    });
}
