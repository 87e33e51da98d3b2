//! Watches a dataset of AI Task Builder until it is ready.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant, SystemTime},
};

use prolific_api_ext::{DatasetId, Prolific, Result, simulator::Simulator};

const HELP: &str = "\
Watches a dataset of AI Task Builder until it is ready, and prints each change.

Usage: cargo run --example dataset_status [-- DATASET_ID]

With PROLIFIC_TOKEN set, it asks https://api.prolific.com, or the server that
PROLIFIC_URL names, for DATASET_ID. Without, it watches a dataset of a simulated
Prolific that runs inside this program.";

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
            return misused("set PROLIFIC_TOKEN to watch your own dataset");
        }
        ([], true) => return misused("PROLIFIC_TOKEN is set, so a dataset id is required"),
        ([], false) => watch_simulated().await,
        _ => return misused("expected a single dataset id"),
    };
    match watched {
        Ok(()) => ExitCode::SUCCESS,
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

async fn watch_real(id: &str) -> Result<()> {
    watch(&Prolific::from_env()?, &id.parse()?, Duration::from_secs(2)).await
}

async fn watch_simulated() -> Result<()> {
    let simulator = Simulator::start();
    println!("no PROLIFIC_TOKEN: watching a dataset of a simulated Prolific");
    let id = simulator.dataset([
        "UNINITIALISED",
        "UNINITIALISED",
        "UNINITIALISED",
        "PROCESSING",
        "READY",
    ]);
    watch(&simulator.prolific()?, &id, Duration::from_millis(200)).await
}

async fn watch(prolific: &Prolific, id: &DatasetId, pause: Duration) -> Result<()> {
    // A wait outlasts an outage, but a server that doesn't exist should be reported at once.
    prolific.datasets().status(id).await?;
    let started = Instant::now();
    let mut changes = prolific.datasets().wait_until_ready(id).interval(pause).updates();
    let mut states = 0;
    while let Some(status) = changes.next().await.transpose()? {
        println!("{}  {status}", humantime::format_rfc3339_millis(SystemTime::now()));
        states += 1;
    }
    println!("dataset {id} is ready: {states} states in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}
