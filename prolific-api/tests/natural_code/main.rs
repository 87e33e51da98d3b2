//! A study as written by someone who has only read the names of the types, and the compiler's
//! messages for mistakes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod refused;

use prolific_api::{
    Null,
    types::{
        ActionAddToGroup, ActionAutomaticallyApprove, CompletionCode, CreateStudy, Device,
        ProlificIdOption, RangeFilter, SelectFilter, SelectedRange, StudyLabel, UpdateStudy,
    },
};
use serde_json::json;

#[test]
fn a_study_is_written_without_wrappers_and_conversions() {
    let places = 20_usize;
    let label = Some("wave 1");
    let actions = ActionAddToGroup::builder().participant_group("6123");
    let study = CreateStudy::builder()
        .name("Perception of colours")
        .internal_name(label)
        .description(format!("Tell us which of {places} colours you see."))
        .external_study_url("https://example.org/study?id={{%PROLIFIC_PID%}}")
        .prolific_id_option(ProlificIdOption::UrlParameters)
        .estimated_completion_time(5)
        .reward(150)
        .total_available_places(places)
        .device_compatibility([Device::Desktop, Device::Tablet])
        .peripheral_requirements(Vec::<&str>::new())
        .study_labels(vec![StudyLabel::Survey])
        .completion_codes([
            CompletionCode::builder()
                .code("CDONE")
                .code_type("COMPLETED")
                .actions([ActionAutomaticallyApprove::builder()]),
            CompletionCode::builder().code("CGROUP").code_type("OTHER").actions([actions]),
        ])
        .filters(vec![
            RangeFilter::builder()
                .filter_id("age")
                .selected_range(SelectedRange::builder().lower(18).upper(65))
                .build()
                .unwrap()
                .into(),
            prolific_api::types::Filter::try_from(
                SelectFilter::builder().filter_id("handedness").selected_values(["1", "2"]),
            )
            .unwrap(),
        ])
        .filter_set_id(Null)
        .build()
        .unwrap();
    let expected = json!({
        "name": "Perception of colours",
        "internal_name": "wave 1",
        "description": "Tell us which of 20 colours you see.",
        "external_study_url": "https://example.org/study?id={{%PROLIFIC_PID%}}",
        "prolific_id_option": "url_parameters",
        "estimated_completion_time": 5,
        "reward": 150,
        "total_available_places": 20,
        "device_compatibility": ["desktop", "tablet"],
        "peripheral_requirements": [],
        "study_labels": ["survey"],
        "completion_codes": [
            { "code": "CDONE", "code_type": "COMPLETED", "actions": [{ "action": "AUTOMATICALLY_APPROVE" }] },
            { "code": "CGROUP", "code_type": "OTHER", "actions":
                [{ "action": "ADD_TO_PARTICIPANT_GROUP", "participant_group": "6123" }] },
        ],
        "filters": [
            { "filter_id": "age", "selected_range": { "lower": 18, "upper": 65 } },
            { "filter_id": "handedness", "selected_values": ["1", "2"] },
        ],
        "filter_set_id": null,
    });
    assert_eq!(serde_json::to_value(study).unwrap(), expected);
}

#[test]
fn a_builder_names_what_is_missing_or_wrong_in_plain_words() {
    let told = |problem: prolific_api::BuildError| problem.to_string();
    assert_eq!(told(CreateStudy::builder().build().unwrap_err()), "`description` is not set");
    let code = CompletionCode::builder().code("CDONE").code_type("COMPLETED");
    let change = UpdateStudy::builder().completion_codes([code]).build();
    assert_eq!(told(change.unwrap_err()), "`completion_codes`: item 1: `actions` is not set");
    let change = UpdateStudy::builder().reward(f64::NAN).build();
    let problem = told(change.unwrap_err());
    assert!(problem.starts_with("`reward`: "), "{problem}");
}
