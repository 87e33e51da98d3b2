//! By hand, with reqwest and structs of serde: no retries, no policy.

use std::{collections::HashMap, time::Duration};

use futures_util::{StreamExt as _, stream};
use reqwest::{Client, header::AUTHORIZATION};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::io::AsyncWriteExt as _;

use crate::job::{AT_ONCE, ID, Job, PAGE, ROWS, TOKEN, files, waited_for};

pub(crate) async fn run(job: Job, size: usize, url: &str) {
    let client = Client::builder().timeout(Duration::from_secs(600)).build().unwrap();
    let call = Call { client, url: url.to_owned() };
    match job {
        Job::Status => {
            for _ in 0..size {
                assert!(call.status(ID).await == Status::Ready);
            }
        }
        Job::List => {
            for _ in 0..size {
                assert_eq!(call.list().await, ROWS);
            }
        }
        Job::Many => {
            let calls = stream::iter(0..size).map(|_| call.status(ID));
            let ready = calls.buffer_unordered(AT_ONCE).filter(|it| {
                let is_ready = *it == Status::Ready;
                async move { is_ready }
            });
            assert_eq!(ready.count().await, size);
        }
        Job::Upload => call.upload().await,
        Job::Download => call.download(size).await,
        Job::Wait => {
            let waits = stream::iter(0..size).map(|number| call.wait(waited_for(1, number)));
            assert_eq!(waits.buffer_unordered(AT_ONCE).count().await, size);
        }
    }
}

struct Call {
    client: Client,
    url: String,
}

#[derive(Deserialize)]
struct Answer {
    status: Status,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Uninitialised,
    Processing,
    Ready,
    Error,
}

#[derive(Deserialize)]
struct Page {
    results: Vec<Row>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    count: usize,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "they are read, and that is what costs")]
struct Row {
    id: String,
    participant_id: Option<String>,
    status: Option<String>,
    started_at: Option<String>,
    completed_at: Option<String>,
    has_siblings: Option<bool>,
    study_code: Option<String>,
    return_requested: Option<String>,
    is_complete: Option<bool>,
    time_taken: Option<i64>,
    reward: Option<i64>,
    #[serde(default)]
    strata: HashMap<String, Option<String>>,
    star_awarded: Option<bool>,
    #[serde(default)]
    bonus_payments: Vec<serde_json::Value>,
    ip: Option<String>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(alias = "upload_url")]
    url: String,
}

impl Call {
    async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let request = self.client.get(format!("{}/api/v1/{path}", self.url));
        let request = request.header(AUTHORIZATION, format!("Token {TOKEN}"));
        let response = request.send().await.unwrap().error_for_status().unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    async fn status(&self, id: &str) -> Status {
        self.get::<Answer>(&format!("data-collection/datasets/{id}/status")).await.status
    }

    async fn list(&self) -> usize {
        let mut rows = Vec::new();
        loop {
            let offset = rows.len();
            let path = format!("studies/s1/submissions/?limit={PAGE}&offset={offset}");
            let page: Page = self.get(&path).await;
            rows.extend(page.results);
            if rows.len() >= page.meta.count {
                return rows.len();
            }
        }
    }

    async fn wait(&self, id: String) {
        while self.status(&id).await != Status::Ready {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn upload(&self) {
        let path = format!("data-collection/datasets/{ID}/upload-url/a.csv");
        let link: Link = self.get(&path).await;
        put(&self.client, &link.url).await;
    }

    async fn download(&self, megabytes: usize) {
        let link: Link = self.get(&format!("data-collection/batches/{ID}/report/")).await;
        fetch(&self.client, &link.url, megabytes).await;
    }
}

/// Sends the file that is there as a stream.
pub(crate) async fn put(client: &Client, url: &str) {
    let file = tokio::fs::File::open(files().0).await.unwrap();
    let length = file.metadata().await.unwrap().len();
    let chunks = stream::unfold(file, async |mut file| {
        use tokio::io::AsyncReadExt as _;
        let mut chunk = Vec::with_capacity(64 << 10);
        let read = file.read_buf(&mut chunk).await;
        match read {
            Ok(0) => None,
            Ok(_) => Some((Ok(chunk), file)),
            Err(error) => Some((Err(error), file)),
        }
    });
    let body = reqwest::Body::wrap_stream(chunks);
    let request =
        client.put(url).header("content-length", length).header("content-type", "text/csv");
    request.body(body).send().await.unwrap().error_for_status().unwrap();
}

/// Writes what is at a link to a file, chunk by chunk.
pub(crate) async fn fetch(client: &Client, url: &str, megabytes: usize) {
    let mut response = client.get(url).send().await.unwrap().error_for_status().unwrap();
    let mut file = tokio::fs::File::create(files().1).await.unwrap();
    let mut length = 0;
    while let Some(chunk) = response.chunk().await.unwrap() {
        length += chunk.len();
        file.write_all(&chunk).await.unwrap();
    }
    file.flush().await.unwrap();
    assert_eq!(length, megabytes << 20);
}
