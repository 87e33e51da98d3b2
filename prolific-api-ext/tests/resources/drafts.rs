//! How a study is checked before it is sent, and how it is stored in files.

use prolific_api_ext::{
    BatchId, ErrorKind, Minor, StudyId, filters,
    participant_groups::NewParticipantGroup,
    simulator::Simulator,
    studies::{
        AccessDetail, BatchSettings, CompletionAction, CompletionActor, CompletionCode,
        CompletionCodeType, ContentWarning, DataCollectionMethod, Device, NewStudy, Peripheral,
        StudyChange, StudyLabel, StudyProblem, StudyWarning, SubmissionLimit, SubmissionsConfig,
        study_issues,
    },
};
use serde_json::{Value, json};

use crate::id;

fn code(text: &str) -> CompletionCode {
    CompletionCode::new(text, CompletionCodeType::Completed)
        .action(CompletionAction::ManuallyReview {})
}

fn draft() -> NewStudy {
    NewStudy::new("Birds", "Name them.")
        .external_url("https://example.com?id={{%PROLIFIC_PID%}}")
        .places(20)
        .reward(150)
        .minutes(10)
        .completion_code(code("CDONE"))
}

fn changed(change: impl FnOnce(&mut NewStudy)) -> NewStudy {
    let mut draft = draft();
    change(&mut draft);
    draft
}

/// One of Task Builder.
fn of_batch() -> NewStudy {
    let batch = id::<BatchId>("0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d");
    NewStudy::new("Birds", "Name them.").batch(&batch).reward(150).minutes(10)
}

fn of_urls(urls: impl IntoIterator<Item = AccessDetail>) -> NewStudy {
    let without = changed(|draft| (draft.external_url, draft.places) = (None, None));
    without.access_details(urls.into_iter().collect::<Vec<_>>())
}

fn acting(action: CompletionAction) -> NewStudy {
    draft().completion_codes([code("C1").action(action)])
}

fn screening_out(reward: i32, slots: u64) -> CompletionAction {
    CompletionAction::FixedScreenOutPayment { fixed_screen_out_reward: reward.into(), slots }
}

#[test]
fn what_is_complete_has_no_issue_and_no_warning() {
    let group = id::<prolific_api_ext::ParticipantGroupId>("g1");
    let complete = [
        draft(),
        of_batch(),
        of_batch().data_collection_metadata(BatchSettings::new().annotators_per_task(3)),
        of_batch().completion_code(code("C1")),
        of_urls([
            AccessDetail::new("https://a.example", 5),
            AccessDetail::new("http://b.example/x", 15),
        ]),
        of_urls([AccessDetail::new("https://a.example", 5)]).places(5),
        draft()
            .survey(&id("0199c5a4"))
            .only_groups([&group])
            .except_groups([&group])
            .except_participants_of([&id::<StudyId>("s0")]),
        acting(screening_out(149, 10)),
        draft().completion_code(
            CompletionCode::new("C2", CompletionCodeType::Other)
                .action(CompletionAction::DynamicPayment {})
                .actor(CompletionActor::Researcher),
        ),
        draft().maximum_minutes(29).submissions_config(
            SubmissionsConfig::default()
                .any_submissions_per_participant()
                .max_concurrent_submissions(5),
        ),
        draft()
            .study_labels([StudyLabel::Survey])
            .content_warnings([ContentWarning::Sensitive])
            .content_warning_details("Birds of prey.")
            .credential_pool_id(id::<prolific_api_ext::CredentialPoolId>("p1"))
            .device_compatibility([Device::Desktop])
            .peripheral_requirements([Peripheral::Audio]),
    ];
    for draft in complete {
        assert_eq!((draft.issues(), draft.warnings()), (vec![], vec![]), "{draft:?}");
    }
}

