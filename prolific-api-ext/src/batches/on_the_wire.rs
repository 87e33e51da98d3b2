//! What batches send and how answers are read, on a real socket.

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};

use super::{
    Batch, BatchChange, BatchCopy, BatchSetup, BatchStatus, Layout, NewBatch, SyncStatus,
    TaskDetails,
    layout::{self, LayoutPage},
    layout_issues,
};
use crate::{
    BatchId, DatasetId, ErrorKind, ExportId, StudyId, SyncId, WorkspaceId,
    datasets::DatasetSchema,
    exports::{ExportFilter, ExportStatus},
    questions::Item,
    transfer::{RecordingServer, Reply},
};

const BATCHES: &str = "/api/v1/data-collection/batches";

fn id() -> BatchId {
    BatchId::new("b1").unwrap()
}

fn short() -> Duration {
    Duration::from_millis(1)
}

/// A server that answers each request of a method with the next of these, and then with the last.
async fn answering(answers: Vec<(u16, Value)>) -> RecordingServer {
    RecordingServer::start(move |_, _, before| {
        let (status, body) = &answers[before.min(answers.len() - 1)];
        Reply::json(*status, body)
    })
    .await
}

fn texts() -> TaskDetails {
    TaskDetails::new("Cats", "<p>a</p>", "<p>b</p>")
}

fn new_batch() -> NewBatch {
    NewBatch::new("cats", WorkspaceId::new("w1").unwrap(), texts())
}

fn texts_json() -> Value {
    json!({ "task_name": "Cats", "task_introduction": "<p>a</p>", "task_steps": "<p>b</p>" })
}

fn one_row(columns: impl IntoIterator<Item = Vec<Item>>) -> Vec<LayoutPage> {
    vec![layout::page([layout::row(columns)])]
}

fn cats() -> Layout {
    let question = layout::multiple_choice("A cat?", 1, [("Yes", "yes"), ("No", "no")]);
    let picture = layout::dataset_field("image");
    one_row([vec![picture], vec![question]]).into_iter().collect()
}

#[tokio::test]
async fn a_batch_is_made_of_exactly_what_was_set() {
    let server = answering(vec![(201, json!({ "id": "b1" }))]).await;
    let batches = server.prolific().batches();
    assert_eq!(batches.create(new_batch()).await.unwrap().id, id());
    let full =
        new_batch().dataset_id(DatasetId::new("d1").unwrap()).layout(cats()).auto_sync(false);
    batches.create(full).await.unwrap();
    let [bare, full] = server.seen().try_into().unwrap();
    assert_eq!(bare.line(), format!("POST {BATCHES}"));
    let expected = json!({ "name": "cats", "workspace_id": "w1", "task_details": texts_json() });
    assert_eq!(bare.json(), expected);
    let options = json!([{ "label": "Yes", "value": "yes" }, { "label": "No", "value": "no" }]);
    let question = json!({
        "type": "multiple_choice", "description": "A cat?", "answer_limit": 1, "options": options,
    });
    let field = json!({ "type": "dataset_field", "field": "image" });
    let columns = json!([{ "items": [field] }, { "items": [question] }]);
    let mut expected = expected;
    expected["dataset_id"] = json!("d1");
    expected["batch_items"] = json!([{ "rows": [{ "columns": columns }] }]);
    expected["auto_sync_enabled"] = json!(false);
    assert_eq!(full.json(), expected);
}

