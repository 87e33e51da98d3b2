use std::collections::BTreeMap;

use super::{
    Provenance,
    answer::{Answer, AnswerKind},
};
use crate::document::{
    Document, Key, Node, Operation, Pointer, field_name, method_name, operations, type_name,
};

/// A call of every operation with the least that it takes, for a test that calls them all: each path
/// parameter is called by its name.
pub(super) fn table(
    document: &Node,
    lowered: &Node,
    answers: &BTreeMap<String, Answer>,
    provenance: &Provenance,
) -> String {
    let pairs = operations(document).zip(operations(lowered));
    let mut rows: Vec<String> = pairs
        .filter_map(|(operation, lowered_operation)| {
            row(document, lowered, &operation, &lowered_operation, answers)
        })
        .collect();
    rows.sort();
    format!(
        "{provenance}\n\nuse prolific_api::types;\n\nuse super::{{\n    call::{{Row, bytes, empty, json, rows}},\n    samples::least,\n}};\n\n\
         /// Every operation, in the order of the ids, called with the least that it takes.\n\
         pub(crate) const ROWS: &[Row] = rows! {{\n{}}};\n",
        rows.concat()
    )
}

/// `get_thing json (id = "a-id");`
fn row(
    document: &Node,
    lowered_document: &Node,
    operation: &Operation<'_>,
    lowered: &Operation<'_>,
    answers: &BTreeMap<String, Answer>,
) -> Option<String> {
    let id = method_name(lowered.node.get_str("operationId")?);
    let kind = match answers.get(&id)?.kind {
        AnswerKind::Json => "json",
        AnswerKind::Bytes => "bytes",
        AnswerKind::Empty => "empty",
    };
    let of_path = lowered.path_item.get("parameters");
    let parameters = of_path.into_iter().chain(lowered.node.get("parameters"));
    let parameters = parameters
        .flat_map(Node::items)
        .filter_map(|node| Document(lowered_document).resolve(node));
    let mut setters: Vec<String> = parameters
        .filter(|parameter| parameter.is_true("required"))
        .filter_map(|parameter| setter(lowered_document, parameter))
        .collect();
    setters.extend(body(document, operation, lowered));
    Some(format!("    {id} {kind} ({});\n", setters.join(", ")))
}

fn setter(document: &Node, parameter: &Node) -> Option<String> {
    let name = parameter.get_str("name")?;
    let value = match parameter.get_str("in")? {
        "path" => format!("{:?}", format!("a-{}", name.replace('_', "-"))),
        "query" => sample(Document(document).resolve(parameter.get("schema")?)?),
        _ => return None,
    };
    Some(format!("{} = {value}", field_name(name)))
}

/// A value of a required parameter, as its setter takes it.
fn sample(schema: &Node) -> String {
    let first = schema.get("enum").and_then(|values| values.items().next());
    if let Some(text) = first.and_then(Node::as_str) {
        return format!("{text:?}");
    }
    let text = match schema.get_str("type") {
        Some("integer") => "1",
        Some("boolean") => "true",
        Some("number") => "1.5",
        _ => "\"x\"",
    };
    text.to_owned()
}

/// The least body of its schema, which the test finds by its pointer; text where it is no JSON.
fn body(document: &Node, operation: &Operation<'_>, lowered: &Operation<'_>) -> Option<String> {
    let (media, node) = media_type(operation.node.get("requestBody")?)?;
    if &**media != "application/json" {
        return Some("body = \"{}\\n\"".to_owned());
    }
    let (_, lowered) = media_type(lowered.node.get("requestBody")?)?;
    let target = Pointer::from_reference(lowered.get("schema")?.reference_target()?)?;
    let name = type_name(target.schema_component()?);
    let pointer = match schema_of(document, node.get("schema")?) {
        Some(component) => Pointer::to_schema(component),
        None => operation
            .pointer()
            .concat(&["requestBody", "content", media, "schema"].into_iter().collect()),
    };
    Some(format!("body = least::<types::{name}>({:?})", pointer.to_string()))
}

fn media_type(body: &Node) -> Option<(&Key, &Node)> {
    body.get("content")?.members().next()
}

/// The component that a schema is.
fn schema_of<'a>(document: &'a Node, schema: &Node) -> Option<&'a str> {
    let pointer = Pointer::from_reference(schema.reference_target()?)?;
    let schemas = document.get("components")?.get("schemas")?;
    schemas.get_key(pointer.schema_component()?).map(|key| &**key)
}
