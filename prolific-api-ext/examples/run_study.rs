//! Runs a study from its draft to its bonuses, against a simulated Prolific: without a token, and
//! without money.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::{env, error::Error, fs, process, thread, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use prolific_api_ext::{
    Money, Prolific, StudyId,
    bonuses::{Bonus, BonusPlan},
    money::Currency,
    simulator::Simulator,
    studies::{
        CompletionAction, CompletionCode, CompletionCodeType, Decision, NewStudy, StudyEvent,
        StudyStatus,
    },
    submissions::SubmissionStatus,
};

const PLACES: u64 = 12;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let simulator = Simulator::start();
    let prolific = simulator.prolific()?; // Prolific::from_env()? asks the real one
    let study = publish(&prolific).await?;
    let people = take_part(&simulator, &study);
    watch(&prolific, &study).await?;
    people.join().map_err(|_| "the participants gave up")??;
    review(&prolific, &study).await?;
    pay(&prolific, &study).await?;
    let cost = prolific.studies().cost(&study).await?.total()?;
    println!("the study has cost {}", cost.ok_or("an unknown amount")?);
    Ok(())
}

/// Makes a draft, says what it will cost, and publishes it.
async fn publish(prolific: &Prolific) -> Result<StudyId, Box<dyn Error>> {
    let draft = NewStudy::new("Birds", "Name the birds that you see.")
        .external_url("https://example.com/birds?id={{%PROLIFIC_PID%}}")
        .places(PLACES)
        .reward(150)
        .minutes(10)
        .completion_code(
            CompletionCode::new("CDONE", CompletionCodeType::Completed)
                .action(CompletionAction::ManuallyReview {}),
        );
    for warning in draft.warnings() {
        println!("warning: {warning}");
    }
    let cost = prolific.studies().estimate(&draft).await?;
    println!("{PLACES} places will cost {}", Money::from_minor(cost, Currency::Gbp));
    let draft = prolific.studies().create(draft).await?;
    let study = prolific.studies().publish_and_wait(&draft.id).await?;
    println!("study {} is published", study.id);
    Ok(study.id)
}

/// Shows the submissions as they come, until every place has one that is finished.
async fn watch(prolific: &Prolific, study: &StudyId) -> Result<(), Box<dyn Error>> {
    let bar = ProgressBar::new(PLACES);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} finished, {msg}")?);
    let mut changes = prolific.studies().watch(study);
    while let Some(change) = changes.next().await.transpose()? {
        match change {
            StudyEvent::SubmissionNew { status, submission }
            | StudyEvent::SubmissionChanged { to: status, submission, .. } => {
                bar.set_message(format!("{} is {status}", submission.id));
                bar.inc(u64::from(status == SubmissionStatus::AwaitingReview));
            }
            StudyEvent::StudyChanged { to: StudyStatus::AwaitingReview, .. } => break,
            _ => {}
        }
    }
    bar.finish_with_message("all of them");
    Ok(())
}

/// Approves what came with the code.
async fn review(prolific: &Prolific, study: &StudyId) -> Result<(), Box<dyn Error>> {
    let report = prolific.studies().review(study, |submission| match submission.entered_code {
        Some(_) => Decision::Approve,
        None => Decision::request_return(["No completion code was entered."]),
    });
    println!("{} submissions are approved", report.await?.approvals());
    Ok(())
}

/// Pays a bonus to every participant. Whatever happens to this program, the ledger ensures that
/// nobody is paid twice.
async fn pay(prolific: &Prolific, study: &StudyId) -> Result<(), Box<dyn Error>> {
    let approved = prolific.studies().participants(study, [SubmissionStatus::Approved]).await?;
    let bonus = Money::from_minor(50, Currency::Gbp);
    let plan = BonusPlan::new(approved.into_iter().map(|who| Bonus::new(who, bonus.clone())))?;
    let ledger = env::temp_dir().join(format!("run_study-{}.ledger", process::id()));
    let paid = prolific.bonuses().payout(study, &plan, &ledger).await?;
    println!("bonuses of {} are paid", paid.amount);
    fs::remove_file(ledger)?;
    Ok(())
}

/// What participants do: the simulator has them do it here.
fn take_part(
    simulator: &Simulator,
    study: &StudyId,
) -> thread::JoinHandle<prolific_api_ext::Result<()>> {
    let (participants, study) = (simulator.participants(), study.clone());
    thread::spawn(move || {
        for _ in 0..PLACES {
            for submission in participants.take(&study, 1)? {
                thread::sleep(Duration::from_millis(20));
                participants.submit(&submission, "CDONE")?;
            }
        }
        Ok(())
    })
}