#[tokio::test]
async fn a_change_leaves_clears_or_sets_the_layout_and_leaves_out_what_is_not_set() {
    let server = answering(vec![(200, json!({ "id": "b1" }))]).await;
    let batches = server.prolific().batches();
    let all = BatchChange::new().name("n").task_details(texts()).auto_sync(true);
    let all = all.dataset_id(DatasetId::new("d2").unwrap()).layout(Layout::default());
    for change in [BatchChange::new(), BatchChange::new().clear_layout(), all] {
        batches.update(&id(), change).await.unwrap();
    }
    let seen = server.seen();
    assert_eq!(seen[0].line(), format!("PATCH {BATCHES}/b1"));
    let expected = [
        json!({}),
        json!({ "batch_items": null }),
        json!({
            "name": "n", "task_details": texts_json(), "auto_sync_enabled": true,
            "dataset_id": "d2", "batch_items": [],
        }),
    ];
    assert_eq!(seen.iter().map(|seen| seen.json()).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn what_the_server_may_have_acted_on_is_not_repeated_unless_it_may_be() {
    let server = answering(vec![(503, json!({}))]).await;
    let batches = server.prolific().batches();
    let filter = ExportFilter::new();
    let attempts = [
        batches.create(new_batch()).await.unwrap_err().attempts(),
        batches.update(&id(), BatchChange::new()).await.unwrap_err().attempts(),
        batches.duplicate(&id(), BatchCopy::new()).await.unwrap_err().attempts(),
        batches.setup(&id(), BatchSetup::new()).await.unwrap_err().attempts(),
        batches.request_export(&id(), &filter).await.unwrap_err().attempts(),
        batches.sync(&id()).await.unwrap_err().attempts(),
        batches.status(&id()).await.unwrap_err().attempts(),
    ];
    assert_eq!(attempts, [1, 1, 1, 1, 1, 4, 4]);
}

#[tokio::test]
async fn the_answer_to_a_wrong_layout_is_taken_apart() {
    let issue = json!({
        "page": 0, "row": 0, "column": 1, "item": 0, "type": "dataset_field", "field": "image",
        "message": "no such field",
    });
    let body = json!({ "type": "INVALID_BATCH_ITEMS", "message": "Layout", "issues": [issue] });
    let server = answering(vec![(422, body)]).await;
    let batches = server.prolific().batches();
    let error = batches.create(new_batch().layout(cats())).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Unprocessable, Some("INVALID_BATCH_ITEMS"))
    );
    let issues = layout_issues(&error);
    assert_eq!((issues.len(), issues[0].column, issues[0].row), (1, Some(1), Some(0)));
}

#[tokio::test]
async fn a_layout_that_can_not_be_used_is_not_sent() {
    let server = answering(vec![(200, json!({ "id": "b1" }))]).await;
    let batches = server.prolific().batches();
    let text = || vec![layout::free_text("a")];
    let field = || vec![layout::dataset_field("a")];
    let choice = layout::multiple_choice("a", 3, [("b", "c")]);
    let image = layout::image("http://a.example", "a");
    let layouts = [
        (one_row([]), "0 columns"),
        (one_row([text(), text(), text()]), "3 columns"),
        (one_row([vec![]]), "no items"),
        (one_row([field(), field()]), "on this page already"),
        (one_row([vec![choice]]), "answer_limit is 3"),
        (one_row([vec![image]]), "https only"),
    ];
    for (pages, why) in layouts {
        let change = BatchChange::new().layout(pages.clone());
        let create = batches.create(new_batch().layout(pages)).await.unwrap_err();
        let update = batches.update(&id(), change).await.unwrap_err();
        for error in [create, update] {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0));
            assert!(error.to_string().contains(why), "{error}");
            assert!(error.to_string().contains("page 0, row 0"), "{error}");
            assert!(error.operation().unwrap().ends_with("task-builder-batch"), "{error:?}");
        }
    }
    let nameless = NewBatch::new(" ", WorkspaceId::new("w1").unwrap(), texts());
    let error = batches.create(nameless).await.unwrap_err();
    assert!(error.to_string().contains("the name of a batch is empty"), "{error}");
    assert!(server.seen().is_empty());
}

#[test]
fn a_layout_is_checked_against_the_schema_of_the_dataset() {
    let schema = DatasetSchema::new().text("a").metadata("b").task_group_id("c");
    let fields = ["a", "b", "c", "d"].map(|key| vec![layout::dataset_field(key)]);
    let rows = fields.map(|field| layout::row([field]));
    let issues = Layout::from_iter([layout::page(rows)]).issues_with(&schema);
    let found: Vec<_> = issues.iter().map(|issue| (issue.row, issue.field.as_deref())).collect();
    assert_eq!(found, [(Some(1), Some("b")), (Some(2), Some("c")), (Some(3), Some("d"))]);
}

fn stored(items: Value) -> Value {
    let columns = json!([{ "id": "c1", "items": items }]);
    let rows = json!([{ "id": "r1", "columns": columns }]);
    json!({ "id": "b1", "batch_items": [{ "id": "p1", "display_position": "body", "rows": rows }] })
}

