//! What datasets send and how answers are read, on a real socket.

use std::time::Duration;

use serde_json::{Value, json};

use super::{AppendReport, DatasetSchema, Import, Migration, NewDataset};
use crate::{
    DatasetId, ErrorKind, ImportId, MigrationId, WorkspaceId,
    transfer::{RecordingServer, Reply},
};

const DATASETS: &str = "/api/v1/data-collection/datasets";

fn id() -> DatasetId {
    DatasetId::new("d1").unwrap()
}

fn new(name: &str) -> NewDataset {
    NewDataset::new(name, WorkspaceId::new("w1").unwrap())
}

/// A server that answers each request with the next of these, and then with the last.
async fn answering(answers: Vec<(u16, Value)>) -> RecordingServer {
    RecordingServer::start(move |_, _, before| {
        let (status, body) = &answers[before.min(answers.len() - 1)];
        Reply::json(*status, body)
    })
    .await
}

#[tokio::test]
async fn a_dataset_is_made_with_and_without_a_schema() {
    let server = answering(vec![(201, json!({ "id": "d1" }))]).await;
    let datasets = server.prolific().datasets();
    let schema = DatasetSchema::new().text("a");
    assert_eq!(datasets.create(new("Birds").schema(schema)).await.unwrap().id, id());
    datasets.create(new("Birds")).await.unwrap();
    let [with, without] = server.seen().try_into().unwrap();
    assert_eq!(with.line(), format!("POST {DATASETS}"));
    let schema = json!({ "strict": false, "fields": { "a": { "type": "text" } } });
    let expected = json!({ "name": "Birds", "workspace_id": "w1", "schema": schema });
    assert_eq!(with.json(), expected);
    assert_eq!(without.json(), json!({ "name": "Birds", "workspace_id": "w1" }));
}

#[tokio::test]
async fn what_can_not_be_made_is_not_sent() {
    let server = answering(vec![(201, json!({ "id": "d1" }))]).await;
    let datasets = server.prolific().datasets();
    let errors = [
        datasets.create(new(" ")).await.unwrap_err(),
        datasets.create(new("a").schema(DatasetSchema::new())).await.unwrap_err(),
        datasets.set_schema(&id(), DatasetSchema::new()).await.unwrap_err(),
        datasets.append(&id(), [json!({}), json!(1)]).await.unwrap_err(),
        datasets.append_json_lines(&id(), "{}\na,b\n").await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_dataset_is_made_once_whatever_comes_of_it() {
    let server = answering(vec![(503, json!({}))]).await;
    let error = server.prolific().datasets().create(new("a")).await.unwrap_err();
    assert_eq!((server.seen().len(), error.operation()), (1, Some("create-task-builder-dataset")));
}

#[tokio::test]
async fn an_answer_without_an_id_says_which_operation_it_is_of() {
    let server = answering(vec![(200, json!({ "name": "a" }))]).await;
    let error = server.prolific().datasets().get(&id()).await.unwrap_err();
    assert_eq!(server.seen()[0].line(), format!("GET {DATASETS}/d1"));
    assert_eq!(error.to_string(), "get-task-builder-dataset: 200 OK: the response has no `id`");
}

#[tokio::test]
async fn a_new_schema_gives_the_migration_that_it_begins() {
    let answers = [
        (200, json!({ "id": "d1", "migration_job_id": "m1" })),
        (200, json!({ "id": "d1", "migration_job_id": null })),
    ];
    let server = RecordingServer::start(move |line, _, before| {
        assert_eq!(line, format!("PATCH {DATASETS}/d1"));
        Reply::json(answers[before].0, &answers[before].1)
    })
    .await;
    let datasets = server.prolific().datasets();
    let schema = DatasetSchema::new().text("a").strict(true);
    let begun = datasets.set_schema(&id(), schema.clone()).await.unwrap().migration_id;
    assert_eq!(begun, Some(MigrationId::new("m1").unwrap()));
    assert_eq!(datasets.set_schema(&id(), schema).await.unwrap().migration_id, None);
    let schema = json!({ "strict": true, "fields": { "a": { "type": "text" } } });
    assert_eq!(server.seen()[0].json(), json!({ "schema": schema }));
}

#[tokio::test]
async fn a_migration_ends_complete_partial_or_failed() {
    let wait = |end: Value, is_allowed: bool| async move {
        let server = answering(vec![(200, json!({ "status": "processing" })), (200, end)]).await;
        let migration = MigrationId::new("m1").unwrap();
        let wait = server.prolific().datasets().wait_for_migration(&id(), &migration);
        let wait = wait.interval(Duration::from_millis(1));
        let end = if is_allowed { wait.allow_partial().await } else { wait.await };
        let line = format!("GET {DATASETS}/d1/schema-migrations/m1");
        assert!(server.seen().len() == 2 && server.seen()[0].line() == line);
        end
    };
    let complete = json!({ "status": "complete", "reprocessed_count": 7 });
    let complete = wait(complete, false).await.unwrap();
    assert!(complete.is_complete() && complete.reprocessed == Some(7));
    let errors = json!([{ "datapoint_id": "p1", "field": "a", "reason": "no text" }]);
    let partial = json!({ "status": "partial", "reprocessed_count": 3, "failed_count": 1,
        "errors": errors });
    let error = wait(partial.clone(), false).await.unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::Partial, Some("partial")));
    let says = "schema migration m1 of dataset d1 ended as partial: 1 of 3 datapoints could not be fully \
         converted: `a`: no text";
    assert_eq!(error.to_string(), says);
    let partial = wait(partial, true).await.unwrap();
    assert_eq!(error.last_seen(), Some(&partial));
    assert_eq!((partial.failed, partial.errors[0].field.as_deref()), (Some(1), Some("a")));
    let failed = json!({ "status": "failed", "reason": "too\nbad" });
    let error = wait(failed, true).await.unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::Failed, Some("failed")));
    assert_eq!(error.to_string(), "schema migration m1 of dataset d1 ended as failed: too bad");
    assert!(error.last_seen::<Migration>().is_some());
}

