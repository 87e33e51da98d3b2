//! Sources fetched from a server on this machine.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod documentation;
mod server;
mod site;

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use server::{Reply, Server, reply};

use tempfile::TempDir;
use xtask::{
    fetch::{Limits, State, fetch},
    manifest::Manifest,
    read::Sources,
};

const PAGE: &str = "\u{feff}# Get Thing\r\n\r\n```yaml\r\nopenapi: 3.1.1\r\ninfo: {title: Get Thing, version: '1'}\r\nservers: [{url: 'https://things.example'}]\r\npaths:\r\n  /thing:\r\n    get:\r\n      operationId: get-thing\r\n      responses:\r\n        '200': {description: OK}\r\n```\r\n";

fn page(etag: &str) -> Reply {
    reply("200 OK", &[&format!("etag: {etag}")], PAGE)
}

fn project(url: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("regen.toml"), format!("[document]\ntitle = 'T'\nversion = '1'\n[[source]]\nfile = 'pages/thing.md'\nurl = '{url}'\n[output]\ndocument = 'a'\nclient = 'b'\n")).unwrap();
    folder
}

/// What became of the one source, and the waits between the attempts.
fn fetched(project: &Path, limits: &Limits) -> (State, Vec<Duration>) {
    let mut sources = Sources::default();
    let manifest = Manifest::load(&mut sources, &project.join("regen.toml")).unwrap();
    let mut waits = Vec::new();
    let fetched = fetch(&mut sources, &manifest, limits, &mut |wait| waits.push(wait)).unwrap();
    let [source] = <[_; 1]>::try_from(fetched.sources).unwrap();
    (source.state, waits)
}

fn failure(state: State) -> String {
    match state {
        State::Failed(finding) => finding.problem,
        state => panic!("{state:?}"),
    }
}

fn there(project: &Path) -> Option<Vec<u8>> {
    fs::read(project.join("pages/thing.md")).ok()
}

#[test]
fn a_page_is_kept_byte_for_byte_and_asked_for_by_its_version_the_next_time() {
    let server = Server::start(vec![
        page("\"one\""),
        reply("304 Not Modified", &[], ""),
        page("\"two\""),
        page("\"two\""),
    ]);
    let project = project(&server.url());
    let path = project.path();
    let state = || fetched(path, &Limits::default()).0.as_str();
    assert_eq!(state(), "updated");
    assert_eq!(there(path).unwrap(), PAGE.as_bytes());
    assert_eq!(state(), "unchanged");
    // An edited file no longer matches the recorded version.
    fs::write(path.join("pages/thing.md"), "edited").unwrap();
    assert_eq!(state(), "updated");
    assert_eq!(there(path).unwrap(), PAGE.as_bytes());
    assert_eq!(state(), "unchanged", "the same bytes, though the server sends them");
    let requests = server.requests();
    let asked =
        |index: usize, etag: &str| requests[index].contains(&format!("if-none-match: {etag}\r\n"));
    assert!(!requests[0].contains("if-none-match") && requests[0].contains("text/markdown"));
    assert!(asked(1, "\"one\"") && asked(3, "\"two\""), "{requests:?}");
    assert!(!requests[2].contains("if-none-match"), "{requests:?}");
    let lock = fs::read_to_string(path.join("regen.lock.toml")).unwrap();
    assert!(lock.contains("etag = \"\\\"two\\\"\"") && lock.contains("file = \"pages/thing.md\""));
}

#[test]
fn a_fault_that_may_pass_is_waited_out_and_the_servers_hint_is_honoured() {
    let server = Server::start(vec![
        reply("503 Service Unavailable", &[], "later"),
        reply("429 Too Many Requests", &["retry-after: 7"], ""),
        Reply::Bytes(format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}",
            PAGE.len(),
            &PAGE[..40]
        )),
        page("\"a\""),
    ]);
    let project = project(&server.url());
    let (state, waits) = fetched(project.path(), &Limits::default());
    assert_eq!(state.as_str(), "updated", "{state:?}");
    assert_eq!(waits, [1, 7, 4].map(Duration::from_secs));
    assert_eq!(server.requests().len(), 4);
    assert_eq!(there(project.path()).unwrap(), PAGE.as_bytes());
}

#[test]
fn a_fault_that_does_not_pass_ends_with_the_attempts() {
    let server = Server::start((0..4).map(|_| reply("500 Oops", &[], "")).collect());
    let (state, waits) = fetched(project(&server.url()).path(), &Limits::default());
    assert_eq!(waits.len(), 3);
    let reason = failure(state);
    assert!(reason.contains("500") && reason.contains("4 attempts"), "{reason}");

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}/x.md");
    let (state, waits) = fetched(project(&url).path(), &Limits::default());
    assert_eq!(waits.len(), 3, "a connection that can't be made may pass too");
    assert!(failure(state).contains("4 attempts"));
}

#[test]
fn a_wait_beyond_the_limit_is_not_made() {
    let server = Server::start(vec![reply("429 Too Many Requests", &["retry-after: 3600"], "")]);
    let (state, waits) = fetched(project(&server.url()).path(), &Limits::default());
    assert_eq!(waits, []);
    let reason = failure(state);
    assert!(reason.contains("asks to wait 3600 s"), "{reason}");
}