#[test]
fn each_documented_limit_is_reported_with_its_field() {
    use CompletionAction::{
        AddToParticipantGroup, AutomaticallyApprove, DynamicPayment, RemoveFromParticipantGroup,
        RequestReturn,
    };
    let no_choice: [&str; 0] = [];
    let mut without_id = of_batch();
    without_id.data_collection_id = None;
    let adult = || [filters::range("age", 18..)];
    let group = || id::<prolific_api_ext::ParticipantGroupId>("g1");
    let both = code("C1")
        .action(AddToParticipantGroup { participant_group: group() })
        .action(RemoveFromParticipantGroup { participant_group: group() });
    let other = CompletionCode::new("C1", CompletionCodeType::Other);
    let limits = |config: SubmissionsConfig| draft().submissions_config(config);
    let table = [
        (changed(|draft| draft.name = "\t".into()), "name"),
        (changed(|draft| draft.description = String::new()), "description"),
        (changed(|draft| draft.external_url = None), "external_study_url"),
        (draft().external_url("example.com"), "external_study_url"),
        (draft().external_url("https://"), "external_study_url"),
        (draft().external_url("javascript:alert(1)"), "external_study_url"),
        (draft().external_url("https://exa mple.com"), "external_study_url"),
        (changed(|draft| draft.places = None), "total_available_places"),
        (draft().places(0), "total_available_places"),
        (changed(|draft| draft.reward = None), "reward"),
        (draft().reward(-1), "reward"),
        (draft().reward("1.5".parse::<Minor>().unwrap()), "reward"),
        (changed(|draft| draft.minutes = None), "estimated_completion_time"),
        (draft().minutes(0), "estimated_completion_time"),
        (draft().maximum_minutes(28), "maximum_allowed_time"),
        (draft().maximum_minutes(1_441), "maximum_allowed_time"),
        (changed(|draft| draft.completion_codes = None), "completion_codes"),
        (draft().completion_codes([]), "completion_codes"),
        (draft().completion_code(code("CDONE")), "completion_codes[1].code"),
        (draft().completion_code(code("")), "completion_codes[1].code"),
        (acting(AutomaticallyApprove {}), "completion_codes[0].actions"),
        (draft().completion_codes([both]), "completion_codes[0].actions"),
        (acting(DynamicPayment {}), "completion_codes[0].actions[1]"),
        (
            acting(RequestReturn { return_reason: " ".into() }),
            "completion_codes[0].actions[1].return_reason",
        ),
        (acting(screening_out(150, 1)), "completion_codes[0].actions[1].fixed_screen_out_reward"),
        (acting(screening_out(-1, 1)), "completion_codes[0].actions[1].fixed_screen_out_reward"),
        (acting(screening_out(1, 0)), "completion_codes[0].actions[1].slots"),
        (
            draft().data_collection_method(DataCollectionMethod::Batch).data_collection_id("b"),
            "data_collection_method",
        ),
        (without_id, "data_collection_method"),
        (draft().data_collection_id("b"), "data_collection_id"),
        (
            of_batch().data_collection_metadata(BatchSettings::new().annotators_per_task(0)),
            "data_collection_metadata.annotators_per_task",
        ),
        (of_batch().completion_code(other), "completion_codes"),
        (of_batch().completion_codes([code("C1"), code("C2")]), "completion_codes"),
        (of_urls([]), "access_details"),
        (
            of_urls([AccessDetail::new("https://a.example", 0)]),
            "access_details[0].total_allocation",
        ),
        (of_urls([AccessDetail::new("a", 1)]), "access_details[0].external_url"),
        (of_urls([AccessDetail::new("https://a.example", 5)]).places(6), "total_available_places"),
        (
            draft().filters(adult()).filter_set_id(id::<prolific_api_ext::FilterSetId>("f")),
            "filter_set_id",
        ),
        (draft().filter_set_version(2), "filter_set_version"),
        (draft().filters([adult()[0].clone(), filters::select("sex", no_choice)]), "filters[1]"),
        (draft().filters([filters::range("age", f64::NAN..)]), "filters[0]"),
        (draft().study_labels([StudyLabel::Survey, StudyLabel::Other]), "study_labels"),
        (
            draft().content_warnings([ContentWarning::Sensitive, ContentWarning::Explicit]),
            "content_warnings",
        ),
        (
            limits(SubmissionsConfig::default().max_submissions_per_participant(0)),
            "submissions_config.max_submissions_per_participant",
        ),
        (
            limits(SubmissionsConfig::default().max_concurrent_submissions(0)),
            "submissions_config.max_concurrent_submissions",
        ),
        (draft().naivety_distribution_rate(f64::NAN), "naivety_distribution_rate"),
        (draft().naivety_distribution_rate(f64::INFINITY), "naivety_distribution_rate"),
        (draft().naivety_distribution_rate(1.1), "naivety_distribution_rate"),
        (draft().naivety_distribution_rate(-0.1), "naivety_distribution_rate"),
    ];
    for (draft, field) in table {
        let issues = draft.issues();
        let fields: Vec<_> = issues.iter().map(|issue| &*issue.field).collect();
        assert_eq!(fields, [field], "{issues:?}");
    }
}