#[tokio::test]
async fn an_import_ends_complete_partial_pending_a_schema_or_failed() {
    let wait = |end: Value, is_allowed: bool| async move {
        let server = answering(vec![(200, json!({ "status": "queued" })), (200, end)]).await;
        let import = ImportId::new("i1").unwrap();
        let wait = server.prolific().datasets().wait_for_import(&id(), &import);
        let wait = wait.interval(Duration::from_millis(1));
        let end = if is_allowed { wait.allow_partial().await } else { wait.await };
        let line = format!("GET {DATASETS}/d1/imports/i1");
        assert!(server.seen().len() == 2 && server.seen()[0].line() == line);
        end
    };
    let complete = json!({ "status": "complete", "accepted_count": 3 });
    let complete = wait(complete, false).await.unwrap();
    assert!(complete.is_complete() && complete.new_records() == Some(3));
    let errors = json!([{ "record_index": 4, "field": "a", "reason": "missing" }, {}]);
    let parts = [
        (
            json!({ "status": "pending_schema", "errors": null }),
            "ended as pending_schema: no records are imported until the dataset gets its first \
             schema",
        ),
        (
            json!({ "status": "partial", "accepted_count": 9990, "rejected_count": 10 }),
            "ended as partial: 9990 of 10000 records were accepted, 10 refused",
        ),
        (json!({ "status": "partial", "errors": errors }), "refused: 2: record 4, `a`: missing"),
        // What the counts say is not overlooked for what the status says.
        (
            json!({ "status": "complete", "accepted_count": 2, "rejected_count": 1 }),
            "ended as complete: 2 of 3 records were accepted, 1 refused",
        ),
    ];
    for (part, says) in parts {
        let error = wait(part.clone(), false).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Partial, "{error}");
        assert!(error.to_string().contains(says), "{error}");
        let import = wait(part, true).await.unwrap();
        assert!(!import.is_complete());
        assert_eq!(error.last_seen(), Some(&import));
    }
    let errors = json!([{}, { "record_index": 7, "field": "_raw", "reason": "no\nJSON" }]);
    let failed = json!({ "status": "failed", "reason": "No header.", "errors": errors });
    let error = wait(failed, true).await.unwrap_err().to_string();
    assert!(error.ends_with("ended as failed: No header: record 7: no JSON"), "{error}");
    let failed = json!({ "status": "failed", "reason": "no header", "type": "carrier_pigeon" });
    let error = wait(failed, true).await.unwrap_err();
    assert_eq!(error.to_string(), "import i1 of dataset d1 ended as failed: no header");
    let import = error.last_seen::<Import>().unwrap();
    assert_eq!(import.source, Some("carrier_pigeon".into()));
}

#[tokio::test]
async fn a_wait_for_a_file_that_never_arrived_says_so() {
    let server = answering(vec![(200, json!({ "status": "uninitialised" }))]).await;
    let wait = server.prolific().datasets().wait_for_import(&id(), &ImportId::new("i1").unwrap());
    // Long enough for a look on a machine that has much else to do.
    let wait = wait.timeout(Duration::from_secs(1)).interval(Duration::from_millis(900));
    let error = wait.await.unwrap_err();
    assert_eq!(
        (error.kind(), error.last_state()),
        (ErrorKind::WaitTimedOut, Some("uninitialised"))
    );
    assert!(error.to_string().contains("the file never arrived"), "{error}");
}

fn records(count: usize) -> impl Iterator<Item = Value> {
    (1..=count).map(|number| json!({ "n": number }))
}

