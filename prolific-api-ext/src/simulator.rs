//! A Prolific inside the process, to try programs and test code without a token.
//!
//! It answers on 127.0.0.1 with what the API documents. So far it knows the status of datasets.
//!
//! ```
//! use std::time::Duration;
//! use prolific_api_ext::{DatasetStatus, simulator::Simulator};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> prolific_api_ext::Result<()> {
//! let simulator = Simulator::start();
//! let id = simulator.dataset(["UNINITIALISED", "PROCESSING", "READY"]);
//!
//! let wait = simulator.prolific()?.datasets().wait_until_ready(&id);
//! assert_eq!(wait.interval(Duration::from_millis(10)).await?, DatasetStatus::Ready);
//! # Ok(())
//! # }
//! ```

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::{Value, json};

use crate::{DatasetId, DatasetStatus, Prolific, Result};

const TOKEN: &str = "simulated-token";
const DATASETS: &str = "/api/v1/data-collection/datasets/";

/// How many ids have been given out in this process.
static IDS: AtomicUsize = AtomicUsize::new(0);

/// A simulated Prolific.
///
/// It stops when it is dropped: from then on it answers 410 to everything, until its server is
/// used for another one. The servers are a pool of this process, of at most 25 at once
/// (`HTTPMOCK_MAX_SERVERS`); starting one more waits until one is dropped. No two simulators of a
/// process have an id in common.
pub struct Simulator {
    server: MockServer,
    world: Arc<Mutex<World>>,
}

/// What it knows.
#[derive(Default)]
struct World {
    has_stopped: bool,
    /// The statuses to come of each dataset; the last one stays.
    datasets: HashMap<String, VecDeque<DatasetStatus>>,
}

fn locked(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Simulator {
    /// Starts it, on a free port of 127.0.0.1.
    pub fn start() -> Self {
        let server = MockServer::start();
        let world = Arc::<Mutex<World>>::default();
        let seen = world.clone();
        server.mock(|when, then| {
            when.any_request();
            then.respond_with(move |request| respond(request, &seen));
        });
        Self { server, world }
    }

    /// The token that it accepts.
    pub fn token(&self) -> &str {
        TOKEN
    }

    /// Where it answers.
    pub fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// A client of it.
    ///
    /// # Errors
    ///
    /// As [`ProlificBuilder::build`](crate::ProlificBuilder::build).
    pub fn prolific(&self) -> Result<Prolific> {
        Prolific::builder().token(TOKEN).base_url(self.base_url()).build()
    }

    /// Makes a dataset that has these statuses, one a look, and keeps the last. Without any it
    /// is UNINITIALISED.
    pub fn dataset<S: Into<DatasetStatus>>(
        &self,
        statuses: impl IntoIterator<Item = S>,
    ) -> DatasetId {
        let id = DatasetId::numbered(IDS.fetch_add(1, Ordering::Relaxed));
        let statuses = statuses.into_iter().map(Into::into).collect();
        locked(&self.world).datasets.insert(id.to_string(), statuses);
        id
    }
}

impl Drop for Simulator {
    /// The server goes back to its pool and would answer on.
    fn drop(&mut self) {
        *locked(&self.world) = World { has_stopped: true, ..World::default() };
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

fn respond(request: &HttpMockRequest, world: &Mutex<World>) -> HttpMockResponse {
    let mut world = locked(world);
    if world.has_stopped {
        return refusal(410, "Gone", "This simulator was dropped.");
    }
    let expected = format!("Token {TOKEN}");
    let authorization = request.headers().get("authorization").cloned();
    if authorization.is_none_or(|value| value.as_bytes() != expected.as_bytes()) {
        return refusal(401, "Authentication", "The token is not known.");
    }
    let path = request.uri().path().to_owned();
    match path.strip_prefix(DATASETS).and_then(|path| path.strip_suffix("/status")) {
        Some(id) if request.method_str() == "GET" => world.dataset_status(id),
        _ => refusal(404, "Not found", "The simulator does not know this endpoint."),
    }
}

impl World {
    fn dataset_status(&mut self, id: &str) -> HttpMockResponse {
        let Some(statuses) = self.datasets.get_mut(id) else {
            return refusal(404, "Not found", "There is no such dataset.");
        };
        let status =
            if statuses.len() > 1 { statuses.pop_front() } else { statuses.front().cloned() };
        answer(200, &json!({ "status": status.unwrap_or(DatasetStatus::Uninitialised) }))
    }
}

/// A refusal in the shape that most of the API's have.
fn refusal(status: u16, title: &str, detail: &str) -> HttpMockResponse {
    answer(status, &json!({ "error": { "status": status, "title": title, "detail": detail } }))
}

fn answer(status: u16, body: &Value) -> HttpMockResponse {
    HttpMockResponse::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(body.to_string())
        .build()
}

#[cfg(test)]
mod tests {
    use super::Simulator;
    use crate::{ErrorKind, NoRetry};

    #[tokio::test]
    async fn a_simulator_that_was_dropped_says_so() {
        let simulator = Simulator::start();
        let id = simulator.dataset(["READY"]);
        let prolific = simulator.prolific().unwrap().with_retry_policy(NoRetry);
        assert!(prolific.datasets().status(&id).await.is_ok());
        drop(simulator);
        let error = prolific.datasets().status(&id).await.unwrap_err();
        // Another test of this process may have been given the server meanwhile.
        let kinds = [ErrorKind::Refused, ErrorKind::NotFound];
        assert!(kinds.contains(&error.kind()), "{error}");
    }

    #[tokio::test]
    async fn a_dataset_of_one_simulator_is_unknown_to_another() {
        let simulators = [Simulator::start(), Simulator::start()];
        let id = simulators[0].dataset(["READY"]);
        simulators[1].dataset(["READY"]);
        let error = simulators[1].prolific().unwrap().datasets().status(&id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    #[tokio::test]
    async fn what_it_does_not_know_is_not_found_and_needs_the_token() {
        let simulator = Simulator::start();
        let call = |token| {
            let request = reqwest::Client::new().get(format!("{}/api/v1/x", simulator.base_url()));
            request.header("authorization", format!("Token {token}")).send()
        };
        assert_eq!(call(simulator.token()).await.unwrap().status(), 404);
        assert_eq!(call("another").await.unwrap().status(), 401);
    }
}
