//! Readers other than ours, asked what they make of the documents that we accept.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

use std::path::{Path, PathBuf};

use openapiv3::{
    AdditionalProperties, AnySchema, OpenAPI, Operation, Parameter, ParameterSchemaOrContent,
    ReferenceOr, Schema, SchemaKind,
};
use xtask::{manifest::Settings, pipeline::fix, read::Sources};

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Pages of other APIs. They are third-party data, so a checkout may be without them.
fn pages_of_other_apis() -> Vec<PathBuf> {
    let folder = package().join("../../shared/fern-pages");
    let Ok(apis) = std::fs::read_dir(&folder) else {
        println!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let folders = apis.filter_map(|entry| std::fs::read_dir(entry.unwrap().path()).ok());
    let pages = folders.flatten().map(|entry| entry.unwrap().path());
    pages.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The schemas that the parser of the generator takes for "any JSON" though they say something.
fn silent_losses(json: &str) -> Vec<String> {
    let document: OpenAPI = serde_json::from_str(json).unwrap();
    let mut lost = Vec::new();
    for (name, schema) in &document.components.clone().unwrap_or_default().schemas {
        look_into(schema, name, &mut lost);
    }
    for (path, item) in &document.paths.paths {
        let item = item.as_item().unwrap();
        for (method, operation) in item.iter() {
            let name = format!("{method} {path}");
            let parameters = item.parameters.iter().chain(&operation.parameters);
            parameters.for_each(|parameter| look_into_parameter(parameter, &name, &mut lost));
            look_into_contents(operation, &name, &mut lost);
        }
    }
    lost
}

fn look_into_parameter(parameter: &ReferenceOr<Parameter>, name: &str, lost: &mut Vec<String>) {
    let Some(data) = parameter.as_item().map(|parameter| parameter.parameter_data_ref()) else {
        return;
    };
    if let ParameterSchemaOrContent::Schema(schema) = &data.format {
        look_into(schema, &format!("{name}?{}", data.name), lost);
    }
}

fn look_into_contents(operation: &Operation, name: &str, lost: &mut Vec<String>) {
    let body = operation.request_body.iter().filter_map(ReferenceOr::as_item);
    let responses = &operation.responses;
    let answers = responses.responses.values().chain(&responses.default);
    let contents = body
        .map(|body| &body.content)
        .chain(answers.filter_map(ReferenceOr::as_item).map(|answer| &answer.content));
    for media in contents.flat_map(|content| content.values()) {
        media.schema.iter().for_each(|schema| look_into(schema, name, lost));
    }
}

fn look_into(schema: &ReferenceOr<Schema>, name: &str, lost: &mut Vec<String>) {
    let ReferenceOr::Item(schema) = schema else {
        return;
    };
    match &schema.schema_kind {
        SchemaKind::Any(any) if *any != AnySchema::default() => lost.push(name.to_owned()),
        SchemaKind::Any(_) | SchemaKind::Not { .. } => {}
        SchemaKind::OneOf { one_of: parts }
        | SchemaKind::AllOf { all_of: parts }
        | SchemaKind::AnyOf { any_of: parts } => {
            parts.iter().for_each(|part| look_into(part, name, lost));
        }
        SchemaKind::Type(openapiv3::Type::Object(object)) => {
            for (key, property) in &object.properties {
                look_into(&property.clone().unbox(), &format!("{name}.{key}"), lost);
            }
            if let Some(AdditionalProperties::Schema(values)) = &object.additional_properties {
                look_into(values, &format!("{name}.*"), lost);
            }
        }
        SchemaKind::Type(openapiv3::Type::Array(array)) => {
            if let Some(items) = &array.items {
                look_into(&items.clone().unbox(), &format!("{name}[]"), lost);
            }
        }
        SchemaKind::Type(_) => {}
    }
}

#[test]
fn nothing_in_our_document_is_taken_for_any_json() {
    let json = std::fs::read_to_string(package().join("../openapi/prolific.json")).unwrap();
    assert_eq!(silent_losses(&json), [""; 0]);
}

#[test]
fn the_parser_of_the_generator_does_lose_an_enum_that_was_not_repaired() {
    let json = r#"{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{},"components":{"schemas":{"A":{"type":"object","properties":{"s":{"type":"string","enum":[{"value":"x"}]}}}}}}"#;
    assert_eq!(silent_losses(json), ["A.s"]);
    let lost = r#"{"type":"string","enum":[{"value":"x"}]}"#;
    let json = r#"{"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{"/a":{"get":{"parameters":[{"name":"q","in":"query","schema":LOST}],"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"type":"object","additionalProperties":LOST}}}}}}}}}"#;
    assert_eq!(silent_losses(&json.replace("LOST", lost)), ["get /a?q", "get /a.*"]);
}

#[test]
fn whatever_page_of_another_api_we_accept_loses_nothing() {
    let mut accepted = 0;
    let pages = pages_of_other_apis();
    for page in &pages {
        let mut sources = Sources::default();
        let id = sources.load(page).unwrap();
        match fix(&sources, id, &Settings::default()) {
            Ok((document, _)) => {
                assert_eq!(
                    silent_losses(&document.to_json().unwrap()),
                    [""; 0],
                    "{}",
                    page.display()
                );
                accepted += 1;
            }
            Err(findings) => assert!(!findings.is_empty()),
        }
    }
    println!("{accepted} of {} pages were accepted", pages.len());
    assert!(pages.is_empty() || accepted > 0);
}
