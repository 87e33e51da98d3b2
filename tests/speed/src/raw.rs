//! By the raw client, which has no policy: retries, lists and waits are the caller's.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use prolific_api::{Client, Transport, types};

use crate::{
    bare::{fetch, put},
    job::{AT_ONCE, ID, Job, PAGE, ROWS, waited_for},
};

pub(crate) async fn run(job: Job, size: usize, url: &str) {
    let client = Client::new(url, Transport::default());
    match job {
        Job::Status => {
            for _ in 0..size {
                assert!(is_ready(&client, ID).await);
            }
        }
        Job::List => {
            for _ in 0..size {
                assert_eq!(list(&client).await, ROWS);
            }
        }
        Job::Many => {
            let calls = stream::iter(0..size).map(|_| is_ready(&client, ID));
            let ready = calls.buffer_unordered(AT_ONCE).filter(|is_ready| {
                let is_ready = *is_ready;
                async move { is_ready }
            });
            assert_eq!(ready.count().await, size);
        }
        Job::Upload => {
            let call = client.get_dataset_upload_url().dataset_id(ID).filename("a.csv");
            let link = call.send().await.unwrap().into_inner().upload_url.unwrap();
            put(&reqwest::Client::new(), link.expose_secret()).await;
        }
        Job::Download => {
            let call = client.get_task_builder_batch_report().batch_id(ID);
            let link = call.send().await.unwrap().into_inner().url.unwrap();
            fetch(&reqwest::Client::new(), link.expose_secret(), size).await;
        }
        Job::Wait => {
            let waits = stream::iter(0..size).map(|number| wait(&client, waited_for(2, number)));
            assert_eq!(waits.buffer_unordered(AT_ONCE).count().await, size);
        }
    }
}

async fn is_ready(client: &Client, id: &str) -> bool {
    let call = client.get_task_builder_dataset_status().dataset_id(id);
    call.send().await.unwrap().into_inner().status == Some(types::DatasetStatus::Ready)
}

async fn list(client: &Client) -> usize {
    let mut rows = Vec::new();
    loop {
        let call = client.get_study_submissions().id("s1");
        let call = call.limit(PAGE as u32).offset(rows.len() as u32);
        let page = call.send().await.unwrap().into_inner();
        let before = rows.len();
        rows.extend(page.results);
        if rows.len() >= ROWS || rows.len() == before {
            return rows.len();
        }
    }
}

async fn wait(client: &Client, id: String) {
    while !is_ready(client, &id).await {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
