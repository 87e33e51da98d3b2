use crate::{
    document::{METHODS, Node, Value},
    rule::{Context, Example, Rule},
};

/// What the generator of the documentation puts in front of an endpoint's name.
const PREFIX: &str = "endpoint_";

/// The extension under which an operation keeps its documented endpoint name.
pub(crate) const ENDPOINT: &str = "x-endpoint";

/// An `info.version` that is an endpoint's name becomes a version.
pub(super) const RULE: Rule = Rule {
    name: "endpoint-version",
    summary: "`info.version: endpoint_…` becomes `1.0.0`; the operation keeps the name as `x-endpoint`",
    reason: "It is not a version, but the generator would send it as one. Package and name \
             together identify the operation if `operationId` does not.",
    example: Example {
        before: "\
openapi: 3.1.1
info:
  title: Get Thing
  version: endpoint_things.GetThing
paths:
  /things:
    get:
      operationId: get-thing
      responses: {}
",
        after: "\
openapi: 3.1.1
info:
  title: Get Thing
  version: 1.0.0
paths:
  /things:
    get:
      operationId: get-thing
      responses: {}
      x-endpoint: things.GetThing
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let Some(version) = document.get_mut("info").and_then(|info| info.get_mut("version")) else {
        return;
    };
    let Some(endpoint) = version.as_str().and_then(|text| text.strip_prefix(PREFIX)) else {
        return;
    };
    let (endpoint, place) = (endpoint.to_owned(), version.place);
    context.changed(format!("{PREFIX}{endpoint} -> 1.0.0"));
    version.value = Value::String("1.0.0".to_owned());
    let path_items = document.get_mut("paths").into_iter().flat_map(Node::members_mut);
    let members = path_items.flat_map(|(_, path_item)| path_item.members_mut());
    for (_, operation) in members.filter(|(key, _)| METHODS.contains(&&***key)) {
        operation.set(ENDPOINT, Node::string(place, &*endpoint));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn what_the_endpoint_calls_back_is_not_the_endpoint() {
        let text = format!(
            "{}      callbacks: {{c: {{'{{$url}}': {{post: {{responses: {{}}}}}}}}}}\n",
            RULE.example.before
        );
        let json = apply_alone(&RULE, &text).document.to_json().unwrap();
        assert_eq!(json.matches("x-endpoint").count(), 1, "{json}");
    }
}
