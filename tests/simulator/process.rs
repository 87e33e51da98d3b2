//! The simulator in a separate process.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use prolific_api_ext::Prolific;

#[tokio::test]
async fn the_program_serves_until_its_input_ends() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_simulator"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut setting = |name: &str| {
        let line = lines.next().unwrap().unwrap();
        line.strip_prefix(name).unwrap().to_owned()
    };
    let (url, token) = (setting("PROLIFIC_URL="), setting("PROLIFIC_TOKEN="));
    let prolific = Prolific::builder().base_url(url).token(token).build().unwrap();
    assert!(prolific.api().get_user().send().await.is_ok());
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_program_says_what_it_does_and_what_it_does_not_take() {
    let run = |argument| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
        command.arg(argument).stdin(Stdio::null()).output().unwrap()
    };
    let help = run("--help");
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("Usage"));
    assert_eq!(run("nowhere").status.code(), Some(2));
}
