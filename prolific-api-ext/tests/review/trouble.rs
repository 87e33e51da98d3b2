//! What comes in between: participants, other processes, failures.

use std::time::Duration;

use prolific_api_ext::{
    ErrorKind, Money, NoRetry,
    money::Currency,
    simulator::Fault,
    studies::{Decision, ReviewOutcome, ReviewReport, StudyChange},
    submissions::{Approvals, RejectionCategory, SubmissionStatus},
};

use crate::{Case, LONGEST};

#[tokio::test]
async fn what_participants_return_meanwhile_is_partial_unless_that_is_allowed() {
    for allows in [false, true] {
        let case = Case::new(3).await;
        let participants = case.simulator.participants();
        let review = case.prolific.studies().review(&case.study, |submission| {
            if submission.id == case.ids[1] {
                participants.return_place(&submission.id).unwrap();
            }
            Decision::Approve
        });
        let report = match allows {
            true => review.allow_partial().await.unwrap(),
            false => {
                let error = review.await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Partial);
                let expected = format!("submission {} is RETURNED", case.ids[1]);
                assert!(error.to_string().ends_with(&expected), "{error}");
                let report: &ReviewReport = error.last_seen().unwrap();
                assert_eq!((report.done().count(), report.not_done().count()), (2, 1));
                continue;
            }
        };
        let returned = report.not_done().next().unwrap();
        let ReviewOutcome::NotDone { status, error: None } = &returned.outcome else {
            panic!("{returned:?}")
        };
        assert_eq!(status, &Some(SubmissionStatus::Returned));
        assert_eq!(report.done().count(), 2);
    }
}

#[tokio::test]
async fn what_is_turned_away_while_others_spend_is_sent_again() {
    for (status, times) in [(429, 9), (409, 3)] {
        let case = Case::new(2).await;
        let fault = Fault::status(status).times(times);
        case.simulator.fault("bulk-approve-submissions", fault).unwrap();
        let approvals = case.prolific.submissions().approve_all(&case.study, &case.ids);
        assert_eq!(approvals.await.unwrap().approved.len(), 2, "{status}");
        assert_eq!(case.requests("bulk-approve-submissions").len(), times + 1);
    }
}

#[tokio::test]
async fn a_conflict_that_stays_ends_it_and_tells_what_was_done() {
    let case = Case::new(2).await;
    let fault = Fault::status(409).times(100);
    case.simulator.fault("bulk-approve-submissions", fault).unwrap();
    let review = case.prolific.studies().review(&case.study, |_| Decision::Approve);
    let error = review.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.last_seen::<ReviewReport>().unwrap().not_done().count(), 2);
    assert_eq!(case.requests("bulk-approve-submissions").len(), 4);
}

#[tokio::test]
async fn a_wallet_that_does_not_suffice_ends_the_approvals_and_not_what_is_free() {
    let case = Case::new(2).await;
    let refusal = serde_json::json!({ "status": 400, "detail": "The balance is insufficient." });
    let fault = Fault::answer(400, refusal);
    case.simulator.fault("bulk-approve-submissions", fault).unwrap();
    let review = case.prolific.studies().review(&case.study, |submission| {
        if submission.id == case.ids[0] {
            Decision::Approve
        } else {
            Decision::request_return(["You withdrew your consent."])
        }
    });
    let error = review.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    assert!(error.to_string().contains("is insufficient"), "{error}");
    let report = error.last_seen::<ReviewReport>().unwrap();
    assert_eq!((report.done().count(), report.not_done().count()), (1, 1));
}

#[tokio::test]
async fn a_token_that_is_refused_ends_it_at_once() {
    let case = Case::new(3).await;
    let fault = Fault::status(401).times(100);
    case.simulator.fault("request-submission-return", fault).unwrap();
    let review = case.prolific.studies().review(&case.study, |_| Decision::request_return(["Why"]));
    let error = review.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.last_seen::<ReviewReport>().unwrap().not_done().count(), 3);
    assert_eq!(case.acts(), 1);
}

