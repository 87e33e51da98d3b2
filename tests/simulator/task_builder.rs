//! AI Task Builder, from file to answers.

use std::time::Duration;

use prolific_api_ext::{BatchId, simulator::Pace};
use serde_json::{Value, json};

use crate::session::{Session, schema};

fn batch(session: &Session, dataset: &str) -> Value {
    json!({
        "name": "Batch",
        "workspace_id": session.simulator.workspace_id().unwrap(),
        "dataset_id": dataset,
        "task_details": details(),
        "batch_items": layout(),
    })
}

pub(crate) fn details() -> Value {
    json!({ "task_name": "Rate", "task_introduction": "Read.", "task_steps": "Rate." })
}

fn layout() -> Value {
    json!([{ "rows": [{ "columns": [
        { "items": [{ "type": "dataset_field", "field": "text" }] },
        { "items": [
            { "type": "multiple_choice", "description": "Good?", "answer_limit": 1,
              "options": [{ "label": "Yes", "value": "yes" }, { "label": "No", "value": "no" }] },
            { "type": "free_text", "description": "Why?" },
        ]},
    ]}]}])
}

/// A batch that is READY, of a dataset with three datapoints.
pub(crate) async fn ready_batch(session: &mut Session) -> (String, String) {
    let dataset = session.dataset(&schema(true)).await;
    let lines = "{\"text\":\"a\",\"source\":1}\n{\"text\":\"b\",\"source\":2}\n\
        {\"text\":\"c\",\"source\":3}\n";
    session.append(&dataset, lines).await;
    let body = batch(session, &dataset);
    let made = session.expect(201, "POST", "data-collection/batches", &body).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("data-collection/batches/{id}");
    let body = json!({ "tasks_per_group": 2 });
    session.expect(202, "POST", &format!("{path}/setup"), &body).await;
    let states = session.look(&format!("{path}/status"), "status", "READY").await;
    assert_eq!(states, ["PROCESSING", "READY"]);
    (dataset, id)
}

#[tokio::test]
async fn an_import_counts_what_is_in_its_file() {
    let mut session = Session::start();
    let dataset = session.dataset(&schema(true)).await;
    let cases = [
        ("a.csv", "text,source\na,1\n\"b, or c\",2\n", "complete", [2, 0, 0]),
        (
            "b.jsonl",
            "{\"text\":\"a\",\"source\":\"1\"}\n{\"text\":\"d\"}\nno\n",
            "partial",
            [1, 1, 2],
        ),
        ("c.csv", "other\n1\n2\n", "failed", [0, 0, 2]),
        ("d.jsonl", "\n\n", "failed", [0, 0, 0]),
    ];
    for (filename, file, end, counts) in cases {
        let link = session.upload(&dataset, filename, file).await;
        let import = link["import_id"].as_str().unwrap();
        let path = format!("data-collection/datasets/{dataset}/imports/{import}");
        let states = session.look(&path, "status", end).await;
        assert_eq!(states, ["queued", "processing", end], "{filename}");
        let job = session.get(&path).await;
        let names = ["accepted_count", "duplicate_count", "rejected_count"];
        assert_eq!(names.map(|name| job[name].as_u64().unwrap()), counts, "{job}");
        assert_eq!(job["reason"].is_string(), end == "failed", "{job}");
    }
    let dataset = session.get(&format!("data-collection/datasets/{dataset}")).await;
    assert_eq!(dataset["total_datapoint_count"], 2);
    let imports = dataset["imports"].as_array().unwrap();
    let partial = &imports[2]["errors"];
    assert_eq!(imports[0]["filename"], "d.jsonl", "the newest is the first");
    assert_eq!([&partial[0]["record_index"], &partial[1]["record_index"]], [1, 2]);
    assert_eq!([&partial[0]["field"], &partial[1]["field"]], ["source", "_raw"]);
}

#[tokio::test]
async fn a_schema_that_is_not_strict_takes_records_that_lack_a_field() {
    let mut session = Session::start();
    let dataset = session.dataset(&schema(false)).await;
    let (status, answer) = session.append(&dataset, "{\"text\":\"a\"}\n{\"other\":1}\n").await;
    assert_eq!((status, &answer["accepted"], &answer["rejected"]), (200, &1.into(), &1.into()));
}

