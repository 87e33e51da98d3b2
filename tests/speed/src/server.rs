//! The server that all contenders talk to.

use std::{
    collections::HashMap,
    io::{self, Read as _, Write as _},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, Query, State},
    http::StatusCode,
    response::IntoResponse,
    routing::{get, put},
};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use crate::job::{ID, ROWS};

/// A dataset is READY at this look.
const LOOKS: u8 = 4;

struct World {
    url: String,
    rows: Vec<String>,
    looks: Mutex<HashMap<String, u8>>,
}

type Shared = State<Arc<World>>;

/// Serves until standard input ends; its address is the first line that it prints.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        println!("{url}");
        io::stdout().flush().unwrap();
        std::thread::spawn(|| {
            let _ = io::stdin().read(&mut [0]);
            std::process::exit(0);
        });
        let rows = (0..ROWS).map(row).collect();
        let world = Arc::new(World { url, rows, looks: Mutex::default() });
        let app = Router::new()
            .route("/api/v1/data-collection/datasets/{id}/status", get(status))
            .route("/api/v1/data-collection/datasets/{id}/upload-url/{name}", get(upload_link))
            .route("/api/v1/data-collection/batches/{id}/report/", get(report_link))
            .route("/api/v1/studies/{id}/submissions/", get(submissions))
            .route("/storage/{megabytes}", put(store).get(stored))
            .with_state(world);
        axum::serve(listener, app).await.unwrap();
    });
}

fn json_of(body: String) -> impl IntoResponse {
    ([("content-type", "application/json")], body)
}

async fn status(State(world): Shared, Path(id): Path<String>) -> impl IntoResponse {
    let is_ready = id == ID || {
        let mut looks = world.looks.lock().unwrap();
        let look = looks.entry(id.clone()).or_default();
        *look += 1;
        // A contender that comes again with the same ids finds them as they were.
        let is_ready = *look == LOOKS;
        if is_ready {
            looks.remove(&id);
        }
        is_ready
    };
    json_of(format!("{{\"status\":\"{}\"}}", if is_ready { "READY" } else { "PROCESSING" }))
}

async fn upload_link(
    State(world): Shared,
    Path((id, _)): Path<(String, String)>,
) -> impl IntoResponse {
    let link = json_of(
        json!({
            "dataset_id": id,
            "import_id": ID,
            "upload_url": format!("{}/storage/0", world.url),
            "http_method": "PUT",
            "content_type": "text/csv",
            "expires_at": "2099-01-01T00:00:00Z",
        })
        .to_string(),
    );
    (StatusCode::CREATED, link)
}

async fn report_link(State(world): Shared) -> impl IntoResponse {
    let megabytes = std::env::var("PROLIFIC_SPEED_MEGABYTES").unwrap_or_else(|_| "200".to_owned());
    json_of(
        json!({
            "url": format!("{}/storage/{megabytes}", world.url),
            "http_method": "GET",
            "expires_at": "2099-01-01T00:00:00Z",
        })
        .to_string(),
    )
}

async fn store(body: Body) -> StatusCode {
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        if chunk.is_err() {
            return StatusCode::BAD_REQUEST;
        }
    }
    StatusCode::OK
}

async fn stored(Path(megabytes): Path<u64>) -> impl IntoResponse {
    let chunk = Bytes::from(vec![b'x'; 64 << 10]);
    let chunks = stream::iter(0..megabytes * 16).map(move |_| Ok::<_, io::Error>(chunk.clone()));
    let length = (megabytes << 20).to_string();
    ([("content-length", length)], Body::from_stream(chunks))
}

#[derive(serde::Deserialize)]
struct Part {
    limit: usize,
    offset: usize,
}

async fn submissions(State(world): Shared, Query(part): Query<Part>) -> impl IntoResponse {
    let from = part.offset.min(ROWS);
    let rows = world.rows[from..(from + part.limit).min(ROWS)].join(",");
    json_of(format!(r#"{{"results":[{rows}],"meta":{{"count":{ROWS}}}}}"#))
}

fn row(number: usize) -> String {
    json!({
        "id": format!("60d9aadeb86739de7{number:07x}"),
        "participant_id": format!("5f3c1a2b4d5e6f7a8{number:07x}"),
        "status": "APPROVED",
        "started_at": "2026-11-20T09:30:12.123000Z",
        "completed_at": "2026-11-20T09:41:40.456000Z",
        "has_siblings": false,
        "study_code": "C1A2B3D4",
        "return_requested": null,
        "is_complete": true,
        "time_taken": 688,
        "reward": 150,
        "strata": { "date of birth": "1990-01-01", "sex": "Female" },
        "star_awarded": false,
        "bonus_payments": [],
        "ip": "203.0.113.7",
    })
    .to_string()
}
