//! Approvals of many, and of one that is not ready yet.

use prolific_api_ext::{ErrorKind, simulator::Simulator, submissions::SubmissionStatus};

use crate::{Case, LONGEST};

#[tokio::test]
async fn more_than_fit_into_a_call_are_split_waited_for_and_read_back() {
    let case = Case::new(1_001).await;
    case.simulator.approve_in_background(3);
    let approving = case.prolific.submissions().approve_all(&case.study, &case.ids);
    let approvals = approving.await.unwrap();
    assert_eq!((approvals.approved.len(), approvals.not_approved.len()), (1_001, 0));
    let sent = case.requests("bulk-approve-submissions");
    let sizes = sent
        .iter()
        .map(|request| request.json().unwrap()["submission_ids"].as_array().unwrap().len());
    assert_eq!(sizes.collect::<Vec<_>>(), [1_000, 1]);
}

#[tokio::test]
async fn nothing_to_approve_sends_nothing() {
    let case = Case::new(1).await;
    let before = case.simulator.requests().len();
    let approvals = case.prolific.submissions().approve_all(&case.study, []).await.unwrap();
    assert!(approvals.approved.is_empty() && approvals.not_approved.is_empty());
    assert_eq!(case.simulator.requests().len(), before);
}

#[tokio::test]
async fn a_submission_is_approved_once_it_is_ready() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    let participants = simulator.participants();
    let id = participants.take(&study, 1).unwrap().remove(0);
    let approving = prolific.submissions().approve_when_ready(&id).timeout(LONGEST);
    let finishing = async {
        while simulator.requests().iter().all(|it| it.operation != Some("get-submission")) {
            tokio::task::yield_now().await;
        }
        participants.submit(&id, "CODE").unwrap();
    };
    let (approved, ()) = tokio::join!(approving.into_future(), finishing);
    assert_eq!(approved.unwrap().status, Some(SubmissionStatus::Approved));
    // Once more does nothing.
    let before = simulator.requests().len();
    let again = prolific.submissions().approve_when_ready(&id).await.unwrap();
    assert_eq!(again.status, Some(SubmissionStatus::Approved));
    assert_eq!(simulator.requests().len() - before, 1);
    let acts = simulator.requests().into_iter();
    let acts = acts.filter(|request| request.operation == Some("transition-submission"));
    assert_eq!(acts.count(), 1);
}

#[tokio::test]
async fn one_that_ends_otherwise_is_not_approved() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    let id = simulator.participants().take(&study, 1).unwrap().remove(0);
    simulator.participants().return_place(&id).unwrap();
    let error = prolific.submissions().approve_when_ready(&id).await.unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::Failed, Some("RETURNED")));
    let acts = simulator.requests().into_iter();
    assert_eq!(acts.filter(|it| it.operation == Some("transition-submission")).count(), 0);
}