#[tokio::test]
async fn a_file_without_a_schema_waits_for_one() {
    let mut session = Session::start();
    let dataset = session.simulator.dataset_without_schema().to_string();
    let link = session.upload(&dataset, "a.csv", "text,source\na,1\n").await;
    let import = link["import_id"].as_str().unwrap();
    let path = format!("data-collection/datasets/{dataset}/imports/{import}");
    assert_eq!(session.look(&path, "status", "pending_schema").await, ["pending_schema"]);
    let (status, _) = session.append(&dataset, "{}").await;
    assert_eq!(status, 400);
    let patch = json!({ "schema": schema(true) });
    let of_dataset = format!("data-collection/datasets/{dataset}");
    let changed = session.expect(200, "PATCH", &of_dataset, &patch).await;
    assert_eq!(changed.get("migration_job_id"), None, "the first schema brings no migration");
    session.look(&path, "status", "complete").await;
}

#[tokio::test]
async fn appends_have_their_limits_and_say_what_was_refused() {
    let mut session = Session::start();
    let dataset = session.dataset(&schema(true)).await;
    let line = "{\"text\":\"a\",\"source\":1}\n";
    let lines = format!("{line}not json\n\n{line}{{\"text\":\"b\"}}\n");
    let (_, answer) = session.append(&dataset, &lines).await;
    assert_eq!(answer["accepted"], 2, "a repeat counts as accepted");
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!([&errors[0]["record_index"], &errors[1]["record_index"]], [2, 4]);
    assert_eq!([&errors[0]["field"], &errors[1]["field"]], ["_raw", "source"]);

    assert_eq!(session.append(&dataset, &line.repeat(1000)).await.0, 200);
    assert_eq!(session.append(&dataset, &line.repeat(1001)).await.0, 400);
    assert_eq!(session.append(&dataset, " \n").await.0, 400);
    let path = format!("data-collection/datasets/{dataset}/datapoints");
    assert_eq!(session.send("POST", &path, "text/csv", line.to_owned()).await.0, 415);
    let v3 = session.dataset(&Value::Null).await;
    assert_eq!(session.append(&v3, line).await.0, 400);
}

#[tokio::test]
async fn a_migration_keeps_appends_out_and_says_what_lacks() {
    let mut session = Session::start();
    let dataset = session.dataset(&schema(true)).await;
    let line = "{\"text\":\"a\",\"source\":1}\n";
    session.append(&dataset, line).await;
    let mut new = schema(true);
    new["fields"]["stars"] = json!({ "type": "text" });
    let path = format!("data-collection/datasets/{dataset}");
    let changed = session.expect(200, "PATCH", &path, &json!({ "schema": new })).await;
    let job = changed["migration_job_id"].as_str().unwrap();
    assert_eq!(session.append(&dataset, "{\"text\":\"b\",\"source\":1,\"stars\":5}").await.0, 409);
    let path = format!("{path}/schema-migrations/{job}");
    session.look(&path, "status", "partial").await;
    let job = session.get(&path).await;
    assert_eq!((&job["reprocessed_count"], &job["failed_count"]), (&1.into(), &1.into()));
    assert_eq!(job["errors"][0]["field"], "stars");
    assert_eq!(session.append(&dataset, "{\"text\":\"b\",\"source\":1,\"stars\":5}").await.0, 200);

    new["fields"]["group"] = json!({ "type": "task_group_id" });
    let path = format!("data-collection/datasets/{dataset}");
    session.expect(400, "PATCH", &path, &json!({ "schema": new })).await;
    let v3 = session.dataset(&Value::Null).await;
    let path = format!("data-collection/datasets/{v3}");
    session.expect(400, "PATCH", &path, &json!({ "schema": schema(true) })).await;
}

