//! Watches a dataset of AI Task Builder until it is ready.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

mod simulated;

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

use prolific_api_ext::{DatasetId, DatasetStatus, Prolific, Result};

const HELP: &str = "\
Watches a dataset of AI Task Builder until it is ready, and prints each change.

Usage: cargo run --example dataset_status [-- DATASET_ID]

With PROLIFIC_TOKEN set, it asks https://api.prolific.com, or the server that
PROLIFIC_URL names, for DATASET_ID. Without, it watches a dataset of a simulated
Prolific that runs inside this program.";

const TIMEOUT: Duration = Duration::from_secs(600);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let has_token = env::var_os("PROLIFIC_TOKEN").is_some_and(|token| !token.is_empty());
    let watched = match (&arguments[..], has_token) {
        (["-h" | "--help"], _) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ([id], true) if !id.starts_with('-') => watch_real(id).await,
        ([id], false) if !id.starts_with('-') => {
            return misused("set PROLIFIC_TOKEN to watch a dataset of your own");
        }
        ([], true) => return misused("PROLIFIC_TOKEN is set: name the dataset to watch"),
        ([], false) => watch_simulated().await,
        _ => return misused("one dataset id and nothing else is expected"),
    };
    match watched {
        Ok(status) if status.is_failure() => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dataset_status: {error}");
            ExitCode::FAILURE
        }
    }
}

fn misused(why: &str) -> ExitCode {
    eprintln!("dataset_status: {why}; see --help");
    ExitCode::from(2)
}

async fn watch_real(id: &str) -> Result<DatasetStatus> {
    let prolific = Prolific::from_env()?;
    watch(&prolific, &id.parse()?, Duration::from_secs(2)).await
}

async fn watch_simulated() -> Result<DatasetStatus> {
    let server = simulated::serve();
    let url = server.base_url();
    println!("no PROLIFIC_TOKEN: watching a dataset of a simulated Prolific at {url}");
    let prolific = Prolific::builder().token(simulated::TOKEN).base_url(url).build()?;
    watch(&prolific, &simulated::DATASET.parse()?, Duration::from_millis(200)).await
}

/// Looks until the dataset is in a state that stays, or for ten minutes.
async fn watch(prolific: &Prolific, id: &DatasetId, pause: Duration) -> Result<DatasetStatus> {
    let started = Instant::now();
    let mut seen: Vec<DatasetStatus> = Vec::new();
    let mut looks = 0;
    loop {
        let status = prolific.datasets().status(id).await?;
        looks += 1;
        if seen.last() != Some(&status) {
            println!("{}  {status}", humantime::format_rfc3339_millis(SystemTime::now()));
            seen.push(status.clone());
        }
        if status.is_terminal() || started.elapsed() > TIMEOUT {
            let took = started.elapsed().as_secs_f64();
            println!("dataset {id} is {status}: {} states, {looks} looks, {took:.1} s", seen.len());
            return Ok(status);
        }
        tokio::time::sleep(pause).await;
    }
}
