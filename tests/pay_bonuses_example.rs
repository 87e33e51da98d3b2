//! The example that pays bonuses as a person runs it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use prolific_api_ext::simulator::Simulator;

fn run(simulator: &Simulator, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pay_bonuses"))
        .args(arguments)
        .env("PROLIFIC_TOKEN", simulator.token())
        .env("PROLIFIC_URL", simulator.base_url())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let streams = [&output.stdout, &output.stderr];
    streams.map(|stream| String::from_utf8_lossy(stream)).concat()
}

fn payments(simulator: &Simulator) -> usize {
    let requests = simulator.requests();
    requests.iter().filter(|request| request.operation == Some("pay-bonus-payments")).count()
}

fn file(folder: &Path, rows: &str) -> String {
    let path = folder.join("bonuses.csv");
    fs::write(&path, rows).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn without_arguments_it_pays_simulated_bonuses() {
    let output = Command::new(env!("CARGO_BIN_EXE_pay_bonuses")).output().unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("bonuses: 2, in all: 2.25 GBP, with fees and tax: 2.925 GBP"), "{said}");
    assert!(said.contains("paid: 2.25 GBP"), "{said}");
}

#[test]
fn it_says_what_a_file_costs_and_pays_it_once() {
    let simulator = Simulator::start();
    let study = simulator.active_study().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let id = simulator.submit(&study).unwrap();
    let file = file(folder.path(), &format!("submission_id,amount\n{id},2.00\n"));
    let quote = run(&simulator, &[study.as_str(), &file, "GBP"]);
    assert!(said(&quote).contains("with fees and tax: 2.60 GBP"), "{}", said(&quote));
    assert_eq!(payments(&simulator), 0);
    for _ in 0..2 {
        let paid = run(&simulator, &[study.as_str(), &file, "GBP", "--pay"]);
        assert!(paid.status.success() && said(&paid).contains("paid: 2.00 GBP"), "{}", said(&paid));
        assert_eq!(payments(&simulator), 1);
    }
}

#[test]
fn it_tells_bad_rows_by_their_line() {
    let simulator = Simulator::start();
    let study = simulator.active_study().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let id = simulator.submit(&study).unwrap();
    let bad = file(folder.path(), &format!("{id},2.00\n{id},1\nnobody,-1\n"));
    let refused = run(&simulator, &[study.as_str(), &bad, "GBP", "--pay"]);
    let told = said(&refused);
    assert!(!refused.status.success() && told.contains("2: ") && told.contains("3: "), "{told}");
    assert!(!told.contains(id.as_str()), "{told}");
    let misused = run(&simulator, &[study.as_str(), &bad, "GBP", "--found", "x"]);
    assert!(!misused.status.success());
    assert_eq!(payments(&simulator), 0);
}
