//! What studies send and how answers are read, on a real socket.

use futures_util::TryStreamExt as _;
use prolific_api::types::{
    CreateStudy, NullableDataCollectionMethod, NullableFilterArray, NullableNumber, NullableString,
    UpdateStudy, builder,
};
use serde_json::{Value, json};

use super::{StudyAction, StudyStatus};
use crate::{ErrorKind, Minor, StudyId, Timestamp, transfer::RecordingServer};

fn id() -> StudyId {
    StudyId::new("s1").unwrap()
}

fn rate(rate: f64) -> NullableNumber {
    NullableNumber(Some(rate.try_into().unwrap()))
}

fn draft() -> builder::CreateStudy {
    CreateStudy::builder()
        .name("Birds")
        .description("Name them.")
        .prolific_id_option("url_parameters")
        .estimated_completion_time(5.0)
        .reward(100.0)
}

fn url() -> NullableString {
    NullableString(Some("https://example.com".to_owned()))
}

async fn answering(body: Value) -> RecordingServer {
    RecordingServer::answering(200, body).await
}

#[tokio::test]
async fn studies_are_listed_by_page() {
    let server = answering(json!({ "results": [{ "id": "s1" }], "meta": { "count": 1 } })).await;
    let list: Vec<_> = server.prolific().studies().list().try_collect().await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/studies/?page=1");
    assert_eq!(list.len(), 1);
}

#[tokio::test]
async fn a_study_is_read_with_its_usual_fields_and_all_others() {
    let answer = json!({
        "id": "s1", "status": "AWAITING REVIEW", "name": "Birds", "project": "p1", "reward": 100,
        "published_at": "2026-04-18 11:25:02", "metadata": "mine",
    });
    let server = answering(answer).await;
    let study = server.prolific().studies().get(&id()).await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/studies/s1/");
    assert_eq!((study.id, study.status), (id(), Some(StudyStatus::AwaitingReview)));
    assert_eq!((study.name.as_deref(), study.reward), (Some("Birds"), Some(Minor::from(100))));
    assert_eq!(study.project_id.unwrap().as_str(), "p1");
    assert_eq!(study.published_at.unwrap().as_str(), "2026-04-18 11:25:02");
    assert_eq!(study.raw.metadata.as_deref(), Some("mine"));
}

#[tokio::test]
async fn a_study_without_an_id_is_no_answer_and_one_of_a_new_state_is() {
    let server = answering(json!({ "status": "ACTIVE" })).await;
    let error = server.prolific().studies().get(&id()).await.unwrap_err();
    assert_eq!(error.to_string(), "get-study: 200 OK: the answer has no `id`");
    let server = answering(json!({ "id": "s1", "status": "ARCHIVED", "published_at": null })).await;
    let status = server.prolific().studies().get(&id()).await.unwrap().status.unwrap();
    assert!(!status.is_known() && !status.is_terminal() && status.as_str() == "ARCHIVED");
}

#[tokio::test]
async fn a_draft_is_made_of_what_was_set() {
    let server = RecordingServer::answering(201, json!({ "id": "s1" })).await;
    let new = draft().external_study_url(url());
    assert_eq!(server.prolific().studies().create(new).await.unwrap().id, id());
    assert_eq!(server.seen()[0].line(), "POST /api/v1/studies/");
    let expected = json!({
        "name": "Birds", "description": "Name them.", "prolific_id_option": "url_parameters",
        "estimated_completion_time": 5, "reward": 100,
        "external_study_url": "https://example.com",
    });
    assert_eq!(server.seen()[0].json(), expected);
}

