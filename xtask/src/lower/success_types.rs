use std::collections::BTreeMap;

use super::inline_enums::at_mut;
use crate::{
    check::resolved,
    document::{Kind, Node, Pointer, Value, operations, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// The answers of success of an operation are of one type.
pub(super) const RULE: Rule = Rule {
    name: "success-types",
    summary: "where answers of success are of several types, each is one of these, a `oneOf`; one \
              without a body beside others is read as none of them; bytes beside JSON are left to \
              the caller, as the whole answer",
    reason: "The generator stops where an operation has two types of answers.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    post:
      operationId: make-a
      responses:
        '200': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
        '202': {description: Begun, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}
        '204': {description: Nothing to do}
components:
  schemas:
    A: {type: object, properties: {a: {type: string}}}
    B: {type: object, properties: {b: {type: string}}}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    post:
      operationId: make-a
      responses:
        '200': {description: Made, content: {application/json: {schema: {nullable: true, allOf: [{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}]}}}}
        '202': {description: Begun, content: {application/json: {schema: {nullable: true, allOf: [{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}]}}}}
        '204': {description: Nothing to do, content: {application/json: {schema: {nullable: true, allOf: [{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}]}}}}
      x-empty-statuses: ['204']
components:
  schemas:
    A: {type: object, properties: {a: {type: string}}}
    B: {type: object, properties: {b: {type: string}}}
",
    },
    apply,
};

const JSON: &str = "application/json";

/// The extension that lists the statuses of an operation that come without a body.
const EXTENSION: &str = "x-empty-statuses";

/// What an answer carries.
enum Body {
    Json(Node),
    Bytes(Node),
    None,
}

/// The status of an answer, the answer, and what it carries.
type Answer = (String, Node, Body);

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let of_operations: Vec<(Pointer, Vec<Answer>)> = operations(document)
        .map(|operation| (operation.pointer(), answers(document, operation.node)))
        .collect();
    for (pointer, answers) in of_operations {
        let has_json = answers.iter().any(|(_, _, body)| matches!(body, Body::Json(_)));
        let lowered = match has_json {
            true => one_of(answers),
            false => as_bytes(answers),
        };
        let Some((responses, empty)) = lowered else {
            continue;
        };
        let Some(operation) = at_mut(document, &pointer) else {
            continue;
        };
        context.changed(pointer.to_string());
        if let Some(responses_node) = operation.get_mut("responses") {
            let kept = responses_node.members().filter(|(status, _)| !is_answer(status));
            let others: Vec<_> = kept.map(|(key, node)| (key.to_string(), node.clone())).collect();
            let place = responses_node.place;
            let all = responses.into_iter().chain(others).collect::<Vec<_>>();
            *responses_node = Node::object(place, all.iter().map(|(s, node)| (&**s, node.clone())));
        }
        if !empty.is_empty() {
            let place = operation.place;
            let empty = empty.into_iter().map(|status| Node::string(place, status));
            operation.set(EXTENSION, Node::array(place, empty));
        }
    }
}

fn is_answer(status: &str) -> bool {
    status.starts_with('2') || status == "default"
}

/// The answers of success, each by its status.
fn answers(document: &Node, operation: &Node) -> Vec<Answer> {
    let responses = operation.get("responses").into_iter().flat_map(Node::members);
    let answers = responses.filter(|(status, _)| is_answer(status));
    let answers = answers.filter_map(|(status, response)| {
        let response = resolved(document, response)?.clone();
        let media = response.get("content").and_then(|content| content.members().next());
        let body = match media {
            Some((media, node)) if **media == *JSON => {
                Body::Json(node.get("schema").cloned().unwrap_or(Node::object(node.place, [])))
            }
            Some(_) => Body::Bytes(response.get("content").cloned()?),
            None => Body::None,
        };
        Some((status.to_string(), response, body))
    });
    answers.collect()
}

type Lowered = (Vec<(String, Node)>, Vec<String>);

