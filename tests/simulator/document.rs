//! The answers that `prolific.json` documents.

use std::{collections::BTreeMap, fs};

use boon::{Compiler, SchemaIndex, Schemas};
use prolific_tests::repository;
use serde_json::{Value, json};

const LOCATION: &str = "http://prolific.test/openapi.json";

/// The document, and a compiled schema of every answer that was met.
pub(crate) struct Document {
    document: Value,
    schemas: Schemas,
    compiler: Compiler,
    compiled: BTreeMap<String, SchemaIndex>,
}

impl Document {
    pub(crate) fn read() -> Self {
        let path = repository().join("openapi/prolific.json");
        let mut document = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        translate_nullable(&mut document);
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource(LOCATION, document.clone()).unwrap();
        Self { document, schemas: Schemas::new(), compiler, compiled: BTreeMap::new() }
    }

    /// What is wrong with an answer of an operation; none where it is as documented.
    pub(crate) fn fault_of(
        &mut self,
        operation: &str,
        status: u16,
        content_type: &str,
        body: &[u8],
    ) -> Option<String> {
        let Some((pointer, response)) = self.response(operation, status) else {
            return Some(format!("{operation} documents no answer of {status}"));
        };
        let Some(content) = response.get("content") else {
            return (!body.is_empty()).then(|| format!("{operation} {status}: a body"));
        };
        if content.get(content_type).is_none() {
            return Some(format!("{operation} {status}: {content_type:?} is not documented"));
        }
        if content_type == "text/csv" {
            return None;
        }
        let Ok(body) = serde_json::from_slice(body) else {
            return Some(format!("{operation} {status}: no JSON"));
        };
        if let Some(fault) = wrong_shape(&response, &body) {
            return Some(format!("{operation} {status}: {fault}: {body}"));
        }
        let content_type = content_type.replace('/', "~1");
        let schema = self.schema(format!("{pointer}/content/{content_type}/schema"));
        let valid = self.schemas.validate(&body, schema);
        valid.err().map(|error| format!("{operation} {status}: {error:#}\n{body}"))
    }

    fn response(&self, operation: &str, status: u16) -> Option<(String, Value)> {
        let paths = self.document["paths"].as_object()?;
        for (path, item) in paths {
            for (method, described) in item.as_object()? {
                if described["operationId"] != operation {
                    continue;
                }
                let exact = status.to_string();
                let range = format!("{}XX", status / 100);
                let code = [exact, range]
                    .into_iter()
                    .find(|code| described["responses"].get(code).is_some())?;
                let response = &described["responses"][&code];
                if let Some(reference) = response["$ref"].as_str() {
                    let pointer = reference.strip_prefix('#')?.to_owned();
                    let response = self.document.pointer(&pointer)?.clone();
                    return Some((pointer, response));
                }
                let path = path.replace('~', "~0").replace('/', "~1");
                let pointer = format!("/paths/{path}/{method}/responses/{code}");
                return Some((pointer, response.clone()));
            }
        }
        None
    }

    fn schema(&mut self, pointer: String) -> SchemaIndex {
        if let Some(known) = self.compiled.get(&pointer) {
            return *known;
        }
        let escaped = pointer.replace('{', "%7B").replace('}', "%7D");
        let location = format!("{LOCATION}#{escaped}");
        let index = self.compiler.compile(&location, &mut self.schemas).unwrap();
        self.compiled.insert(pointer, index);
        index
    }
}

/// Refusals are documented in two shapes, which the schema of all errors does not tell apart.
fn wrong_shape(response: &Value, body: &Value) -> Option<&'static str> {
    let is_wrapped = body.get("error").is_some();
    match (response["x-documented-schema"].as_str(), is_wrapped) {
        (Some("ErrorDetail"), true) => Some("wrapped, where the bare object is documented"),
        (Some("ErrorEnvelope"), false) => Some("bare, where the wrapped object is documented"),
        _ => None,
    }
}

/// OpenAPI 3.0 has a separate keyword for null.
fn translate_nullable(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(translate_nullable),
        Value::Object(fields) => {
            fields.values_mut().for_each(translate_nullable);
            if fields.get("nullable") == Some(&Value::Bool(true)) {
                fields.remove("nullable");
                let schema = Value::Object(std::mem::take(fields));
                fields.insert("anyOf".to_owned(), json!([{ "type": "null" }, schema]));
            }
        }
        _ => {}
    }
}

#[test]
fn an_answer_that_is_not_as_documented_is_found() {
    let mut document = Document::read();
    let mut fault = |operation: &str, status, body: &Value| {
        document.fault_of(operation, status, "application/json", body.to_string().as_bytes())
    };
    let status = "get-task-builder-dataset-status";
    assert_eq!(fault(status, 200, &json!({ "status": "READY" })), None);
    assert!(fault(status, 200, &json!({ "status": "ready" })).unwrap().contains("status"));
    assert!(fault(status, 201, &json!({})).unwrap().contains("no answer of 201"));
    assert!(fault("get-nothing", 200, &json!({})).is_some());
    let dataset = "get-task-builder-dataset";
    assert!(fault(dataset, 200, &json!({ "id": "d1" })).is_some());
    let wrapped = json!({ "error": {
        "status": 404, "error_code": 1, "title": "", "detail": "" } });
    assert_eq!(fault("get-study", 404, &wrapped), None);
    assert!(fault("get-study", 404, &wrapped["error"]).unwrap().contains("bare"));
    assert!(fault("get-studies", 400, &wrapped).unwrap().contains("wrapped"));
}
