//! What is done after a study: messages, groups, and the next part.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{error::Error as _, time::Duration};

use prolific_api_ext::{
    Error, ErrorKind, Prolific, StudyId,
    filter_sets::NewFilterSet,
    filters,
    messages::{Sent, StudyMessage},
    participant_groups::NewParticipantGroup,
    simulator::{Fault, Simulator},
    studies::{CompletionCode, CompletionCodeType, NewStudy, StudyStatus},
    submissions::SubmissionStatus,
};

/// A study with ten submissions that wait for review, of which three are approved.
async fn study(simulator: &Simulator, prolific: &Prolific) -> StudyId {
    let study = simulator.active_study().unwrap();
    let mut submissions = Vec::new();
    for _ in 0..10 {
        submissions.push(simulator.submit(&study).unwrap());
    }
    for submission in &submissions[..3] {
        prolific.submissions().approve(submission).await.unwrap();
    }
    study
}

#[tokio::test]
async fn participants_are_had_by_the_status_of_their_submissions() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = study(&simulator, &prolific).await;
    let studies = prolific.studies();
    let count = async |statuses: &[SubmissionStatus]| {
        studies.participants(&study, statuses.to_vec()).await.unwrap().len()
    };
    assert_eq!(count(&[]).await, 10);
    assert_eq!(count(&[SubmissionStatus::Approved]).await, 3);
    assert_eq!(count(&[SubmissionStatus::Approved, SubmissionStatus::AwaitingReview]).await, 10);
    assert_eq!(count(&[SubmissionStatus::Rejected]).await, 0);
}

fn bulk_messages(simulator: &Simulator) -> Vec<usize> {
    let requests = simulator.requests();
    let bulk = requests.iter().filter(|request| request.path.ends_with("/messages/bulk/"));
    bulk.map(|request| request.json().unwrap()["ids"].as_array().unwrap().len()).collect()
}

#[tokio::test]
async fn everybody_of_a_study_is_written_to_once_in_parts() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = study(&simulator, &prolific).await;
    let message = StudyMessage::new(study.clone(), "Thank you!").at_once(4);
    let sent = prolific.messages().send_to_study(message).await.unwrap();
    assert_eq!(bulk_messages(&simulator), [4, 4, 2]);
    assert_eq!((sent.to.len(), sent.in_doubt.len(), sent.not_to.len()), (10, 0, 0));

    let nobody = StudyMessage::new(study.clone(), "Hello").status(SubmissionStatus::Rejected);
    let error = prolific.messages().send_to_study(nobody).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let empty = StudyMessage::new(study, " ");
    let error = prolific.messages().send_to_study(empty).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(bulk_messages(&simulator).len(), 3);
}

#[tokio::test]
async fn a_part_that_fails_says_who_was_written_to_and_who_may_have_been() {
    for (fault, in_doubt) in [(Fault::status(400), 0), (Fault::status(500), 4)] {
        let simulator = Simulator::start();
        let prolific = simulator.prolific().unwrap();
        let study = study(&simulator, &prolific).await;
        let everybody = prolific.studies().participants(&study, []).await.unwrap();
        // The first part goes through.
        simulator.fault("bulk-message-participants", Fault::delay(Duration::ZERO)).unwrap();
        simulator.fault("bulk-message-participants", fault).unwrap();
        let message = StudyMessage::new(study, "Thank you!").at_once(4);
        let error = prolific.messages().send_to_study(message).await.unwrap_err();
        let sent: &Sent = error.last_seen().unwrap();
        assert_eq!((sent.to.len(), sent.in_doubt.len()), (4, in_doubt), "{error}");
        let all = [&sent.to[..], &sent.in_doubt, &sent.not_to].concat();
        assert_eq!(all, everybody);
        let (not_to, kind) = (6 - in_doubt, error.kind());
        let says = format!(
            "the message was sent to 4 of 10 participants, may have been sent to {in_doubt}, and \
             was not sent to {not_to}"
        );
        assert!(kind == ErrorKind::Partial && error.to_string().starts_with(&says), "{error}");
        // Those of the first part would get it twice.
        assert!(error.may_have_acted() && !error.is_transient(), "{error:?}");
        let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!(cause.may_have_acted(), in_doubt > 0);
    }
}

