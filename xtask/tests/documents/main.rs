//! Whole documents of OpenAPI 3.0 and 3.1: the result is valid OpenAPI 3.0.3 to a validator
//! that is not ours, and the same values fit its schemas.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod generated;
mod same_values;
#[path = "../dialect/validator.rs"]
mod validator;
mod without_a_rule;

use serde_json::Value;
use xtask::{manifest::Settings, pipeline, read::Sources, report::Report};

/// What `fix` makes of a document that it accepts.
fn fixed(text: &str) -> (String, Report) {
    let mut sources = Sources::default();
    let id = sources.add("document.yaml", text);
    let fixed = pipeline::fix(&sources, id, &Settings::default());
    let (document, report) = fixed.unwrap_or_else(|findings| {
        let lines = findings.iter().map(|finding| finding.display(&sources).to_string());
        panic!("{}", lines.collect::<Vec<_>>().join("\n"))
    });
    (document.to_json().unwrap(), report)
}

fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

const EVERYTHING: &str = include_str!("everything.yaml");

#[test]
fn every_construct_of_openapi_3_1_comes_out_as_valid_openapi_3_0() {
    let (json, _) = fixed(EVERYTHING);
    assert_eq!(validator::Validator::new().complaint(&read(&json)), None, "{json}");
}

#[test]
fn what_was_fixed_needs_no_fixing_and_has_the_same_bytes() {
    let (once, _) = fixed(EVERYTHING);
    let (again, _) = fixed(&once);
    assert_eq!(once, again);
    assert_eq!(once, fixed(EVERYTHING).0);
}

#[test]
fn a_document_in_json_comes_out_as_the_one_in_yaml() {
    let yaml: Value = yaml_serde::from_str(EVERYTHING).unwrap();
    let json = serde_json::to_string_pretty(&yaml).unwrap();
    assert_eq!(read(&fixed(&json).0), read(&fixed(EVERYTHING).0));
}

#[test]
fn what_openapi_3_0_can_not_express_is_reported_and_kept() {
    let (json, report) = fixed(EVERYTHING);
    let told: Vec<&str> = report.warnings.iter().map(|warning| warning.problem.as_str()).collect();
    for words in [
        "`nullable` has no effect",
        "webhooks",
        "the order of the items",
        "the encoding `base32`",
        "the default `5`",
        "`minimum` has no effect with `type: string`",
        "`required` next to the `$ref`",
        "ignores a header parameter `Accept`",
        "no success response",
        "contains a query",
        "contains a fragment",
    ] {
        assert!(told.iter().any(|problem| problem.contains(words)), "{words}: {told:#?}");
    }
    for word in ["webhooks", "contentEncoding", "minimum", "$comment", "summary", "identifier"] {
        assert!(json.contains(&format!("\"x-{word}\"")), "{word}");
    }
}
