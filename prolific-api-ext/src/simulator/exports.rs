//! Exports: a ZIP of what participants answered.

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
    call::Call,
    clock::Progress,
    collections::{self, Collection},
    ids,
    responses::Response,
    storage::{Issued, Purpose},
    world::World,
};

#[derive(Clone, Debug)]
pub(super) struct Export {
    id: String,
    /// The batch or the collection.
    owner: String,
    /// How many answers there were when it was asked for.
    answers: usize,
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
}

pub(super) fn request_batch(world: &mut World, call: &Call) -> Reply {
    let batch = batches::named(world, call)?;
    let (id, answers) = (batch.id.clone(), batch.responses.len());
    request(world, &id, answers)
}

pub(super) fn request_collection(world: &mut World, call: &Call) -> Reply {
    let collection = collections::named(world, call)?;
    let (id, answers) = (collection.id.clone(), collection.responses.len());
    request(world, &id, answers)
}

/// A job that is under way, or one that is complete while nobody answered since, serves again.
fn request(world: &mut World, owner: &str, answers: usize) -> Reply {
    let last = world.exports.values().rev().find(|export| export.owner == owner);
    let last = last.filter(|export| export.answers == answers).cloned();
    match last.map(|export| (export.id.clone(), export)) {
        Some((_, export)) if matches!(export.state, State::Generating(_)) => {
            Ok(Answer::json(202, &export.to_json()))
        }
        Some((id, export)) if matches!(export.state, State::Complete { .. }) => {
            ok(&look(world, &id, export)?)
        }
        _ => {
            let state = State::Generating(Progress::new(1, world.moment()));
            let export = Export { id: ids::uuid(), owner: owner.to_owned(), answers, state };
            let json = export.to_json();
            world.exports.insert(export.id.clone(), export);
            Ok(Answer::json(202, &json))
        }
    }
}

pub(super) fn batch_status(world: &mut World, call: &Call) -> Reply {
    batches::named(world, call)?;
    status(world, call, "batch_id")
}

pub(super) fn collection_status(world: &mut World, call: &Call) -> Reply {
    collections::named(world, call)?;
    status(world, call, "collection_id")
}

fn status(world: &mut World, call: &Call, owner: &str) -> Reply {
    let (owner, id) = (call.parameter(owner), call.parameter("export_id"));
    let found = world.exports.get(id).filter(|export| export.owner == owner);
    let export = found.ok_or_else(|| Refusal::not_found("export"))?.clone();
    ok(&look(world, id, export)?)
}

/// Looks at a job: it moves on, and a link that has expired is replaced.
fn look(world: &mut World, id: &str, mut export: Export) -> Result<Value, Refusal> {
    let moment = world.moment();
    export.state = match export.state {
        State::Generating(mut progress) => {
            let step = progress.look(moment);
            match (progress.is_over(step), world.is_doomed(id)) {
                (false, _) => State::Generating(progress),
                (true, true) => State::Failed,
                (true, false) => {
                    let archive = archive(world, &export.owner)
                        .map_err(|error| Refusal::new(500, format!("No ZIP: {error}")))?;
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

fn archive(world: &World, owner: &str) -> ZipResult<Bytes> {
    match (world.batches.get(owner), world.collections.get(owner)) {
        (Some(batch), _) => batch_archive(world, batch),
        (_, Some(collection)) => collection_archive(world, collection),
        _ => zipped(&[], &[]),
    }
}

fn batch_archive(world: &World, batch: &Batch) -> ZipResult<Bytes> {
    let row = |response: &Response| response.of_batch(&batch.id);
    let mut by_task: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut by_submission: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for response in &batch.responses {
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
    zipped(&files, &batch.responses)
}

fn collection_archive(world: &World, collection: &Collection) -> ZipResult<Bytes> {
    let rows = collection.responses.iter();
    let lines = rows.map(|response| format!("{}\n", response.of_collection(&collection.id)));
    let files = [
        ("responses.jsonl", lines.collect()),
        ("collection.json", format!("{:#}", collection.to_json(world))),
        ("README.md", readme("collection", &collection.name)),
    ];
    zipped(&files, &collection.responses)
}

fn grouped(groups: BTreeMap<&str, Vec<Value>>, name: &str) -> String {
    let line = |(id, responses)| format!("{}\n", json!({ name: id, "responses": responses }));
    groups.into_iter().map(line).collect()
}

fn readme(what: &str, name: &str) -> String {
    format!("# Export of a {what}\n\nWhat participants answered in \"{name}\". Simulated.\n")
}

/// A ZIP of texts and of the files that participants uploaded.
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
