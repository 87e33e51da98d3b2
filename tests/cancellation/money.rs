//! Payouts and what else costs money: nothing is paid twice, and no lock is left.

use std::time::Duration;

use prolific_api_ext::{
    Minor, Money, StudyId, SubmissionId,
    bonuses::{Bonus, BonusPlan, Payout, PayoutError, Resolution},
    money::Currency,
    simulator::Simulator,
    studies::Decision,
    submissions::SubmissionStatus,
};

use crate::{MOST_POLLS, interrupted::interrupted};

const SOON: Duration = Duration::from_secs(20);

fn stage(submissions: usize) -> (Simulator, StudyId, Vec<SubmissionId>) {
    let simulator = Simulator::start();
    let study = simulator.active_study().unwrap();
    let submissions = (0..submissions).map(|_| simulator.submit(&study).unwrap()).collect();
    (simulator, study, submissions)
}

fn plan(submissions: &[SubmissionId]) -> BonusPlan {
    let bonuses = (101_u32..)
        .zip(submissions)
        .map(|(amount, id)| Bonus::new(id.clone(), Money::from_minor(amount, Currency::Gbp)));
    BonusPlan::new(bonuses).unwrap()
}

/// Runs a payout until all is paid. What is in doubt is resolved by what the simulator knows.
async fn pay(simulator: &Simulator, payout: impl Fn() -> Payout) {
    let mut found = None;
    for _ in 0..5 {
        let payout = payout();
        let payout = match &found {
            Some((id, resolution)) => payout.resolve(id, *resolution),
            None => payout,
        };
        match payout.await {
            Ok(_) => return,
            Err(PayoutError::Doubtful(doubt)) => {
                let was_paid = simulator.times_paid(&doubt.id) == Some(1);
                let resolution = if was_paid { Resolution::Paid } else { Resolution::NotPaid };
                found = Some((doubt.id, resolution));
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the payout does not come to its end");
}

#[tokio::test]
async fn a_payout_that_is_dropped_at_any_await_pays_each_bonus_once() {
    let mut drops = 0;
    for polls in 0.. {
        assert!(polls < MOST_POLLS, "it does not end");
        let (simulator, study, submissions) = stage(3);
        let prolific = simulator.prolific().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let plan = plan(&submissions);
        let payout = || {
            let ledger = folder.path().join("bonuses.ledger");
            let payout = prolific.bonuses().payout(&study, &plan, ledger);
            payout.part_size(2).read_back_for(Duration::ZERO)
        };
        let ended = interrupted(payout().into_future(), polls).await;
        drops += usize::from(ended.is_none());
        tokio::time::timeout(SOON, pay(&simulator, payout)).await.expect("a lock is left");
        for (amount, id) in (101_u32..).zip(&submissions) {
            let paid = prolific.submissions().get(id).await.unwrap().bonus_payments;
            assert_eq!(paid, [Minor::from(amount)], "dropped after {polls} polls");
        }
        if ended.is_some() {
            break;
        }
    }
    assert!(drops > 20, "it was dropped {drops} times");
}

#[tokio::test]
async fn a_payment_that_is_dropped_leaves_the_turn_to_the_next() {
    let (simulator, study, submissions) = stage(1);
    let prolific = simulator.prolific().unwrap();
    for polls in 0.. {
        assert!(polls < MOST_POLLS, "it does not end");
        let bonus = Bonus::new(submissions[0].clone(), Money::from_minor(50, Currency::Gbp));
        let bonuses = prolific.bonuses();
        let create = bonuses.create(&study, [bonus]);
        let made = tokio::time::timeout(SOON, create).await.expect("the turn is held").unwrap();
        let is_paid = interrupted(prolific.bonuses().pay(&made.id), polls).await.is_some();
        assert!(simulator.times_paid(&made.id).unwrap() < 2);
        if is_paid {
            break;
        }
    }
}

#[tokio::test]
async fn a_review_that_is_dropped_can_be_gone_on_with() {
    for polls in 0.. {
        assert!(polls < MOST_POLLS, "it does not end");
        let (simulator, study, submissions) = stage(3);
        let prolific = simulator.prolific().unwrap();
        let review = || prolific.studies().review(&study, |_| Decision::Approve);
        let has_ended = interrupted(review().into_future(), polls).await.is_some();
        let again = tokio::time::timeout(SOON, review()).await;
        again.expect("the turn of the workspace is held").unwrap();
        for id in &submissions {
            let status = prolific.submissions().get(id).await.unwrap().status;
            assert_eq!(status, Some(SubmissionStatus::Approved), "after {polls} polls");
        }
        if has_ended {
            break;
        }
    }
}

#[tokio::test]
async fn what_a_spending_limit_has_set_aside_comes_back_unless_it_may_be_spent() {
    let limit = Money::from_minor(1_000_000, Currency::Gbp);
    for polls in 0.. {
        assert!(polls < MOST_POLLS, "it does not end");
        let (simulator, _, submissions) = stage(2);
        let prolific = simulator.builder().spending_limit(limit.clone()).build().unwrap();
        let resource = prolific.submissions();
        let approve = resource.bulk_approve(&submissions);
        let has_ended = interrupted(approve, polls).await.is_some();
        let spending = prolific.spending().unwrap();
        // What was sent arrives.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let requests = simulator.requests();
        let was_sent = requests.iter().any(|it| it.operation == Some("bulk-approve-submissions"));
        let is_set_aside = spending.spent != Minor::ZERO || spending.reserved != Minor::ZERO;
        assert!(is_set_aside || !was_sent, "after {polls} polls: {spending:?}");
        if has_ended {
            assert_eq!(spending.reserved, Minor::ZERO);
            assert!(spending.spent != Minor::ZERO);
            break;
        }
        if polls == 0 {
            assert!(!is_set_aside && !was_sent, "{spending:?}");
        }
    }
}
