//! What the methods of resources send, and how they read the responses.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod drafts;
mod filters;
mod people;
mod places;
mod sends;
mod stored;

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use httpmock::{HttpMockResponse, MockServer};
use prolific_api_ext::{FullJitter, Prolific};
use serde_json::Value;

/// An id of whatever sort is asked for.
fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// A server that answers everything alike and keeps what it is sent.
struct Recorder {
    server: MockServer,
    seen: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Recorder {
    /// Responds with these in order, repeating the last one. A status of 0 means the documented
    /// one.
    async fn answering(answers: impl IntoIterator<Item = (u16, Value)>) -> Self {
        let answers = answers.into_iter().collect::<Vec<_>>();
        let given = AtomicUsize::new(0);
        Self::answering_by(move |line, _| {
            let number = given.fetch_add(1, Ordering::Relaxed);
            let (status, answer) = &answers[number.min(answers.len() - 1)];
            let status = match status {
                0 => documented(line),
                status => *status,
            };
            (status, answer.clone())
        })
        .await
    }

    /// Answers by method and target, and by the body.
    async fn answering_by(
        answer: impl Fn(&str, &Value) -> (u16, Value) + Send + Sync + 'static,
    ) -> Self {
        let server = MockServer::start_async().await;
        let seen = Arc::<Mutex<Vec<(String, Value)>>>::default();
        let noted = seen.clone();
        server.mock(move |when, then| {
            when.any_request();
            then.respond_with(move |request| {
                let line = format!("{} {}", request.method(), request.uri());
                let body = serde_json::from_slice(request.body_ref()).unwrap_or_default();
                let (status, answer) = answer(&line, &body);
                noted.lock().unwrap().push((line, body));
                let response = HttpMockResponse::builder().status(status);
                response.header("x-hook-secret", "hush").body(answer.to_string()).build()
            });
        });
        Self { server, seen }
    }

    fn client(&self) -> Prolific {
        let backoff = FullJitter::new(Duration::from_millis(1), Duration::from_millis(2));
        let url = self.server.base_url();
        Prolific::builder().token("t").base_url(url).backoff(backoff).build().unwrap()
    }

    /// The requests since the last look, without the address of the server.
    fn seen(&self) -> Vec<(String, Value)> {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap());
        let url = self.server.base_url();
        seen.into_iter().map(|(line, body)| (line.replace(&url, ""), body)).collect()
    }
}

/// The first success that is documented for a request.
fn documented(line: &str) -> u16 {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/prolific.json");
    let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let (method, target) = line.split_once(' ').unwrap();
    let wanted = target.split_once("/api/").unwrap().1.split('?').next().unwrap();
    let is_same = |template: &str| {
        let pairs = template.trim_start_matches("/api/").split('/').zip(wanted.split('/'));
        template.matches('/').count() == wanted.matches('/').count() + 2
            && pairs.into_iter().all(|(part, given)| part.starts_with('{') || part == given)
    };
    let paths = document["paths"].as_object().unwrap();
    let method = method.to_ascii_lowercase();
    // A path without variables goes before one with them.
    let mut found: Vec<_> =
        paths.iter().filter(|(path, item)| is_same(path) && item.get(&method).is_some()).collect();
    found.sort_by_key(|(path, _)| path.matches('{').count());
    let responses = found[0].1[&method]["responses"].as_object().unwrap();
    responses.keys().filter(|status| status.starts_with('2')).min().unwrap().parse().unwrap()
}
