use std::collections::BTreeMap;

use super::{
    names::{FreeNames, add_schemas},
    reach::pascal,
};
use crate::{
    check::resolved,
    document::{Kind, Node, Pointer, Value, operation_at, operations, walk_part_mut},
    rule::{Context, Example, Rule},
};

/// The answers of success of an operation are of one type.
pub(super) const RULE: Rule = Rule {
    name: "success-types",
    summary: "where answers of success are of several types, each is one of these, a `oneOf`, and \
              which one its status says; one \
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
        '200': {description: Made, content: {application/json: {schema: {nullable: true, allOf: [{$ref: '#/components/schemas/MakeAResponse'}]}}}}
        '202': {description: Begun, content: {application/json: {schema: {nullable: true, allOf: [{$ref: '#/components/schemas/MakeAResponse'}]}}}}
        '204': {description: Nothing to do, content: {application/json: {schema: {nullable: true, allOf: [{$ref: '#/components/schemas/MakeAResponse'}]}}}}
      x-empty-statuses: ['204']
      x-answer-union: MakeAResponse
      x-answer-variants: {'200': Ok, '202': Accepted}
components:
  schemas:
    A: {type: object, properties: {a: {type: string}}}
    B: {type: object, properties: {b: {type: string}}}
    MakeAResponse: {oneOf: [{title: Ok, allOf: [{$ref: '#/components/schemas/A'}]}, {title: Accepted, allOf: [{$ref: '#/components/schemas/B'}]}]}
",
    },
    apply,
};

const JSON: &str = "application/json";

/// The extension that lists the statuses of an operation that come without a body.
const EXTENSION: &str = "x-empty-statuses";

/// The extensions that name the union of an operation's answers, and the variant of each status.
const UNION: &str = "x-answer-union";
const VARIANTS: &str = "x-answer-variants";

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
    let mut names = FreeNames::of(document);
    for (pointer, answers) in of_operations {
        let has_json = answers.iter().any(|(_, _, body)| matches!(body, Body::Json(_)));
        let id = pascal(operation_at(document, &pointer).unwrap_or_default());
        let mut components = Vec::new();
        let lowered = match has_json {
            true => one_of(answers, |suffix, schema| {
                let name = names.take(&format!("{id}{suffix}"));
                let reference = Node::reference(schema.place, &Pointer::to_schema(&name));
                components.push((name, schema));
                reference
            }),
            false => as_bytes(answers),
        };
        let Some(Lowered { responses, empty, variants }) = lowered else {
            continue;
        };
        let Some(operation) = document.at_mut(&pointer) else {
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
        if let Some(((union, _), true)) = components.last().zip(Some(!variants.is_empty())) {
            let place = operation.place;
            let text = |text: &str| Node::string(place, text);
            let variants = variants.iter().map(|(status, variant)| (&**status, text(variant)));
            operation.set(UNION, text(union));
            operation.set(VARIANTS, Node::object(place, variants));
        }
        define(document, components);
    }
}