#[tokio::test]
async fn a_request_that_may_have_reached_somebody_is_not_repeated() {
    let case = Case::new(2).await;
    case.simulator.fault("request-submission-return", Fault::lost_answer()).unwrap();
    let review = case.prolific.studies().review(&case.study, |_| Decision::request_return(["Why"]));
    let report = review.allow_partial().await.unwrap();
    let not_done = report.not_done().next().unwrap();
    let ReviewOutcome::NotDone { error: Some(error), .. } = &not_done.outcome else {
        panic!("{not_done:?}")
    };
    assert!(error.may_have_acted());
    assert_eq!((case.acts(), report.done().count()), (2, 1));
}

#[tokio::test]
async fn a_review_may_have_acted_if_one_of_its_requests_may_have() {
    let refused = || Fault::status(401).times(100);
    for (first, then, kind, is_in_doubt) in [
        (Fault::lost_answer(), None, ErrorKind::Partial, true),
        // The error that ends it is of another request, which did nothing.
        (Fault::lost_answer(), Some(refused()), ErrorKind::Unauthorized, true),
        (Fault::status(422), None, ErrorKind::Partial, false),
    ] {
        let case = Case::new(2).await;
        case.simulator.fault("request-submission-return", first).unwrap();
        if let Some(then) = then {
            case.simulator.fault("bulk-approve-submissions", then).unwrap();
        }
        let review = case.prolific.studies().review(&case.study, |submission| {
            if submission.id == case.ids[0] {
                Decision::Approve
            } else {
                Decision::request_return(["Why"])
            }
        });
        let error = review.await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_acted()), (kind, is_in_doubt), "{error}");
        assert_eq!(error.to_string().contains("1 of them may have taken effect"), is_in_doubt);
        assert!(!is_in_doubt || !error.is_transient());
        assert!(error.last_seen::<ReviewReport>().is_some());
    }
}

#[tokio::test]
async fn approvals_whose_answer_was_lost_are_read_back_and_not_sent_again() {
    let case = Case::new(3).await;
    case.simulator.approve_in_background(3);
    case.simulator.fault("bulk-approve-submissions", Fault::lost_answer()).unwrap();
    let approvals = case.prolific.submissions().approve_all(&case.study, &case.ids);
    assert_eq!(approvals.timeout(LONGEST).await.unwrap().approved.len(), 3);
    assert_eq!(case.acts(), 1);
}

#[tokio::test]
async fn approvals_that_were_never_taken_in_are_made_one_by_one() {
    let case = Case::new(3).await;
    case.simulator.fault("bulk-approve-submissions", Fault::reset()).unwrap();
    let prolific = case.prolific.with_retry_policy(NoRetry);
    let approvals = prolific.submissions().approve_all(&case.study, &case.ids);
    // A tenth of it is waited for.
    let approvals = approvals.timeout(Duration::from_secs(5)).await.unwrap();
    assert_eq!(approvals.approved.len(), 3);
    assert_eq!(case.requests("transition-submission").len(), 3);
}

#[tokio::test]
async fn approvals_that_do_not_come_in_time_are_partial() {
    let case = Case::new(2).await;
    case.simulator.approve_in_background(1_000_000);
    let approvals = case.prolific.submissions().approve_all(&case.study, &case.ids);
    let error = approvals.timeout(Duration::from_millis(300)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Partial);
    let approvals: &Approvals = error.last_seen().unwrap();
    let waiting = Some(SubmissionStatus::AwaitingReview);
    assert!(approvals.not_approved.iter().all(|(_, status)| *status == waiting));
    assert_eq!(approvals.not_approved.len(), 2);
}

#[tokio::test]
async fn money_is_spent_one_at_a_time_in_a_workspace_whatever_client_it_is() {
    let case = Case::new(2).await;
    case.simulator.approve_in_background(5);
    let other_study = case.simulator.active_study().unwrap();
    let change = StudyChange::new().places(11);
    case.prolific.studies().update(&other_study, change).await.unwrap();
    let others = [(); 2].map(|()| case.simulator.submit(&other_study).unwrap());
    let other_client = case.simulator.prolific().unwrap();
    let first = case.prolific.submissions().approve_all(&case.study, &case.ids);
    let second = other_client.submissions().approve_all(&other_study, &others);
    let (first, second) = tokio::join!(first.into_future(), second.into_future());
    assert_eq!(first.unwrap().approved.len() + second.unwrap().approved.len(), 4);
    // Between the two bulk calls the first is waited for, and after the second nothing of it is.
    let requests = case.simulator.requests();
    let bulk = |it: &prolific_api_ext::simulator::RecordedRequest| {
        it.operation == Some("bulk-approve-submissions")
    };
    let ends: Vec<_> = (0..requests.len()).filter(|index| bulk(&requests[*index])).collect();
    let [begin, end] = ends[..] else { panic!("{ends:?}") };
    let polled = |study: &prolific_api_ext::StudyId, from: usize, to: usize| {
        let polls = requests[from..to]
            .iter()
            .filter(|it| it.query.contains(study.as_str()) && it.query.contains("AWAITING_REVIEW"));
        polls.count()
    };
    let [one, two] =
        match requests[begin].json().unwrap().to_string().contains(case.ids[0].as_str()) {
            true => [&case.study, &other_study],
            false => [&other_study, &case.study],
        };
    assert!(polled(one, begin, end) >= 5);
    assert_eq!((polled(one, end, requests.len()), polled(two, begin, end)), (0, 0));
}