#[tokio::test]
async fn a_layout_is_sent_back_with_all_its_ids() {
    let items = json!([
        { "type": "free_text", "id": "i1", "description": "a",
          "validation": { "type": "number", "min": 1.5 } },
        { "type": "free_text_with_unit", "id": "i2", "description": "b", "unit_position": "suffix",
          "unit_options": [{ "label": "kg", "value": "kg" }, { "label": "g", "value": "g" }],
          "default_unit": "kg" },
        { "type": "multiple_choice", "id": "i3", "description": "c", "answer_limit": -1,
          "options": [{ "label": "A", "value": "a", "exclusive": true }] },
        { "type": "multiple_choice_with_free_text", "id": "i4", "description": "d",
          "answer_limit": 1, "options": [{ "label": "A", "value": "a", "heading": "h" }] },
        { "type": "file_upload", "id": "i5", "description": "e", "accepted_file_types": [".jpg"],
          "min_file_count": 1, "max_file_count": 2 },
        { "type": "rich_text", "id": "i6", "content": "<p>f</p>" },
        { "type": "image", "id": "i7", "url": "https://a.example/g.png", "alt_text": "g" },
        { "type": "dataset_field", "id": "i8", "field": "h" },
    ]);
    let body = stored(items);
    let server = answering(vec![(200, body.clone())]).await;
    let batches = server.prolific().batches();
    let layout = batches.get(&id()).await.unwrap().layout.unwrap();
    batches.update(&id(), BatchChange::new().layout(layout)).await.unwrap();
    let [get, update] = server.seen().try_into().unwrap();
    assert_eq!(get.line(), format!("GET {BATCHES}/b1"));
    assert_eq!(update.json(), json!({ "batch_items": body["batch_items"] }));
}

async fn read(body: Value) -> Batch {
    answering(vec![(200, body)]).await.prolific().batches().get(&id()).await.unwrap()
}

#[tokio::test]
async fn a_layout_that_can_not_be_sent_back_completely_names_the_item() {
    let items = [
        json!({ "type": "hologram", "id": "i1" }),
        json!({ "type": "free_text", "id": "i1" }),
        json!({ "type": "video_narration", "id": "i1", "description": "a" }),
        json!({ "id": "i1" }),
    ];
    for item in items {
        let good = json!({ "type": "rich_text", "id": "i0", "content": "a" });
        let server = answering(vec![(200, stored(json!([good, item])))]).await;
        let batches = server.prolific().batches();
        let layout = batches.get(&id()).await.unwrap().layout.unwrap();
        let kept = &layout.pages[0].rows[0].columns[0].items[1];
        assert_eq!(serde_json::to_value(kept).unwrap(), item);
        let change = BatchChange::new().layout(layout);
        let error = batches.update(&id(), change).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0));
        assert!(error.to_string().contains("page 0, row 0, column 0, item 1"), "{error}");
        assert_eq!(server.seen().len(), 1);
    }
    assert_eq!(read(json!({ "id": "b1", "batch_items": null })).await.layout, None);
}