#[tokio::test]
async fn a_v3_dataset_becomes_ready_by_its_file() {
    let mut session = Session::start();
    let dataset = session.dataset(&Value::Null).await;
    let path = format!("data-collection/datasets/{dataset}");
    let status = format!("{path}/status");
    assert_eq!(session.look(&status, "status", "UNINITIALISED").await.len(), 1);
    let refused = format!("{path}/upload-url/a.jsonl");
    session.expect(400, "GET", &refused, &Value::Null).await;
    let link = session.upload(&dataset, "a.csv", "text,META_TASK_GROUP_ID\na,1\nb,1\n").await;
    assert_eq!(link.get("import_id"), None);
    assert_eq!(session.look(&status, "status", "READY").await, ["PROCESSING", "READY"]);
    let read = session.get(&path).await;
    assert_eq!(read["total_datapoint_count"], 2);
    assert_eq!(read["has_predetermined_grouping_id"], true);

    let broken = session.dataset(&Value::Null).await;
    session.upload(&broken, "a.zip", "no archive").await;
    let status = format!("data-collection/datasets/{broken}/status");
    assert_eq!(session.look(&status, "status", "ERROR").await, ["PROCESSING", "ERROR"]);
}

#[tokio::test]
async fn a_batch_needs_data_and_makes_tasks_of_it() {
    let mut session = Session::start();
    let empty = session.dataset(&schema(true)).await;
    let body = batch(&session, &empty);
    let made = session.expect(201, "POST", "data-collection/batches", &body).await;
    let path = format!("data-collection/batches/{}/setup", made["id"].as_str().unwrap());
    session.expect(400, "POST", &path, &json!({})).await;

    let (dataset, id) = ready_batch(&mut session).await;
    let path = format!("data-collection/batches/{id}");
    let read = session.get(&path).await;
    let names = ["total_task_count", "total_task_groups", "tasks_per_group"];
    assert_eq!(names.map(|name| read[name].as_u64().unwrap()), [3, 2, 2]);
    assert_eq!(read["total_instruction_count"], 2);

    session.append(&dataset, "{\"text\":\"d\",\"source\":4}\n{\"text\":\"e\",\"source\":5}").await;
    let sync = session.expect(202, "POST", &format!("{path}/sync"), &Value::Null).await;
    let sync = format!("{path}/syncs/{}", sync["sync_id"].as_str().unwrap());
    let states = session.look(&sync, "status", "complete").await;
    assert_eq!(states, ["queued", "processing", "complete"]);
    let job = session.get(&sync).await;
    let names = ["tasks_created", "datapoints_processed", "groups_created", "groups_expanded"];
    assert_eq!(names.map(|name| job[name].as_u64().unwrap()), [2, 2, 1, 1]);
    assert_eq!(session.get(&path).await["total_task_count"], 5);
}

#[tokio::test]
async fn a_batch_that_syncs_by_itself_grows_with_an_append() {
    let mut session = Session::start();
    let (dataset, id) = ready_batch(&mut session).await;
    let path = format!("data-collection/batches/{id}");
    session.expect(200, "PATCH", &path, &json!({ "auto_sync_enabled": true })).await;
    session.append(&dataset, "{\"text\":\"d\",\"source\":4}").await;
    assert_eq!(session.get(&path).await["total_task_count"], 4);
}

#[tokio::test]
async fn a_field_groups_tasks_before_any_number() {
    let mut session = Session::start();
    let mut grouped = schema(true);
    grouped["fields"]["group"] = json!({ "type": "task_group_id" });
    let dataset = session.dataset(&grouped).await;
    let line =
        |text, group| format!("{{\"text\":\"{text}\",\"source\":1,\"group\":\"{group}\"}}\n");
    let lines = [line("a", "g"), line("b", "h"), line("c", "g")].concat();
    session.append(&dataset, &lines).await;
    let body = batch(&session, &dataset);
    let made = session.expect(201, "POST", "data-collection/batches", &body).await;
    let path = format!("data-collection/batches/{}", made["id"].as_str().unwrap());
    session.expect(202, "POST", &format!("{path}/setup"), &json!({ "tasks_per_group": 3 })).await;
    session.look(&path, "status", "READY").await;
    assert_eq!(session.get(&path).await["total_task_groups"], 2);
}

