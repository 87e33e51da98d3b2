//! What the mock helpers are generated of. They share their types with the client, so that this
//! document may say less of parameters and statuses, and nothing else of types.

use crate::document::{JSON, Node, Pointer, Value, operations};

/// The statuses of success that have a name, which the helpers are called after.
const NAMED: [&str; 10] = ["200", "201", "202", "203", "204", "205", "206", "207", "208", "226"];

/// The lowered document in the form from which the mock helpers are generated: without non-scalar
/// query parameters, as the helpers match by text; without null as a separate response; and with
/// unnamed statuses as one success status.
pub(crate) fn mock_document(lowered: &Node) -> Node {
    let mut document = lowered.clone();
    let all: Vec<Pointer> = operations(lowered).map(|operation| operation.pointer()).collect();
    for pointer in all {
        let Some(operation) = document.at_mut(&pointer) else {
            continue;
        };
        if let Some(parameters) = operation.get_mut("parameters").and_then(Node::as_array_mut) {
            parameters.retain(|parameter| is_matched_as_text(lowered, parameter));
        }
        operation.get_mut("requestBody").into_iter().for_each(take_null_of_content);
        operation.get_mut("responses").into_iter().for_each(answer);
    }
    let components = document.get_mut("components");
    let bodies = components.and_then(|components| components.get_mut("requestBodies"));
    bodies.into_iter().flat_map(Node::members_mut).for_each(|(_, body)| take_null_of_content(body));
    document
}

fn take_null_of_content(holder: &mut Node) {
    let media = holder.get_mut("content").and_then(|content| content.get_mut(JSON));
    if let Some(schema) = media.and_then(|media| media.get_mut("schema")) {
        take_null(schema);
    }
}

/// Whether a parameter is a path's or a header's, or a scalar.
fn is_matched_as_text(lowered: &Node, parameter: &Node) -> bool {
    if parameter.get_str("in") != Some("query") {
        return true;
    }
    let mut schema = parameter.get("schema");
    for _ in 0..32 {
        let Some(node) = schema else {
            return true;
        };
        let target = node.reference_target().and_then(Pointer::from_reference);
        schema = match (target, node.get("allOf").and_then(Node::as_array)) {
            (Some(target), _) => lowered.at(&target),
            (None, Some([part])) => Some(part),
            _ => {
                return matches!(
                    node.get_str("type"),
                    Some("string" | "integer" | "number" | "boolean")
                );
            }
        };
    }
    false
}

fn answer(responses: &mut Node) {
    responses.members_mut().for_each(|(_, response)| take_null_of_content(response));
    let Some(members) = responses.as_object_mut() else {
        return;
    };
    let is_named = |status: &str| !status.starts_with('2') || NAMED.contains(&status);
    let unnamed: Vec<Node> = members
        .iter()
        .filter(|(status, _)| !is_named(status) && &***status != "2XX")
        .map(|(_, response)| response.clone())
        .collect();
    members.retain(|status, _| is_named(status) || &**status == "2XX");
    if let Some(first) = unnamed.into_iter().next().filter(|_| !members.contains_key("2XX")) {
        members.insert(crate::document::Key::new(first.place, "2XX"), first);
    }
}

/// What is answered is a value: null is answered by the caller's own hand.
fn take_null(schema: &mut Node) {
    if schema.remove("nullable").is_none() {
        return;
    }
    let part = match schema.get("allOf").map(|parts| &parts.value) {
        Some(Value::Array(parts)) if parts.len() == 1 && schema.members().count() == 1 => {
            parts.first().cloned()
        }
        _ => None,
    };
    if let Some(part) = part {
        *schema = part;
    }
}

#[cfg(test)]
mod tests {
    use super::mock_document;
    use crate::rule::tests::node;

    #[test]
    fn the_helpers_say_less_of_parameters_and_statuses_and_nothing_else() {
        let document = node("\
openapi: 3.0.3
paths:
  /a:
    get:
      parameters:
        - {name: q, in: query, schema: {$ref: '#/components/schemas/E'}}
        - {name: l, in: query, schema: {type: array, items: {type: string}}}
        - {name: u, in: query, schema: {oneOf: [{type: string}, {type: integer}]}}
        - {name: h, in: header, schema: {type: string}}
      responses:
        '200': {content: {application/json: {schema: {nullable: true, allOf: [{$ref: '#/components/schemas/E'}]}}}}
        '204': {description: None}
        '218': {description: Fine}
components: {schemas: {E: {type: string, enum: [a]}}}
");
        let expected = node(
            "\
openapi: 3.0.3
paths:
  /a:
    get:
      parameters:
        - {name: q, in: query, schema: {$ref: '#/components/schemas/E'}}
        - {name: h, in: header, schema: {type: string}}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/E'}}}}
        '204': {description: None}
        2XX: {description: Fine}
components: {schemas: {E: {type: string, enum: [a]}}}
",
        );
        assert_eq!(mock_document(&document), expected);
    }
}