#[test]
fn an_answer_that_stays_the_same_is_not_asked_for_again() {
    for status in ["404 Not Found", "401 Unauthorized", "204 No Content", "304 Not Modified"] {
        let server = Server::start(vec![reply(status, &[], "")]);
        let (state, waits) = fetched(project(&server.url()).path(), &Limits::default());
        assert_eq!(waits, [], "{status}");
        assert!(failure(state).contains(&status[..3]), "{status}");
    }
}

#[test]
fn a_page_beyond_the_size_limit_is_given_up_with_or_without_a_length() {
    let limits = Limits { bytes: 100, ..Limits::default() };
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{PAGE}\r\n0\r\n\r\n",
        PAGE.len()
    );
    for too_large in [page("\"a\""), Reply::Bytes(chunked)] {
        let server = Server::start(vec![too_large]);
        let project = project(&server.url());
        let (state, waits) = fetched(project.path(), &limits);
        assert_eq!(
            (failure(state), waits.len()),
            ("it can't be fetched: the response is larger than 100 bytes".to_owned(), 0)
        );
        assert_eq!(there(project.path()), None);
    }
}

#[test]
fn a_body_that_does_not_come_to_an_end_is_bounded_by_the_timeout() {
    let stalled =
        || Reply::Stall("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n# Get".to_owned());
    let server = Server::start(vec![stalled(), stalled()]);
    let limits = Limits { attempts: 2, timeout: Duration::from_millis(200), ..Limits::default() };
    let project = project(&server.url());
    let (state, waits) = fetched(project.path(), &limits);
    assert_eq!(waits.len(), 1);
    let reason = failure(state);
    assert!(reason.contains("within 0.2 s (2 attempts)"), "{reason}");
    assert_eq!(there(project.path()), None);
}

#[test]
fn redirects_are_followed_within_the_host_alone() {
    let redirect = |to: &str| reply("302 Found", &[&format!("location: {to}")], "");
    let server = Server::start(vec![redirect("../other?x=1"), page("\"a\"")]);
    let (state, _) = fetched(project(&server.url()).path(), &Limits::default());
    assert_eq!(state.as_str(), "updated", "{state:?}");
    assert!(server.requests()[1].starts_with("get /other?x=1 "));

    for to in ["http://localhost/x", "https://other.example/x", "http://127.0.0.1:1/x"] {
        let server = Server::start(vec![redirect(to)]);
        let (state, waits) = fetched(project(&server.url()).path(), &Limits::default());
        assert_eq!(waits, []);
        assert!(failure(state).contains("a redirect to another host"), "{to}");
    }

    let server = Server::start((0..6).map(|_| redirect("/again")).collect());
    let (state, _) = fetched(project(&server.url()).path(), &Limits::default());
    assert!(failure(state).ends_with(": more than 5 redirects"));
}

#[test]
fn nothing_is_asked_of_another_machine_without_https() {
    let (state, waits) =
        fetched(project("http://192.0.2.1/x?token=secret").path(), &Limits::default());
    let reason = failure(state);
    assert!(reason.contains("only https is allowed") && !reason.contains("secret"), "{reason}");
    assert_eq!(waits, []);
}

fn run(project: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["fetch", "--manifest", "regen.toml"])
        .current_dir(project)
        .output()
        .unwrap()
}

#[test]
fn a_page_that_is_not_accepted_leaves_the_good_one_and_fails_the_command() {
    let broken =
        PAGE.replace("'200': {description: OK}", "'200': {$ref: '#/components/responses/R'}");
    let server = Server::start(vec![
        page("\"a\""),
        reply("200 OK", &["etag: \"b\""], &broken),
        reply("200 OK", &["etag: \"c\""], "<!doctype html><p>Not found"),
        reply("404 Not Found", &[], ""),
        reply("404 Not Found", &[], ""),
        reply("304 Not Modified", &[], ""),
    ]);
    let project = project(&server.url());
    let path = project.path();
    let told = |output: &Output| String::from_utf8(output.stderr.clone()).unwrap();
    let good = run(path);
    assert_eq!(good.status.code(), Some(0), "{}", told(&good));
    assert!(told(&good).contains("updated   pages/thing.md\n"), "{}", told(&good));
    let lock = fs::read(path.join("regen.lock.toml")).unwrap();
    for what in ["does not exist", "this is HTML"] {
        let refused = run(path);
        let text = told(&refused);
        assert_eq!(refused.status.code(), Some(1), "{text}");
        assert!(text.contains("refused   pages/thing.md\n") && text.contains(what), "{text}");
        assert_eq!(there(path).unwrap(), PAGE.as_bytes());
        assert_eq!(fs::read(path.join("regen.lock.toml")).unwrap(), lock);
    }
    let unchanged = run(path);
    assert_eq!(unchanged.status.code(), Some(0), "{}", told(&unchanged));
    assert!(told(&unchanged).contains("unchanged pages/thing.md\n"), "{}", told(&unchanged));
    let requests = server.requests();
    assert!(
        requests.last().unwrap().contains("if-none-match: \"a\""),
        "the version of the good one"
    );
}
