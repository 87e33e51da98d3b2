//! The examples that take no arguments, as a person runs them: without a token, on a simulated Prolific.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

/// The output of a program that exits successfully.
fn told_by(program: &str) -> String {
    let output = Command::new(program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_study_is_run_from_its_draft_to_its_bonuses() {
    let told = told_by(env!("CARGO_BIN_EXE_run_study"));
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
fn the_example_of_a_study_fits_on_a_page() {
    let source = include_str!("../prolific-api-ext/examples/run_study.rs");
    assert!(source.lines().count() < 120);
}

#[test]
fn a_study_is_watched_and_reviewed_to_its_end() {
    let told = told_by(env!("CARGO_BIN_EXE_review_study"));
    let lines = [
        "the study is AWAITING REVIEW",
        "9 approvals pay 900 pence",
        "carried out 10 decisions",
        "the study is COMPLETED",
        "22 changes of 10 submissions",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn who_was_approved_is_asked_to_the_second_part() {
    let told = told_by(env!("CARGO_BIN_EXE_follow_up"));
    let lines = [
        "3 members in Birds, wave 1",
        "the second part is a draft: Birds, the second part",
        "sent a message to 3 participants",
        "they are 32 years old on average",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn an_audience_is_counted_and_priced() {
    let told = told_by(env!("CARGO_BIN_EXE_audience"));
    let begins = |start: &str| told.lines().find(|line| line.starts_with(start)).unwrap();
    let everybody: u64 = begins("everybody: ")["everybody: ".len()..].parse().unwrap();
    let women: u64 = begins("women: ")["women: ".len()..].parse().unwrap();
    assert!(women < everybody, "{told}");
    assert!(begins("200 places at ").contains(" each cost "), "{told}");
}

#[test]
fn the_axum_receiver_gets_each_status_of_a_submission_once() {
    let told = told_by(env!("CARGO_BIN_EXE_webhook_receiver"));
    let mut statuses: Vec<&str> =
        told.lines().map(|line| line.split_once(" is ").unwrap().1).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["ACTIVE", "AWAITING REVIEW", "RESERVED"], "{told}");
}

#[test]
fn the_hyper_receiver_learns_that_a_study_is_active() {
    let told = told_by(env!("CARGO_BIN_EXE_webhook_receiver_hyper"));
    assert!(told.lines().last().unwrap().ends_with(" is ACTIVE"), "{told}");
}
