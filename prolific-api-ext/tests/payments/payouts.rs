//! Payouts of plans: what stops them, from where they continue, and that they pay once.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use prolific_api_ext::{
    Error, ErrorKind, Minor, Money, Prolific, StudyId, SubmissionId,
    bonuses::{
        Bonus, BonusPlan, LedgerError, PaidBy, Payout, PayoutError, PayoutReport, PayoutStep,
        Resolution,
    },
    money::Currency,
    simulator::{Fault, Simulator},
};
use serde_json::json;
use tempfile::TempDir;

use super::{requests, reviewed};

const CREATE: &str = "create-bonus-payments";
const PAY: &str = "pay-bonus-payments";

/// A simulator with a study, a plan of five bonuses for it, and a ledger.
struct Stage {
    simulator: Simulator,
    prolific: Prolific,
    study: StudyId,
    submissions: Vec<SubmissionId>,
    plan: BonusPlan,
    folder: TempDir,
}

impl Stage {
    fn new() -> Self {
        let simulator = Simulator::start();
        let (study, submissions) = reviewed(&simulator, 5);
        let plan = BonusPlan::new(submissions.iter().map(|id| bonus(id, "1.00"))).unwrap();
        let (prolific, folder) = (simulator.prolific().unwrap(), tempfile::tempdir().unwrap());
        Self { simulator, prolific, study, submissions, plan, folder }
    }

    fn ledger(&self) -> PathBuf {
        self.folder.path().join("ledger")
    }

    /// In parts of two.
    fn payout(&self) -> Payout {
        let payout = self.prolific.bonuses().payout(&self.study, &self.plan, self.ledger());
        payout.part_size(2).read_back_for(Duration::ZERO)
    }

    /// What each submission was paid.
    async fn paid(&self) -> Vec<Vec<Minor>> {
        let mut paid = Vec::new();
        for id in &self.submissions {
            paid.push(self.prolific.submissions().get(id).await.unwrap().bonus_payments);
        }
        paid
    }

    async fn assert_paid_once(&self) {
        assert_eq!(self.paid().await, vec![vec![Minor::from(100)]; 5]);
    }
}

fn bonus(id: &SubmissionId, major: &str) -> Bonus {
    Bonus::new(id.clone(), Money::from_major(major, Currency::Gbp).unwrap())
}

fn kinds(report: &PayoutReport) -> Vec<PaidBy> {
    report.paid.iter().map(|part| part.by).collect()
}

#[tokio::test]
async fn a_plan_is_paid_in_parts_and_again_pays_nothing() {
    let stage = Stage::new();
    let steps = Arc::<Mutex<Vec<PayoutStep>>>::default();
    let told = steps.clone();
    let payout = stage.payout().progress(move |step| told.lock().unwrap().push(step.clone()));
    let report = payout.await.unwrap();
    assert_eq!((report.bonuses, &*report.amount.to_string()), (5, "5.00 GBP"));
    assert_eq!((&*report.total.to_string(), report.paid.len()), ("6.50 GBP", 3));
    assert_eq!(steps.lock().unwrap().len(), 9);
    stage.assert_paid_once().await;
    let before = [CREATE, PAY].map(|operation| requests(&stage.simulator, operation));
    assert_eq!(stage.payout().await.unwrap(), report);
    assert_eq!([CREATE, PAY].map(|operation| requests(&stage.simulator, operation)), before);
    stage.assert_paid_once().await;
}

#[tokio::test]
async fn a_quote_prepares_what_is_paid_then() {
    let stage = Stage::new();
    let quote = stage.payout().quote().await.unwrap();
    assert_eq!((&*quote.total.to_string(), quote.paid.len()), ("6.50 GBP", 0));
    assert_eq!(stage.paid().await, vec![Vec::<Minor>::new(); 5]);
    stage.payout().total_at_most(quote.total).await.unwrap();
    assert_eq!(requests(&stage.simulator, CREATE), 3);
    stage.assert_paid_once().await;
}