#[tokio::test]
async fn whom_a_message_went_to_is_a_result_where_a_part_is_allowed_but_not_where_nothing_was_sent()
{
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = study(&simulator, &prolific).await;
    let message = || StudyMessage::new(study.clone(), "Thank you!").at_once(4);
    for before in [true, false] {
        if before {
            simulator.fault("bulk-message-participants", Fault::delay(Duration::ZERO)).unwrap();
        }
        simulator.fault("bulk-message-participants", Fault::status(400)).unwrap();
        let sent = prolific.messages().send_to_study(message()).allow_partial().await;
        if before {
            let sent = sent.unwrap();
            assert_eq!((sent.to.len(), sent.not_to.len()), (4, 6));
            assert_eq!(sent.error.unwrap().status().unwrap(), 400);
        } else {
            let error = sent.unwrap_err();
            assert_eq!(error.status().unwrap(), 400);
            assert_eq!(error.last_seen::<Sent>().unwrap().not_to.len(), 10);
        }
    }
}

#[tokio::test]
async fn the_next_part_of_a_study_is_for_the_group_alone() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = study(&simulator, &prolific).await;
    let groups = prolific.participant_groups();
    let group = NewParticipantGroup::new("Wave 1").workspace_id(simulator.workspace_id().unwrap());
    let group = groups.create(group).await.unwrap().id;
    let change = groups.add_from_study(&group, &study, [SubmissionStatus::Approved]).await.unwrap();
    assert_eq!((change.members.len(), change.done.len()), (3, 3));
    let again = groups.add_from_study(&group, &study, [SubmissionStatus::Approved]).await.unwrap();
    assert_eq!((again.members.len(), again.done.len()), (3, 3));
    let nobody = groups.add_from_study(&group, &study, [SubmissionStatus::Rejected]).await.unwrap();
    assert!(nobody.members.is_empty());

    let draft = prolific.studies().create_follow_up(&study, &group).await.unwrap();
    assert_eq!(draft.status, Some(StudyStatus::Unpublished));
    let filters = serde_json::to_value(&draft.filters).unwrap();
    assert_eq!(filters[0]["filter_id"], "participant_group_allowlist");
    assert_eq!(filters[0]["selected_values"][0], group.as_str());
    assert_eq!(draft.filters.len(), 1);
}

#[tokio::test]
async fn the_next_part_of_a_study_with_a_filter_set_has_the_group_instead() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let adults = NewFilterSet::new("Adults", [filters::range("age", 18..)]);
    let set = prolific.filter_sets().create(adults).await.unwrap().id;
    let code = CompletionCode::new("C1", CompletionCodeType::Completed);
    let study = NewStudy::new("Birds", "Name them.").external_url("https://example.com");
    let study = study.places(20).reward(100).minutes(5).completion_code(code).filter_set_id(set);
    let study = prolific.studies().create(study).await.unwrap();
    assert!(study.filter_set_id.is_some());
    let group = NewParticipantGroup::new("Wave 1").workspace_id(simulator.workspace_id().unwrap());
    let group = prolific.participant_groups().create(group).await.unwrap().id;
    let draft = prolific.studies().create_follow_up(&study.id, &group).await.unwrap();
    assert_eq!((draft.filter_set_id, draft.filters.len()), (None, 1));
}

#[tokio::test]
async fn a_next_part_that_can_not_be_given_to_the_group_is_deleted_again() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = study(&simulator, &prolific).await;
    let before = prolific.studies().list().collect_all().await.unwrap().len();
    simulator.fault("update-study", Fault::status(400)).unwrap();
    let group = prolific_api_ext::ParticipantGroupId::new("g").unwrap();
    for status in [400, 404] {
        // The second time there is no fault, and no such group.
        let error = prolific.studies().create_follow_up(&study, &group).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
    }
    let after = prolific.studies().list().collect_all().await.unwrap().len();
    assert_eq!(before, after);
}
