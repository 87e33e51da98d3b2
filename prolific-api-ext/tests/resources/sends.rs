//! Each method sends what is documented.

use futures_util::{StreamExt as _, TryStreamExt as _};
use prolific_api_ext::{
    broadcasts::NewBroadcast,
    conversations::NewConversation,
    credentials::Credential,
    filter_sets::{FilterSetChange, NewFilterSet},
    filters::{self, BreakdownQuery, EligibilityQuery, SampleType},
    hooks::{Confirmation, EventType, NewSubscription, SubscriptionChange},
    messages::{MessageQuery, NewMessage},
    participant_groups::{NewParticipantGroup, ParticipantGroupChange},
    simulator::{STORAGE_UPLOAD, Simulator},
    surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion},
    transfer::UploadFile,
    workspaces::WorkspaceRole,
};
use serde_json::{Value, json};

use crate::{Recorder, id};

/// Something of everything that a response may need to have.
fn anything() -> Value {
    json!({
        "id": "x", "_id": "x", "results": [], "invitations": [], "credential_pool_id": "x", "count": 30,
        "breakdown": {}, "rule_tree": { "and": [] }, "meta": { "count": 0 },
    })
}

macro_rules! sends {
    ($recorder:ident: $( $line:literal $body:tt $call:expr; )+) => { $(
        $call.unwrap();
        assert_eq!($recorder.seen(), [($line.to_owned(), json!($body))]);
    )+ };
}

#[tokio::test]
async fn filters_and_filter_sets() {
    let recorder = Recorder::answering([(0, anything())]).await;
    let prolific = recorder.client();
    let (catalogue, sets) = (prolific.filters(), prolific.filter_sets());
    let adults = || [filters::range("age", 18..)];
    let wire = || json!([{ "filter_id": "age", "selected_range": { "lower": 18 } }]);
    sends! { recorder:
        "GET /api/v1/filters/search/?limit=100&offset=0&q=age&workspace_id=w" null
            catalogue.search(" age ", &id("w")).unwrap().try_collect::<Vec<_>>().await;
        "GET /api/v1/filters/job%20title%2Fx/choices/?limit=100&offset=0&workspace_id=w" null
            catalogue.choices("job title/x", &id("w")).unwrap().try_collect::<Vec<_>>().await;
        "GET /api/v1/filters/a/choices/search/?limit=100&offset=0&q=b&workspace_id=w" null
            catalogue.search_choices("a", "b", &id("w")).unwrap().try_collect::<Vec<_>>().await;
        "GET /api/v1/filters/rule-tree/?workspace_id=w" null
            catalogue.rule_tree(&id("w")).await;
        "POST /api/v1/eligibility-count/"
            { "filters": wire(), "workspace_id": "w", "study_type": "STUDY_TYPE_SINGLE" }
            catalogue.eligible_count(
                EligibilityQuery::new(adults())
                    .workspace_id(id::<prolific_api_ext::WorkspaceId>("w"))
                    .study_type(SampleType::Single)
            ).await;
        "POST /api/v1/eligibility-count/filter-breakdown/"
            { "filters": wire(), "breakdown_filter": { "filter_id": "sex", "selected_values": ["0"] } }
            catalogue.breakdown(
                BreakdownQuery::new(adults(), filters::select("sex", ["0"]))
            ).await;
        "GET /api/v1/filter-sets/x/" null sets.get(&id("x"), None).await;
        "GET /api/v1/filter-sets/x/?version_number=3" null sets.get(&id("x"), 3).await;
        "POST /api/v1/filter-sets/" { "name": "Adults", "filters": wire() }
            sets.create(NewFilterSet::new("Adults", adults())).await;
        "PATCH /api/v1/filter-sets/x/" { "filters": [] }
            sets.update(&id("x"), FilterSetChange::new().filters([])).await;
        "DELETE /api/v1/filter-sets/x/" null sets.delete(&id("x")).await;
        "POST /api/v1/filter-sets/x/clone/" { "new_name": "Old" }
            sets.duplicate(&id("x"), Some("Old")).await;
        "POST /api/v1/filter-sets/x/clone/" {} sets.duplicate(&id("x"), None).await;
        "POST /api/v1/filter-sets/x/lock/" null sets.lock(&id("x")).await;
        "POST /api/v1/filter-sets/x/unlock/" null sets.unlock(&id("x")).await;
    }
}