/// Adds the types that the answers of an operation share.
fn define(document: &mut Node, components: Vec<(String, Node)>) {
    if !components.is_empty()
        && let Some(all) = document.object_at("components")
    {
        all.object_at("schemas");
    }
    add_schemas(document, components);
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

/// What the answers of an operation become.
struct Lowered {
    responses: Vec<(String, Node)>,
    /// The statuses without a body.
    empty: Vec<String>,
    /// The variant of the union that is of each status.
    variants: Vec<(String, String)>,
}

/// JSON answers as one type. None where they are one already. What stands inline and would be there
/// more than once, or be a branch without a name, becomes a component.
fn one_of(answers: Vec<Answer>, mut component: impl FnMut(&str, Node) -> Node) -> Option<Lowered> {
    let mut schemas: Vec<(&str, Node)> = Vec::new();
    let mut variants: Vec<(String, String)> = Vec::new();
    for (status, _, body) in &answers {
        let Body::Json(schema) = body else {
            continue;
        };
        let known = schemas.iter().find(|(_, known)| without_words(known) == without_words(schema));
        let first = known.map_or(&**status, |(first, _)| first);
        variants.push((status.clone(), name(first).to_owned()));
        if known.is_none() {
            schemas.push((status, schema.clone()));
        }
    }
    let all_json = answers.iter().all(|(_, _, body)| matches!(body, Body::Json(_)));
    let place = schemas.first()?.1.place;
    let mut schema = match &schemas[..] {
        [(_, only)] if is_reference(only) || answers.len() == 1 => {
            if all_json {
                return None;
            }
            variants.clear();
            only.clone()
        }
        [(_, only)] => {
            variants.clear();
            component("Response", only.clone())
        }
        _ => {
            let branches = schemas.into_iter().map(|(status, schema)| {
                let title = Node::string(schema.place, name(status));
                let place = schema.place;
                let held = match is_reference(&schema) {
                    true => schema,
                    false => component(name(status), schema),
                };
                let parts = Node::array(place, [held]);
                Node::object(place, [("title", title), ("allOf", parts)])
            });
            let branches = Node::array(place, branches.collect::<Vec<_>>());
            component("Response", Node::object(place, [("oneOf", branches)]))
        }
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
    Some(Lowered { responses: responses.collect(), empty, variants })
}

/// What the answers of a status are called.
fn name(status: &str) -> &str {
    match status {
        "200" => "Ok",
        "201" => "Created",
        "202" => "Accepted",
        "206" => "Partial",
        "default" => "Other",
        _ => status,
    }
}

/// Whether a schema is a component, or that or null.
fn is_reference(schema: &Node) -> bool {
    let parts = schema.get("allOf").and_then(Node::as_array).unwrap_or_default();
    let wrapped = parts.first().filter(|_| parts.len() == 1);
    wrapped.unwrap_or(schema).reference_target().is_some()
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
    Some(Lowered { responses: responses.collect(), empty: Vec::new(), variants: Vec::new() })
}

/// The statuses that come without a body beside others that have one.
pub(super) fn empty(operation: &Node) -> Vec<String> {
    let statuses = operation.get(EXTENSION).into_iter().flat_map(Node::items);
    statuses.filter_map(Node::as_str).map(str::to_owned).collect()
}

/// The same of each operation that has some, by its id.
pub(crate) fn empty_statuses(lowered: &Node) -> BTreeMap<String, Vec<String>> {
    let of_operations = operations(lowered).filter_map(|operation| {
        Some((operation.node.get_str("operationId")?.to_owned(), empty(operation.node)))
    });
    of_operations.filter(|(_, statuses)| !statuses.is_empty()).collect()
}

/// The answers of an operation that are of several types.
#[derive(Debug)]
pub(crate) struct AnswerVariants {
    /// The component that is one of all.
    pub(crate) union: String,
    /// The title of the branch that an answer of each status is.
    pub(crate) by_status: BTreeMap<String, String>,
    /// Whether there are answers without a body too.
    pub(crate) may_be_none: bool,
}

/// The answers of each operation that has several types of them, by its id.
pub(crate) fn answer_variants(lowered: &Node) -> BTreeMap<String, AnswerVariants> {
    let of_operations = operations(lowered).filter_map(|operation| {
        let variants = operation.node.get(VARIANTS)?.members();
        let by_status = variants.filter_map(|(status, variant)| {
            Some((status.to_string(), variant.as_str()?.to_owned()))
        });
        let answers = AnswerVariants {
            union: operation.node.get_str(UNION)?.to_owned(),
            by_status: by_status.collect(),
            may_be_none: !empty(operation.node).is_empty(),
        };
        Some((operation.node.get_str("operationId")?.to_owned(), answers))
    });
    of_operations.collect()
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
    fn a_type_that_stands_inline_in_two_answers_becomes_a_component() {
        let json = |status: &str| {
            format!(
                "'{status}': {{content: {{application/json: {{schema: {{type: object, properties: {{a: {{type: string, enum: [x]}}}}}}}}}}}}"
            )
        };
        let both = responses(&format!("{}, {}", json("200"), json("201")));
        assert_eq!(both.matches("#/components/schemas/AResponse").count(), 2, "{both}");
        assert!(!responses(&json("200")).contains("$ref"));
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
