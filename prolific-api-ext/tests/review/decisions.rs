//! What is decided.

use prolific_api_ext::{
    ErrorKind, Minor,
    studies::{Decision, ReviewOutcome},
    submissions::{RejectionCategory, SubmissionStatus},
};

use crate::{Case, EXPLANATION};

fn of(index: usize) -> Decision {
    match index {
        0 | 5 => Decision::Approve,
        1 => Decision::reject(RejectionCategory::LowEffort, EXPLANATION),
        2 => Decision::request_return(["You withdrew your consent."]),
        3 => Decision::screen_out("COUT"),
        _ => Decision::Skip,
    }
}

#[tokio::test]
async fn each_decision_is_carried_out_and_read_back() {
    let case = Case::new(6).await;
    let review = case.prolific.studies().review(&case.study, |submission| {
        of(case.ids.iter().position(|id| *id == submission.id).unwrap())
    });
    let report = review.await.unwrap();
    let expected = [
        SubmissionStatus::Approved,
        SubmissionStatus::Rejected,
        SubmissionStatus::AwaitingReview,
        SubmissionStatus::ScreenedOut,
        SubmissionStatus::AwaitingReview,
        SubmissionStatus::Approved,
    ];
    for (index, id) in case.ids.iter().enumerate() {
        assert_eq!(case.status(id).await, expected[index], "{index}");
        let reviewed = report.reviewed.iter().find(|it| it.submission.id == *id).unwrap();
        match &reviewed.outcome {
            ReviewOutcome::Done(status) => assert_eq!(status.as_ref(), Some(&expected[index])),
            ReviewOutcome::NotTried => assert_eq!(reviewed.decision, Decision::Skip),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((report.done().count(), report.not_done().count(), report.approvals()), (5, 0, 2));
    assert_eq!(case.requests("bulk-approve-submissions").len(), 1);
    let asked = case.prolific.submissions().get(&case.ids[2]).await.unwrap();
    assert!(asked.return_requested.is_some());

    // A second review doesn't ask any participant twice.
    let again = case.prolific.studies().review(&case.study, |_| of(2));
    assert_eq!(again.await.unwrap().done().count(), 2);
    assert_eq!(case.requests("request-submission-return").len(), 2);
    let again = case.prolific.studies().review(&case.study, |_| of(2));
    assert_eq!(again.await.unwrap().done().count(), 2);
    assert_eq!(case.requests("request-submission-return").len(), 2);
}

#[tokio::test]
async fn all_decisions_are_checked_before_any_is_carried_out() {
    let case = Case::new(3).await;
    let table = [
        (Decision::reject(RejectionCategory::Other, "Too short."), "at least 100"),
        (Decision::request_return([""; 0]), "needs reasons"),
        (Decision::request_return(["Good", " "]), "needs reasons"),
        (Decision::screen_out("CODE"), "no completion code \"CODE\" with the actor researcher"),
    ];
    for (wrong, why) in table {
        let last = case.ids[2].clone();
        let review = case.prolific.studies().review(&case.study, move |submission| {
            if submission.id == last { wrong.clone() } else { Decision::Approve }
        });
        let error = review.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(text.contains(why) && text.contains(case.ids[2].as_str()), "{text}");
    }
    assert_eq!(case.acts(), 0);
}

#[tokio::test]
async fn a_dry_run_sends_nothing_and_says_what_it_would_pay() {
    let case = Case::new(6).await;
    let mut index = 0;
    let review = case.prolific.studies().review(&case.study, |_| {
        index += 1;
        of(index - 1)
    });
    let report = review.dry_run().await.unwrap();
    assert_eq!((report.approvals(), report.pay()), (2, Some(Minor::from(200))));
    assert!(report.reviewed.iter().all(|it| matches!(it.outcome, ReviewOutcome::NotTried)));
    assert_eq!(report.reviewed[3].decision, Decision::screen_out("COUT"));
    assert_eq!(case.acts(), 0);
}

#[tokio::test]
async fn an_async_closure_decides() {
    let case = Case::new(3).await;
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    let review = case.prolific.studies().review_async(&case.study, |submission| {
        let sender = sender.clone();
        async move {
            sender.send(submission.id).await.unwrap();
            Decision::Approve
        }
    });
    let asked = async {
        for id in &case.ids {
            assert_eq!(receiver.recv().await.as_ref(), Some(id));
        }
    };
    let (report, ()) = tokio::join!(review.into_future(), asked);
    assert_eq!(report.unwrap().done().count(), 3);
}
