//! Participants' responses, which are invented.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, ok},
    batches,
    call::Call,
    collections, ids, page,
    storage::Purpose,
    world::World,
};

/// A participant's response to an instruction.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) id: String,
    pub(super) created_at: String,
    pub(super) participant: String,
    pub(super) submission: String,
    /// The task, in a batch.
    pub(super) task: Option<String>,
    pub(super) metadata: Value,
    pub(super) answer: Value,
}

impl Response {
    pub(super) fn of_batch(&self, batch: &str) -> Value {
        json!({
            "id": self.id,
            "created_at": self.created_at,
            "batch_id": batch,
            "participant_id": self.participant,
            "task_id": self.task,
            "submission_id": self.submission,
            "schema_version": 4,
            "metadata": self.metadata,
            "response": self.answer,
            "no_submission": false,
        })
    }

    pub(super) fn of_collection(&self, collection: &str) -> Value {
        json!({
            "id": self.id,
            "created_at": self.created_at,
            "collection_id": collection,
            "participant_id": self.participant,
            "submission_id": self.submission,
            "response": self.answer,
        })
    }

    /// The first answer as text, for CSV.
    fn text(&self) -> String {
        match &self.answer["answer"][0] {
            Value::Object(answer) => match answer.get("value").or(answer.get("file_name")) {
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => String::new(),
            },
            _ => String::new(),
        }
    }
}

/// A participant, who makes one submission.
struct Participant {
    number: usize,
    id: String,
    submission: String,
    now: String,
}

impl Participant {
    fn new(number: usize, world: &World) -> Self {
        let now = world.moment().text();
        Self { number, id: ids::object_id(), submission: ids::object_id(), now }
    }

    fn answer(&self, instruction: &Value, task: Option<&str>, metadata: &Value) -> Response {
        Response {
            id: ids::uuid(),
            created_at: self.now.clone(),
            participant: self.id.clone(),
            submission: self.submission.clone(),
            task: task.map(str::to_owned),
            metadata: metadata.clone(),
            answer: made_up(instruction, self.number),
        }
    }
}

/// Creates a valid response to an instruction.
fn made_up(instruction: &Value, number: usize) -> Value {
    let option = |name: &str| {
        let options = instruction[name].as_array().filter(|options| !options.is_empty());
        options.map_or(Value::Null, |options| options[number % options.len()]["value"].clone())
    };
    let file = |name: &str, content_type: &str| {
        json!({
            "file_key": format!("files/{}/{name}", ids::uuid()),
            "file_name": name,
            "file_size_mb": 0.1,
            "content_type": content_type,
        })
    };
    let text = format!("Answer {}", number + 1);
    let kind = instruction["type"].as_str().unwrap_or_default();
    let answer = match kind {
        "multiple_choice" => json!({ "value": option("options") }),
        "multiple_choice_with_free_text" => {
            json!({ "value": option("options"), "explanation": text })
        }
        "free_text_with_unit" => {
            let unit = instruction["unit_options"][0]["label"].as_str().unwrap_or_default();
            json!({ "value": (number + 1).to_string(), "unit": unit })
        }
        "file_upload" => file("answer.png", "image/png"),
        "video_narration" => file("answer.webm", "video/webm"),
        _ => json!({ "value": text }),
    };
    json!({ "instruction_id": instruction["id"], "type": kind, "answer": [answer] })
}

/// Makes this many participants complete all tasks of a batch; returns the number of responses
/// created.
pub(super) fn answer_batch(
    world: &mut World,
    id: &str,
    participants: usize,
) -> Result<usize, Refusal> {
    let batch = world.batches.get(id).ok_or_else(|| Refusal::not_found("batch"))?;
    if !matches!(batch.setup, batches::Setup::Ready) {
        return Err(Refusal::conflict("The batch is not READY."));
    }
    let dataset = batch.dataset.as_ref().and_then(|id| world.datasets.get(id));
    let instructions = batch.instructions();
    let mut responses = Vec::new();
    for number in 0..participants {
        let participant = Participant::new(number, world);
        for task in &batch.tasks {
            let metadata = dataset.map_or(Value::Null, |dataset| {
                let datapoint = dataset.datapoints.get(task.datapoint);
                datapoint.map_or(Value::Null, |datapoint| dataset.hidden(&datapoint.fields()))
            });
            let answer = |instruction| participant.answer(instruction, Some(&task.id), &metadata);
            responses.extend(instructions.iter().map(answer));
        }
    }
    let count = responses.len();
    if let Some(batch) = world.batches.get_mut(id) {
        batch.responses.extend(responses);
    }
    Ok(count)
}

/// Makes this many participants complete a collection; returns the number of responses created.
pub(super) fn answer_collection(
    world: &mut World,
    id: &str,
    participants: usize,
) -> Result<usize, Refusal> {
    let collection = world.collections.get(id).ok_or_else(|| Refusal::not_found("collection"))?;
    let instructions = collection.instructions();
    let mut responses = Vec::new();
    for number in 0..participants {
        let participant = Participant::new(number, world);
        let answer = |instruction| participant.answer(instruction, None, &Value::Null);
        responses.extend(instructions.iter().map(answer));
    }
    let count = responses.len();
    if let Some(collection) = world.collections.get_mut(id) {
        collection.responses.extend(responses);
    }
    Ok(count)
}

pub(super) fn of_batch(world: &mut World, call: &Call) -> Reply {
    let batch = batches::named(world, call)?;
    page::whole(batch.responses.iter().map(|response| response.of_batch(&batch.id)).collect())
}

pub(super) fn of_collection(world: &mut World, call: &Call) -> Reply {
    let collection = collections::named(world, call)?;
    let rows = collection.responses.iter();
    page::whole(rows.map(|response| response.of_collection(&collection.id)).collect())
}

pub(super) fn report(world: &mut World, call: &Call) -> Reply {
    let batch = batches::named(world, call)?.clone();
    let body = report_csv(world, &batch).into();
    let purpose = Purpose::Download { content_type: "text/csv", body };
    let link = world.issue("report.csv", purpose);
    ok(&json!({ "url": link.url, "expires_at": link.expires_at(), "http_method": "GET" }))
}

/// Returns a row for each response, with its datapoint. The column names are inferred.
fn report_csv(world: &World, batch: &batches::Batch) -> String {
    let mut csv = "task_id,participant_id,instruction_id,response,datapoint\r\n".to_owned();
    let dataset = batch.dataset.as_ref().and_then(|id| world.datasets.get(id));
    for response in &batch.responses {
        let task = batch.tasks.iter().find(|task| Some(&task.id) == response.task.as_ref());
        let datapoint = task
            .and_then(|task| dataset?.datapoints.get(task.datapoint))
            .map_or("", |datapoint| &datapoint.record);
        let instruction = response.answer["instruction_id"].as_str().unwrap_or_default();
        let row = [
            response.task.as_deref().unwrap_or_default(),
            &response.participant,
            instruction,
            &response.text(),
            datapoint,
        ];
        let row = row.map(|value| format!("\"{}\"", value.replace('"', "\"\"")));
        let _ = write!(csv, "{}\r\n", row.join(","));
    }
    csv
}