#[tokio::test]
async fn a_call_without_a_turn_sends_nothing() {
    let case = Case::new(2).await;
    case.simulator.approve_in_background(1_000_000);
    let endless = case.prolific.submissions().approve_all(&case.study, &case.ids[..1]);
    let endless = tokio::spawn(endless.timeout(LONGEST).into_future());
    while case.acts() == 0 {
        tokio::task::yield_now().await;
    }
    let second = case.prolific.submissions().approve_all(&case.study, &case.ids[1..]);
    let error = second.timeout(Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.to_string().contains("nothing was sent"), "{error}");
    assert_eq!(case.acts(), 1);
    endless.abort();
}

#[tokio::test]
async fn a_spending_guard_ends_it_as_it_is_and_nothing_is_paid() {
    let case = Case::new(3).await;
    let limit = Money::from_minor(150, Currency::Gbp);
    let limited = case.simulator.builder().spending_limit(limit).build().unwrap();
    let dry = case.prolific.with_dry_run();
    for (prolific, kind) in [(limited, ErrorKind::SpendingLimit), (dry, ErrorKind::DryRun)] {
        let error =
            prolific.studies().review(&case.study, |_| Decision::Approve).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.expense().is_some());
        assert_eq!(error.last_seen::<ReviewReport>().unwrap().not_done().count(), 3);
    }
    let dry = case.prolific.with_dry_run();
    let error = dry.submissions().approve_when_ready(&case.ids[0]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DryRun, "{error}");
    assert_eq!(case.acts(), 0);
}

#[tokio::test]
async fn a_screen_out_without_a_slot_is_reported_and_the_others_continue() {
    let case = Case::new(7).await; // five slots
    let reads = || {
        let requests = case.simulator.requests();
        requests.iter().filter(|request| request.operation == Some("get-study")).count()
    };
    let before = reads();
    let review = case.prolific.studies().review(&case.study, |_| Decision::screen_out("COUT"));
    let report = review.allow_partial().await.unwrap();
    assert_eq!(reads() - before, 1);
    assert_eq!((report.done().count(), report.not_done().count()), (5, 2));
    for reviewed in report.not_done() {
        let ReviewOutcome::NotDone { status, error: Some(error) } = &reviewed.outcome else {
            panic!("{reviewed:?}")
        };
        assert_eq!(status, &Some(SubmissionStatus::AwaitingReview));
        assert!(error.to_string().contains("still AWAITING REVIEW"), "{error}");
    }
}

#[tokio::test]
async fn one_that_can_not_be_rejected_any_more_does_not_keep_the_others_from_it() {
    let case = Case::new(3).await;
    let participants = case.simulator.participants();
    let review = case.prolific.studies().review(&case.study, |submission| {
        if submission.id == case.ids[0] {
            participants.return_place(&submission.id).unwrap();
        }
        Decision::reject(RejectionCategory::LowEffort, crate::EXPLANATION)
    });
    let report = review.allow_partial().await.unwrap();
    assert_eq!((report.done().count(), report.not_done().count()), (2, 1));
    let refused = report.not_done().next().unwrap();
    assert_eq!(refused.submission.id, case.ids[0]);
    let ReviewOutcome::NotDone { error: Some(error), .. } = &refused.outcome else {
        panic!("{refused:?}")
    };
    assert_eq!(error.kind(), ErrorKind::BadRequest);
}
