//! What a document says of requests and of the form of refusals, for a server to check requests by.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Members of schemas that nothing is checked by.
const PROSE: [&str; 5] = ["description", "example", "examples", "summary", "title"];

/// The operations of a document by their id, and the schemas that their requests lead to: one line
/// each, in the words of the document.
pub fn requests(document: &Value, command: &str) -> String {
    let operations: Vec<(&str, Value)> = operations(document).map(request).collect();
    let mut wanted = BTreeSet::new();
    for (_, operation) in &operations {
        add_references(document, operation, &mut wanted);
    }
    let schemas = wanted.iter().filter_map(|name| Some((*name, schema(document, name)?)));
    let notice = json!(format!("by `{command}`; do not edit"));
    let operations = lines(operations.iter().map(|(id, operation)| (*id, operation.clone())));
    let schemas = lines(schemas.map(|(name, schema)| (name, checked(schema))));
    format!(
        "{{\"x-generated\":{notice},\n\"operations\":{{\n{operations}\n}},\n\"components\":{{\
         \"schemas\":{{\n{schemas}\n}}}}}}\n"
    )
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let items = document["paths"].as_object().into_iter().flat_map(Map::values);
    let methods = items.filter_map(Value::as_object).flat_map(Map::values);
    methods.filter(|operation| operation["operationId"].is_string())
}

fn request(operation: &Value) -> (&str, Value) {
    let mut request = Map::new();
    if let Some(Value::Array(parameters)) = operation.get("parameters") {
        let of_query = parameters.iter().filter(|parameter| parameter["in"] == "query");
        let of_query: Vec<Value> = of_query.map(checked).collect();
        if !of_query.is_empty() {
            request.insert("parameters".to_owned(), of_query.into());
        }
    }
    if let Some(body) = operation.get("requestBody") {
        request.insert("requestBody".to_owned(), checked(body));
    }
    if let Some(refusals) = operation["responses"].get("4XX") {
        request.insert("4XX".to_owned(), refusals.clone());
    }
    (operation["operationId"].as_str().unwrap_or_default(), request.into())
}

fn schema<'a>(document: &'a Value, name: &str) -> Option<&'a Value> {
    document["components"]["schemas"].get(name)
}

fn add_references<'a>(document: &'a Value, part: &Value, wanted: &mut BTreeSet<&'a str>) {
    match part {
        Value::Array(items) => {
            items.iter().for_each(|item| add_references(document, item, wanted));
        }
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str);
            let name = target.and_then(|target| target.strip_prefix("#/components/schemas/"));
            let schemas = document["components"]["schemas"].as_object();
            let entry = name.and_then(|name| schemas?.get_key_value(name));
            if let Some((name, schema)) = entry.filter(|(name, _)| !wanted.contains(name.as_str()))
            {
                wanted.insert(name);
                add_references(document, schema, wanted);
            }
            members.values().for_each(|member| add_references(document, member, wanted));
        }
        _ => {}
    }
}

/// A part of the document without prose and extensions. Names of properties are no keywords.
fn checked(part: &Value) -> Value {
    let kept = |key: &str| !PROSE.contains(&key) && !key.starts_with("x-");
    match part {
        Value::Object(members) => {
            let members = members.iter().filter(|(key, _)| kept(key));
            members
                .map(|(key, value)| match (key.as_str(), value) {
                    ("properties", Value::Object(properties)) => {
                        let each = properties.iter();
                        let each = each.map(|(name, schema)| (name.clone(), checked(schema)));
                        (key.clone(), Value::Object(each.collect()))
                    }
                    ("enum" | "default" | "mapping", value) => (key.clone(), value.clone()),
                    (_, value) => (key.clone(), checked(value)),
                })
                .collect()
        }
        Value::Array(items) => items.iter().map(checked).collect(),
        other => other.clone(),
    }
}

fn lines<'a>(members: impl Iterator<Item = (&'a str, Value)>) -> String {
    let lines = members.map(|(name, value)| format!("{}:{value}", json!(name)));
    lines.collect::<Vec<_>>().join(",\n")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::requests;

    #[test]
    fn keeps_what_requests_are_checked_by_and_nothing_else() {
        let document = json!({
            "paths": { "/a": { "post": {
                "operationId": "make-a",
                "description": "Makes one.",
                "parameters": [{ "in": "query", "name": "n", "schema": { "type": "integer" } },
                    { "in": "path", "name": "id", "schema": { "type": "string" } }],
                "requestBody": { "content": { "application/json": { "schema": {
                    "$ref": "#/components/schemas/A" } } } },
                "responses": { "200": { "description": "Fine." },
                    "4XX": { "$ref": "#/components/responses/Bare" } },
            } } },
            "components": { "schemas": {
                "A": { "type": "object", "x-note": "n", "properties": {
                    "title": { "type": "string", "title": "T" },
                    "again": { "$ref": "#/components/schemas/A" },
                    "b": { "$ref": "#/components/schemas/B" } } },
                "B": { "type": "string", "example": "x", "enum": ["title"] },
                "Unused": { "type": "string" },
            } },
        });
        let kept: Value = serde_json::from_str(&requests(&document, "c")).unwrap();
        let expected = json!({
            "x-generated": "by `c`; do not edit",
            "operations": { "make-a": {
                "parameters": [{ "in": "query", "name": "n", "schema": { "type": "integer" } }],
                "requestBody": { "content": { "application/json": { "schema": {
                    "$ref": "#/components/schemas/A" } } } },
                "4XX": { "$ref": "#/components/responses/Bare" },
            } },
            "components": { "schemas": {
                "A": { "type": "object", "properties": {
                    "title": { "type": "string" },
                    "again": { "$ref": "#/components/schemas/A" },
                    "b": { "$ref": "#/components/schemas/B" } } },
                "B": { "type": "string", "enum": ["title"] },
            } },
        });
        assert_eq!(kept, expected);
    }
}