#[tokio::test]
async fn a_total_that_is_not_the_plans_is_not_paid() {
    let stage = Stage::new();
    let hundredfold = json!({ "id": "b1", "amount": 20_000, "fees": 5_000, "vat": 1_000, "total_amount": 26_000 });
    stage.simulator.fault(CREATE, Fault::answer(201, hundredfold)).unwrap();
    let Err(PayoutError::OtherTotal { part: 0, planned, told }) = stage.payout().await else {
        panic!("it stops")
    };
    assert_eq!((planned, told), (200.into(), Some(20_000.into())));
    assert_eq!(requests(&stage.simulator, PAY), 0);
}

#[tokio::test]
async fn funds_that_do_not_suffice_stop_it_before_anything_is_made_or_paid() {
    let stage = Stage::new();
    let workspace = stage.simulator.workspace_id().unwrap();
    let balance = stage.prolific.workspaces().balance(&workspace).await.unwrap();
    let kept = balance.total.unwrap().checked_sub(balance.available.unwrap()).unwrap();
    let kept = f64::from(kept) as u64;
    // Less than the participants get, and less than it costs with fees.
    for (available, prepared) in [(499, 0), (649, 3)] {
        stage.simulator.set_balance(&workspace, kept + available).unwrap();
        let Err(PayoutError::Balance { available: told, needed }) = stage.payout().await else {
            panic!("it stops")
        };
        assert_eq!(told.unwrap().minor(), (available as i32).into());
        assert_eq!(needed.minor(), if prepared == 0 { 500 } else { 650 }.into());
        assert_eq!(requests(&stage.simulator, CREATE), prepared);
        assert_eq!(requests(&stage.simulator, PAY), 0);
    }
    stage.simulator.set_balance(&workspace, kept + 650).unwrap();
    stage.payout().await.unwrap();
    stage.assert_paid_once().await;
}

#[tokio::test]
async fn a_payout_costs_no_more_than_it_may() {
    let stage = Stage::new();
    let limit = |major| Money::from_major(major, Currency::Gbp).unwrap();
    let refused = stage.payout().total_at_most(limit("6.49")).await;
    assert!(matches!(refused, Err(PayoutError::TooExpensive { .. })));
    assert_eq!(requests(&stage.simulator, PAY), 0);
    stage.payout().total_at_most(limit("6.50")).await.unwrap();
}

#[tokio::test]
async fn recipients_without_a_submission_are_reported_by_line() {
    let stage = Stage::new();
    let stranger = SubmissionId::new("60d9aadeb86739de712faee0").unwrap();
    let ids = [&stage.submissions[0], &stranger];
    let plan = BonusPlan::new(ids.map(|id| bonus(id, "1.00"))).unwrap();
    let refused = stage.prolific.bonuses().payout(&stage.study, &plan, stage.ledger()).await;
    let refused = refused.unwrap_err();
    assert!(matches!(&refused, PayoutError::UnknownRecipients { lines } if lines == &[2]));
    assert!(!format!("{refused} {refused:?}").contains(stranger.as_str()));
    assert_eq!(requests(&stage.simulator, CREATE), 0);
}

#[tokio::test]
async fn a_refusal_that_names_recipients_is_reported_by_line_without_ids() {
    let stage = Stage::new();
    let named = stage.submissions[3].as_str();
    let participant = "60d9aadeb86739de712faee0";
    for (id, is_of_the_plan) in [(named, true), (participant, false)] {
        let detail = format!("No bonus for {id}, please.");
        let refusal = json!({ "error": { "status": 400, "error_code": 1, "title": "Bad", "detail": detail } });
        stage.simulator.fault(CREATE, Fault::answer(400, refusal)).unwrap();
        let refused = stage.payout().await.unwrap_err();
        match &refused {
            PayoutError::Refused { lines, .. } if is_of_the_plan => assert_eq!(lines, &[4]),
            PayoutError::Call(_) if !is_of_the_plan => {}
            other => panic!("{other:?}"),
        }
        let shown = format!("{refused} {refused:?} {:?}", std::error::Error::source(&refused));
        assert!(!shown.contains(id) && shown.contains("No bonus for [id], please."), "{shown}");
    }
}

