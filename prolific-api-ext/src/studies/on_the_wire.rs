//! What studies send and how answers are read, on a real socket.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use super::{
    CompletionAction, CompletionCode, CompletionCodeType, Device, NewStudy, Study, StudyAction,
    StudyChange, StudyStatus, SubmissionLimit::AtMost,
};
use crate::{
    ErrorKind, Minor, StudyId, Timestamp,
    request::says_the_same,
    transfer::{RecordingServer, Reply},
};

fn id() -> StudyId {
    StudyId::new("s1").unwrap()
}

fn draft() -> NewStudy {
    NewStudy::new("Birds", "Name them.")
        .minutes(5)
        .reward(100)
        .places(20)
        .external_url("https://example.com")
        .completion_code(code())
}

fn code() -> CompletionCode {
    CompletionCode::new("C1", CompletionCodeType::Completed)
        .action(CompletionAction::AutomaticallyApprove {})
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
    assert_eq!(study.metadata.as_deref(), Some("mine"));
}

#[tokio::test]
async fn a_study_without_an_id_is_no_answer_and_one_of_a_new_state_is() {
    let server = answering(json!({ "status": "ACTIVE" })).await;
    let error = server.prolific().studies().get(&id()).await.unwrap_err();
    assert_eq!(error.to_string(), "get-study: 200 OK: the response has no `id`");
    let server = answering(json!({ "id": "s1", "status": "ARCHIVED", "published_at": null })).await;
    let status = server.prolific().studies().get(&id()).await.unwrap().status.unwrap();
    assert!(!status.is_known() && !status.is_terminal() && status.as_str() == "ARCHIVED");
}

#[tokio::test]
async fn every_field_of_a_study_survives_being_stored() {
    let answer = json!({
        "id": "s1", "status": "NEW", "study_type": "QUOTA", "total_available_places": 20.4,
        "reward": 283.34, "started_publishing_at": 5, "is_underpaying": "yes",
        "filters": [
            { "filter_id": "age", "selected_range": { "lower": 18.0 } },
            { "filter_id": "not", "selected_filters": [] },
        ],
        "completion_codes": [{ "code": null, "code_type": "MINE", "actions": [
            { "action": "AUTOMATICALLY_APPROVE" }, { "action": "DANCE", "how": "well" },
        ] }],
        "access_details": [{ "external_url": "https://example.com", "total_allocation": 20 }],
        "submissions_config": { "max_submissions_per_participant": 1 },
        "researcher": { "id": "r/1", "institution": { "name": "Birds" } },
    });
    let server = answering(answer).await;
    let study = server.prolific().studies().get(&id()).await.unwrap();
    assert_eq!((study.total_available_places, study.reward), (Some(20), "283.34".parse().ok()));
    assert_eq!(study.filters[0], crate::filters::range("age", 18..));
    assert_eq!(
        study.submissions_config.clone().unwrap().max_submissions_per_participant,
        Some(AtMost(1))
    );
    // What can't be used is left out, and its neighbours are not.
    assert_eq!((study.started_publishing_at.as_ref(), study.filters.len()), (None, 2));
    let researcher = study.researcher.clone().unwrap();
    assert_eq!(
        (researcher.id, researcher.institution.unwrap().name.as_deref()),
        (None, Some("Birds"))
    );
    let json = serde_json::to_string(&study).unwrap();
    assert_eq!(serde_json::from_str::<Study>(&json).unwrap(), study);
}

#[tokio::test]
async fn a_draft_is_made_of_what_was_set() {
    let server = RecordingServer::answering(201, json!({ "id": "s1" })).await;
    let new = draft()
        .filters([crate::filters::range("age", 18..=30)])
        .device_compatibility([Device::Desktop])
        .project_id(crate::ProjectId::new("p1").unwrap());
    assert_eq!(server.prolific().studies().create(new).await.unwrap().id, id());
    assert_eq!(server.seen()[0].line(), "POST /api/v1/studies/");
    let expected = json!({
        "name": "Birds", "description": "Name them.", "prolific_id_option": "url_parameters",
        "estimated_completion_time": 5, "reward": 100, "total_available_places": 20,
        "external_study_url": "https://example.com", "project": "p1",
        "completion_codes": [{ "code": "C1", "code_type": "COMPLETED",
            "actions": [{ "action": "AUTOMATICALLY_APPROVE" }] }],
        "filters": [{ "filter_id": "age", "selected_range": { "lower": 18, "upper": 30 } }],
        "device_compatibility": ["desktop"],
    });
    assert!(says_the_same(&server.seen()[0].json(), &expected), "{}", server.seen()[0].json());
    let json = serde_json::to_string(&draft()).unwrap();
    assert_eq!(serde_json::from_str::<NewStudy>(&json).unwrap(), draft());
}