#[tokio::test]
async fn all_issues_come_at_once_as_types_and_nothing_is_sent() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let error = prolific.studies().create(NewStudy::new("", "x").reward(-5)).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::InvalidInput, Some("create-study")));
    let fields: Vec<_> = study_issues(&error).iter().map(|issue| &*issue.field).collect();
    let expected = [
        "external_study_url",
        "total_available_places",
        "estimated_completion_time",
        "completion_codes",
        "name",
        "reward",
    ];
    assert_eq!(fields, expected);
    assert_eq!(study_issues(&error)[5].problem, StudyProblem::TooLow { least: "0".to_owned() });
    let shown = error.to_string();
    assert!(expected.iter().all(|field| shown.contains(&format!("`{field}`"))), "{shown}");

    let error =
        prolific.studies().update(&id("s1"), StudyChange::new().places(0)).await.unwrap_err();
    assert_eq!(study_issues(&error)[0].field, "total_available_places");
    assert!(simulator.requests().is_empty());
    let other = prolific.studies().get(&id("s1")).await.unwrap_err();
    assert!(study_issues(&other).is_empty());
}

#[test]
fn pay_in_the_wrong_unit_is_warned_of_and_can_be_meant() {
    let per_hour = |draft: NewStudy| match &draft.warnings()[..] {
        [StudyWarning::HourlyPay { per_hour, .. }] => Some(*per_hour),
        _ => None,
    };
    // 15 pounds an hour in pounds, 9.00 in hundredths of pence, and what is usual.
    assert_eq!(per_hour(draft().reward(15).minutes(60)), Some(15.into()));
    assert_eq!(per_hour(draft().reward(90_000).minutes(60)), Some(90_000.into()));
    assert_eq!(per_hour(draft().reward(99).minutes(10)), Some(594.into()));
    for usual in [100, 150, 1_666] {
        assert_eq!(draft().reward(usual).minutes(10).warnings(), [], "{usual}");
    }
    assert_eq!(draft().reward(15).minutes(60).any_pay().warnings(), []);
    let change = StudyChange::new().reward(15).minutes(60);
    assert_eq!((change.warnings().len(), change.any_pay().warnings().len()), (1, 0));
    assert_eq!(draft().hourly_pay(), Some(900.into()));
}

#[test]
fn a_placeholder_that_is_not_replaced_is_warned_of() {
    let draft = draft().external_url("https://example.com?p={{%PROLIFIC_PID%}}&s={{%PID%}}&t={{x");
    let texts: Vec<_> = draft.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts[0].contains("{{%PID%}}") && texts[1].contains("{{x"), "{texts:?}");
}

/// A template as the official command line takes it, with what its own have in them.
fn template() -> Value {
    json!({
        "name": "Birds", "internal_name": "birds-1", "description": "Name them.",
        "external_study_url": "https://example.com?p={{%PROLIFIC_PID%}}", "prolific_id_option": "question",
        "completion_code": "CDONE", "completion_option": "code",
        "total_available_places": 10, "estimated_completion_time": 10, "maximum_allowed_time": 40, "reward": 400,
        "device_compatibility": ["desktop", "tablet"], "peripheral_requirements": ["audio", "camera"],
        "eligibility_requirements": [{ "_cls": "x", "attributes": [{ "index": 3, "value": true }] }],
        "completion_codes": [
            { "code": "CDONE", "code_type": "COMPLETED", "actions": [
                { "action": "AUTOMATICALLY_APPROVE" },
                { "action": "ADD_TO_PARTICIPANT_GROUP", "participant_group": "g1" } ] },
            { "code": null, "code_type": "MINE", "actions": [], "actor": "researcher" },
        ],
        "filters": [
            { "filter_id": "age", "selected_range": { "lower": 18, "upper": 50 }, "weightings": {
                "0": { "selected_range": { "lower": 18, "upper": 50 }, "weighting": 1.0 } } },
            { "filter_id": "or", "selected_filters": [{ "filter_id": "sex", "selected_values": ["0"] }] },
        ],
        "submissions_config": { "max_submissions_per_participant": -1, "max_concurrent_submissions": 5,
            "auto_rejection_categories": ["EXCEPTIONALLY_FAST"] },
        "study_type": "QUOTA", "study_labels": ["ai_annotation"], "publish_at": "2026-12-01T12:00:00Z",
        "project": "p1", "credential_pool_id": "c_1", "has_credentials": true,
    })
}