#[tokio::test]
async fn records_are_appended_in_thousands_with_indices_counted_over_all() {
    let errors =
        json!([{ "record_index": 1, "field": "n", "reason": "odd" }, { "record_index": 1000 }, {}]);
    let server = answering(vec![
        (200, json!({ "accepted": 1000, "rejected": 0, "errors": [] })),
        (200, json!({ "accepted": 997, "rejected": 3, "errors": errors })),
        (200, json!({ "accepted": 500 })),
    ])
    .await;
    let error = server.prolific().datasets().append(&id(), records(2_500)).await.unwrap_err();
    let says = "2497 of 2500 records were accepted, 3 refused: record 1001, `n`: odd";
    assert_eq!((error.kind(), &*error.to_string()), (ErrorKind::Partial, says));
    assert!(!error.may_have_acted(), "appending again is harmless");
    let report: &AppendReport = error.last_seen().unwrap();
    assert_eq!((report.records, report.accepted, report.rejected), (2_500, 2_497, 3));
    let places: Vec<_> = report.errors.iter().map(|error| error.record).collect();
    assert_eq!(places, [Some(1_001), Some(2_000), None]);
    assert!(!report.is_complete());
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    for (seen, lines) in seen.iter().zip([1_000, 1_000, 500]) {
        assert_eq!(seen.line(), format!("POST {DATASETS}/d1/datapoints"));
        assert_eq!(seen.header("content-type"), Some("application/x-ndjson"));
        assert_eq!(seen.body.iter().filter(|byte| **byte == b'\n').count(), lines);
    }
    assert!(seen[1].body.starts_with(b"{\"n\":1001}\n"));
}

#[tokio::test]
async fn json_lines_are_appended_as_they_are_and_nothing_sends_nothing() {
    let server = answering(vec![(200, json!({ "accepted": 2, "rejected": 0 }))]).await;
    let datasets = server.prolific().datasets();
    let report = datasets.append_json_lines(&id(), "\n{\"a\": 1.50}\r\n\n{}").await.unwrap();
    assert_eq!((report.records, report.accepted, report.is_complete()), (2, 2, true));
    assert_eq!(server.seen()[0].body, b"{\"a\": 1.50}\n{}\n");
    let nothing = datasets.append_json_lines(&id(), "\n \n").await.unwrap();
    assert_eq!(nothing, AppendReport::default());
    assert_eq!(datasets.append(&id(), records(0)).await.unwrap(), AppendReport::default());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_append_that_fails_half_way_says_what_had_been_accepted() {
    let server = answering(vec![
        (200, json!({ "accepted": 999, "rejected": 1, "errors": [{ "record_index": 7 }] })),
        (409, json!({ "error": { "title": "An import is running" } })),
    ])
    .await;
    let error = server.prolific().datasets().append(&id(), records(2_500)).await.unwrap_err();
    assert_eq!((error.kind(), server.seen().len()), (ErrorKind::Conflict, 2));
    let report: &AppendReport = error.last_seen().unwrap();
    assert_eq!((report.records, report.accepted, report.rejected), (1_000, 999, 1));
    assert_eq!(report.errors[0].record, Some(7));
    let says = "An import is running; 1000 of 2500 records were appended before the error: 999 accepted, \
         1 rejected";
    assert!(error.to_string().contains(says), "{error}");
}

#[tokio::test]
async fn a_request_with_records_is_retried_completely() {
    let server = answering(vec![(503, json!({})), (200, json!({ "accepted": 3 }))]).await;
    server.prolific().datasets().append(&id(), records(3)).await.unwrap();
    let [first, second] = server.seen().try_into().unwrap();
    assert!(first.body == second.body && second.body.len() == 24);
}

#[tokio::test]
async fn a_job_is_looked_at_once_and_has_the_id_that_it_was_asked_for_by() {
    let server = answering(vec![
        (200, json!({ "status": "queued", "written_count": 2 })),
        (200, json!({ "status": "processing", "job_id": "m1" })),
        (200, json!({ "reason": "lost" })),
    ])
    .await;
    let (datasets, import) = (server.prolific().datasets(), ImportId::new("i1").unwrap());
    let looked = datasets.import_status(&id(), &import).await.unwrap();
    assert_eq!((looked.id, looked.status.as_str()), (import.clone(), "queued"));
    assert_eq!(looked.written_so_far, Some(2));
    let migration = MigrationId::new("m1").unwrap();
    let looked = datasets.migration_status(&id(), &migration).await.unwrap();
    assert_eq!((looked.id, looked.status.as_str()), (migration, "processing"));
    let error = datasets.import_status(&id(), &import).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(error.to_string().contains("`status`"), "{error}");
    let lines: Vec<_> = server.seen().iter().map(|seen| seen.line().to_owned()).collect();
    let job = |path| format!("GET {DATASETS}/d1/{path}");
    assert_eq!(lines, ["imports/i1", "schema-migrations/m1", "imports/i1"].map(job));
}