#[tokio::test]
async fn what_can_not_be_a_study_is_not_sent() {
    let server = answering(json!({ "id": "s1" })).await;
    let set = crate::FilterSetId::new("f1").unwrap();
    let refused = [
        (NewStudy { external_url: None, ..draft() }, "`external_study_url` is not set"),
        (NewStudy { name: " ".to_owned(), ..draft() }, "`name` is empty"),
        (draft().reward(-100).minutes(0), "`reward` is less than 0; `estimated_completion_time`"),
        (draft().filters([crate::filters::range("age", 18..)]).filter_set_id(set), "filter_set_id"),
    ];
    for (new, why) in refused {
        let error = server.prolific().studies().create(new).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn what_can_not_be_changed_is_not_sent() {
    let server = answering(json!({ "id": "s1" })).await;
    let set = crate::FilterSetId::new("f1").unwrap();
    let refused = [
        (StudyChange::new().minutes(0), "less than 1"),
        (StudyChange::new().reward(-1), "less than 0"),
        (StudyChange::new().naivety_distribution_rate(-0.1), "less than 0"),
        (StudyChange::new().naivety_distribution_rate(f64::NAN), "not a number"),
        (
            StudyChange::new().filters([crate::filters::range("age", 18..)]).filter_set_id(set),
            "can't be combined with filters",
        ),
    ];
    for (change, why) in refused {
        let error = server.prolific().studies().update(&id(), change).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_change_sends_what_was_set_and_null_for_what_was_cleared() {
    let server = answering(json!({ "id": "s1" })).await;
    let change = StudyChange::new().places(40).no_filter_set().no_filters();
    server.prolific().studies().update(&id(), change).await.unwrap();
    assert_eq!(server.seen()[0].line(), "PATCH /api/v1/studies/s1/");
    let expected = json!({ "total_available_places": 40, "filter_set_id": null, "filters": null });
    assert!(says_the_same(&server.seen()[0].json(), &expected), "{}", server.seen()[0].json());
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
    studies.schedule(&id(), Timestamp::new("2026-12-01T12:00:00Z")).await.unwrap();
    studies.schedule(&id(), None).await.unwrap();
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
    studies.update(&id(), StudyChange::new()).await.unwrap_err();
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
        0 => Reply::json(503, &json!({})),
        _ => Reply::json(200, &json!({ "total_cost": 2_660.5 })),
    })
    .await;
    let studies = server.prolific().studies();
    assert_eq!(studies.calculate_cost(100, 20).await.unwrap().to_string(), "2660.5");
    assert_eq!(server.seen()[1].line(), "POST /api/v1/study-cost-calculator/");
    let expected = json!({ "reward": 100, "total_available_places": 20 });
    assert!(says_the_same(&server.seen()[1].json(), &expected), "{}", server.seen()[1].json());
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

#[tokio::test]
#[allow(deprecated, reason = "it is tested for as long as it is there")]
async fn what_else_is_known_of_a_study_is_read() {
    let server = RecordingServer::start(|line, _, _| match line {
        line if line.contains("/export/") || line.contains("/report/") => {
            Reply::Answer(200, "content-type: text/csv\r\n", "a,b\n1,2\n".to_owned())
        }
        line if line.contains("/ratings/") => {
            Reply::json(200, &json!({ "clarity": { "average_rating": 4.5, "total_count": 2 } }))
        }
        line if line.contains("/responses/") => {
            Reply::json(200, &json!({ "results": [{ "text": "Fun", "ratings": { "fairness_rating": 5 } }], "meta": { "count": 1 } }))
        }
        line if line.contains("/test-study") => {
            Reply::json(200, &json!({ "study_id": "s2", "study_url": "https://example.com" }))
        }
        _ => Reply::json(200, &json!({ "id": "s1", "progress": [{ "allocated": 3, "total_allocation": 2.0 }] })),
    })
    .await;
    let studies = server.prolific().studies();
    let progress = studies.access_details_progress(&id()).await.unwrap().progress;
    assert_eq!((progress[0].allocated, progress[0].total_allocation), (Some(3), Some(2)));
    let test = studies.create_test_study(&id()).await.unwrap();
    assert_eq!(test.study_id.unwrap().as_str(), "s2");
    let feedback: Vec<_> = studies.feedback(&id()).try_collect().await.unwrap();
    assert_eq!(feedback[0].ratings.as_ref().unwrap().fairness, Some(5.0));
    let ratings = studies.feedback_ratings(&id()).await.unwrap();
    assert_eq!((ratings["clarity"].average, ratings["clarity"].count), (Some(4.5), Some(2)));
    assert_eq!(studies.export(&id()).await.unwrap().as_bytes(), "a,b\n1,2\n");
    assert_eq!(studies.credentials_report(&id()).await.unwrap().as_bytes(), "a,b\n1,2\n");
    let lines: Vec<_> = server.seen().iter().map(|seen| seen.line().to_owned()).collect();
    let expected = [
        "GET /api/v1/studies/s1/access-details-progress/",
        "POST /api/v1/studies/s1/test-study",
        "GET /api/v1/studies/s1/feedback/responses/?limit=200&offset=0",
        "GET /api/v1/studies/s1/feedback/ratings/",
        "GET /api/v1/studies/s1/export/",
        "GET /api/v1/studies/s1/credentials/report/",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_table_beyond_the_body_limit_is_too_large() {
    let server = RecordingServer::start(|_, _, _| {
        Reply::Answer(200, "content-type: text/csv\r\n", "a,b\n1,2\n".to_owned())
    })
    .await;
    for (limit, is_read) in [(8, true), (7, false)] {
        let prolific = server.builder().body_limit(limit).build().unwrap();
        let exported = prolific.studies().credentials_report(&id()).await;
        assert_eq!(exported.is_ok(), is_read, "{limit}");
        if let Err(error) = exported {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::BodyTooLarge, 1), "{error}");
            assert!(error.to_string().contains("raise `body_limit`"), "{error}");
        }
    }
}

/// A server that answers reads of a study with these statuses, and publishing with this one.
async fn publishing(status: u16, reads: &'static [&'static str]) -> RecordingServer {
    RecordingServer::start(move |line, _, before| match line.starts_with("POST") {
        true => Reply::json(status, &json!({ "id": "s1", "status": "PUBLISHING" })),
        false => {
            let status = reads[before.min(reads.len() - 1)];
            Reply::json(200, &json!({ "id": "s1", "status": status }))
        }
    })
    .await
}

const SHORT: Duration = Duration::from_millis(1);

#[tokio::test]
async fn publishing_is_waited_for_and_sent_once_also_if_its_response_is_lost() {
    for status in [200, 503] {
        let server = publishing(status, &["PUBLISHING", "PUBLISHING", "PAUSED"]).await;
        let study = server.prolific().studies().publish_and_wait(&id()).interval(SHORT).await;
        assert_eq!(study.unwrap().status, Some(StudyStatus::Paused), "{status}");
        assert_eq!(server.seen_of("POST").len(), 1);
    }
}

#[tokio::test]
async fn a_publishing_in_doubt_of_a_study_that_is_still_a_draft_says_that_it_may_have_acted() {
    let server = publishing(503, &["UNPUBLISHED"]).await;
    let error = server.prolific().studies().publish_and_wait(&id()).await.unwrap_err();
    assert!(error.may_have_acted() && !error.is_transient(), "{error:?}");
    assert_eq!((server.seen_of("POST").len(), server.seen().len()), (1, 2));
}

#[tokio::test]
async fn a_study_that_falls_back_to_a_draft_was_not_published() {
    let server = publishing(200, &["PUBLISHING", "UNPUBLISHED"]).await;
    let published = server.prolific().studies().publish_and_wait(&id()).interval(SHORT).await;
    let error = published.unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::Failed, Some("UNPUBLISHED")));
    assert!(error.last_seen::<Study>().is_some(), "{error}");
}
