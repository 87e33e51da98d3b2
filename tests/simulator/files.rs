//! Uploads and downloads by presigned links.

use std::{
    io::{Cursor, Read as _},
    time::Duration,
};

use prolific_api_ext::{
    BatchId,
    simulator::{RecordedBody, STORAGE_UPLOAD},
};
use reqwest::{Client, Response};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use crate::{
    session::{Session, schema},
    task_builder::ready_batch,
};

async fn code(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body = answer.text().await.unwrap();
    let code = body.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    (status, code.map_or(body.clone(), |(code, _)| code.to_owned()))
}

#[tokio::test]
async fn a_link_takes_exactly_what_it_was_given_out_for() {
    let mut session = Session::start();
    let dataset = session.dataset(&schema(true)).await;
    let link = session.link(&dataset, "a file.csv").await;
    let url = link["upload_url"].as_str().unwrap();
    let put = |url: &str, content_type: &str| {
        Client::new().put(url).header("content-type", content_type.to_owned()).body("text,source\n")
    };
    let refused =
        async |request: reqwest::RequestBuilder| code(request.send().await.unwrap()).await;
    let with_token = put(url, "text/csv").header("authorization", "Token x");
    assert_eq!(refused(with_token).await, (400, "InvalidArgument".to_owned()));
    let mismatch = (403, "SignatureDoesNotMatch".to_owned());
    assert_eq!(refused(put(url, "application/csv")).await, mismatch);
    assert_eq!(refused(put(&format!("{url}0"), "text/csv")).await, mismatch);
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>("text,source\n")]);
    let chunked = Client::new().put(url).header("content-type", "text/csv");
    let chunked = chunked.body(reqwest::Body::wrap_stream(stream));
    assert_eq!(refused(chunked).await, (411, "MissingContentLength".to_owned()));
    let other = format!("{}/storage/x/y?z", session.simulator.base_url());
    assert_eq!(refused(put(&other, "text/csv")).await, (404, "NoSuchKey".to_owned()));
    assert_eq!(refused(Client::new().get(url)).await, (403, "AccessDenied".to_owned()));

    session.simulator.clock().advance(Duration::from_secs(15 * 60));
    assert_eq!(refused(put(url, "text/csv")).await, (403, "AccessDenied".to_owned()));
    let import = link["import_id"].as_str().unwrap();
    let path = format!("data-collection/datasets/{dataset}/imports/{import}");
    assert_eq!(session.get(&path).await["status"], "uninitialised", "nothing was taken");
}

#[tokio::test]
async fn of_an_upload_the_record_has_the_length_and_the_hash() {
    let mut session = Session::start();
    let dataset = session.dataset(&schema(true)).await;
    let file = "text,source\na,1\n";
    session.upload(&dataset, "a.csv", file).await;
    let requests = session.simulator.requests();
    let upload = requests.last().unwrap();
    let sha256 = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(upload.operation, Some(STORAGE_UPLOAD));
    assert_eq!(upload.body, RecordedBody::Upload { length: 16, sha256 });
    assert_eq!((upload.query.as_str(), upload.has_token), ("", false));
}

#[tokio::test]
async fn a_large_file_is_read_while_the_dataset_is_asked() {
    let mut session = Session::start();
    let dataset = session.dataset(&schema(true)).await;
    let lines: String =
        (0..40_000).map(|n| format!("{{\"text\":\"review {n}\",\"source\":{n}}}\n")).collect();
    assert!(lines.len() > 1 << 20);
    let link = session.upload(&dataset, "a.jsonl", &lines).await;
    let import = link["import_id"].as_str().unwrap();
    let path = format!("data-collection/datasets/{dataset}/imports/{import}");
    // How many looks that takes depends on the machine.
    let import = async {
        loop {
            let job = session.get(&path).await;
            if job["status"] == "complete" {
                return job;
            }
            assert!(["queued", "processing"].contains(&job["status"].as_str().unwrap()), "{job}");
        }
    };
    let job = tokio::time::timeout(Duration::from_secs(60), import).await.unwrap();
    assert_eq!(job["accepted_count"], 40_000);
}