#[tokio::test]
#[allow(deprecated, reason = "it is checked as long as it is taken")]
async fn what_can_not_be_a_study_is_not_sent() {
    let server = answering(json!({ "id": "s1" })).await;
    let batch = "AI_TASK_BUILDER_BATCH".parse().unwrap();
    let method = NullableDataCollectionMethod(Some(batch));
    let refused = [
        (CreateStudy::builder().name("a"), "can't be built"),
        (draft(), "needs a task"),
        (draft().external_study_url(NullableString(None)), "needs a task"),
        (draft().external_study_url(url()).name(" "), "name of a study is empty"),
        (draft().external_study_url(url()).estimated_completion_time(0.5), "at least 1"),
        (draft().external_study_url(url()).estimated_completion_time(f64::NAN), "not a number"),
        (draft().external_study_url(url()).reward(f64::INFINITY), "not a number"),
        (draft().external_study_url(url()).reward(-100.0), "reward of a study"),
        (draft().external_study_url(url()).reward(1.5), "reward of a study"),
        (draft().external_study_url(url()).total_available_places(-1), "total_available_places"),
        (draft().data_collection_method(method), "set data_collection_id"),
        (draft().external_study_url(url()).naivety_distribution_rate(rate(1.5)), "0 to 1"),
    ];
    for (new, why) in refused {
        let error = server.prolific().studies().create(new).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
#[allow(deprecated, reason = "it is checked as long as it is taken")]
async fn what_can_not_be_changed_is_not_sent() {
    let server = answering(json!({ "id": "s1" })).await;
    let filters = serde_json::from_value(json!([{ "filter_id": "age", "selected_values": ["1"] }]));
    let filters: NullableFilterArray = filters.unwrap();
    let both = UpdateStudy::builder().filters(filters).filter_set_id(url());
    let refused = [
        (UpdateStudy::builder().estimated_completion_time(0.5), "at least 1"),
        (UpdateStudy::builder().naivety_distribution_rate(rate(-0.1)), "0 to 1"),
        (UpdateStudy::builder().reward(f64::NAN), "not a number"),
        (UpdateStudy::builder().reward(-5), "reward of a study"),
        (UpdateStudy::builder().total_available_places(2.5), "total_available_places of a study"),
        (both, "not both"),
    ];
    for (change, why) in refused {
        let error = server.prolific().studies().update(&id(), change).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_change_sends_what_was_set_and_nothing_else() {
    let server = answering(json!({ "id": "s1" })).await;
    let change = UpdateStudy::builder().total_available_places(40.0);
    server.prolific().studies().update(&id(), change).await.unwrap();
    assert_eq!(server.seen()[0].line(), "PATCH /api/v1/studies/s1/");
    assert_eq!(server.seen()[0].json(), json!({ "total_available_places": 40 }));
}

#[tokio::test]
async fn a_draft_is_deleted_whether_the_answer_is_200_or_204() {
    for status in [200, 204] {
        let server = RecordingServer::answering(status, json!("")).await;
        server.prolific().studies().delete(&id()).await.unwrap();
        assert_eq!(server.seen()[0].line(), "DELETE /api/v1/studies/s1/");
        assert!(server.seen()[0].body.is_empty());
    }
}

#[tokio::test]
async fn a_copy_says_whom_to_block_where_that_was_said() {
    let server = answering(json!({ "id": "s2" })).await;
    let studies = server.prolific().studies();
    assert_eq!(studies.duplicate(&id(), None).await.unwrap().id.as_str(), "s2");
    studies.duplicate(&id(), false).await.unwrap();
    assert_eq!(server.seen()[0].line(), "POST /api/v1/studies/s1/clone/");
    assert_eq!(server.seen()[0].json(), json!({}));
    assert_eq!(server.seen()[1].json(), json!({ "block_previous_participants": false }));
}

#[tokio::test]
async fn each_transition_sends_its_action() {
    let server = answering(json!({ "id": "s1", "status": "PUBLISHING" })).await;
    let studies = server.prolific().studies();
    let study = studies.publish(&id()).await.unwrap();
    assert_eq!(study.status, Some(StudyStatus::Publishing));
    studies.pause(&id()).await.unwrap();
    studies.start(&id()).await.unwrap();
    studies.stop(&id()).await.unwrap();
    studies.transition(&id(), StudyAction::CancelPublish).await.unwrap();
    studies.schedule_publish(&id(), Timestamp::new("2026-12-01T12:00:00Z")).await.unwrap();
    studies.schedule_publish(&id(), None).await.unwrap();
    studies.transition(&id(), "NEWER".into()).await.unwrap();
    let seen = server.seen();
    assert!(seen.iter().all(|seen| seen.line() == "POST /api/v1/studies/s1/transition/"));
    let bodies: Vec<_> = seen.iter().map(|seen| seen.json()).collect();
    let at = "2026-12-01T12:00:00Z";
    let expected = [
        json!({ "action": "PUBLISH" }),
        json!({ "action": "PAUSE" }),
        json!({ "action": "START" }),
        json!({ "action": "STOP" }),
        json!({ "action": "CANCEL_PUBLISH" }),
        json!({ "action": "SCHEDULE_PUBLISH", "publish_at": at }),
        json!({ "action": "SCHEDULE_PUBLISH" }),
        json!({ "action": "NEWER" }),
    ];
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn what_may_spend_money_twice_is_sent_once() {
    let server = RecordingServer::answering(503, json!({})).await;
    let studies = server.prolific().studies();
    let error = studies.publish(&id()).await.unwrap_err();
    assert_eq!((error.operation(), server.seen().len()), (Some("publish-study"), 1));
    studies.update(&id(), UpdateStudy::default()).await.unwrap_err();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_cost_is_read_in_its_parts_now_and_projected() {
    let fees = json!({ "amount": 283.34, "currency": "GBP" });
    let server = answering(json!({ "rewards": { "fees": fees }, "bonuses": null })).await;
    let studies = server.prolific().studies();
    let cost = studies.cost(&id()).await.unwrap();
    studies.projected_cost(&id()).await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/studies/s1/cost/");
    assert_eq!(server.seen()[1].line(), "GET /api/v1/studies/s1/cost/?is_projected=true");
    let fees = cost.rewards.unwrap().fees.unwrap();
    assert_eq!(fees.money().unwrap().to_string(), "2.8334 GBP");
    assert_eq!(cost.bonuses, None);
}

#[tokio::test]
async fn a_price_is_asked_for_again_after_a_failure() {
    let server = RecordingServer::start(|_, _, before| match before {
        0 => crate::transfer::Reply::json(503, &json!({})),
        _ => crate::transfer::Reply::json(200, &json!({ "total_cost": 2_660.5 })),
    })
    .await;
    let studies = server.prolific().studies();
    assert_eq!(studies.calculate_cost(100, 20).await.unwrap().to_string(), "2660.5");
    assert_eq!(server.seen()[1].line(), "POST /api/v1/study-cost-calculator/");
    let expected = json!({ "reward": 100, "total_available_places": 20 });
    assert_eq!(server.seen()[1].json(), expected);
    let error = studies.calculate_cost(-1, 20).await.unwrap_err();
    assert_eq!((error.kind(), server.seen().len()), (ErrorKind::InvalidInput, 2));
}

#[tokio::test]
async fn the_submissions_of_a_study_are_listed_by_limit_and_offset() {
    let server = answering(json!({ "results": [{ "id": "x" }], "meta": { "count": 1 } })).await;
    let list: Vec<_> = server.prolific().studies().submissions(&id()).try_collect().await.unwrap();
    let line = "GET /api/v1/studies/s1/submissions/?limit=200&offset=0&ordering=started_at";
    assert_eq!((server.seen()[0].line(), list.len()), (line, 1));
}

#[tokio::test]
async fn submissions_are_counted_by_state() {
    let answer = json!({ "AWAITING REVIEW": 2, "TIMED-OUT": 1, "TOTAL": 3, "LOST": 1 });
    let server = answering(answer).await;
    let counts = server.prolific().studies().submission_counts(&id()).await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/studies/s1/submissions/counts/");
    assert_eq!((counts.awaiting_review, counts.timed_out), (Some(2), Some(1)));
    assert_eq!((counts.total, counts.active), (Some(3), None));
}
