//! The example program as a person runs it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

use std::process::{Command, Output};

use httpmock::{Method::GET, MockServer};

const ID: &str = "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d";

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dataset_status"))
        .args(arguments)
        .env_remove("PROLIFIC_TOKEN")
        .env_remove("PROLIFIC_URL")
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

fn assert_one_line(output: &Output, code: i32, said: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains(said), "{stderr}");
}

#[test]
fn without_a_token_it_watches_a_simulated_dataset_become_ready() {
    let output = run(&[], &[]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}");
    let states: Vec<&str> =
        stdout.lines().filter_map(|line| line.split_once("Z  ")).map(|(_, state)| state).collect();
    assert_eq!(states, ["UNINITIALISED", "PROCESSING", "READY"], "{stdout}");
    assert!(stdout.lines().last().unwrap().contains("is ready: 3 states in"), "{stdout}");
}

#[test]
fn with_a_token_it_asks_the_server_that_is_named() {
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.method(GET)
            .path(format!("/api/v1/data-collection/datasets/{ID}/status"))
            .header("authorization", "Token abc");
        then.status(200).body(r#"{"status":"READY"}"#);
    });
    let url = server.base_url();
    let output = run(&[ID], &[("PROLIFIC_TOKEN", "abc"), ("PROLIFIC_URL", &url)]);
    assert!(output.status.success(), "{output:?}");
    mock.assert_calls(2);
}

#[test]
fn a_server_of_this_machine_is_asked_without_the_proxy_of_the_environment() {
    let server = answering("READY");
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let at = format!("http://{}", proxy.local_addr().unwrap());
    let url = server.base_url();
    let names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    let mut environment = vec![("PROLIFIC_TOKEN", "abc"), ("PROLIFIC_URL", &*url)];
    environment.extend(names.map(|name| (name, &*at)));
    environment.extend([("NO_PROXY", ""), ("no_proxy", "")]);
    let output = run(&[ID], &environment);
    assert!(output.status.success(), "{output:?}");
    let asked = proxy.accept().map_err(|error| error.kind());
    assert_eq!(asked.err(), Some(std::io::ErrorKind::WouldBlock), "the proxy was asked");
}

/// A server all of whose datasets are in one state.
fn answering(status: &str) -> MockServer {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.method(GET);
        then.status(200).body(format!(r#"{{"status":"{status}"}}"#));
    });
    server
}

#[test]
fn a_dataset_that_ends_as_error_is_a_failure() {
    let server = answering("ERROR");
    let url = server.base_url();
    let output = run(&[ID], &[("PROLIFIC_TOKEN", "abc"), ("PROLIFIC_URL", &url)]);
    assert_one_line(&output, 1, "ended as ERROR");
    assert!(String::from_utf8_lossy(&output.stdout).contains("Z  ERROR"));
}

#[test]
fn help_says_what_it_does_and_what_it_reads() {
    let output = run(&["--help"], &[]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    for word in ["PROLIFIC_TOKEN", "PROLIFIC_URL", "DATASET_ID", "simulated"] {
        assert!(stdout.contains(word), "{stdout}");
    }
}

#[test]
fn wrong_input_is_one_line_and_a_failure() {
    let token = ("PROLIFIC_TOKEN", "abc");
    assert_one_line(&run(&[], &[token]), 2, "a dataset id is required");
    assert_one_line(&run(&[ID], &[]), 2, "set PROLIFIC_TOKEN");
    assert_one_line(&run(&["a", "b"], &[token]), 2, "expected a single dataset id");
    assert_one_line(&run(&["--wat"], &[token]), 2, "see --help");
    assert_one_line(&run(&["../users"], &[token]), 1, "contains a slash");
    assert_one_line(&run(&[ID], &[("PROLIFIC_TOKEN", "Token abc")]), 1, "remove the word");
    assert_one_line(&run(&[ID], &[token, ("PROLIFIC_URL", "nowhere")]), 1, "PROLIFIC_URL");
}

#[test]
fn a_refused_token_and_an_unreachable_server_are_one_line_and_a_failure() {
    let token = ("PROLIFIC_TOKEN", "sesame");
    let server = MockServer::start();
    server.mock(|when, then| {
        when.method(GET);
        then.status(401).body(r#"{"error":{"title":"Authentication","detail":"Wrong token."}}"#);
    });
    let url = server.base_url();
    let refused = run(&[ID], &[token, ("PROLIFIC_URL", &url)]);
    assert_one_line(&refused, 1, "401 Unauthorized: Authentication: Wrong token.");
    let unreachable = run(&[ID], &[token, ("PROLIFIC_URL", "http://127.0.0.1:1")]);
    assert_one_line(&unreachable, 1, "no connection to 127.0.0.1:1");
    assert!(!format!("{refused:?}{unreachable:?}").contains("sesame"));
}