#[tokio::test]
async fn a_page_that_can_not_be_read_is_kept_and_refused() {
    let good = json!({ "id": "p0", "rows": [] });
    let odd = json!({ "id": "p/1", "rows": [{ "columns": [] }] });
    let body = json!({ "id": "b1", "batch_items": [good, odd] });
    let server = answering(vec![(200, body)]).await;
    let batches = server.prolific().batches();
    let layout = batches.get(&id()).await.unwrap().layout.unwrap();
    let [good, odd] = &layout.pages[..] else { panic!("{layout:?}") };
    assert_eq!(good.id.as_ref().unwrap().as_str(), "p0");
    assert!(
        matches!(&odd.rows[0].columns[0].items[..], [Item::Unknown(page)] if page["id"] == "p/1")
    );
    let error = batches.update(&id(), BatchChange::new().layout(layout)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0));
    assert!(error.to_string().contains("page 1, row 0, column 0, item 0"), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_loose_answer_is_read() {
    let batch = read(json!({
        "id": "not a uuid", "status": "ARCHIVED", "created_at": "2022-04-18 11:25:02+00:00",
        "total_task_count": -1, "datasets": [{ "id": "d1", "status": "NEW" }, {}], "new": 1,
    }))
    .await;
    assert_eq!(batch.id.as_str(), "not a uuid");
    assert_eq!(batch.status.unwrap().as_str(), "ARCHIVED");
    assert!(batch.created_at.unwrap().to_system_time().is_some());
    assert_eq!((batch.datasets.len(), batch.datasets[1].id.as_ref()), (2, None));
    let server = answering(vec![(200, json!({ "name": "a" }))]).await;
    let error = server.prolific().batches().get(&id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(error.to_string().contains("`id`"), "{error}");
}

#[tokio::test]
async fn one_odd_row_does_not_lose_the_list() {
    let body = json!({ "results": [{ "id": "b1" }, {}, { "id": "b2" }], "meta": { "count": 3 } });
    let server = answering(vec![(200, body)]).await;
    let batches = server.prolific().batches();
    let rows: Vec<_> = batches.list(&"w 1".parse().unwrap()).collect().await;
    let ids: Vec<_> = rows.iter().map(|row| row.as_ref().ok().map(|b| b.id.as_str())).collect();
    assert_eq!(ids, [Some("b1"), None, Some("b2")]);
    let [list] = server.seen().try_into().unwrap();
    assert_eq!(list.line(), format!("GET {BATCHES}?workspace_id=w+1"));
}

#[tokio::test]
async fn responses_are_a_stream() {
    let answer = json!({ "instruction_id": "i1", "type": "free_text", "answer": [{ "value": 1 }] });
    let row = json!({ "id": "r1", "participant_id": "p1", "task_id": "t1", "response": answer });
    let server = answering(vec![(200, json!({ "results": [row, {}] }))]).await;
    let responses = server.prolific().batches().responses(&id());
    let responses: Vec<_> = responses.try_collect().await.unwrap();
    assert_eq!(responses.len(), 2);
    assert_eq!(responses[0].participant_id.as_ref().unwrap().as_str(), "p1");
    let answered = responses[0].response.as_ref().unwrap();
    assert_eq!(answered.answers[0].value, Some(1.into()));
    let kept = serde_json::to_value(answered).unwrap();
    assert_eq!((&kept["instruction_id"], &kept["type"]), (&json!("i1"), &json!("free_text")));
    assert_eq!(server.seen()[0].line(), format!("GET {BATCHES}/b1/responses"));
}

#[tokio::test]
async fn a_copy_and_a_setup_send_exactly_what_was_set() {
    let server = RecordingServer::start(|line, _, _| match line.ends_with("/setup") {
        true => Reply::json(202, &Value::Null),
        false => Reply::json(201, &json!({ "id": "b2" })),
    })
    .await;
    let batches = server.prolific().batches();
    batches.duplicate(&id(), BatchCopy::new()).await.unwrap();
    batches.duplicate(&id(), BatchCopy::new().name("n").upload_new_dataset(true)).await.unwrap();
    batches.setup(&id(), BatchSetup::new()).await.unwrap();
    let setup = BatchSetup::new().dataset_id(DatasetId::new("d1").unwrap()).tasks_per_group(5);
    batches.setup(&id(), setup).await.unwrap();
    let seen = server.seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line().to_owned()).collect();
    let (copy, setup) =
        (format!("POST {BATCHES}/b1/duplicate"), format!("POST {BATCHES}/b1/setup"));
    assert_eq!(lines, [copy.clone(), copy, setup.clone(), setup]);
    let bodies: Vec<_> = seen.iter().map(|seen| seen.json()).collect();
    let expected = [
        json!({}),
        json!({ "name": "n", "upload_new_dataset": true }),
        json!({}),
        json!({ "dataset_id": "d1", "tasks_per_group": 5 }),
    ];
    assert_eq!(bodies, expected);
}

/// Accepts a setup and then shows these statuses.
async fn set_up(statuses: &'static [&'static str]) -> RecordingServer {
    RecordingServer::start(move |line, _, before| match line.starts_with("POST") {
        true => Reply::json(202, &Value::Null),
        false => {
            let status = statuses[before.min(statuses.len() - 1)];
            Reply::json(200, &json!({ "status": status }))
        }
    })
    .await
}

#[tokio::test]
async fn a_setup_is_waited_for_until_it_is_ready_or_an_error() {
    let server = set_up(&["UNINITIALISED", "PROCESSING", "READY"]).await;
    let batches = server.prolific().batches();
    let wait = batches.setup_and_wait(&id(), BatchSetup::new()).interval(short());
    assert!(server.seen().is_empty());
    assert_eq!(wait.await.unwrap(), BatchStatus::Ready);
    assert_eq!(server.seen().len(), 4);
    assert_eq!(server.seen()[1].line(), format!("GET {BATCHES}/b1/status"));

    let server = set_up(&["PROCESSING", "ERROR"]).await;
    let wait = server.prolific().batches().wait_until_ready(&id()).interval(short());
    let error = wait.await.unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::Failed, Some("ERROR")));
    assert_eq!(error.last_seen(), Some(&BatchStatus::Error));
}

