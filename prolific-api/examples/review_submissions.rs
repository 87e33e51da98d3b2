//! Approves the submissions of a study that await review, and thanks their participants.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::{env, error::Error};

use prolific_api::{
    Client,
    types::{SendMessage, SubmissionAction, SubmissionStatus, SubmissionTransition},
};

#[path = "with_token.rs"]
mod with_token;

pub(crate) async fn run(client: &Client, study: &str) -> Result<(), Box<dyn Error>> {
    let submissions = client.get_study_submissions().id(study).limit(100).send().await?;
    for summary in &submissions.results {
        let Some(id) = summary.id.as_deref() else {
            continue;
        };
        let submission = client.get_submission().id(id).send().await?;
        if submission.status != Some(SubmissionStatus::AwaitingReview) {
            continue;
        }
        let approve = SubmissionTransition::builder().action(SubmissionAction::Approve);
        client.transition_submission().id(id).body(approve).send().await?;
        let Some(participant) = submission.participant.as_deref() else {
            continue;
        };
        let thanks = SendMessage::builder()
            .recipient_id(participant)
            .study_id(study)
            .body("Thank you for taking part.");
        client.send_message().body(thanks).send().await?;
        println!("{id}: approved");
    }
    Ok(())
}

#[allow(dead_code, reason = "a test runs it otherwise")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let study = env::args().nth(1).ok_or("name the study")?;
    run(&with_token::client()?, &study).await
}