#[tokio::test]
async fn webhooks() {
    let recorder = Recorder::answering([(0, json!({ "id": "x" }))]).await;
    let hooks = recorder.client().hooks();
    let new = NewSubscription::new(
        id::<prolific_api_ext::WorkspaceId>("w"),
        EventType::StudyStatusChange,
        "https://example.com/hook",
    );
    sends! { recorder:
        "POST /api/v1/hooks/secrets/" { "workspace_id": "w" } hooks.create_secret(&id("w")).await;
        "GET /api/v1/hooks/subscriptions/x/" null hooks.get(&id("x")).await;
        "POST /api/v1/hooks/subscriptions/" { "workspace_id": "w",
            "event_type": "study.status.change", "target_url": "https://example.com/hook" }
            hooks.create(new.clone()).await;
        "POST /api/v1/hooks/subscriptions/x/" { "secret": "hush" }
            hooks.confirm(&id("x"), &Confirmation::from("hush")).await;
        "PATCH /api/v1/hooks/subscriptions/x/" { "is_enabled": true }
            hooks.update(&id("x"), SubscriptionChange::new().is_enabled(true)).await;
        "DELETE /api/v1/hooks/subscriptions/x/" null hooks.delete(&id("x")).await;
    }
    let made = hooks.create(new).await.unwrap();
    assert_eq!(made.confirmation.as_ref().unwrap().expose(), "hush");
    assert!(!format!("{made:?}").contains("hush"), "{made:?}");
}

#[tokio::test]
async fn messages() {
    let recorder = Recorder::answering([(0, anything())]).await;
    let prolific = recorder.client();
    let (messages, conversations) = (prolific.messages(), prolific.conversations());
    let (p, s): (prolific_api_ext::ParticipantId, prolific_api_ext::StudyId) = (id("p"), id("s"));
    let query = MessageQuery::new()
        .user_id(p.clone())
        .since("2026-11-01T00:00:00Z")
        .excluded_sender_ids([id("a"), id("b")]);
    sends! { recorder:
        "GET /api/v1/messages/?created_after=2026-11-01T00%3A00%3A00Z&excluded_sender_ids=a%2Cb&user_id=p" null
            messages.list(query).unwrap().try_collect::<Vec<_>>().await;
        "POST /api/v1/messages/" { "recipient_id": "p", "study_id": "s", "body": "Hi" }
            messages.send(NewMessage::new(p.clone(), s.clone(), "Hi")).await;
        "POST /api/v1/messages/" { "recipient_id": "p", "study_id": "s", "body": "Hi", "conversation_id": "c" }
            messages.send(NewMessage::new(p.clone(), s.clone(), "Hi")
                .conversation_id(id::<prolific_api_ext::ConversationId>("c"))).await;
        "POST /api/v1/messages/bulk/" { "ids": ["p"], "study_id": "s", "body": "Hi" }
            messages.send_to_many([&p], &s, "Hi").await;
        "POST /api/v1/messages/participant-group/" { "participant_group_id": "g", "body": "Hi" }
            messages.send_to_group(&id("g"), None, "Hi").await;
        "POST /api/v1/messages/participant-group/"
            { "participant_group_id": "g", "body": "Hi", "study_id": "s" }
            messages.send_to_group(&id("g"), Some(&s), "Hi").await;
        "POST /api/v1/conversations/"
            { "recipient_id": "p", "subject": "Birds", "topic": "feedback", "body": "Hi" }
            conversations.create(
                NewConversation::new(p.clone(), "Birds", "feedback").body("Hi")).await;
        "GET /api/v1/broadcasts/b/?workspace_id=w" null
            prolific.broadcasts().get(&id("b"), Some(&id("w"))).await;
        "POST /api/v1/broadcasts/" { "id": "b", "study_id": "s", "subject": "Birds", "body": "Hi",
            "participant_group_id": "g" }
            prolific.broadcasts().create(&NewBroadcast::new(s.clone(), "Birds", "Hi")
                .id(id("b")).other("participant_group_id", "g")).await;
    }
}