#[tokio::test]
async fn a_batch_that_was_never_set_up_is_said_to_be() {
    let server = set_up(&["UNINITIALISED"]).await;
    let wait = server.prolific().batches().wait_until_ready(&id());
    // Long enough for a look on a machine that has much else to do.
    let wait = wait.timeout(Duration::from_secs(1)).interval(Duration::from_millis(900));
    let error = wait.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimedOut);
    assert!(error.to_string().contains("setup was not started"), "{error}");
}

#[tokio::test]
async fn a_failed_sync_has_its_reason() {
    for (end, is_good) in [("complete", true), ("failed", false)] {
        let server = RecordingServer::start(move |line, _, before| {
            let status = match (line.starts_with("POST"), before) {
                (true, _) => {
                    return Reply::json(202, &json!({ "sync_id": "s1", "status": "queued" }));
                }
                (_, 0) => "processing",
                _ => end,
            };
            Reply::json(200, &json!({ "status": status, "tasks_created": 3, "reason": "no room" }))
        })
        .await;
        let wait = server.prolific().batches().sync_and_wait(&id()).interval(short());
        let outcome = wait.await;
        let lines: Vec<_> = server.seen().iter().map(|seen| seen.line().to_owned()).collect();
        assert_eq!(lines[0], format!("POST {BATCHES}/b1/sync"));
        assert_eq!(lines[1..], vec![format!("GET {BATCHES}/b1/syncs/s1"); 2]);
        match outcome {
            Ok(sync) => {
                assert!(is_good);
                assert_eq!((sync.status, sync.tasks_created), (SyncStatus::Complete, Some(3)));
            }
            Err(error) => {
                assert!(!is_good && error.to_string().contains("no room"), "{error}");
                assert_eq!(error.last_state(), Some("failed"));
            }
        }
    }
}

#[tokio::test]
async fn an_export_is_requested_with_its_filter_and_both_answers_are_read() {
    let link = "https://a.example/x?signature=secret";
    let server = answering(vec![
        (200, json!({ "status": "complete", "url": link, "expires_at": "2999-01-01T00:00:00Z" })),
        (202, json!({ "status": "generating", "export_id": "e1" })),
    ])
    .await;
    let batches = server.prolific().batches();
    let filter = ExportFilter::new().study_id(StudyId::new("s1").unwrap()).since("2026-01-01");
    let filter = filter.until("2026-02-01T00:00:00Z");
    let ready = batches.request_export(&id(), &filter).await.unwrap();
    let job = batches.request_export(&id(), &ExportFilter::new()).await.unwrap();
    assert_eq!((&ready.status, ready.id.as_ref()), (&ExportStatus::Complete, None));
    assert_eq!(ready.link.as_ref().unwrap().expose_url(), link);
    assert!(!format!("{ready:?}").contains("secret"));
    assert_eq!((job.status, job.id), (ExportStatus::Generating, ExportId::new("e1").ok()));
    let [filtered, all] = server.seen().try_into().unwrap();
    let expected = "from=2026-01-01&study_id=s1&to=2026-02-01T00%3A00%3A00Z";
    assert_eq!(filtered.line(), format!("POST {BATCHES}/b1/export?{expected}"));
    assert_eq!(all.line(), format!("POST {BATCHES}/b1/export"));
}

/// Completes an export after this many polls, and refuses its first link.
async fn exporting(looks: usize) -> RecordingServer {
    let refused = std::sync::atomic::AtomicUsize::new(0);
    let looked = std::sync::atomic::AtomicUsize::new(0);
    let count = |counter: &std::sync::atomic::AtomicUsize| {
        counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
    };
    RecordingServer::start(move |line, address, _| {
        if line.contains("/files/") {
            return match count(&refused) {
                0 => Reply::json(403, &json!("secret")),
                _ => Reply::json(200, &json!("zip")),
            };
        }
        if line.starts_with("POST") {
            return Reply::json(202, &json!({ "status": "generating", "export_id": "e1" }));
        }
        let look = count(&looked);
        if look < looks {
            return Reply::json(200, &json!({ "status": "generating" }));
        }
        let url = format!("http://{address}/files/{look}?signature=secret");
        Reply::json(200, &json!({ "status": "complete", "url": url }))
    })
    .await
}

