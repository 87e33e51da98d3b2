//! The examples that receive webhooks, as a person runs them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

/// What a program tells that ends well.
fn told_by(program: &str) -> String {
    let output = Command::new(program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_receiver_with_axum_is_told_each_status_of_a_submission_once() {
    let told = told_by(env!("CARGO_BIN_EXE_webhook_receiver"));
    let mut statuses: Vec<&str> =
        told.lines().map(|line| line.split_once(" is ").unwrap().1).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["ACTIVE", "AWAITING REVIEW", "RESERVED"], "{told}");
}

#[test]
fn the_receiver_with_hyper_is_told_that_a_study_is_active() {
    let told = told_by(env!("CARGO_BIN_EXE_webhook_receiver_hyper"));
    assert!(told.lines().last().unwrap().ends_with(" is ACTIVE"), "{told}");
}