#[tokio::test]
async fn groups_people_and_pools() {
    let recorder = Recorder::answering([(0, anything())]).await;
    let prolific = recorder.client();
    let groups = prolific.participant_groups();
    let credential = || [Credential::new("ann", "pass word").unwrap()];
    sends! { recorder:
        "GET /api/v1/participant-groups/g/" null groups.get(&id("g")).await;
        "POST /api/v1/participant-groups/" { "name": "Birds", "workspace_id": "w", "participant_ids": ["p"] }
            groups.create(NewParticipantGroup::new("Birds")
                .workspace_id(id::<prolific_api_ext::WorkspaceId>("w"))
                .participant_ids([id("p")])).await;
        "PATCH /api/v1/participant-groups/g/" { "name": "Ducks" }
            groups.update(&id("g"), ParticipantGroupChange::new().name("Ducks")).await;
        "DELETE /api/v1/participant-groups/g/" null groups.delete(&id("g")).await;
        "POST /api/v1/participant-groups/g/participants/" { "participant_ids": ["p"] }
            groups.add(&id("g"), [&id("p")]).allow_partial().await;
        "DELETE /api/v1/participant-groups/g/participants/" { "participant_ids": ["p"] }
            groups.remove(&id("g"), [&id("p")]).await;
        "POST /api/v1/invitations/"
            { "association": "w", "emails": ["a@example.com"], "role": "WORKSPACE_ADMIN" }
            prolific.invitations()
                .create(&id("w"), ["a@example.com"], WorkspaceRole::Admin).allow_partial().await;
        "POST /api/v1/credentials/" { "workspace_id": "w", "credentials": "ann,pass word" }
            prolific.credentials().create(&id("w"), credential()).await;
        "PATCH /api/v1/credentials/c/" { "credentials": "ann,pass word" }
            prolific.credentials().add(&id("c"), credential()).await;
        "POST /api/v1/studies/s/demographic-export/" {}
            prolific.audience().export_demographics(&id("s"), []).await;
        "POST /api/v1/studies/s/demographic-export/"
            { "filters": [{ "filter_id": "sex", "selected_values": ["0"] }] }
            prolific.audience()
                .export_demographics(&id("s"), [filters::select("sex", ["0"])]).await;
    }
    let campaigns = prolific.campaigns().list(&id("w")).count().await;
    let line = "GET /api/v1/campaigns/?limit=200&offset=0&workspace_id=w".to_owned();
    assert_eq!((campaigns, recorder.seen()), (0, vec![(line, Value::Null)]));
}

#[tokio::test]
async fn exports_that_are_deleted() {
    let recorder = Recorder::answering([(0, anything())]).await;
    let prolific = recorder.client();
    sends! { recorder:
        "DELETE /api/v1/data-collection/batches/b/export/e" null
            prolific.batches().delete_export(&id("b"), &id("e")).await;
        "DELETE /api/v1/data-collection/collections/c/export/e" null
            prolific.collections().delete_export(&id("c"), &id("e")).await;
    }
}

#[tokio::test]
async fn keys_are_those_of_the_well_known_path_and_feedback_goes_to_the_storage() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    assert!(!prolific.studies().signing_keys().await.unwrap().is_empty());
    assert_eq!(simulator.requests()[0].path, "/.well-known/study/jwks.json");

    let workspace = simulator.workspace_id().unwrap();
    let file = UploadFile::from_bytes("feedback.csv", "submission,mark\n");
    prolific.submissions().upload_feedback(&workspace, file).await.unwrap();
    let operations = simulator.requests().into_iter().filter_map(|request| request.operation);
    let operations: Vec<_> = operations.collect();
    assert!(
        operations.ends_with(&["get-submission-feedback-upload-url", STORAGE_UPLOAD]),
        "{operations:?}"
    );
}

#[tokio::test]
async fn surveys() {
    let recorder = Recorder::answering([(0, anything())]).await;
    let surveys = recorder.client().surveys();
    let new = NewSurvey::new(id::<prolific_api_ext::ResearcherId>("r"), "Birds")
        .questions([SurveyQuestion::single("Ducks?", ["Yes", "No"])]);
    let response = NewSurveyResponse::new(
        id::<prolific_api_ext::ParticipantId>("p"),
        id::<prolific_api_ext::SubmissionId>("x"),
    );
    sends! { recorder:
        "GET /api/v1/surveys/v" null surveys.get(&id("v")).await;
        "POST /api/v1/surveys/" { "researcher_id": "r", "title": "Birds", "questions": [
            { "title": "Ducks?", "type": "single", "answers": [{ "value": "Yes" }, { "value": "No" }] }] }
            surveys.create(new).await;
        "DELETE /api/v1/surveys/v" null surveys.delete(&id("v")).await;
        "GET /api/v1/surveys/v/responses/y" null surveys.response(&id("v"), &id("y")).await;
        "POST /api/v1/surveys/v/responses/" { "participant_id": "p", "submission_id": "x" }
            surveys.create_response(&id("v"), response).await;
        "DELETE /api/v1/surveys/v/responses/y" null
            surveys.delete_response(&id("v"), &id("y")).await;
        "DELETE /api/v1/surveys/v/responses/" null surveys.delete_all_responses(&id("v")).await;
        "GET /api/v1/surveys/v/responses/summary/" null surveys.summary(&id("v")).await;
    }
}
