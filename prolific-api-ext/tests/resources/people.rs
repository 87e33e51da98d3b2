//! Messages, broadcasts, groups, pools and surveys.

use futures_util::TryStreamExt as _;
use prolific_api_ext::{
    ErrorKind, ParticipantId, StudyId,
    broadcasts::NewBroadcast,
    conversations::NewConversation,
    credentials::Credential,
    messages::{MessageCategory, MessageQuery, NewMessage},
    participant_groups::MembershipChange,
    surveys::{NewSurvey, SurveyQuestion, SurveySection},
    workspaces::WorkspaceRole,
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
        prolific.messages().list(MessageQuery::new()).err(),
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
async fn who_was_invited_is_said_as_far_as_the_response_says_it() {
    let of = |email: &str| json!({ "invitee": { "email": email } });
    let (ann, bob, unnamed) = (of("ANN@example.com "), of("bob@example.com"), json!({}));
    let given = ["ann@example.com", "bob@example.com"];
    let [a, b] = given;
    let none: &[&str] = &[];
    for (answer, invited, not_invited, in_doubt, says) in [
        (json!({ "invitations": [ann, bob] }), &given[..], none, none, None),
        // More than was asked for.
        (
            json!({ "invitations": [ann, bob, of("cy@example.com"), unnamed] }),
            &given,
            none,
            none,
            None,
        ),
        (
            json!({ "invitations": [ann] }),
            &[a],
            &[b],
            none,
            Some("1 of 2 addresses were invited, 1 not"),
        ),
        (
            json!({ "invitations": [] }),
            none,
            &given,
            none,
            Some("0 of 2 addresses were invited, 2 not"),
        ),
        // It may be for either address, and one of them got none.
        (
            json!({ "invitations": [unnamed] }),
            none,
            none,
            &given,
            Some("0 of 2 addresses were invited, 2 may have been"),
        ),
        // It may be for Bob, whose address the server may write in another way.
        (
            json!({ "invitations": [of("robert@example.com"), ann] }),
            &[a],
            none,
            &[b],
            Some("1 of 2 addresses were invited, 1 may have been"),
        ),
        (json!({}), none, none, &given, Some("0 of 2 addresses were invited, 2 may have been")),
        (
            json!({ "invitations": null }),
            none,
            none,
            &given,
            Some("0 of 2 addresses were invited, 2 may have been"),
        ),
    ] {
        let recorder = Recorder::answering([(201, answer.clone())]).await;
        let prolific = recorder.client();
        let create = || prolific.invitations().create(&id("w"), given, WorkspaceRole::Admin);
        let seen = create().allow_partial().await.unwrap();
        assert_eq!(seen.invited, invited, "{answer}");
        assert_eq!(seen.not_invited, not_invited, "{answer}");
        assert_eq!(seen.in_doubt, in_doubt, "{answer}");
        match says {
            None => assert_eq!(create().await.unwrap(), seen),
            Some(says) => {
                let error = create().await.unwrap_err();
                assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Partial, says));
                assert_eq!(error.last_seen(), Some(&seen));
                assert!(error.may_have_acted());
            }
        }
    }
}

#[tokio::test]
async fn members_that_a_change_does_not_list_are_read() {
    let member = |id: &str| json!({ "participant_id": id });
    let unsaid = [
        (200, json!({})),
        (200, json!({ "results": null })),
        (200, json!({ "results": [member("q")], "meta": { "count": 2 } })),
        (200, json!({ "results": [], "_links": { "next": { "href": "https://h/?offset=1" } } })),
        (200, json!({ "results": [{ "participant_id": null }] })),
    ];
    for (status, answer) in unsaid {
        let shown = answer.clone();
        let recorder = Recorder::answering_by(move |line, _| match line.starts_with("GET") {
            true => {
                (200, json!({ "results": [{ "participant_id": "p" }, { "participant_id": "q" }] }))
            }
            false => (status, answer.clone()),
        })
        .await;
        let groups = recorder.client().participant_groups();
        let error = groups.remove(&id("g"), [&id("p"), &id("r")]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Partial, "{shown}: {error}");
        let change: &MembershipChange = error.last_seen().unwrap();
        assert_eq!((&change.done, &change.not_done), (&vec![id("r")], &vec![id("p")]), "{shown}");
        let lines: Vec<_> = recorder.seen().into_iter().map(|(line, _)| line).collect();
        let path = "/api/v1/participant-groups/g/participants/";
        assert_eq!(lines, [format!("DELETE {path}"), format!("GET {path}")], "{shown}");
        let added = groups.add(&id("g"), [&id("p"), &id("q")]).await.unwrap();
        assert_eq!((added.done.len(), added.members.len()), (2, 2), "{shown}");
    }
}

#[tokio::test]
async fn a_change_of_a_group_whose_members_can_not_be_read_is_no_success() {
    let recorder = Recorder::answering_by(|line, _| match line.starts_with("GET") {
        true => (403, json!({ "error": { "title": "Not yours" } })),
        false => (200, json!({})),
    })
    .await;
    let groups = recorder.client().participant_groups();
    for error in [
        groups.remove(&id("g"), [&id("p")]).allow_partial().await.unwrap_err(),
        groups.add(&id("g"), [&id("p")]).allow_partial().await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        assert!(error.to_string().contains("the change was accepted"), "{error}");
    }
    // What is listed is taken as it stands.
    let recorder = Recorder::answering([(200, json!({ "results": [] }))]).await;
    let removed = recorder.client().participant_groups().remove(&id("g"), [&id("p")]);
    assert_eq!(removed.await.unwrap().done, [id("p")]);
    assert_eq!(recorder.seen().len(), 1);
}

#[tokio::test]
async fn a_response_to_a_survey_is_known_under_either_name_of_its_id() {
    let answer = json!({ "results": [{ "_id": "a" }, { "id": "b" }], "meta": { "count": 2 } });
    let recorder = Recorder::answering([(200, answer)]).await;
    let rows: Vec<_> = recorder.client().surveys().responses(&id("v")).try_collect().await.unwrap();
    let ids: Vec<_> = rows.into_iter().map(|row| row.id.unwrap().to_string()).collect();
    assert_eq!(ids, ["a", "b"]);
}
