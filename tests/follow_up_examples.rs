//! The examples `follow_up` and `audience` as a person runs them.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

fn told_by(program: &str) -> String {
    let output = Command::new(program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn who_was_approved_is_asked_to_the_second_part() {
    let told = told_by(env!("CARGO_BIN_EXE_follow_up"));
    let lines = [
        "3 members in Birds, wave 1",
        "the second part is a draft: Birds, the second part",
        "3 participants were written to",
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
