//! What the raw client sends: exactly what the caller set, on the wire.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::{Arc, Mutex};

use httpmock::{HttpMockResponse, MockServer};
use prolific_api::{
    Client, Nullable, Transport,
    types::{
        BatchItem, BatchItemAnswer, Currency, Filter, FreeTextItem, StudyFeedback,
        SubmissionsConfig, UpdateBatch, UpdateFilterSet, UpdateParticipantGroup, UpdateProject,
        UpdateStudy, VideoNarrationItem,
    },
};
use serde_json::{Value, json};

/// What the server saw of a request.
#[derive(Clone, Debug, Default)]
struct Seen {
    method: String,
    target: String,
    content_type: Option<String>,
    body: Vec<u8>,
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

struct Server {
    server: MockServer,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    async fn start() -> Self {
        let server = MockServer::start_async().await;
        let seen = Arc::<Mutex<Seen>>::default();
        let noted = seen.clone();
        server.mock(move |when, then| {
            when.any_request();
            let noted = noted.clone();
            then.respond_with(move |request| {
                let content_type = request.headers().get("content-type").cloned();
                *noted.lock().unwrap() = Seen {
                    method: request.method_str().to_owned(),
                    target: request.uri().path_and_query().unwrap().to_string(),
                    content_type: content_type.map(|value| value.to_str().unwrap().to_owned()),
                    body: request.body().to_vec(),
                };
                HttpMockResponse::builder().status(200).body("{}").build()
            });
        });
        Self { server, seen }
    }

    fn client(&self) -> Client {
        Client::new(&self.server.base_url(), Transport::default())
    }

    fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_patch_in_which_nothing_is_set_sends_nothing() {
    let server = Server::start().await;
    let client = server.client();
    client.update_study().id("s").body(UpdateStudy::default()).send().await.unwrap();
    assert_eq!((server.seen().method.as_str(), server.seen().body), ("PATCH", b"{}".to_vec()));
    client
        .update_task_builder_batch()
        .batch_id("b")
        .body(UpdateBatch::default())
        .send()
        .await
        .unwrap();
    assert_eq!(server.seen().body, b"{}");
    client.update_project().project_id("p").body(UpdateProject::default()).send().await.unwrap();
    assert_eq!(server.seen().body, b"{}");
    client.update_filter_set().id("f").body(UpdateFilterSet::default()).send().await.unwrap();
    assert_eq!(server.seen().body, b"{}");
}

#[tokio::test]
async fn a_null_is_sent_where_it_is_set() {
    let server = Server::start().await;
    let mut cleared = UpdateBatch::default();
    cleared.batch_items = Some(Nullable::Null);
    let client = server.client();
    client.update_task_builder_batch().batch_id("b").body(cleared).send().await.unwrap();
    assert_eq!(server.seen().body, br#"{"batch_items":null}"#);

    let mut emptied = UpdateBatch::default();
    emptied.batch_items = Some(Vec::new().into());
    client.update_task_builder_batch().batch_id("b").body(emptied).send().await.unwrap();
    assert_eq!(server.seen().body, br#"{"batch_items":[]}"#);
}

#[tokio::test]
async fn an_empty_list_is_sent_where_it_is_set() {
    let server = Server::start().await;
    let client = server.client();
    let mut emptied = UpdateFilterSet::default();
    emptied.filters = Some(Vec::new());
    client.update_filter_set().id("f").body(emptied).send().await.unwrap();
    assert_eq!(server.seen().body, br#"{"filters":[]}"#);

    let builder = UpdateParticipantGroup::builder().participant_ids(Vec::<String>::new());
    client.update_participant_group().id("g").body(builder).send().await.unwrap();
    assert_eq!(server.seen().body, br#"{"participant_ids":[]}"#);
}

#[tokio::test]
async fn a_documented_default_is_not_sent_unless_it_is_set() {
    let server = Server::start().await;
    let client = server.client();
    let study = |config| {
        let mut study = UpdateStudy::default();
        study.submissions_config = Some(config);
        study
    };
    let nothing = study(SubmissionsConfig::default());
    client.update_study().id("s").body(nothing).send().await.unwrap();
    assert_eq!(server.seen().json(), json!({ "submissions_config": {} }));

    let mut all = SubmissionsConfig::default();
    all.max_submissions_per_participant = Some(Nullable::Value(1.into()));
    all.max_concurrent_submissions = Some(Nullable::Null);
    all.auto_rejection_categories = Some(Vec::new());
    client.update_study().id("s").body(study(all)).send().await.unwrap();
    let expected = json!({
        "max_submissions_per_participant": 1,
        "max_concurrent_submissions": null,
        "auto_rejection_categories": [],
    });
    assert_eq!(server.seen().json()["submissions_config"], expected);

    client.get_events().subscription_id("h").send().await.unwrap();
    assert_eq!(server.seen().target, "/api/v1/hooks/subscriptions/h/events/");
}

#[tokio::test]
async fn json_lines_are_sent_as_they_are_under_their_media_type() {
    let server = Server::start().await;
    let lines = "{\"a\": 1}\n\n{\"a\":  2}\n";
    let call = server.client().append_dataset_datapoints().dataset_id("d").body(lines).send().await;
    call.unwrap();
    let seen = server.seen();
    assert_eq!(seen.content_type.as_deref(), Some("application/x-ndjson"));
    assert_eq!(seen.body, lines.as_bytes());
}

#[tokio::test]
async fn a_path_keeps_its_slash_or_has_none() {
    let server = Server::start().await;
    let client = server.client();
    client.get_workspace().workspace_id("w").send().await.unwrap();
    assert_eq!(server.seen().target, "/api/v1/workspaces/w/");
    client.get_survey().survey_id("s").send().await.unwrap();
    assert_eq!(server.seen().target, "/api/v1/surveys/s");
    client.get_task_builder_batch_report().batch_id("b").send().await.unwrap();
    assert_eq!(server.seen().target, "/api/v1/data-collection/batches/b/report/");
    // The answer is a list, which the server here does not know.
    let call = client.calculate_reward_recommendations().workspace_id("w").currency(Currency::Gbp);
    assert!(call.send().await.is_err());
    assert_eq!(server.seen().target, "/api/v1/reward-recommendations/?currency=GBP&workspace_id=w");
}

#[test]
fn the_branches_of_a_union_are_distinguished_by_their_type() {
    let branches = [
        "free_text",
        "free_text_with_unit",
        "multiple_choice",
        "multiple_choice_with_free_text",
        "file_upload",
        "video_narration",
        "rich_text",
        "image",
        "dataset_field",
    ];
    for (index, name) in branches.into_iter().enumerate() {
        let item: BatchItemAnswer = serde_json::from_value(json!({ "type": name })).unwrap();
        let found = match item {
            BatchItemAnswer::FreeTextItem(_) => 0,
            BatchItemAnswer::UnitTextItem(_) => 1,
            BatchItemAnswer::ChoiceItem(_) => 2,
            BatchItemAnswer::ChoiceTextItem(_) => 3,
            BatchItemAnswer::FileUploadItem(_) => 4,
            BatchItemAnswer::VideoNarrationItem(_) => 5,
            BatchItemAnswer::RichTextItem(_) => 6,
            BatchItemAnswer::ImageItem(_) => 7,
            BatchItemAnswer::DatasetFieldItem(_) => 8,
            _ => 9,
        };
        assert_eq!(found, index, "{name}");
    }
    let new = json!({ "type": "star_rating", "max_stars": 5 });
    let item: BatchItemAnswer = serde_json::from_value(new.clone()).unwrap();
    assert!(matches!(item, BatchItemAnswer::Unknown(value) if value == new));
}

#[test]
fn what_is_not_documented_is_kept_in_unions_and_enums_of_requests() {
    for value in [json!({ "type": "star_rating" }), json!({ "filter_id": "age" }), json!(7)] {
        let item: BatchItem = serde_json::from_value(value.clone()).unwrap();
        assert!(!item.is_known() && serde_json::to_value(&item).unwrap() == value);
        let filter: Filter = serde_json::from_value(value.clone()).unwrap();
        assert!(!filter.is_known() && serde_json::to_value(&filter).unwrap() == value);
    }
    assert_eq!(serde_json::from_value::<Currency>(json!("EUR")).unwrap(), Currency::from("EUR"));
}

#[test]
fn a_new_value_in_what_tells_no_branches_apart_is_a_known_branch() {
    let filter = json!({ "filter_id": "xor", "selected_filters": [] });
    let read: Filter = serde_json::from_value(filter.clone()).unwrap();
    let Filter::CompositeFilter(composite) = &read else { panic!("{read:?}") };
    assert!(!composite.filter_id.is_known());
    assert_eq!(serde_json::to_value(&read).unwrap(), filter);
}

#[test]
fn a_builder_knows_the_one_value_of_a_property() {
    let item: FreeTextItem = FreeTextItem::builder().description("Why?").try_into().unwrap();
    let json = serde_json::to_value(item).unwrap();
    assert_eq!(json, json!({ "type": "free_text", "description": "Why?" }));
}

#[test]
fn additional_properties_are_kept_where_they_are_documented() {
    let sent = json!({ "participant_id": "p", "colour": { "new": [null] } });
    let feedback: StudyFeedback = serde_json::from_value(sent.clone()).unwrap();
    assert_eq!(feedback.extra["colour"], sent["colour"]);
    assert_eq!(serde_json::to_value(feedback).unwrap(), sent);
    let narration = VideoNarrationItem::builder()
        .description("Tell.")
        .extra(serde_json::Map::from_iter([("new".to_owned(), json!(1))]));
    let narration: std::result::Result<VideoNarrationItem, _> = narration.try_into();
    let expected = json!({ "type": "video_narration", "description": "Tell.", "new": 1 });
    assert_eq!(serde_json::to_value(narration.unwrap()).unwrap(), expected);
    let plain: std::result::Result<VideoNarrationItem, _> =
        VideoNarrationItem::builder().description("Tell.").try_into();
    assert!(plain.unwrap().extra.is_empty());
}

#[test]
fn a_survey_response_keeps_both_of_its_ids() {
    let response = json!({ "_id": "one", "id": "another" });
    let decoded: prolific_api::types::SurveyResponse =
        serde_json::from_value(response.clone()).unwrap();
    assert_eq!(decoded.underscore_id.as_deref(), Some("one"));
    assert_eq!(decoded.id.as_deref(), Some("another"));
    assert_eq!(serde_json::to_value(decoded).unwrap(), response);
}