#[tokio::test]
async fn a_plan_that_was_paid_by_a_ledger_that_is_lost_is_not_paid_again_in_silence() {
    let stage = Stage::new();
    stage.payout().await.unwrap();
    std::fs::remove_file(stage.ledger()).unwrap();
    let refused = stage.payout().await.unwrap_err();
    assert!(matches!(refused, PayoutError::AlreadyShown { part: 0, lines: (1, 2) }), "{refused}");
    stage.assert_paid_once().await;
    stage.payout().pay_again().await.unwrap();
    assert_eq!(stage.paid().await, vec![vec![Minor::from(100); 2]; 5]);
}

#[tokio::test]
async fn a_payment_whose_response_is_lost_is_found_in_the_submissions() {
    let stage = Stage::new();
    // The recipients had a bonus of the same amount before.
    let earlier =
        stage.prolific.bonuses().create(&stage.study, stage.plan.bonuses().to_vec()).await;
    stage.prolific.bonuses().pay(&earlier.unwrap().id).await.unwrap();
    stage.simulator.fault(PAY, Fault::lost_answer()).unwrap();
    let report = stage.payout().pay_again().await.unwrap();
    assert_eq!(kinds(&report), [PaidBy::Submissions, PaidBy::Response, PaidBy::Response]);
    assert_eq!(stage.paid().await, vec![vec![Minor::from(100); 2]; 5]);
}

#[tokio::test]
async fn a_payment_that_does_not_show_is_in_doubt_until_it_is_resolved() {
    let stage = Stage::new();
    stage.simulator.fault(PAY, Fault::status(500)).unwrap();
    let Err(PayoutError::Doubtful(doubt)) = stage.payout().await else { panic!("nobody knows") };
    assert_eq!((doubt.part, doubt.lines, doubt.total), (0, (1, 2), 260.into()));
    assert_eq!((doubt.shown, doubt.recipients), (0, 2));
    assert!(doubt.sent_at.to_system_time().unwrap() <= SystemTime::now());
    // It stays in doubt, and nothing else is paid.
    let again = stage.payout().await.unwrap_err();
    assert!(matches!(&again, PayoutError::Doubtful(same) if same.id == doubt.id));
    let error = Error::from(again);
    assert!(error.may_have_acted() && error.kind() == ErrorKind::InDoubt, "{error}");
    assert_eq!(requests(&stage.simulator, PAY), 1);
    let report = stage.payout().resolve(&doubt.id, Resolution::NotPaid).await.unwrap();
    assert_eq!(kinds(&report), [PaidBy::Response; 3]);
    assert_ne!(report.paid[0].id, doubt.id);
    stage.assert_paid_once().await;
    // What was resolved so before is left as it is; otherwise it is a mistake.
    stage.payout().resolve(&doubt.id, Resolution::NotPaid).await.unwrap();
    let other = stage.payout().resolve(&doubt.id, Resolution::Paid).await;
    assert!(matches!(other, Err(PayoutError::NotInDoubt(id)) if id == doubt.id));
    stage.assert_paid_once().await;
}

#[tokio::test]
async fn a_payment_that_was_resolved_as_paid_is_not_made_again() {
    let stage = Stage::new();
    stage.simulator.fault(PAY, Fault::status(500)).unwrap();
    let Err(PayoutError::Doubtful(doubt)) = stage.payout().await else { panic!("nobody knows") };
    let report = stage.payout().resolve(&doubt.id, Resolution::Paid).await.unwrap();
    assert_eq!(kinds(&report), [PaidBy::You, PaidBy::Response, PaidBy::Response]);
    assert_eq!(stage.simulator.times_paid(&doubt.id), Some(0));
}

#[tokio::test]
async fn not_paid_is_not_taken_while_somebody_shows_the_bonus() {
    let stage = Stage::new();
    stage.simulator.fault(PAY, Fault::status(500)).unwrap();
    let Err(PayoutError::Doubtful(doubt)) = stage.payout().await else { panic!("nobody knows") };
    let one = bonus(&stage.submissions[0], "1.00");
    let by_hand = stage.prolific.bonuses().create(&stage.study, [one]).await.unwrap();
    stage.prolific.bonuses().pay(&by_hand.id).await.unwrap();
    let refused = stage.payout().resolve(&doubt.id, Resolution::NotPaid).await;
    let Err(PayoutError::Doubtful(partly)) = refused else { panic!("somebody shows it") };
    assert_eq!((partly.shown, partly.recipients), (1, 2));
    // All show it: it was paid, whatever is said of it.
    stage.prolific.bonuses().pay(&doubt.id).await.unwrap();
    let report = stage.payout().resolve(&doubt.id, Resolution::NotPaid).await.unwrap();
    assert_eq!(report.paid[0].by, PaidBy::Submissions);
}

