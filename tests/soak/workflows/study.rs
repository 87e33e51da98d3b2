//! A study from its draft to its bonuses, watched from beginning to end.

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;
use prolific_api_ext::{
    Error, ErrorKind, Minor, Money, Result, StudyId, SubmissionId,
    bonuses::{Bonus, BonusPlan, PayoutError, Resolution},
    money::Currency,
    studies::{
        CompletionAction, CompletionCode, CompletionCodeType, Decision, NewStudy, StudyEvent,
        StudyStatus, WatchPosition,
    },
    submissions::SubmissionStatus,
};

use crate::stage::{Stage, Wrong, hold};

const TIME: Duration = Duration::from_secs(60);
/// How long a watch runs before it is restarted.
const PATIENCE: Duration = Duration::from_secs(15);
/// What a payment is shown by, or not.
const READ_BACK: Duration = Duration::from_millis(100);

/// How a payout is run, so that the soak can be shown to notice payments that are made twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payer {
    /// By one ledger, until all is paid.
    Careful,
    /// Uses a new ledger each time, ignoring the warning that all may be paid already.
    Careless,
}

pub(crate) async fn run(stage: &Stage, name: &str, mut rng: Rng, payer: Payer) -> Wrong {
    let mut wrong = Wrong::new();
    let places = rng.u64(3..9);
    let Some(study) = publish(stage, name, places, &mut wrong).await else { return wrong };
    let watched = watch(stage, &study, places, &mut wrong);
    let ((), submissions) = tokio::join!(watched, take_part(stage, &study, places));
    review(stage, &study, &mut wrong).await;
    pay(stage, name, &study, &submissions, payer, &mut wrong).await;
    wrong
}

fn draft(name: &str, places: u64) -> NewStudy {
    let code = CompletionCode::new("CDONE", CompletionCodeType::Completed);
    NewStudy::new(name, "Name the birds that you see.")
        .external_url("https://example.com/birds?id={{%PROLIFIC_PID%}}")
        .places(places)
        .reward(150)
        .minutes(10)
        .completion_code(code.action(CompletionAction::ManuallyReview {}))
}

/// Makes the draft, and publishes it. What may have been made is looked for.
async fn publish(stage: &Stage, name: &str, places: u64, wrong: &mut Wrong) -> Option<StudyId> {
    let made = stage.caller.insist("create-study", async |prolific| {
        let draft = draft(name, places).project_id(stage.project.clone());
        Ok(prolific.studies().create(draft).await?.id)
    });
    let id = match made.await {
        Ok(id) => id,
        Err(_) => match find(stage, name).await {
            Some(id) => id,
            // It was not made after all; this one is given up.
            None => return None,
        },
    };
    for _ in 0..30 {
        let published = stage
            .caller
            .flow("publish", TIME, async |prolific| prolific.studies().publish_and_wait(&id).await);
        if published.await.is_ok() {
            break;
        }
        let study = stage.caller.repeat("get-study", async |it| it.studies().get(&id).await).await;
        if study.status == Some(StudyStatus::Active) {
            break;
        }
    }
    let there = stage.direct.studies().get(&id).await.unwrap();
    hold!(wrong, there.status == Some(StudyStatus::Active), "{name} was not published");
    let alike = all_named(stage, name).await.len();
    hold!(wrong, alike == 1, "there are {alike} studies {name}");
    Some(id)
}

async fn all_named(stage: &Stage, name: &str) -> Vec<StudyId> {
    let studies = stage.direct.projects().studies(&stage.project).collect_all().await.unwrap();
    let ours = studies.into_iter().filter(|study| study.name.as_deref() == Some(name));
    ours.map(|study| study.id).collect()
}

async fn find(stage: &Stage, name: &str) -> Option<StudyId> {
    let studies = stage.caller.repeat("get-project-studies", async |prolific| {
        prolific.projects().studies(&stage.project).collect_all().await
    });
    let mut ours = studies.await.into_iter().filter(|study| study.name.as_deref() == Some(name));
    ours.next().map(|study| study.id)
}

/// Has participants take part, one after the other.
async fn take_part(stage: &Stage, study: &StudyId, places: u64) -> Vec<SubmissionId> {
    let participants = stage.simulator.participants();
    let mut submissions = Vec::new();
    for _ in 0..places {
        for submission in participants.take(study, 1).unwrap() {
            tokio::time::sleep(Duration::from_millis(15)).await;
            participants.submit(&submission, "CDONE").unwrap();
            submissions.push(submission);
        }
    }
    submissions
}