#[tokio::test]
async fn a_layout_is_refused_with_positions_and_cleared_by_null() {
    let mut session = Session::start();
    let dataset = session.dataset(&schema(true)).await;
    let mut wrong = batch(&session, &dataset);
    wrong["batch_items"][0]["rows"][0]["columns"][1]["items"][1]["type"] = json!("poem");
    let refused = session.expect(422, "POST", "data-collection/batches", &wrong).await;
    assert_eq!(refused["type"], "INVALID_BATCH_ITEMS");
    let issue = &refused["issues"][0];
    let position = ["page", "row", "column", "item"].map(|name| issue[name].as_u64().unwrap());
    assert_eq!(position, [0, 0, 1, 1]);

    let body = batch(&session, &dataset);
    let made = session.expect(201, "POST", "data-collection/batches", &body).await;
    let path = format!("data-collection/batches/{}", made["id"].as_str().unwrap());
    let renamed = session.expect(200, "PATCH", &path, &json!({ "name": "Other" })).await;
    assert_eq!(
        (&renamed["name"], &renamed["batch_items"]),
        (&"Other".into(), &made["batch_items"])
    );
    let kept = json!({ "batch_items": made["batch_items"] });
    let kept = session.expect(200, "PATCH", &path, &kept).await;
    assert_eq!(kept["batch_items"], made["batch_items"], "entries keep their ids");
    let instructions = json!({ "instructions": [{ "type": "free_text", "description": "Why?" }] });
    let of_instructions = format!("{path}/instructions");
    session.expect(422, "POST", &of_instructions, &instructions).await;

    let cleared = session.expect(200, "PATCH", &path, &json!({ "batch_items": null })).await;
    assert!(cleared["batch_items"].is_null() && cleared["total_instruction_count"] == 0);
    session.expect(201, "POST", &of_instructions, &instructions).await;
}

#[tokio::test]
async fn what_is_set_to_fail_fails() {
    let mut session = Session::start();
    let (_, id) = ready_batch(&mut session).await;
    let path = format!("data-collection/batches/{id}");
    let sync = session.expect(202, "POST", &format!("{path}/sync"), &Value::Null).await;
    let sync = sync["sync_id"].as_str().unwrap().to_owned();
    let export = session.expect(202, "POST", &format!("{path}/export"), &Value::Null).await;
    let export = export["export_id"].as_str().unwrap().to_owned();
    session.simulator.fail(&sync);
    session.simulator.fail(&export);
    session.look(&format!("{path}/syncs/{sync}"), "status", "failed").await;
    session.look(&format!("{path}/export/{export}"), "status", "failed").await;

    let dataset = session.dataset(&schema(true)).await;
    let link = session.upload(&dataset, "a.csv", "text,source\na,1\n").await;
    let import = link["import_id"].as_str().unwrap();
    session.simulator.fail(import);
    let path = format!("data-collection/datasets/{dataset}/imports/{import}");
    session.look(&path, "status", "failed").await;
    assert_eq!(session.get(&path).await["accepted_count"], 0);
}

#[tokio::test]
async fn jobs_advance_with_the_clock_if_set() {
    let mut session = Session::start();
    let (_, id) = ready_batch(&mut session).await;
    let clock = session.simulator.clock();
    session.simulator.set_pace(Pace::Time(Duration::from_secs(60)));
    clock.stop();
    let path = format!("data-collection/batches/{id}");
    let sync = session.expect(202, "POST", &format!("{path}/sync"), &Value::Null).await;
    let sync = format!("{path}/syncs/{}", sync["sync_id"].as_str().unwrap());
    let mut states = Vec::new();
    for seconds in [0, 59, 1, 59, 1] {
        clock.advance(Duration::from_secs(seconds));
        states.push(session.get(&sync).await["status"].as_str().unwrap().to_owned());
    }
    assert_eq!(states, ["queued", "queued", "processing", "processing", "complete"]);
}

#[tokio::test]
async fn participants_answer_every_task_and_instruction() {
    let mut session = Session::start();
    let (_, id) = ready_batch(&mut session).await;
    let id = BatchId::new(id).unwrap();
    assert_eq!(session.simulator.answer(&id, 2).unwrap(), 2 * 3 * 2);
    let answers = session.get(&format!("data-collection/batches/{id}/responses")).await;
    assert_eq!(answers["meta"]["count"], 12);
    let first = &answers["results"][0];
    assert_eq!(first["metadata"], json!({ "source": 1 }), "hidden fields alone");
    assert_eq!(first["response"]["answer"][0]["value"], "yes");
    assert!(session.simulator.answer(&BatchId::new("other").unwrap(), 1).is_err());
}
