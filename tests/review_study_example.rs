//! The example `review_study` as a person runs it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

#[test]
fn a_study_is_watched_and_reviewed_to_its_end() {
    let output = Command::new(env!("CARGO_BIN_EXE_review_study")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    let lines = [
        "the study is AWAITING REVIEW",
        "9 approvals pay 900 pence",
        "10 decisions were carried out",
        "the study is COMPLETED",
        "22 changes were told of 10 submissions",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), lines);
}
