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
    sync::{Arc, Mutex, PoisonError},
};

use httpmock::{HttpMockRequest, HttpMockResponse, Method::GET, MockServer};
use serde_json::{Value, json};

use crate::{DatasetId, DatasetStatus, Prolific, Result};

const TOKEN: &str = "simulated-token";
const DATASETS: &str = "/api/v1/data-collection/datasets/";

/// A simulated Prolific. It stops when it is dropped.
pub struct Simulator {
    server: MockServer,
    datasets: Arc<Mutex<Datasets>>,
}

/// The statuses to come of each dataset; the last one stays.
type Datasets = HashMap<String, VecDeque<DatasetStatus>>;

impl Simulator {
    /// Starts it, on a free port of 127.0.0.1.
    pub fn start() -> Self {
        let server = MockServer::start();
        let datasets = Arc::<Mutex<Datasets>>::default();
        let known = datasets.clone();
        server.mock(|when, then| {
            when.method(GET).path_prefix(DATASETS).path_suffix("/status");
            then.respond_with(move |request| dataset_status(request, &known));
        });
        Self { server, datasets }
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
        let mut datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        let id = DatasetId::numbered(datasets.len());
        datasets.insert(id.to_string(), statuses.into_iter().map(Into::into).collect());
        id
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

fn dataset_status(request: &HttpMockRequest, datasets: &Mutex<Datasets>) -> HttpMockResponse {
    let expected = format!("Token {TOKEN}");
    let authorization = request.headers().get("authorization").cloned();
    if authorization.is_none_or(|value| value.as_bytes() != expected.as_bytes()) {
        return refusal(401, "Authentication", "The token is not known.");
    }
    let path = request.uri().path().to_owned();
    let id = path.trim_start_matches(DATASETS).trim_end_matches("/status");
    let mut datasets = datasets.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(statuses) = datasets.get_mut(id) else {
        return refusal(404, "Not found", "There is no such dataset.");
    };
    let status = if statuses.len() > 1 { statuses.pop_front() } else { statuses.front().cloned() };
    answer(200, &json!({ "status": status.unwrap_or(DatasetStatus::Uninitialised) }))
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