/// Watches until all places have a submission that awaits its review, begun again wherever it ends.
async fn watch(stage: &Stage, study: &StudyId, places: u64, wrong: &mut Wrong) {
    let mut told: BTreeMap<SubmissionId, Vec<SubmissionStatus>> = BTreeMap::new();
    let mut position: Option<WatchPosition> = None;
    for _ in 0..60 {
        let watched = stage.caller.flow("watch", TIME, async |prolific| {
            let mut watch = prolific.studies().watch(study);
            if let Some(position) = position.take() {
                watch = watch.resume_from(position);
            }
            // A server that asks to come back in an hour is waited for; the program then starts
            // over.
            let full = until_full(&mut watch, &mut told);
            let ended = tokio::time::timeout(PATIENCE, full).await;
            position = Some(watch.position());
            ended.unwrap_or_else(|_| Err(Error::builder(ErrorKind::WaitTimedOut).build()))
        });
        match watched.await {
            Ok(true) => {
                hold!(wrong, told.len() as u64 == places, "{} watched of {places}", told.len());
                let last = told.values().filter_map(|told| told.last());
                let ready = last.filter(|last| **last == SubmissionStatus::AwaitingReview).count();
                hold!(
                    wrong,
                    ready as u64 == places,
                    "the last status of a submission was not told"
                );
                for told in told.values() {
                    let mut once = told.clone();
                    once.dedup();
                    hold!(wrong, once == *told, "a status was told twice: {told:?}");
                }
                return;
            }
            Ok(false) => break,
            Err(_) => {}
        }
    }
    wrong.push("a watch did not come to the end of its study".to_owned());
}

/// Whether the study has come to await its review.
async fn until_full(
    watch: &mut prolific_api_ext::studies::StudyWatch,
    told: &mut BTreeMap<SubmissionId, Vec<SubmissionStatus>>,
) -> Result<bool, Error> {
    while let Some(event) = watch.next().await.transpose()? {
        match event {
            StudyEvent::SubmissionNew { status, submission }
            | StudyEvent::SubmissionChanged { to: status, submission, .. } => {
                told.entry(submission.id).or_default().push(status);
            }
            StudyEvent::StudyChanged { to: StudyStatus::AwaitingReview, .. } => return Ok(true),
            _ => {}
        }
    }
    Ok(false)
}

/// Approves all, as often as it takes.
async fn review(stage: &Stage, study: &StudyId, wrong: &mut Wrong) {
    for _ in 0..40 {
        let reviewed = stage.caller.flow("review", TIME, async |prolific| {
            let decide = |_: &_| Decision::Approve;
            let review = prolific.studies().review(study, decide);
            review.interval(Duration::from_millis(5)).timeout(Duration::from_secs(20)).await
        });
        if reviewed.await.is_ok() {
            break;
        }
    }
    let there = stage.direct.studies().submissions(study).collect_all().await.unwrap();
    let open = there.iter().filter(|it| it.status != Some(SubmissionStatus::Approved)).count();
    hold!(wrong, open == 0, "{open} of {} are not approved", there.len());
}

/// Pays every participant a bonus with a unique amount.
async fn pay(
    stage: &Stage,
    name: &str,
    study: &StudyId,
    submissions: &[SubmissionId],
    payer: Payer,
    wrong: &mut Wrong,
) {
    let amount = |number: usize| 101 + u32::try_from(number).unwrap();
    let bonuses = submissions.iter().enumerate().map(|(number, id)| {
        Bonus::new(id.clone(), Money::from_minor(amount(number), Currency::Gbp))
    });
    let plan = BonusPlan::new(bonuses).unwrap();
    let mut found: Vec<(prolific_api_ext::BonusPaymentsId, Resolution)> = Vec::new();
    let mut is_paid = false;
    for run in 0..60 {
        let file = match payer {
            Payer::Careful => format!("{name}.ledger"),
            Payer::Careless => format!("{name}.{run}.ledger"),
        };
        let paid = stage.caller.flow("payout", TIME, async |prolific| {
            let ledger = stage.folder.join(file.replace('/', "-"));
            let payout = prolific.bonuses().payout(study, &plan, ledger).part_size(2);
            let mut payout = payout.read_back_for(READ_BACK);
            for (id, resolution) in &found {
                payout = payout.resolve(id, *resolution);
            }
            match payer {
                Payer::Careful => payout.await,
                Payer::Careless => payout.pay_again().await,
            }
        });
        match paid.await {
            Ok(_) => {
                is_paid = true;
                break;
            }
            // As a person would who looks at the payments in Prolific.
            Err(PayoutError::Doubtful(doubt)) if payer == Payer::Careful => {
                let was_paid = stage.simulator.times_paid(&doubt.id) == Some(1);
                let resolution = if was_paid { Resolution::Paid } else { Resolution::NotPaid };
                found = vec![(doubt.id.clone(), resolution)];
            }
            Err(_) => found.clear(),
        }
    }
    hold!(wrong, is_paid, "the payout of {name} never came to its end");
    for (number, id) in submissions.iter().enumerate() {
        let paid = stage.direct.submissions().get(id).await.unwrap().bonus_payments;
        hold!(wrong, !paid.is_empty(), "a bonus was lost");
        hold!(wrong, paid.len() < 2, "a bonus was paid {} times", paid.len());
        let is_right = paid.first().is_none_or(|paid| *paid == Minor::from(amount(number)));
        hold!(wrong, is_right, "a bonus of another amount was paid");
    }
}
