//! Exports: a ZIP file of participants' responses.

use std::{
    collections::BTreeMap,
    io::{Cursor, Write as _},
};

use bytes::Bytes;
use serde_json::{Value, json};
use zip::{CompressionMethod, ZipWriter, result::ZipResult, write::SimpleFileOptions};

use super::{
    answer::{Answer, Refusal, Reply, ok},
    batches::{self, Batch},
    call::{Call, Object},
    clock::{Progress, seconds_of},
    collections::{self, Collection},
    ids,
    responses::Response,
    storage::{Issued, Purpose},
    world::World,
};

/// The documented maximum number of jobs of a batch or a collection; deleted ones don't count.
const JOBS: usize = 10;

#[derive(Clone, Debug)]
pub(super) struct Export {
    id: String,
    /// The batch or the collection.
    owner: String,
    /// The filter for responses; null for all.
    filter: Value,
    created_at: String,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Generating(Progress),
    Complete { archive: Bytes, link: Issued },
    Failed,
}

impl Export {
    fn to_json(&self) -> Value {
        match &self.state {
            State::Generating(_) => json!({ "status": "generating", "export_id": self.id }),
            State::Complete { link, .. } => {
                json!({ "status": "complete", "url": link.url, "expires_at": link.expires_at() })
            }
            State::Failed => json!({ "status": "failed" }),
        }
    }

    /// The job as it appears in a list.
    fn to_row(&self) -> Value {
        json!({
            "export_id": self.id,
            "filter": self.filter,
            "status": self.status(),
            "created_at": self.created_at,
        })
    }

    fn status(&self) -> &'static str {
        match self.state {
            State::Generating(_) => "generating",
            State::Complete { .. } => "complete",
            State::Failed => "failed",
        }
    }

    /// Whether a response matches the filter.
    fn has(&self, world: &World, response: &Response) -> bool {
        let bound = |name: &str| self.filter[name].as_str().and_then(seconds_of);
        let at = seconds_of(&response.created_at).unwrap_or_default();
        let study = self.filter["study_id"].as_str().and_then(|id| world.studies.get(id));
        bound("from").is_none_or(|from| at >= from)
            && bound("to").is_none_or(|to| at < to)
            && study.is_none_or(|study| study["data_collection_id"] == self.owner.as_str())
    }
}

pub(super) fn request_batch(world: &mut World, call: &Call) -> Reply {
    let owner = batches::named(world, call)?.id.clone();
    request(world, call, &owner)
}

pub(super) fn request_collection(world: &mut World, call: &Call) -> Reply {
    let owner = collections::named(world, call)?.id.clone();
    request(world, call, &owner)
}

fn of_owner<'a>(world: &'a World, owner: &'a str) -> impl DoubleEndedIterator<Item = &'a Export> {
    world.exports.values().filter(move |export| export.owner == owner)
}

/// Starts a job, unless one with the same filter is in progress.
fn request(world: &mut World, call: &Call, owner: &str) -> Reply {
    let names = ["study_id", "from", "to"];
    let filter =
        names.iter().filter_map(|name| Some(((*name).to_owned(), json!(call.query(name)?))));
    let filter: Object = filter.collect();
    let filter = if filter.is_empty() { Value::Null } else { Value::Object(filter) };
    let is_same =
        |export: &&Export| export.filter == filter && matches!(export.state, State::Generating(_));
    let known = of_owner(world, owner).find(is_same).map(Export::to_json);
    if let Some(export) = known {
        return Ok(Answer::json(202, &export));
    }
    if of_owner(world, owner).count() >= JOBS {
        // Prolific's status for this is not documented.
        return Err(Refusal::conflict(format!("There are {JOBS} exports; delete one first.")));
    }
    let moment = world.moment();
    let export = Export {
        id: ids::uuid(),
        owner: owner.to_owned(),
        filter,
        created_at: moment.text(),
        state: State::Generating(Progress::new(1, moment)),
    };
    let json = export.to_json();
    world.exports.insert(export.id.clone(), export);
    Ok(Answer::json(202, &json))
}

pub(super) fn list_batch(world: &mut World, call: &Call) -> Reply {
    batches::named(world, call)?;
    list(world, call.parameter("batch_id"))
}

pub(super) fn list_collection(world: &mut World, call: &Call) -> Reply {
    collections::named(world, call)?;
    list(world, call.parameter("collection_id"))
}

/// The jobs, latest first.
fn list(world: &World, owner: &str) -> Reply {
    ok(&of_owner(world, owner).rev().map(Export::to_row).collect())
}

pub(super) fn delete_batch(world: &mut World, call: &Call) -> Reply {
    batches::named(world, call)?;
    delete(world, call, "batch_id")
}

pub(super) fn delete_collection(world: &mut World, call: &Call) -> Reply {
    collections::named(world, call)?;
    delete(world, call, "collection_id")
}

