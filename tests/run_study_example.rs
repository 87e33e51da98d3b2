//! The example `run_study` as a person runs it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

#[test]
fn a_study_is_run_from_its_draft_to_its_bonuses() {
    let output = Command::new(env!("CARGO_BIN_EXE_run_study")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    let lines = [
        "12 places will cost 23.40 GBP",
        "12 submissions are approved",
        "bonuses of 6.00 GBP are paid",
    ];
    for line in lines {
        assert!(told.lines().any(|told| told == line), "{told}");
    }
    assert!(told.lines().last().unwrap().starts_with("the study has cost "), "{told}");
}

#[test]
fn the_example_fits_on_a_page() {
    let source = include_str!("../prolific-api-ext/examples/run_study.rs");
    assert!(source.lines().count() < 120);
}
