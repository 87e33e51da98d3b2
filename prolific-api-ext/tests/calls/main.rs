//! What users can rely on when calls fail, wait for their turn, or are polled late: on real
//! sockets, against a server that injects the faults of each test.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod beyond_the_document;
mod bodies;
mod bonuses;
mod connections;
mod downloads;
mod errors;
mod faults;
mod links;
mod list_ends;
mod lists;
mod options;
mod process;
mod proxies;
mod rate_limit;
mod secrets;
mod statuses;
mod time_to_act;
mod uploads;
mod values;
mod waits;

#[allow(dead_code, unreachable_pub, reason = "a library of which these tests use a part")]
#[path = "../fault_proxy/mod.rs"]
mod fault_proxy;

use std::time::Duration;

use fault_proxy::{FaultProxy, Request, Response};
use prolific_api_ext::{FullJitter, Prolific, ProlificBuilder};

/// A client that hardly pauses before it tries again.
fn client(url: impl Into<String>) -> ProlificBuilder {
    let backoff = FullJitter::new(Duration::from_millis(1), Duration::from_millis(2));
    Prolific::builder().token("sesame").base_url(url).backoff(backoff)
}

/// A server that answers by the method and target of the request, and how many came before.
async fn server(
    answer: impl Fn(&Request, usize) -> Response + Send + Sync + 'static,
) -> FaultProxy {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let numbered = move |request: &Request| {
        answer(request, count.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
    };
    FaultProxy::answering(numbered).start().await.unwrap()
}

/// An API and its storage: `storage` responds to requests for `/file`.
async fn with_storage(
    storage: impl Fn(&Request) -> Response + Send + Sync + 'static,
) -> FaultProxy {
    FaultProxy::answering(move |request| match request.line().contains(" /file") {
        true => storage(request),
        false => {
            link_to(request, &format!("http://{}/file?X-Amz-Signature=0badcafe", request.host()))
        }
    })
    .start()
    .await
    .unwrap()
}

/// The response with a link to a file, to whichever operation asks for one.
fn link_to(request: &Request, url: &str) -> Response {
    let link = serde_json::json!({
        "status": "complete", "export_id": "e1", "url": url, "upload_url": url, "import_id": "i1",
    });
    Response::json(if request.line().contains("/upload-url/") { 201 } else { 200 }, link)
}

/// Everything that an error shows, its causes included.
fn shown(error: &prolific_api_ext::Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        shown += &format!(" {error} {error:?}");
        cause = error.source();
    }
    shown
}

fn json(body: impl ToString) -> Response {
    Response::json(200, body)
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}
