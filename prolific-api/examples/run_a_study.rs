//! Creates a study where there is money for it, publishes it, and reads it back.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::error::Error;

use prolific_api::{
    Client,
    types::{CreateStudy, ProlificIdOption, StudyAction, StudyTransition},
};

#[path = "with_token.rs"]
mod with_token;

pub(crate) async fn run(client: &Client) -> Result<(), Box<dyn Error>> {
    let workspaces = client.get_workspaces().send().await?;
    for workspace in workspaces.results.iter().filter_map(|workspace| workspace.id.as_deref()) {
        let balance = client.get_workspace_balance().workspace_id(workspace).send().await?;
        println!("{workspace}: {:?} {:?}", balance.available_balance, balance.currency_code);
    }

    let study = CreateStudy::builder()
        .name("Perception of colours")
        .description("Tell us which colours you see.")
        .external_study_url("https://example.org/study?id={{%PROLIFIC_PID%}}")
        .prolific_id_option(ProlificIdOption::UrlParameters)
        .estimated_completion_time(5)
        .reward(150)
        .total_available_places(20);
    let study = client.create_study().body(study).send().await?;
    let id = study.id.as_deref().ok_or("the study has no id")?;

    let publish = StudyTransition::builder().action(StudyAction::Publish);
    client.publish_study().id(id).body(publish).send().await?;
    let study = client.get_study().id(id).send().await?;
    println!("{id}: {:?}", study.status);
    Ok(())
}

#[allow(dead_code, reason = "a test runs it otherwise")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&with_token::client()?).await
}