#[tokio::test]
async fn an_export_goes_to_a_file_and_a_refused_link_is_renewed_by_the_same_job() {
    let server = exporting(1).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answers.zip");
    let export = server.prolific().batches().export_to_file(&id(), &path).interval(short());
    let file = export.await.unwrap();
    assert_eq!((file.path.as_path(), file.bytes), (path.as_path(), 5));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "\"zip\"");
    let seen = server.seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line().to_owned()).collect();
    let status = format!("GET {BATCHES}/b1/export/e1");
    let expected = [
        format!("POST {BATCHES}/b1/export"),
        status.clone(),
        status.clone(),
        "GET /files/1?signature=secret".to_owned(),
        status,
        "GET /files/2?signature=secret".to_owned(),
    ];
    assert_eq!(lines, expected);
    for seen in &seen {
        let is_storage = seen.line().contains("/files/");
        assert_eq!(seen.header("authorization").is_none(), is_storage, "{}", seen.line());
    }
}

#[tokio::test]
async fn a_failed_export_is_an_error_with_its_state_and_leaves_no_file() {
    for answers in [
        vec![(202, json!({ "status": "failed" }))],
        vec![(200, json!({ "status": "failed", "export_id": "e1" }))],
    ] {
        let server = answering(answers).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.zip");
        let export = server.prolific().batches().export_to_file(&id(), &path).interval(short());
        let error = export.await.unwrap_err();
        assert_eq!((error.kind(), error.last_state()), (ErrorKind::Failed, Some("failed")));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_report_goes_to_a_file_and_its_link_is_of_get() {
    let server = RecordingServer::start(|line, address, _| match line.contains("/files/") {
        true => Reply::json(200, &json!("csv")),
        false => {
            let url = format!("http://{address}/files/r?signature=secret");
            Reply::json(200, &json!({ "url": url, "http_method": "GET" }))
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.csv");
    server.prolific().batches().report_to_file(&id(), &path).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "\"csv\"");
    assert_eq!(server.seen()[0].line(), format!("GET {BATCHES}/b1/report/"));
    assert_eq!(server.seen()[1].header("authorization"), None);

    let odd = json!({ "url": "https://a.example/x?s=secret", "http_method": "POST" });
    let server = answering(vec![(200, odd)]).await;
    let error = server.prolific().batches().report(&id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(error.to_string().contains("POST") && !error.to_string().contains("secret"));
}

#[tokio::test]
async fn a_job_is_looked_at_once_and_has_the_id_that_it_was_asked_for_by() {
    let server = answering(vec![
        (200, json!({ "status": "processing", "batch_id": "b1" })),
        (200, json!({ "status": "queued", "sync_id": "s2" })),
        (200, json!({ "status": "generating" })),
        (200, json!({ "status": "complete", "url": "https://a.example/x" })),
    ])
    .await;
    let (batches, export) = (server.prolific().batches(), ExportId::new("e1").unwrap());
    let sync = batches.sync_status(&id(), &SyncId::new("s1").unwrap()).await.unwrap();
    assert_eq!(
        (sync.id.as_str(), sync.status, sync.batch_id),
        ("s1", SyncStatus::Processing, Some(id()))
    );
    let other = batches.sync_status(&id(), &SyncId::new("s1").unwrap()).await.unwrap();
    assert_eq!(other.id.as_str(), "s2", "what the server says of itself stays");
    let under_way = batches.export_status(&id(), &export).await.unwrap();
    assert_eq!((under_way.id.as_ref(), under_way.link.is_some()), (Some(&export), false));
    let complete = batches.export_status(&id(), &export).await.unwrap();
    assert_eq!((complete.id, complete.link.is_some()), (Some(export), true));
    let lines: Vec<_> = server.seen().iter().map(|seen| seen.line().to_owned()).collect();
    let job = |path| format!("GET {BATCHES}/b1/{path}");
    assert_eq!(lines, ["syncs/s1", "syncs/s1", "export/e1", "export/e1"].map(job));
}
