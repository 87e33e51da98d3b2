//! The example `annotate` as a person runs it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
    time::Duration,
};

use prolific_api_ext::simulator::{Pace, Simulator};
use serde_json::Value;

fn annotate() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annotate"));
    command.env_remove("PROLIFIC_TOKEN").env_remove("PROLIFIC_URL");
    command
}

#[test]
fn without_a_token_it_annotates_on_a_simulated_prolific() {
    let output = annotate().output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    for line in ["3 records taken in", "batch is READY", "6 responses"] {
        assert!(told.contains(line), "{told}");
    }
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 6);
    assert!(lines.iter().all(|line| line["response"]["answer"].is_array()), "{lines:?}");
}

#[test]
fn what_is_misused_is_told_in_a_line() {
    for (arguments, token) in
        [(vec!["birds.csv"], ""), (vec![], "t"), (vec!["a", "b", "c", "d"], "t")]
    {
        let output = annotate().args(&arguments).env("PROLIFIC_TOKEN", token).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), told.lines().count()), (Some(2), 1), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_it_and_it_says_what_exists() {
    let simulator = Simulator::start();
    // Nothing ever moves on: the import of the file is waited for.
    simulator.set_pace(Pace::Time(Duration::from_secs(3_600)));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("birds.csv");
    std::fs::write(&file, "bird\nrobin\n").unwrap();
    let mut program = annotate()
        .arg(&file)
        .arg(simulator.workspace_id().unwrap().as_str())
        .env("PROLIFIC_TOKEN", simulator.token())
        .env("PROLIFIC_URL", simulator.base_url())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(program.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    let dataset = line.split(' ').nth(1).unwrap().to_owned();
    assert_eq!(line, format!("dataset {dataset} made\n"));

    let id = program.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(130), "{rest}");
    assert_eq!(rest, format!("annotate: stopped\ndataset {dataset} exists on the server\n"));
}
