//! Watches a study until nothing more can come, and reviews its submissions as soon as all places have
//! one: who entered the code is approved, who entered none is asked to return.
//!
//! It runs without a token, on a simulated Prolific:
//!
//!     cargo run --example review_study
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use prolific_api_ext::{
    Prolific, Result, StudyId, SubmissionId,
    simulator::Simulator,
    studies::{Decision, StudyEvent, StudyStatus},
    submissions::SubmissionSummary,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let simulator = Simulator::start();
    let prolific = simulator.prolific()?;
    let (study, without_code) = finished_study(&simulator)?;

    let mut watch = prolific.studies().watch(&study);
    let mut changes = 0;
    while let Some(event) = watch.next().await.transpose()? {
        changes += 1;
        let StudyEvent::StudyChanged { to, .. } = event else { continue };
        println!("the study is {to}");
        if to == StudyStatus::AwaitingReview {
            review(&prolific, &study).await?;
            // What only a participant can do:
            simulator.participants().return_place(&without_code)?;
            prolific.studies().stop(&study).await?;
        }
    }
    println!("{changes} changes of {} submissions", watch.position().submissions());
    Ok(())
}

async fn review(prolific: &Prolific, study: &StudyId) -> Result<()> {
    let plan = prolific.studies().review(study, decide).dry_run().await?;
    if let Some(pay) = plan.pay() {
        println!("{} approvals pay {pay} pence", plan.approvals());
    }
    let report = prolific.studies().review(study, decide).await?;
    println!("carried out {} decisions", report.done().count());
    Ok(())
}

fn decide(submission: &SubmissionSummary) -> Decision {
    match submission.entered_code.as_deref() {
        Some("CDONE") => Decision::Approve,
        Some(_) => Decision::Skip,
        None => Decision::request_return(["No completion code was entered."]),
    }
}

/// A study whose ten places have a submission that is finished, one of them without a code.
fn finished_study(simulator: &Simulator) -> Result<(StudyId, SubmissionId)> {
    let study = simulator.active_study()?;
    let participants = simulator.participants();
    let taken = participants.take(&study, 10)?;
    taken[1..].iter().try_for_each(|id| participants.submit(id, "CDONE"))?;
    participants.submit_without_code(&taken[0])?;
    Ok((study, taken[0].clone()))
}
