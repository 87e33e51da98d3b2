//! Messages, broadcasts, groups, pools and surveys.

use futures_util::TryStreamExt as _;
use prolific_api_ext::{
    ErrorKind, ParticipantId, StudyId,
    broadcasts::NewBroadcast,
    conversations::NewConversation,
    credentials::Credential,
    messages::{MessageCategory, MessageQuery, NewMessage},
    surveys::{NewSurvey, SurveyQuestion, SurveySection},
};
use serde_json::json;

use crate::{Recorder, id};

#[tokio::test]
async fn who_sent_a_message_and_when_is_read_under_either_name() {
    let answer = json!({ "results": [
        { "body": "hi", "sender_id": "p1", "datetime_created": "2026-03-01T09:00:00Z" },
        { "body": "hi", "sender": "p1", "sent_at": "2026-03-01T09:00:00Z" },
        { "body": "hi", "sender_id": null, "datetime_created": "2026-03-01T09:00:00.123456" },
        { "id": "m4", "data": { "category": "feedback" } },
    ] });
    let recorder = Recorder::answering([(200, answer)]).await;
    let rows: Vec<_> = recorder.client().messages().unread().try_collect().await.unwrap();
    for row in &rows[..2] {
        assert_eq!(row.sender_id.as_ref().unwrap().as_str(), "p1");
        assert_eq!(row.sent_at.as_ref().unwrap().as_str(), "2026-03-01T09:00:00Z");
    }
    assert!(rows[2].sender_id.is_none() && rows[2].sent_at.is_some());
    assert_eq!(rows[3].data.as_ref().unwrap().category, Some(MessageCategory::Feedback));
    let to_answer: ParticipantId = rows[0].sender_id.clone().unwrap().into();
    assert_eq!(to_answer.as_str(), "p1");
}

#[tokio::test]
async fn a_broadcast_keeps_its_id_over_all_attempts() {
    let recorder =
        Recorder::answering([(503, json!({})), (500, json!({})), (201, json!({ "id": "b" }))])
            .await;
    let broadcast = NewBroadcast::new(id::<StudyId>("s"), "Birds", "Hi");
    assert_ne!(broadcast.id, NewBroadcast::new(id("s"), "Birds", "Hi").id);
    recorder.client().broadcasts().create(&broadcast).await.unwrap();
    let ids: Vec<_> = recorder.seen().into_iter().map(|(_, body)| body["id"].clone()).collect();
    assert_eq!(ids, [broadcast.id.as_str(), broadcast.id.as_str(), broadcast.id.as_str()]);
    // A policy of the caller's still decides.
    let failing = Recorder::answering([(503, json!({}))]).await;
    let once = failing.client().with_retry_policy(prolific_api_ext::NoRetry);
    once.broadcasts().create(&broadcast).await.unwrap_err();
    assert_eq!(failing.seen().len(), 1);
    let json = serde_json::to_string(&broadcast).unwrap();
    assert_eq!(serde_json::from_str::<NewBroadcast>(&json).unwrap(), broadcast);
}

#[tokio::test]
async fn a_message_is_sent_once() {
    let recorder = Recorder::answering([(503, json!({}))]).await;
    let prolific = recorder.client();
    let (p, s): (ParticipantId, StudyId) = (id("p"), id("s"));
    prolific.messages().send(NewMessage::new(p.clone(), s.clone(), "Hi")).await.unwrap_err();
    prolific.messages().send_to_many([&p], &s, "Hi").await.unwrap_err();
    let error = prolific.messages().send_to_group(&id("g"), None, "Hi").await.unwrap_err();
    assert!(error.may_have_acted());
    assert_eq!(recorder.seen().len(), 3);
}

#[tokio::test]
async fn what_can_not_be_sent_is_refused() {
    let recorder = Recorder::answering([(200, json!({}))]).await;
    let prolific = recorder.client();
    let (p, s): (ParticipantId, StudyId) = (id("p"), id("s"));
    let many = (0..11).map(|number| id(&format!("p{number}"))).collect::<Vec<_>>();
    let researcher = || id::<prolific_api_ext::ResearcherId>("r");
    let question = || SurveyQuestion::multiple("Which?", ["Duck"]);
    let crowded = SurveyQuestion::single("Which?", (0..11).map(|number| number.to_string()));
    let surveys = [
        NewSurvey::new(researcher(), "Birds"),
        NewSurvey::new(researcher(), "Birds")
            .questions([question()])
            .sections([SurveySection::new("One", [question()])]),
        NewSurvey::new(researcher(), "Birds")
            .sections([SurveySection::new("One", (0..6).map(|_| question()))]),
        NewSurvey::new(researcher(), "Birds").questions([crowded]),
    ];
    let mut refused = vec![
        prolific.messages().list(MessageQuery::new().excluded_sender_ids(many)).err(),
        prolific.messages().send(NewMessage::new(p.clone(), s.clone(), " ")).await.err(),
        prolific.messages().send_to_many([], &s, "Hi").await.err(),
        prolific.participant_groups().add(&id("g"), []).await.err(),
        prolific.credentials().create(&id("w"), []).await.err(),
        Credential::new("a,b", "c").err(),
        Credential::new("", "c").err(),
        prolific
            .conversations()
            .create(NewConversation::new(p.clone(), "x".repeat(501), "feedback"))
            .await
            .err(),
        prolific.broadcasts().create(&NewBroadcast::new(s, "a", "x".repeat(10_001))).await.err(),
    ];
    for survey in surveys {
        refused.push(prolific.surveys().create(survey).await.err());
    }
    for error in refused {
        let error = error.unwrap();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
    }
    assert!(recorder.seen().is_empty());
}

#[test]
fn a_password_is_not_shown() {
    let credential = Credential::new("ann", "hush").unwrap();
    assert!(!format!("{credential:?}").contains("hush"), "{credential:?}");
}

#[tokio::test]
async fn a_response_to_a_survey_is_known_under_either_name_of_its_id() {
    let answer = json!({ "results": [{ "_id": "a" }, { "id": "b" }], "meta": { "count": 2 } });
    let recorder = Recorder::answering([(200, answer)]).await;
    let rows: Vec<_> = recorder.client().surveys().responses(&id("v")).try_collect().await.unwrap();
    let ids: Vec<_> = rows.into_iter().map(|row| row.id.unwrap().to_string()).collect();
    assert_eq!(ids, ["a", "b"]);
}
