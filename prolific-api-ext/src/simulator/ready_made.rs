//! The initial objects of a test, created by the operations that a researcher would use.

use prolific_api::OPERATIONS;
use serde_json::{Value, json};

use super::{answer::Refusal, batches, document::Sent, route, world::World};

/// Runs an operation; returns the id of what it created.
fn made(
    world: &mut World,
    operation_id: &str,
    parameters: &[(&'static str, &str)],
    body: String,
) -> Result<String, Refusal> {
    let operation = OPERATIONS.iter().find(|operation| operation.operation_id == operation_id);
    let operation = operation.ok_or_else(|| Refusal::not_found("operation"))?;
    let is_append = operation_id == "append-dataset-datapoints";
    let media = if is_append { "application/x-ndjson" } else { "application/json" };
    let parameters = parameters.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let sent = Sent { query: &[], content_type: Some(media), body: body.as_bytes() };
    let made = route::answer(world, operation, parameters, String::new(), sent)?;
    let answer: Value = serde_json::from_slice(&made.body).unwrap_or_default();
    Ok(answer["id"].as_str().unwrap_or_default().to_owned())
}

fn task_details() -> Value {
    json!({ "task_name": "Birds", "task_introduction": "Look.", "task_steps": "Answer." })
}

/// Creates a READY batch: from a V4 dataset of two records, with one question about each.
pub(super) fn batch(world: &mut World, workspace: &str) -> Result<String, Refusal> {
    let fields = json!({ "prompt": { "type": "text" }, "source": { "type": "metadata" } });
    let body = json!({ "name": "Birds", "workspace_id": workspace, "schema": {
        "strict": false, "fields": fields } });
    let dataset = made(world, "create-task-builder-dataset", &[], body.to_string())?;
    let records =
        "{\"prompt\":\"robin\",\"source\":\"a\"}\n{\"prompt\":\"gannet\",\"source\":\"b\"}";
    let of_dataset = [("dataset_id", dataset.as_str())];
    made(world, "append-dataset-datapoints", &of_dataset, records.to_owned())?;
    let items = [
        json!({ "type": "dataset_field", "field": "prompt" }),
        json!({ "type": "free_text", "description": "Have you seen it?" }),
    ];
    let columns = items.map(|item| json!({ "items": [item] }));
    let body = json!({
        "name": "Birds",
        "workspace_id": workspace,
        "dataset_id": dataset,
        "task_details": task_details(),
        "batch_items": [{ "rows": [{ "columns": columns }] }],
    });
    let batch = made(world, "create-task-builder-batch", &[], body.to_string())?;
    made(world, "setup-task-builder-batch", &[("batch_id", &batch)], "{}".to_owned())?;
    batches::finish(world, &batch);
    Ok(batch)
}

/// Creates a collection with one question.
pub(super) fn collection(world: &mut World, workspace: &str) -> Result<String, Refusal> {
    let question = json!({ "type": "free_text", "order": 0, "description": "Which bird?" });
    let body = json!({
        "name": "Birds",
        "workspace_id": workspace,
        "task_details": task_details(),
        "collection_items": [{ "order": 0, "page_items": [question] }],
    });
    made(world, "create-collection", &[], body.to_string())
}

/// Creates an ACTIVE study.
pub(super) fn study(world: &mut World, project: &str) -> Result<String, Refusal> {
    let body = json!({
        "name": "Birds",
        "description": "About birds.",
        "project": project,
        "prolific_id_option": "not_required",
        "external_study_url": "https://example.com/birds",
        "estimated_completion_time": 5,
        "total_available_places": 10,
        "reward": 100,
    });
    let study = made(world, "create-study", &[], body.to_string())?;
    let publish = json!({ "action": "PUBLISH" }).to_string();
    made(world, "publish-study", &[("id", &study)], publish)?;
    Ok(study)
}