#[tokio::test]
async fn an_export_is_a_real_archive_and_its_link_is_renewed() {
    let mut session = Session::start();
    let (_, id) = ready_batch(&mut session).await;
    session.simulator.answer(&BatchId::new(&id).unwrap(), 1).unwrap();
    let path = format!("data-collection/batches/{id}/export");
    let job = session.expect(202, "POST", &path, &Value::Null).await;
    assert_eq!(job["status"], "generating");
    let again = session.expect(202, "POST", &path, &Value::Null).await;
    assert_eq!(again["export_id"], job["export_id"], "a repeat gives the same job");
    let status = format!("{path}/{}", job["export_id"].as_str().unwrap());
    let states = session.look(&status, "status", "complete").await;
    assert_eq!(states, ["generating", "complete"]);
    let first = session.get(&status).await;
    let url = first["url"].as_str().unwrap();

    let whole = Client::new().get(url).send().await.unwrap().bytes().await.unwrap();
    let mut archive = ZipArchive::new(Cursor::new(whole.to_vec())).unwrap();
    let mut lines = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text.lines().count()
    };
    assert_eq!(lines("responses-by-submission.jsonl"), 1);
    assert_eq!(lines("responses-by-task.jsonl"), 3);
    assert!(lines("batch.json") > 1 && lines("README.md") > 1);

    let ranged = |range: &'static str| Client::new().get(url).header("range", range).send();
    let part = ranged("bytes=10-19").await.unwrap();
    assert_eq!(part.status(), 206);
    let expected = format!("bytes 10-19/{}", whole.len());
    assert_eq!(part.headers()["content-range"], expected.as_str());
    assert_eq!(part.bytes().await.unwrap(), whole[10..20]);
    assert_eq!(ranged("bytes=99999999-").await.unwrap().status(), 416);
    let with_token = Client::new().get(url).header("authorization", "Token x").send();
    assert_eq!(with_token.await.unwrap().status(), 400);

    session.simulator.clock().advance(Duration::from_secs(60 * 60));
    let expired = Client::new().get(url).send().await.unwrap();
    assert_eq!(code(expired).await, (403, "AccessDenied".to_owned()));
    let renewed = session.get(&status).await;
    assert_ne!(renewed["url"], first["url"]);
    let again = Client::new().get(renewed["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(again.bytes().await.unwrap(), whole);
}

#[tokio::test]
async fn a_report_is_csv_behind_a_link() {
    let mut session = Session::start();
    let (_, id) = ready_batch(&mut session).await;
    session.simulator.answer(&BatchId::new(&id).unwrap(), 2).unwrap();
    let report = session.get(&format!("data-collection/batches/{id}/report/")).await;
    let csv = Client::new().get(report["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(csv.headers()["content-type"], "text/csv");
    assert_eq!(csv.text().await.unwrap().lines().count(), 1 + 12);
}

#[tokio::test]
async fn the_raw_client_reaches_all_of_it() {
    let session = Session::start();
    let prolific = session.simulator.prolific().unwrap();
    let api = prolific.api();
    let made = api.create_task_builder_dataset();
    let workspace = session.simulator.workspace_id().unwrap().to_string();
    let body = prolific_api::types::CreateDataset::builder().name("a").workspace_id(workspace);
    let made = made.body(body).send().await.unwrap();
    let dataset = made.into_inner().id.unwrap().to_string();
    let link = api.get_dataset_upload_url().dataset_id(&dataset).filename("a.csv");
    let link = link.send().await.unwrap().into_inner();
    let put = Client::new()
        .put(link.upload_url.unwrap().into_exposed())
        .header("content-type", "text/csv");
    assert_eq!(put.body("text\na\n").send().await.unwrap().status(), 200);
    let id = dataset.parse().unwrap();
    let wait = prolific.datasets().wait_until_ready(&id).interval(Duration::from_millis(1));
    assert_eq!(wait.await.unwrap(), prolific_api_ext::DatasetStatus::Ready);
}