#[tokio::test]
async fn a_declined_payment_is_prepared_again() {
    let stage = Stage::new();
    stage.simulator.fault(PAY, Fault::status(403)).unwrap();
    let Err(PayoutError::Call(error)) = stage.payout().await else { panic!("it is turned down") };
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    stage.payout().await.unwrap();
    stage.assert_paid_once().await;
}

#[tokio::test]
async fn another_payout_is_refused_by_the_ledger() {
    let stage = Stage::new();
    stage.payout().quote().await.unwrap();
    let other = BonusPlan::new([bonus(&stage.submissions[0], "2.00")]).unwrap();
    let other = stage.prolific.bonuses().payout(&stage.study, &other, stage.ledger()).part_size(2);
    let refused = other.await.unwrap_err();
    assert!(matches!(refused, PayoutError::Ledger(LedgerError::OtherPayout { .. })), "{refused}");
    let refused = stage.payout().part_size(3).await.unwrap_err();
    assert!(matches!(refused, PayoutError::Ledger(LedgerError::OtherPayout { .. })), "{refused}");
}

#[tokio::test]
async fn a_dry_run_prepares_and_pays_nothing() {
    let stage = Stage::new();
    let dry = stage.prolific.with_dry_run();
    let payout = dry.bonuses().payout(&stage.study, &stage.plan, stage.ledger()).part_size(2);
    let Err(PayoutError::DryRun { total }) = payout.await else { panic!("it is a dry run") };
    assert_eq!(total.to_string(), "6.50 GBP");
    assert_eq!(requests(&stage.simulator, PAY), 0);
    stage.payout().await.unwrap();
    assert_eq!(requests(&stage.simulator, CREATE), 3);
}

#[tokio::test]
async fn a_payout_keeps_to_the_spending_limit_over_a_doubt() {
    let stage = Stage::new();
    let limit = Money::from_major("6.50", Currency::Gbp).unwrap();
    let prolific = stage.simulator.builder().spending_limit(limit).build().unwrap();
    let payout = || {
        let payout = prolific.bonuses().payout(&stage.study, &stage.plan, stage.ledger());
        payout.part_size(2).read_back_for(Duration::ZERO)
    };
    stage.simulator.fault(PAY, Fault::status(500)).unwrap();
    let Err(PayoutError::Doubtful(doubt)) = payout().await else { panic!("nobody knows") };
    assert_eq!(prolific.spending().unwrap().reserved, 260.into());
    payout().resolve(&doubt.id, Resolution::NotPaid).await.unwrap();
    let spending = prolific.spending().unwrap();
    assert_eq!((spending.spent, spending.reserved), (650.into(), Minor::ZERO));
    stage.assert_paid_once().await;
}

#[tokio::test]
async fn participants_may_be_named_instead_of_submissions() {
    let stage = Stage::new();
    let submission = stage.prolific.submissions().get(&stage.submissions[0]).await.unwrap();
    let participant = submission.participant_id.unwrap();
    let amount = Money::from_major("1.00", Currency::Gbp).unwrap();
    let named = [Bonus::new(participant, amount), bonus(&stage.submissions[0], "2.00")];
    let plan = BonusPlan::new(named.clone()).unwrap();
    let payout = stage.prolific.bonuses().payout(&stage.study, &plan, stage.ledger());
    let Err(PayoutError::SamePerson { lines }) = payout.await else { panic!("they are one") };
    assert_eq!(lines, [1, 2]);
    let plan = BonusPlan::options().allow_duplicates().plan(named).unwrap();
    stage.simulator.fault(PAY, Fault::lost_answer()).unwrap();
    let payout = stage.prolific.bonuses().payout(&stage.study, &plan, stage.ledger());
    assert_eq!(kinds(&payout.await.unwrap()), [PaidBy::Submissions]);
}
