//! Prepares bonuses, shows what they cost, and pays them.
//!
//! Paying is not idempotent: a call that is repeated pays again. `prolific-api-ext` has plans of
//! bonuses that survive a crash.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::{env, error::Error};

use prolific_api::{Client, types::CreateBonuses};

#[path = "with_token.rs"]
mod with_token;

pub(crate) async fn run(client: &Client, study: &str, rows: &str) -> Result<(), Box<dyn Error>> {
    let bonuses = CreateBonuses::builder().study_id(study).csv_bonuses(rows);
    let batch = client.create_bonus_payments().body(bonuses).send().await?;
    println!("{:?} with fees and VAT", batch.total_amount);
    let id = batch.id.as_deref().ok_or("the bonuses have no id")?;
    client.pay_bonus_payments().id(id).send().await?;
    Ok(())
}

#[allow(dead_code, reason = "a test runs it otherwise")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [study, participant, amount] = &arguments[..] else {
        return Err("name the study, a participant, and an amount such as 1.50".into());
    };
    run(&with_token::client()?, study, &format!("{participant},{amount}")).await
}
