//! Ids that name nothing are refused wherever a request can have them.

use serde_json::{Value, json};

use crate::{
    session::{Session, schema},
    task_builder::details,
    whole_session::study_body,
};

/// Calls, and must be refused for this reason.
async fn refused(session: &mut Session, method: &str, path: &str, body: &Value, what: &str) {
    let answer = session.expect(404, method, path, body).await;
    let error = answer.get("error").unwrap_or(&answer);
    let detail = format!("There is no such {what}.");
    assert_eq!(error["detail"], detail.as_str(), "{method} {path}: {body}");
}

/// A study with these members.
fn study_with(members: Value) -> Value {
    let mut body = study_body();
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn select(filter: &str, value: &str) -> Value {
    json!({ "filter_id": filter, "selected_values": [value] })
}

#[tokio::test]
async fn an_unknown_workspace_is_refused_in_every_list() {
    let mut session = Session::start();
    let body = json!({ "recipient_id": "p1", "subject": "Hi", "topic": "other" });
    let group = json!({ "name": "Birders", "participant_ids": ["p1"] });
    session.expect(201, "POST", "participant-groups/", &group).await;
    let conversation = session.expect(201, "POST", "conversations/", &body).await;
    let messages = format!("conversations/{}/messages/", conversation["id"].as_str().unwrap());
    let study = session.simulator.active_study().unwrap();
    let body = json!({ "id": "mine", "study_id": study });
    session.expect(201, "POST", "broadcasts/", &body).await;
    for path in [
        "studies/",
        "participant-groups/",
        "filter-sets/",
        "filters/",
        "filters/search/?q=age",
        "filters/sex/choices/",
        "filters/sex/choices/search/?q=male",
        "filters/rule-tree/",
        "filters/sex/distribution/?distribution_filters=sex",
        "hooks/subscriptions/",
        "hooks/secrets/",
        "credentials/",
        "campaigns/",
        "reward-recommendations/?currency=GBP",
        "submissions/signals/upload-url/a.csv",
        "broadcasts/",
        "broadcasts/mine/",
        "conversations/",
        &messages,
        "data-collection/batches",
        "data-collection/collections",
    ] {
        let separator = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{separator}workspace_id=nowhere");
        refused(&mut session, "GET", &path, &Value::Null, "workspace").await;
    }
}

#[tokio::test]
async fn an_unknown_workspace_is_refused_for_everything_that_is_created() {
    let mut session = Session::start();
    let study = session.simulator.active_study().unwrap();
    let group = json!({ "name": "Birders", "participant_ids": ["p1"] });
    session.expect(201, "POST", "participant-groups/", &group).await;
    let items = json!([{ "order": 0, "page_items": [{ "type": "free_text", "order": 0, "description": "Why?" }] }]);
    let cases = [
        ("filter-sets/", json!({ "name": "a" })),
        ("participant-groups/", json!({ "name": "a" })),
        ("credentials/", json!({ "credentials": "a,1" })),
        ("hooks/secrets/", json!({})),
        (
            "hooks/subscriptions/",
            json!({ "event_type": "study.status.change", "target_url": "https://a.example" }),
        ),
        ("eligibility-count/", json!({ "filters": [] })),
        (
            "eligibility-count/filter-breakdown/",
            json!({ "filters": [], "breakdown_filter": select("sex", "0") }),
        ),
        ("broadcasts/", json!({ "study_id": study })),
        ("conversations/", json!({ "recipient_id": "p1", "subject": "Hi", "topic": "other" })),
        ("data-collection/datasets", json!({ "name": "a" })),
        ("data-collection/datasets", json!({ "name": "a", "schema": schema(true) })),
        ("data-collection/batches", json!({ "name": "a", "task_details": details() })),
        (
            "data-collection/collections",
            json!({ "name": "a", "task_details": details(), "collection_items": items }),
        ),
    ];
    let known = session.simulator.workspace_id().unwrap();
    for (path, mut body) in cases {
        body["workspace_id"] = json!("nowhere");
        refused(&mut session, "POST", path, &body, "workspace").await;
        body["workspace_id"] = json!(known);
        let (status, answer) = session.call("POST", path, &body).await;
        assert!(status == 200 || status == 201, "{path}: {answer}");
    }
    let body = json!({ "association": "x", "emails": ["a@b.example"], "role": "WORKSPACE_ADMIN" });
    refused(&mut session, "POST", "invitations/", &body, "workspace").await;
}

#[tokio::test]
async fn an_unknown_group_or_study_is_refused_in_a_filter_and_a_group_in_a_code() {
    let mut session = Session::start();
    let study = session.simulator.active_study().unwrap();
    let path = format!("studies/{study}/");
    let made = session.expect(201, "POST", "participant-groups/", &json!({ "name": "a" })).await;
    let group = made["id"].as_str().unwrap().to_owned();
    let action = json!({ "action": "ADD_TO_PARTICIPANT_GROUP", "participant_group": "none" });
    let code = |action: &Value| json!([{ "code": "C", "code_type": "OTHER", "actions": [action] }]);
    for (members, what) in [
        (
            json!({ "filters": [select("participant_group_allowlist", "none")] }),
            "participant group",
        ),
        (
            json!({ "filters": [select("participant_group_blocklist", "none")] }),
            "participant group",
        ),
        (json!({ "filters": [select("previous_studies_allowlist", "none")] }), "study"),
        (json!({ "filters": [select("previous_studies_blocklist", "none")] }), "study"),
        (json!({ "completion_codes": code(&action) }), "participant group"),
        (json!({ "project": "none" }), "project"),
        (json!({ "filter_set_id": "none" }), "filter set"),
        (json!({ "credential_pool_id": "none" }), "credential pool"),
    ] {
        refused(&mut session, "POST", "studies/", &study_with(members.clone()), what).await;
        refused(&mut session, "PATCH", &path, &members, what).await;
    }
    for (kind, what) in [("BATCH", "batch"), ("COLLECTION", "collection")] {
        let method = format!("AI_TASK_BUILDER_{kind}");
        let members = json!({ "data_collection_method": method, "data_collection_id": "none" });
        refused(&mut session, "POST", "studies/", &study_with(members), what).await;
    }

    let known = json!({ "filters": [
        select("participant_group_allowlist", &group),
        select("previous_studies_blocklist", study.as_str()),
        select("custom_blocklist", "p1"),
    ] });
    session.expect(201, "POST", "studies/", &study_with(known.clone())).await;
    session.expect(204, "DELETE", &format!("participant-groups/{group}/"), &Value::Null).await;
    refused(&mut session, "POST", "studies/", &study_with(known), "participant group").await;
}

#[tokio::test]
async fn an_unknown_study_or_project_is_refused_in_queries() {
    let mut session = Session::start();
    let batch = session.simulator.ready_batch().unwrap();
    let export = format!("data-collection/batches/{batch}/export?study_id=none");
    for (method, path, what) in [
        ("GET", "submissions/?study=none", "study"),
        ("GET", "broadcasts/?study_id=none", "study"),
        ("GET", "conversations/?study_id=none", "study"),
        ("GET", "conversations/?broadcast_id=none", "broadcast"),
        ("GET", "participant-groups/?project_id=none", "project"),
        ("POST", &export, "study"),
    ] {
        refused(&mut session, method, path, &Value::Null, what).await;
    }
}

#[tokio::test]
async fn a_message_to_a_stranger_is_refused_and_nobody_gets_it() {
    let mut session = Session::start();
    let study = session.simulator.active_study().unwrap();
    let taken = session.simulator.participants().take(&study, 1).unwrap();
    let row = session.get(&format!("submissions/{}/", taken[0])).await;
    let who = row["participant"].as_str().unwrap().to_owned();
    let member = json!({ "name": "Birders", "participant_ids": ["member"] });
    session.expect(201, "POST", "participant-groups/", &member).await;
    let tester = json!({ "email": "t@example.com" });
    let tester = session.expect(201, "POST", "researchers/participants/", &tester).await;

    let stranger = "participant as \"stranger\"";
    let text = json!({ "recipient_id": "stranger", "body": "Hi", "study_id": study });
    refused(&mut session, "POST", "messages/", &text, stranger).await;
    let many = json!({ "ids": [who, "stranger"], "body": "Hi", "study_id": study });
    refused(&mut session, "POST", "messages/bulk/", &many, stranger).await;
    let talk = json!({ "recipient_id": "stranger", "subject": "Hi", "topic": "other" });
    refused(&mut session, "POST", "conversations/", &talk, stranger).await;
    let broadcast = json!({ "study_id": study, "participant_ids": [who, "member"] });
    let outsider = "participant of the study as \"member\"";
    refused(&mut session, "POST", "broadcasts/", &broadcast, outsider).await;
    assert_eq!(session.get("conversations/").await["results"], json!([]));
    assert_eq!(session.get("broadcasts/").await["results"], json!([]));

    let known = json!({
        "ids": [who, "member", tester["participant_id"]], "body": "Hi", "study_id": study });
    session.expect(204, "POST", "messages/bulk/", &known).await;
    let broadcast = json!({ "study_id": study, "participant_ids": [who] });
    session.expect(201, "POST", "broadcasts/", &broadcast).await;
}

#[tokio::test]
async fn those_who_answered_a_batch_or_a_collection_are_no_strangers() {
    let mut session = Session::start();
    let study = session.simulator.active_study().unwrap();
    let (batch, collection) =
        (session.simulator.ready_batch().unwrap(), session.simulator.collection().unwrap());
    session.simulator.answer(&batch, 1).unwrap();
    session.simulator.answer_collection(&collection, 1).unwrap();
    for path in [format!("batches/{batch}"), format!("collections/{collection}")] {
        let responses = session.get(&format!("data-collection/{path}/responses")).await;
        let who = &responses["results"][0]["participant_id"];
        let body = json!({ "recipient_id": who, "body": "Thank you", "study_id": study });
        session.expect(204, "POST", "messages/", &body).await;
    }
}

#[tokio::test]
async fn a_response_to_a_survey_can_not_answer_what_the_survey_does_not_ask() {
    let mut session = Session::start();
    let question = json!({ "title": "Which?", "type": "single", "answers": [{ "value": "a" }] });
    let body = json!({
        "researcher_id": "r1", "title": "Birds", "questions": [question],
        "sections": [{ "title": "One", "questions": [question] }] });
    let made = session.expect(201, "POST", "surveys/", &body).await;
    let path = format!("surveys/{}/responses/", made["_id"].as_str().unwrap());
    let unknown = json!("0199c5a4-7b5e-7c3a-9b1f-ffffffffffff");
    let answered = |question: &Value, answer: &Value| {
        json!({ "question_id": question, "question_title": "Which?",
            "answers": [{ "answer_id": answer, "value": "a" }] })
    };
    let single = &made["questions"][0];
    let (id, answer) = (&single["id"], &single["answers"][0]["id"]);
    let section = |section: &Value| {
        let within = &made["sections"][0]["questions"][0];
        let questions = [answered(&within["id"], &within["answers"][0]["id"])];
        json!([{ "section_id": section, "questions": questions }])
    };
    for (members, what) in [
        (json!({ "questions": [answered(&unknown, answer)] }), "question in the survey"),
        (json!({ "questions": [answered(id, &unknown)] }), "answer to the question"),
        (json!({ "sections": section(&unknown) }), "section in the survey"),
    ] {
        let mut body = json!({ "participant_id": "p1", "submission_id": "s1" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        refused(&mut session, "POST", &path, &body, what).await;
    }
    let body = json!({ "participant_id": "p1", "submission_id": "s1",
        "questions": [answered(id, answer)], "sections": section(&made["sections"][0]["id"]) });
    session.expect(201, "POST", &path, &body).await;
}
