//! No id that is accepted changes the path that is requested, as a server sees it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
};

use percent_encoding::percent_decode_str;
use prolific_api_ext::{DatasetId, Prolific};
use proptest::prelude::*;

/// A server that tells the target of every request, as the bytes on the wire have it.
fn targets() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let sender = sender.clone();
            std::thread::spawn(move || serve(&stream.unwrap(), &sender));
        }
    });
    (url, receiver)
}

fn serve(mut stream: &TcpStream, sender: &Sender<String>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    while let Some(Ok(line)) = lines.next() {
        let target = line.split(' ').nth(1).unwrap().to_owned();
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{\"status\":\"READY\"}";
        if sender.send(target).is_err() || stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// Texts that a path might be changed by, and any others.
fn any_id() -> impl Strategy<Value = String> {
    let nasty = proptest::sample::select(vec![
        ".", "..", "/", "\\", "%", "%2e", "%2E%2E", "%2f", "%5c", "?", "#", ";", ":", "@", " ",
        "\t", "\n", "\u{0}", "\u{feff}", "\u{202e}", "//", "a", "é", "😀", "&", "=", "+", "|", "{",
        "}",
    ]);
    let joined = proptest::collection::vec(nasty, 0..6).prop_map(|parts| parts.concat());
    prop_oneof![joined, any::<String>()]
}

#[test]
fn the_path_that_is_requested_is_the_datasets_own() {
    let (url, targets) = targets();
    let prolific = Prolific::builder().token("abc").base_url(url).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() };
    proptest!(config, |(text in any_id())| {
        let Ok(id) = DatasetId::new(&text) else {
            let is_refused_for_cause = text.is_empty()
                || text == "."
                || text == ".."
                || text.contains(['/', '\\'])
                || text.contains(char::is_control);
            prop_assert!(is_refused_for_cause, "{:?} is refused", text);
            return Ok(());
        };
        runtime.block_on(prolific.datasets().status(&id)).unwrap();
        let target = targets.recv().unwrap();
        let segment = target
            .strip_prefix("/api/v1/data-collection/datasets/")
            .and_then(|rest| rest.strip_suffix("/status"));
        let segment = segment.unwrap_or_else(|| panic!("{text:?} leads to {target}"));
        prop_assert!(!segment.contains(['/', '\\', '?', '#']), "{:?} leads to {}", text, target);
        prop_assert_eq!(percent_decode_str(segment).decode_utf8().unwrap(), text);
    });
}