#[test]
fn a_template_is_read_and_written_without_loss_as_json_and_as_toml() {
    let study = NewStudy::from_json(&template().to_string()).unwrap();
    assert_eq!(study.issues(), []);
    let config = study.submissions_config.as_ref().unwrap();
    assert_eq!(config.max_submissions_per_participant, Some(SubmissionLimit::Unlimited));
    let json = study.to_json().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), template());
    assert_eq!(NewStudy::from_json(&json).unwrap(), study);
    let toml = study.to_toml().unwrap();
    assert!(toml.contains("reward = 400\n") && toml.contains("[[completion_codes]]"), "{toml}");
    assert_eq!(NewStudy::from_toml(&toml).unwrap(), study);
    let dated = toml.replace("\"2026-12-01T12:00:00Z\"", "2026-12-01T12:00:00Z");
    assert_ne!(dated, toml);
    assert_eq!(NewStudy::from_toml(&dated).unwrap(), study);
}

#[tokio::test]
async fn every_field_of_a_template_is_sent_as_it_stands() {
    let simulator = Simulator::start();
    let project = simulator.project_id().unwrap();
    let mut template = template();
    template["project"] = json!(project);
    template.as_object_mut().unwrap().remove("credential_pool_id");
    let prolific = simulator.prolific().unwrap();
    let group = NewParticipantGroup::new("Wave 1").workspace_id(simulator.workspace_id().unwrap());
    let group = prolific.participant_groups().create(group).await.unwrap().id;
    template["completion_codes"][0]["actions"][1]["participant_group"] = json!(group);
    let study = NewStudy::from_json(&template.to_string()).unwrap();
    prolific.studies().create(study).await.unwrap();
    let sent = simulator.requests()[1].json().unwrap();
    assert_eq!(without_points(sent), without_points(template));
}

/// A whole number is the same with a point and without.
fn without_points(mut value: Value) -> Value {
    match &mut value {
        Value::Number(number) => return json!(number.as_f64()),
        Value::Array(values) => {
            values.iter_mut().for_each(|value| *value = without_points(value.take()))
        }
        Value::Object(members) => {
            members.values_mut().for_each(|value| *value = without_points(value.take()));
        }
        _ => {}
    }
    value
}

#[test]
fn what_can_not_be_read_of_a_file_names_its_field() {
    let with = |name: &str, value: Value| {
        let mut template = template();
        template[name] = value;
        NewStudy::from_json(&template.to_string()).unwrap_err()
    };
    for (name, value, shown) in [
        ("reward", json!("400"), "`reward`"),
        ("reward", json!(1e300), "`reward`"),
        ("total_available_places", json!(-1), "`total_available_places`"),
        ("total_available_places", json!(1.5), "`total_available_places`"),
        ("estimated_completion_time", json!("5"), "`estimated_completion_time`"),
        (
            "submissions_config",
            json!({ "max_concurrent_submissions": -2 }),
            "`submissions_config.max_concurrent_submissions`",
        ),
        ("completion_codes", json!([{ "code": "C" }]), "`completion_codes[0]`"),
        ("rewrad", json!(400), "`rewrad`"),
    ] {
        let error = with(name, value);
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(shown), "{error}");
    }
    for text in [
        "",
        "[]",
        "null",
        "{",
        "{\"name\":\"a\",\"name\":\"b\",\"description\":\"\"}",
        "{\"name\":\"a\"}",
    ] {
        assert_eq!(
            NewStudy::from_json(text).unwrap_err().kind(),
            ErrorKind::InvalidInput,
            "{text}"
        );
    }
    let trailing = format!("{} x", template());
    assert!(NewStudy::from_json(&trailing).unwrap_err().to_string().contains("more text after"));
    let toml = |line: &str| {
        let text = format!("name = \"a\"\ndescription = \"b\"\n{line}\n");
        NewStudy::from_toml(&text).map(|study| study.issues()).map_err(|error| error.to_string())
    };
    assert!(
        toml("naivety_distribution_rate = nan")
            .unwrap_err()
            .contains("`naivety_distribution_rate`")
    );
    assert!(toml("reward = inf").unwrap_err().contains("`reward`"));
    assert!(toml("reward = ").unwrap_err().contains("line 3"));
    assert!(toml("reward = -5").unwrap().iter().any(|issue| issue.field == "reward"));
}

