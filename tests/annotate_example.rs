//! The example `annotate` as a person runs it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command, Stdio},
    time::Duration,
};

use prolific_api_ext::simulator::{Fault, Pace, Simulator};
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
    let lines = [
        "54 of 54 bytes sent",
        "import is complete",
        "3 records imported",
        "batch is PROCESSING",
        "batch is READY",
        "6 responses",
    ];
    for line in lines {
        assert!(told.lines().any(|told| told == line), "{told}");
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
fn misuse_is_reported_in_one_line() {
    for (arguments, token) in
        [(vec!["birds.csv"], ""), (vec![], "t"), (vec!["a", "b", "c", "d"], "t")]
    {
        let output = annotate().args(&arguments).env("PROLIFIC_TOKEN", token).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), told.lines().count()), (Some(2), 1), "{told}");
    }
}

/// Runs it on a file of this content, with the workspace of a simulator.
fn annotate_file(simulator: &Simulator, content: &[u8]) -> (Command, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("birds.csv");
    std::fs::write(&file, content).unwrap();
    let mut command = annotate();
    command
        .arg(&file)
        .arg(simulator.workspace_id().unwrap().as_str())
        .env("PROLIFIC_TOKEN", simulator.token())
        .env("PROLIFIC_URL", simulator.base_url())
        .stderr(Stdio::piped());
    (command, folder)
}

#[test]
fn a_file_without_column_names_is_reported_before_anything_is_created() {
    let simulator = Simulator::start();
    for (content, why) in [
        (&b""[..], "birds.csv: the first line has no column names"),
        (b"\nrobin\n", "birds.csv: the first line has no column names"),
        (b"bird,,place\n", "birds.csv: column 2 has no name in the first line"),
        ("\u{feff}bird\n".as_bytes(), "birds.csv: the file begins with a byte order mark"),
        (b"bird\xff\n", "birds.csv: stream did not contain valid UTF-8"),
    ] {
        let (mut command, _folder) = annotate_file(&simulator, content);
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), told.lines().count()), (Some(1), 1), "{told}");
        assert!(told.contains(why), "{told}");
    }
    assert!(simulator.requests().is_empty());
}

#[test]
fn what_fails_says_why_and_what_exists() {
    let refused = Fault::answer(403, serde_json::json!({ "detail": "AI Task Builder is not on" }));
    for (operation, fault, says) in [
        ("create-task-builder-dataset", refused, "nothing exists on the server"),
        (
            "create-task-builder-dataset",
            Fault::lost_answer(),
            "a dataset \"birds\" may exist on the server: it was being created",
        ),
        (
            "create-task-builder-batch",
            Fault::lost_answer(),
            "a batch \"birds\" may exist on the server: it was being created",
        ),
    ] {
        let simulator = Simulator::start();
        simulator.fault(operation, fault).unwrap();
        let (mut command, _folder) = annotate_file(&simulator, b"bird\nrobin\n");
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.lines().any(|line| line == says), "{told}");
        let last = told.lines().last().unwrap();
        assert!(last.starts_with(&format!("annotate: {operation}: ")), "{told}");
    }
}

#[test]
fn where_no_server_is_reached_nothing_exists() {
    let simulator = Simulator::start();
    let (mut command, _folder) = annotate_file(&simulator, b"bird\nrobin\n");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = command.env("PROLIFIC_URL", format!("http://{closed}")).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.lines().any(|line| line == "nothing exists on the server"), "{told}");
}

#[cfg(unix)]
fn interrupt(program: &Child) {
    let id = program.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_something_is_made_says_that_it_may_exist() {
    let simulator = Simulator::start();
    // Far longer than the test takes.
    let delay = Fault::delay(Duration::from_secs(3_600));
    simulator.fault("create-task-builder-dataset", delay).unwrap();
    let (mut command, _folder) = annotate_file(&simulator, b"bird\nrobin\n");
    let mut program = command.spawn().unwrap();
    let mut told = BufReader::new(program.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert_eq!(line, "creating a dataset for birds\n");

    interrupt(&program);
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(130), "{rest}");
    let says = "a dataset \"birds\" may exist on the server: it was being created";
    assert_eq!(rest, format!("annotate: stopped\n{says}\n"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_it_and_it_says_what_exists() {
    let simulator = Simulator::start();
    // Nothing ever moves on: the import of the file is waited for.
    simulator.set_pace(Pace::Time(Duration::from_secs(3_600)));
    let (mut command, _folder) = annotate_file(&simulator, b"bird\nrobin\n");
    let mut program = command.spawn().unwrap();
    let mut told = BufReader::new(program.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    line.clear();
    told.read_line(&mut line).unwrap();
    let dataset = line.trim_end().split(' ').nth(2).unwrap().to_owned();
    assert_eq!(line, format!("created dataset {dataset}\n"));

    interrupt(&program);
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(130), "{rest}");
    let says = format!("annotate: stopped\ndataset {dataset} exists on the server\n");
    assert!(rest.ends_with(&says), "{rest}");
}
