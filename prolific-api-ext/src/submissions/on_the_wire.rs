//! What submissions send and how answers are read, on a real socket.

use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{
    CompletionCodeData, RejectionCategory, SubmissionAction, SubmissionStatus, Transition,
};
use crate::{
    ErrorKind, Minor, ParticipantId, StudyId, SubmissionId,
    transfer::{RecordingServer, Reply},
};

fn id() -> SubmissionId {
    SubmissionId::new("x1").unwrap()
}

fn study() -> StudyId {
    StudyId::new("s1").unwrap()
}

#[tokio::test]
async fn the_submissions_of_a_study_are_listed_by_page() {
    let answer = json!({ "results": [{ "id": "x1" }], "meta": { "count": 1 } });
    let server = RecordingServer::answering(200, answer).await;
    let list: Vec<_> = server.prolific().submissions().list(&study()).try_collect().await.unwrap();
    assert_eq!(
        server.seen()[0].line(),
        "GET /api/v1/submissions/?page=1&study=s1&ordering=started_at"
    );
    assert_eq!(list.len(), 1);
}

#[tokio::test]
async fn a_submission_is_read_with_dates_that_have_a_blank() {
    let answer = json!({
        "id": "x1", "study_id": "s1", "participant": "p1", "status": "TIMED-OUT",
        "started_at": "2022-04-18 11:25:02.734000+00:00", "completed_at": null,
        "bonus_payments": [283.34],
    });
    let server = RecordingServer::answering(200, answer).await;
    let submission = server.prolific().submissions().get(&id()).await.unwrap();
    assert_eq!(server.seen()[0].line(), "GET /api/v1/submissions/x1/");
    assert_eq!((submission.id, submission.study_id), (id(), Some(study())));
    assert_eq!(submission.status, Some(SubmissionStatus::TimedOut));
    assert_eq!(submission.bonus_payments, [Minor::try_from(283.34).unwrap()]);
    assert!(submission.started_at.unwrap().to_system_time().is_some());
    assert_eq!(submission.completed_at, None);
}

#[tokio::test]
async fn an_approval_is_sent_again_after_a_failure() {
    let server = RecordingServer::start(|_, _, before| match before {
        0 => Reply::json(503, &json!({})),
        _ => Reply::json(200, &json!({ "id": "x1", "status": "APPROVED" })),
    })
    .await;
    let submission = server.prolific().submissions().approve(&id()).await.unwrap();
    assert_eq!(submission.status, Some(SubmissionStatus::Approved));
    assert_eq!(server.seen().len(), 2);
    assert_eq!(server.seen()[1].line(), "POST /api/v1/submissions/x1/transition/");
    assert_eq!(server.seen()[1].json(), json!({ "action": "APPROVE" }));
}

#[tokio::test]
async fn a_rejection_says_why() {
    let server = RecordingServer::answering(200, json!({ "id": "x1" })).await;
    let message = "ü".repeat(100);
    let submissions = server.prolific().submissions();
    submissions.reject(&id(), RejectionCategory::NoData, &*message).await.unwrap();
    let expected =
        json!({ "action": "REJECT", "rejection_category": "NO_DATA", "message": message });
    assert_eq!(server.seen()[0].json(), expected);
}

#[tokio::test]
async fn a_transition_that_lacks_what_it_needs_is_not_sent() {
    let server = RecordingServer::answering(200, json!({ "id": "x1" })).await;
    let submissions = server.prolific().submissions();
    let transition = |action: SubmissionAction| Transition::new(action);
    let payment = CompletionCodeData::new;
    let complete = || transition(SubmissionAction::Complete).completion_code("C1");
    let category = || RejectionCategory::NoCode;
    let short = "ü".repeat(99);
    let refused = [
        (transition(SubmissionAction::Complete), "set completion_code"),
        (transition(SubmissionAction::Reject).message(short.clone()), "set rejection_category"),
        (transition(SubmissionAction::Reject).rejection_category(category()), "has 0 characters"),
        (
            transition(SubmissionAction::Reject).rejection_category(category()).message(short),
            "has 99 characters",
        ),
        (complete().completion_code_data(payment(7.9)), "8 to 99 percent"),
        (complete().completion_code_data(payment(f64::NAN)), "8 to 99 percent"),
    ];
    for (body, why) in refused {
        let error = submissions.transition(&id(), body).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(server.seen().is_empty());
    submissions.transition(&id(), complete().completion_code_data(payment(8.0))).await.unwrap();
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_thousand_are_approved_at_once_and_no_more() {
    let server = RecordingServer::answering(200, json!("The approval has been started")).await;
    let submissions = server.prolific().submissions();
    let ids: Vec<_> =
        (0..1_001).map(|number| SubmissionId::new(format!("x{number}")).unwrap()).collect();
    submissions.bulk_approve(&ids[..1_000]).await.unwrap();
    assert_eq!(server.seen()[0].line(), "POST /api/v1/submissions/bulk-approve/");
    assert_eq!(server.seen()[0].json(), json!({ "submission_ids": &ids[..1_000] }));
    for refused in [&ids[..], &[]] {
        let error = submissions.bulk_approve(refused).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn participants_are_approved_by_their_study() {
    let server = RecordingServer::answering(200, json!("")).await;
    let participants = [ParticipantId::new("p1").unwrap()];
    let submissions = server.prolific().submissions();
    submissions.bulk_approve_participants(&study(), &participants).await.unwrap();
    let expected = json!({ "study_id": "s1", "participant_ids": ["p1"] });
    assert_eq!(server.seen()[0].json(), expected);
}

#[tokio::test]
async fn a_bulk_approval_is_taken_in_whatever_the_answer_says_and_sent_once() {
    let server = RecordingServer::answering(200, json!({ "message": "Started" })).await;
    server.prolific().submissions().bulk_approve([&id()]).await.unwrap();
    let failing = RecordingServer::answering(503, json!({})).await;
    let error = failing.prolific().submissions().bulk_approve([&id()]).await.unwrap_err();
    assert_eq!((error.operation(), failing.seen().len()), (Some("bulk-approve-submissions"), 1));
}

#[tokio::test]
async fn a_return_is_asked_for_once_and_with_reasons() {
    let answer = json!({ "id": "x1", "status": "ACTIVE", "return_requested": "2026-04-18 11:25" });
    let server = RecordingServer::answering(200, answer).await;
    let submissions = server.prolific().submissions();
    let request = submissions.request_return(&id(), ["Withdrew consent."]).await.unwrap();
    assert_eq!((request.id, request.status), (Some(id()), Some(SubmissionStatus::Active)));
    assert_eq!(request.requested_at.unwrap().as_str(), "2026-04-18 11:25");
    assert_eq!(server.seen()[0].line(), "POST /api/v1/submissions/x1/request-return/");
    let expected = json!({ "request_return_reasons": ["Withdrew consent."] });
    assert_eq!(server.seen()[0].json(), expected);
    for reasons in [&[][..], &[" "]] {
        let error = submissions.request_return(&id(), reasons.iter().copied()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0));
    }
    let failing = RecordingServer::answering(503, json!({})).await;
    failing.prolific().submissions().request_return(&id(), ["a"]).await.unwrap_err();
    assert_eq!(failing.seen().len(), 1);
}