/// JSON answers as one type. None where they are one already.
fn one_of(answers: Vec<Answer>) -> Option<Lowered> {
    let mut schemas: Vec<Node> = Vec::new();
    for (_, _, body) in &answers {
        if let Body::Json(schema) = body
            && !schemas.iter().any(|known| without_words(known) == without_words(schema))
        {
            schemas.push(schema.clone());
        }
    }
    let is_one =
        schemas.len() == 1 && answers.iter().all(|(_, _, body)| matches!(body, Body::Json(_)));
    let first = schemas.first()?.clone();
    if is_one {
        return None;
    }
    let place = first.place;
    let mut schema = match schemas.len() {
        1 => first,
        _ => Node::object(place, [("oneOf", Node::array(place, schemas))]),
    };
    let is_empty = |body: &Body| matches!(body, Body::None);
    let empty: Vec<String> = answers
        .iter()
        .filter(|(_, _, body)| is_empty(body))
        .map(|(status, _, _)| status.clone())
        .collect();
    if !empty.is_empty() {
        let nullable = Node::new(place, Value::Boolean(true));
        let parts = Node::array(place, [schema]);
        schema = Node::object(place, [("nullable", nullable), ("allOf", parts)]);
    }
    let json = Node::object(place, [("schema", schema)]);
    let content = Node::object(place, [(JSON, json)]);
    let typed = answers.into_iter().filter(|(_, _, body)| !matches!(body, Body::Bytes(_)));
    let responses = typed.map(|(status, mut response, _)| {
        response.set("content", content.clone());
        (status, response)
    });
    Some((responses.collect(), empty))
}

/// An answer without a body beside bytes is no bytes.
fn as_bytes(answers: Vec<Answer>) -> Option<Lowered> {
    let content = answers.iter().find_map(|(_, _, body)| match body {
        Body::Bytes(content) => Some(content.clone()),
        _ => None,
    })?;
    if !answers.iter().any(|(_, _, body)| matches!(body, Body::None)) {
        return None;
    }
    let responses = answers.into_iter().map(|(status, mut response, body)| {
        if matches!(body, Body::None) {
            response.set("content", content.clone());
        }
        (status, response)
    });
    Some((responses.collect(), Vec::new()))
}

/// The statuses that come without a body beside others that have one.
pub(super) fn empty(operation: &Node) -> Vec<String> {
    let statuses = operation.get(EXTENSION).into_iter().flat_map(Node::items);
    statuses.filter_map(Node::as_str).map(str::to_owned).collect()
}

/// The same of each operation that has some, by its id.
pub(crate) fn empty_statuses(lowered: &Node) -> BTreeMap<String, Vec<u16>> {
    let of_operations = operations(lowered).filter_map(|operation| {
        let statuses =
            empty(operation.node).iter().filter_map(|status| status.parse().ok()).collect();
        Some((operation.node.get_str("operationId")?.to_owned(), statuses))
    });
    of_operations.filter(|(_, statuses): &(String, Vec<u16>)| !statuses.is_empty()).collect()
}

fn without_words(schema: &Node) -> Node {
    let mut schema = schema.clone();
    walk_part_mut(&mut schema, Kind::Schema, &mut |node, kind, _| {
        if kind == Kind::Schema {
            ["description", "example"].into_iter().for_each(|word| drop(node.remove(word)));
        }
    });
    schema
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    fn responses(responses: &str) -> String {
        let text = format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      operationId: a\n      responses: {{{responses}}}\n"
        );
        let at = ["paths", "/a", "get", "responses"].into_iter().collect();
        serde_json::to_string(apply_alone(&RULE, &text).document.at(&at).unwrap()).unwrap()
    }

    #[test]
    fn bytes_beside_json_go_and_nothing_beside_bytes_is_no_bytes() {
        let json = "'200': {content: {application/json: {schema: {type: string}}}}";
        let bytes = "'206': {content: {audio/mpeg: {}}}";
        assert!(!responses(&format!("{json}, {bytes}")).contains("206"));
        let both = responses(&format!("{bytes}, '204': {{description: d}}"));
        assert_eq!(both.matches("audio/mpeg").count(), 2, "{both}");
    }
}