#[test]
fn what_can_not_be_read_of_toml_names_its_line_and_column() {
    let code = "code = \"C\"\ncode_type = \"OTHER\"\nactions = []";
    let codes = format!("[[completion_codes]]\n{code}\n[[completion_codes]]\ncode = \"D\"");
    for (lines, says) in [
        ("reward = \"400\"", "line 3, column 10: `reward` can't be read: invalid type"),
        ("reward = 400\nrewrad = 400", "line 4, column 10: `rewrad` can't be read: unknown field"),
        ("\n  reward = nan", "line 4, column 12: `reward` can't be read: NaN is not a number"),
        (
            "[submissions_config]\nmax_concurrent_submissions = -2",
            "line 4, column 30: `submissions_config.max_concurrent_submissions` can't be read",
        ),
        (
            "completion_codes = [{ code = \"öä\", code_type = 5 }]",
            "line 3, column 48: `completion_codes[0].code_type` can't be read",
        ),
        (
            "access_details = [{ external_url = \"a\", total_allocation = inf }]",
            "line 3, column 60: `access_details[0].total_allocation` can't be read",
        ),
        (&codes, "line 7, column 1: `completion_codes[1]` can't be read: missing field"),
        ("reward = 400,", "line 3, column 13 is not TOML: "),
    ] {
        let text = format!("name = \"a\"\ndescription = \"b\"\n{lines}\n");
        let errors = [NewStudy::from_toml(&text).err(), StudyChange::from_toml(&text).err()];
        for error in errors {
            let error = error.unwrap();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().starts_with(says), "{error}");
        }
    }
    let error = NewStudy::from_toml("name = \"a\"").unwrap_err().to_string();
    assert!(error.starts_with("the study can't be read: missing field"), "{error}");
}

#[test]
fn what_can_not_be_read_of_json_names_its_line_and_column() {
    for (line, says) in [
        ("\"reward\": \"400\"", "line 4, column 17: `reward` can't be read: invalid type"),
        // What is expected instead is too long to be shown.
        ("\"rewrad\": 400", "line 4, column 10: `rewrad` can't be read: unknown field"),
        ("\"reward\": }", "line 4, column 13: `reward` can't be read: expected value"),
    ] {
        let text = format!("{{\n  \"name\": \"a\",\n  \"description\": \"b\",\n  {line}\n}}\n");
        let errors = [NewStudy::from_json(&text).err(), StudyChange::from_json(&text).err()];
        for error in errors {
            let error = error.unwrap().to_string();
            assert!(error.starts_with(says), "{error}");
            assert!(!error.contains("at line"), "{error}");
        }
    }
    let more = NewStudy::from_json("{\"name\":\"a\",\n\"description\":\"b\"} x").unwrap_err();
    let says = "line 2, column 20: there is more text after the study";
    assert!(more.to_string().starts_with(says), "{more}");
}

#[test]
fn a_change_is_kept_with_what_it_clears_in_json_and_toml_refuses_to_lose_it() {
    let change = StudyChange::new().places(40).no_filter_set();
    let json = change.to_json().unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&json).unwrap(),
        json!({ "total_available_places": 40, "filter_set_id": null })
    );
    assert_eq!(StudyChange::from_json(&json).unwrap(), change);
    assert_eq!(change.to_toml().unwrap_err().kind(), ErrorKind::InvalidInput);
    let kept = StudyChange::new().places(40);
    assert_eq!(StudyChange::from_toml(&kept.to_toml().unwrap()).unwrap(), kept);
    assert!(StudyChange::new().naivety_distribution_rate(f64::NAN).to_json().is_err());
    assert!(draft().naivety_distribution_rate(f64::NAN).to_json().is_err());
}

#[tokio::test]
async fn files_are_read_and_written_by_the_end_of_their_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["study.json", "study.TOML"] {
        let path = folder.path().join(name);
        draft().to_file(&path).await.unwrap();
        assert_eq!(NewStudy::from_file(&path).await.unwrap(), draft());
    }
    let missing = NewStudy::from_file(folder.path().join("none.json")).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::File);
    let other = NewStudy::from_file(folder.path().join("study.yaml")).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::InvalidInput);
    let large = folder.path().join("large.json");
    std::fs::write(&large, vec![b' '; (1 << 20) + 1]).unwrap();
    let large = NewStudy::from_file(&large).await.unwrap_err();
    assert!(large.to_string().contains("larger"), "{large}");
}