fn delete(world: &mut World, call: &Call, owner: &str) -> Reply {
    if let State::Generating(_) = named(world, call, owner)?.state {
        return Err(Refusal::conflict("The export is in progress."));
    }
    world.exports.remove(call.parameter("export_id"));
    Ok(Answer::empty(204))
}

pub(super) fn batch_status(world: &mut World, call: &Call) -> Reply {
    batches::named(world, call)?;
    status(world, call, "batch_id")
}

pub(super) fn collection_status(world: &mut World, call: &Call) -> Reply {
    collections::named(world, call)?;
    status(world, call, "collection_id")
}

/// Finds the job of a call among those of its owner.
fn named<'a>(world: &'a World, call: &Call, owner: &str) -> Result<&'a Export, Refusal> {
    let (owner, id) = (call.parameter(owner), call.parameter("export_id"));
    let found = world.exports.get(id).filter(|export| export.owner == owner);
    found.ok_or_else(|| Refusal::not_found("export"))
}

fn status(world: &mut World, call: &Call, owner: &str) -> Reply {
    let export = named(world, call, owner)?.clone();
    ok(&look(world, call.parameter("export_id"), export)?)
}

/// Polls a job: it makes progress, and an expired link is replaced.
fn look(world: &mut World, id: &str, mut export: Export) -> Result<Value, Refusal> {
    let moment = world.moment();
    export.state = match export.state.clone() {
        State::Generating(mut progress) => {
            let step = progress.look(moment);
            match (progress.is_over(step), world.is_doomed(id)) {
                (false, _) => State::Generating(progress),
                (true, true) => State::Failed,
                (true, false) => {
                    let archive = archive(world, &export)
                        .map_err(|error| Refusal::new(500, format!("Not a ZIP file: {error}")))?;
                    let link = issue(world, archive.clone());
                    State::Complete { archive, link }
                }
            }
        }
        State::Complete { archive, link } if link.has_expired(moment) => {
            let link = issue(world, archive.clone());
            State::Complete { archive, link }
        }
        state => state,
    };
    let json = export.to_json();
    world.exports.insert(id.to_owned(), export);
    Ok(json)
}

fn issue(world: &mut World, body: Bytes) -> Issued {
    world.issue("export.zip", Purpose::Download { content_type: "application/zip", body })
}

fn archive(world: &World, export: &Export) -> ZipResult<Bytes> {
    let wanted = |responses: &[Response]| -> Vec<Response> {
        responses.iter().filter(|response| export.has(world, response)).cloned().collect()
    };
    match (world.batches.get(&export.owner), world.collections.get(&export.owner)) {
        (Some(batch), _) => batch_archive(world, batch, &wanted(&batch.responses)),
        (_, Some(collection)) => {
            collection_archive(world, collection, &wanted(&collection.responses))
        }
        _ => zipped(&[], &[]),
    }
}

fn batch_archive(world: &World, batch: &Batch, responses: &[Response]) -> ZipResult<Bytes> {
    let row = |response: &Response| response.of_batch(&batch.id);
    let mut by_task: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut by_submission: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for response in responses {
        let task = response.task.as_deref().unwrap_or_default();
        by_task.entry(task).or_default().push(row(response));
        by_submission.entry(&response.submission).or_default().push(row(response));
    }
    let files = [
        ("responses-by-submission.jsonl", grouped(by_submission, "submission_id")),
        ("responses-by-task.jsonl", grouped(by_task, "task_id")),
        ("batch.json", format!("{:#}", batch.to_json(world))),
        ("README.md", readme("batch", &batch.name)),
    ];
    zipped(&files, responses)
}

fn collection_archive(
    world: &World,
    collection: &Collection,
    responses: &[Response],
) -> ZipResult<Bytes> {
    let rows = responses.iter();
    let lines = rows.map(|response| format!("{}\n", response.of_collection(&collection.id)));
    let files = [
        ("responses.jsonl", lines.collect()),
        ("collection.json", format!("{:#}", collection.to_json(world))),
        ("README.md", readme("collection", &collection.name)),
    ];
    zipped(&files, responses)
}

fn grouped(groups: BTreeMap<&str, Vec<Value>>, name: &str) -> String {
    let line = |(id, responses)| format!("{}\n", json!({ name: id, "responses": responses }));
    groups.into_iter().map(line).collect()
}

fn readme(what: &str, name: &str) -> String {
    format!("# Export of a {what}\n\nParticipants' responses in \"{name}\". Simulated.\n")
}

/// Creates a ZIP file of texts and of the files that participants uploaded.
fn zipped(files: &[(&str, String)], responses: &[Response]) -> ZipResult<Bytes> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, text) in files {
        archive.start_file(*name, stored)?;
        archive.write_all(text.as_bytes())?;
    }
    archive.add_directory("files/", stored)?;
    let answers = responses.iter().filter_map(|response| response.answer["answer"].as_array());
    for key in answers.flatten().filter_map(|answer| answer["file_key"].as_str()) {
        archive.start_file(key, stored)?;
        archive.write_all(b"a simulated file")?;
    }
    Ok(archive.finish()?.into_inner().into())
}
