//! Datasets: version 3, made of files, and version 4, with a schema.

use std::{
    collections::{HashSet, VecDeque},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::Cursor,
};

use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::{Call, required_text, required_value},
    clock::{Moment, Progress},
    ids,
    imports::Import,
    migrations::Migration,
    records::{Parsed, Record},
    schema::Schema,
    storage::{Destination, Purpose},
    syncs,
    world::World,
};
use crate::DatasetStatus;

/// The documented maximum number of records in an append.
const APPENDED: usize = 1000;
/// A larger file is parsed while the response to its upload is being sent.
pub(super) const LARGE: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Dataset {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) workspace: String,
    created_at: String,
    pub(super) datapoints: Vec<Datapoint>,
    seen: HashSet<u64>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// It has the statuses that a test set; the last one is kept.
    Scripted(VecDeque<DatasetStatus>),
    V3 {
        filename: Option<String>,
        has_grouping: Option<bool>,
        file: V3File,
    },
    V4 {
        schema: Option<Schema>,
        edits: u64,
        imports: Vec<Import>,
        migrations: Vec<Migration>,
    },
}

/// The state of the file of a V3 dataset.
#[derive(Debug)]
pub(super) enum V3File {
    Missing,
    Reading,
    /// It was parsed; `None` if it can't be.
    Read(Progress, Option<Parsed>),
    Taken,
    Refused,
}

#[derive(Clone, Debug)]
pub(super) struct Datapoint {
    number: usize,
    pub(super) record: Box<str>,
}

impl Datapoint {
    pub(super) fn id(&self) -> String {
        ids::uuid_of(self.number)
    }

    pub(super) fn fields(&self) -> Record {
        serde_json::from_str(&self.record).unwrap_or_default()
    }
}

impl Dataset {
    pub(super) fn new(world: &World, name: &str, workspace: &str, kind: Kind) -> Self {
        Self {
            id: ids::uuid(),
            name: name.to_owned(),
            workspace: workspace.to_owned(),
            created_at: world.moment().text(),
            datapoints: Vec::new(),
            seen: HashSet::new(),
            kind,
        }
    }

    /// A V3 dataset without a file.
    pub(super) fn v3() -> Kind {
        Kind::V3 { filename: None, has_grouping: None, file: V3File::Missing }
    }

    /// A V4 dataset without data.
    pub(super) fn v4(schema: Option<Schema>) -> Kind {
        let edits = u64::from(schema.is_some());
        Kind::V4 { schema, edits, imports: Vec::new(), migrations: Vec::new() }
    }

    /// Stores records, and returns how many of them existed already.
    pub(super) fn store(&mut self, records: Vec<Box<str>>) -> usize {
        let mut duplicates = 0;
        for record in records {
            let mut hasher = DefaultHasher::new();
            record.hash(&mut hasher);
            if self.seen.insert(hasher.finish()) {
                self.datapoints.push(Datapoint { number: ids::next(), record });
            } else {
                duplicates += 1;
            }
        }
        duplicates
    }

    pub(super) fn schema(&self) -> Option<&Schema> {
        match &self.kind {
            Kind::V4 { schema, .. } => schema.as_ref(),
            _ => None,
        }
    }

    /// The field that groups its tasks.
    pub(super) fn grouping(&self) -> Option<&str> {
        match &self.kind {
            Kind::V4 { schema, .. } => schema.as_ref()?.grouping(),
            Kind::V3 { has_grouping: Some(true), .. } => Some(super::schema::TASK_GROUP_COLUMN),
            _ => None,
        }
    }

    /// The fields that are hidden from participants.
    pub(super) fn hidden(&self, record: &Record) -> Value {
        let is_hidden = |name: &str| match self.schema() {
            Some(schema) => schema.hidden().any(|hidden| hidden == name),
            None => name.starts_with("META_"),
        };
        let hidden = record.iter().filter(|(name, _)| is_hidden(name));
        hidden.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Whether tasks can be created from it: from a V3 dataset once it is READY, from a V4 dataset
    /// once it has a datapoint (documented: one complete import; that others are enough is
    /// inferred).
    pub(super) fn has_data(&self) -> bool {
        match &self.kind {
            Kind::Scripted(statuses) => statuses.back() == Some(&DatasetStatus::Ready),
            Kind::V3 { file, .. } => matches!(file, V3File::Taken),
            Kind::V4 { .. } => !self.datapoints.is_empty(),
        }
    }

    /// The state of a V3 dataset at this poll.
    fn v3_status(&mut self, moment: Moment, is_doomed: bool) -> DatasetStatus {
        let file = match &mut self.kind {
            Kind::Scripted(statuses) => {
                let next = if statuses.len() > 1 {
                    statuses.pop_front()
                } else {
                    statuses.front().cloned()
                };
                return next.unwrap_or(DatasetStatus::Uninitialised);
            }
            Kind::V4 { .. } => return DatasetStatus::Ready,
            Kind::V3 { file, .. } => file,
        };
        let parsed = match file {
            V3File::Missing => return DatasetStatus::Uninitialised,
            V3File::Reading => return DatasetStatus::Processing,
            V3File::Taken => return DatasetStatus::Ready,
            V3File::Refused => return DatasetStatus::Error,
            V3File::Read(progress, parsed) => {
                let step = progress.look(moment);
                if !progress.is_over(step) {
                    return DatasetStatus::Processing;
                }
                parsed.take()
            }
        };
        let parsed = parsed.filter(|parsed| parsed.count() > 0 && !is_doomed);
        *file = if parsed.is_some() { V3File::Taken } else { V3File::Refused };
        let Some(parsed) = parsed else { return DatasetStatus::Error };
        if let Kind::V3 { has_grouping, .. } = &mut self.kind {
            *has_grouping = Some(parsed.has_grouping);
        }
        self.store(parsed.accepted);
        DatasetStatus::Ready
    }

    /// The dataset as a response shows it. Counts as a poll.
    fn look(&mut self, world: &World) -> Value {
        let (moment, is_doomed) = (world.moment(), world.is_doomed(&self.id));
        let mut json = json!({
            "id": self.id,
            "name": self.name,
            "created_at": self.created_at,
            "created_by": world.user,
            "workspace_id": self.workspace,
        });
        match &mut self.kind {
            Kind::V4 { .. } => {
                let imports = self.look_at_imports(world);
                json["schema_version"] = json!(4);
                json["schema"] = self.schema().map_or(Value::Null, Schema::to_json);
                json["imports"] = Value::Array(imports);
            }
            Kind::V3 { .. } | Kind::Scripted(_) => {
                json["status"] = json!(self.v3_status(moment, is_doomed));
                json["schema_version"] = json!(3);
                json["imports"] = Value::Null;
            }
        }
        if let Kind::V3 { filename, has_grouping, .. } = &self.kind {
            json["filename"] = json!(filename);
            json["has_predetermined_grouping_id"] = json!(has_grouping);
        }
        json["total_datapoint_count"] = json!(self.datapoints.len());
        json
    }

    /// The imports, newest first. Counts as a poll of each.
    fn look_at_imports(&mut self, world: &World) -> Vec<Value> {
        let Kind::V4 { imports, .. } = &self.kind else { return Vec::new() };
        let ids: Vec<String> = imports.iter().rev().map(|import| import.id.clone()).collect();
        ids.iter().filter_map(|id| self.look_at_import(id, world)).collect()
    }

    fn look_at_import(&mut self, id: &str, world: &World) -> Option<Value> {
        let Kind::V4 { imports, .. } = &mut self.kind else { return None };
        let index = imports.iter().position(|import| import.id == id)?;
        let ready = imports[index].look(world.moment(), world.is_doomed(id));
        if let Some(accepted) = ready {
            let duplicates = self.store(accepted);
            if let Kind::V4 { imports, .. } = &mut self.kind {
                imports[index].settle(duplicates);
            }
        }
        let Kind::V4 { imports, .. } = &self.kind else { return None };
        Some(imports[index].to_json(&self.id))
    }

    fn look_at_migrations(&mut self, world: &World) {
        let (moment, datapoints) = (world.moment(), &self.datapoints);
        if let Kind::V4 { schema: Some(schema), migrations, .. } = &mut self.kind {
            for migration in migrations {
                let is_doomed = world.is_doomed(&migration.id);
                migration.look(moment, schema, datapoints, is_doomed);
            }
        }
    }

    /// Whether an append has to wait for something in progress.
    fn is_busy(&self) -> bool {
        let Kind::V4 { imports, migrations, .. } = &self.kind else { return false };
        imports.iter().any(Import::is_under_way) || migrations.iter().any(Migration::is_under_way)
    }
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let name = required_text(&body, "name")?;
    let workspace = required_text(&body, "workspace_id")?;
    let kind = match body.get("schema").filter(|schema| !schema.is_null()) {
        Some(schema) => Dataset::v4(Some(Schema::new(schema)?)),
        None => Dataset::v3(),
    };
    let mut dataset = Dataset::new(world, name, workspace, kind);
    let json = dataset.look(world);
    world.datasets.insert(dataset.id.clone(), dataset);
    created(&json)
}

/// Runs a function on a dataset and the rest of the world.
fn with_dataset<T>(
    world: &mut World,
    call: &Call,
    act: impl FnOnce(&mut Dataset, &mut World) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let id = call.parameter("dataset_id");
    let mut dataset = world.datasets.remove(id).ok_or_else(|| Refusal::not_found("dataset"))?;
    let done = act(&mut dataset, world);
    world.datasets.insert(id.to_owned(), dataset);
    done
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    with_dataset(world, call, |dataset, world| ok(&dataset.look(world)))
}

pub(super) fn status(world: &mut World, call: &Call) -> Reply {
    with_dataset(world, call, |dataset, world| {
        let (moment, is_doomed) = (world.moment(), world.is_doomed(&dataset.id));
        ok(&json!({ "status": dataset.v3_status(moment, is_doomed) }))
    })
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let new = Schema::new(required_value(&body, "schema")?)?;
    with_dataset(world, call, |dataset, world| {
        dataset.look_at_migrations(world);
        let has_data = !dataset.datapoints.is_empty();
        let moment = world.moment();
        let Kind::V4 { schema, edits, imports, migrations } = &mut dataset.kind else {
            return Err(Refusal::bad("The dataset has version 3, which has no schema."));
        };
        if migrations.iter().any(Migration::is_under_way) {
            return Err(Refusal::conflict("A schema migration is in progress."));
        }
        let is_moved = schema.as_ref().is_some_and(|old| old.grouping() != new.grouping());
        if has_data && is_moved {
            return Err(Refusal::bad("The task_group_id can't be changed once there is data."));
        }
        let mut migration_id = None;
        match schema {
            None => imports.iter_mut().for_each(|import| import.unpark(&new, moment)),
            Some(old) if *old == new => {}
            Some(_) => {
                let migration = Migration::new(*edits + 1, moment);
                migration_id = Some(migration.id.clone());
                migrations.push(migration);
            }
        }
        *edits += u64::from(schema.as_ref() != Some(&new));
        *schema = Some(new);
        let mut json = dataset.look(world);
        if let Some(id) = migration_id {
            json["migration_job_id"] = json!(id);
        }
        ok(&json)
    })
}

pub(super) fn append(world: &mut World, call: &Call) -> Reply {
    let answer = with_dataset(world, call, |dataset, world| append_to(dataset, world, call))?;
    syncs::start_automatic(world, call.parameter("dataset_id"));
    Ok(answer)
}

fn append_to(dataset: &mut Dataset, world: &World, call: &Call) -> Reply {
    let Kind::V4 { schema, .. } = &dataset.kind else {
        return Err(Refusal::bad(
            "The dataset has version 3, which only accepts files. Create it with a schema to append records.",
        ));
    };
    let Some(schema) = schema else {
        return Err(Refusal::bad("The dataset has no schema yet."));
    };
    let parsed = Parsed::of_lines(&call.raw, Some(schema), 1);
    match parsed.count() {
        0 => return Err(Refusal::bad("The body contains no records.")),
        count if count > APPENDED => {
            let detail = format!("{count} records are too many: the limit is {APPENDED}.");
            return Err(Refusal::bad(detail));
        }
        _ => {}
    }
    // Counts as a poll, so that a retry succeeds eventually.
    dataset.look_at_migrations(world);
    dataset.look_at_imports(world);
    if dataset.is_busy() {
        return Err(Refusal::conflict("An import or a schema migration is in progress."));
    }
    let accepted = parsed.accepted.len();
    dataset.store(parsed.accepted);
    let errors: Vec<Value> = parsed.errors.iter().map(|error| error.to_json()).collect();
    ok(&json!({ "accepted": accepted, "rejected": parsed.rejected, "errors": errors }))
}

pub(super) fn import_status(world: &mut World, call: &Call) -> Reply {
    with_dataset(world, call, |dataset, world| {
        let import = dataset.look_at_import(call.parameter("import_id"), world);
        ok(&import.ok_or_else(|| Refusal::not_found("import"))?)
    })
}

pub(super) fn migration_status(world: &mut World, call: &Call) -> Reply {
    with_dataset(world, call, |dataset, world| {
        dataset.look_at_migrations(world);
        let Kind::V4 { migrations, .. } = &dataset.kind else {
            return Err(Refusal::not_found("schema migration"));
        };
        let id = call.parameter("job_id");
        let found = migrations.iter().find(|migration| migration.id == id);
        let found = found.ok_or_else(|| Refusal::not_found("schema migration"))?;
        ok(&found.to_json(&dataset.id))
    })
}

pub(super) fn upload_url(world: &mut World, call: &Call) -> Reply {
    let filename = call.parameter("filename");
    with_dataset(world, call, |dataset, world| {
        let extension = filename.rsplit_once('.').map_or("", |(_, extension)| extension);
        let extension = extension.to_ascii_lowercase();
        let is_v4 = matches!(dataset.kind, Kind::V4 { .. });
        let content_type = match (extension.as_str(), is_v4) {
            ("csv", _) => "text/csv",
            ("zip", false) => "application/zip",
            ("jsonl", true) => "application/x-ndjson",
            _ => {
                let taken = if is_v4 { ".csv and .jsonl" } else { ".csv and .zip" };
                return Err(Refusal::bad(format!("The dataset accepts {taken} files.")));
            }
        };
        let moment = world.moment();
        let import = match &mut dataset.kind {
            Kind::V4 { imports, .. } => {
                imports.push(Import::new(filename, moment));
                imports.last().map(|import| import.id.clone())
            }
            _ => None,
        };
        let purpose = Purpose::Upload {
            dataset: Some(dataset.id.clone()),
            import: import.clone(),
            content_type,
        };
        let link = world.issue(filename, purpose);
        let mut json = json!({
            "dataset_id": dataset.id,
            "upload_url": link.url,
            "http_method": "PUT",
            "content_type": content_type,
            "expires_at": link.expires_at(),
            "file_key": link.key,
        });
        if let Some(import) = import {
            json["import_id"] = json!(import);
        }
        if let Kind::V3 { filename: known, .. } = &mut dataset.kind {
            *known = Some(filename.to_owned());
        }
        created(&json)
    })
}

/// A file that has been received but not parsed.
pub(super) struct Unread {
    destination: Destination,
    filename: String,
    schema: Option<Schema>,
    body: Bytes,
}

/// Stores a complete file, unless it was stored before; returns it for parsing.
pub(super) fn receive(world: &mut World, destination: Destination, body: Bytes) -> Option<Unread> {
    let moment = world.moment();
    let dataset = world.datasets.get_mut(destination.dataset.as_deref()?)?;
    let (filename, schema) = match &mut dataset.kind {
        Kind::V3 { filename, file, .. } => {
            if !matches!(file, V3File::Missing) {
                return None;
            }
            *file = V3File::Reading;
            (filename.clone().unwrap_or_default(), None)
        }
        Kind::V4 { schema, imports, .. } => {
            let id = destination.import.as_deref();
            let import = imports.iter_mut().find(|import| Some(import.id.as_str()) == id)?;
            if !import.receive(&body, schema.is_some(), moment) {
                return None;
            }
            (import.filename.clone(), schema.clone())
        }
        Kind::Scripted(_) => return None,
    };
    Some(Unread { destination, filename, schema, body })
}

impl Unread {
    pub(super) fn is_large(&self) -> bool {
        self.body.len() > LARGE
    }

    /// Parses the file; `None` if it can't be parsed.
    pub(super) fn read(self) -> (Destination, Option<Parsed>) {
        let parsed = read_file(&self.filename, &self.body, self.schema.as_ref());
        (self.destination, parsed)
    }
}

/// Parses a file according to its name; `None` if it can't be parsed.
pub(super) fn read_file(filename: &str, body: &[u8], schema: Option<&Schema>) -> Option<Parsed> {
    let extension = filename.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "csv" => Some(Parsed::of_csv(body, schema)),
        "jsonl" => Some(Parsed::of_lines(body, schema, 0)),
        _ => {
            let archive = zip::ZipArchive::new(Cursor::new(body)).ok()?;
            let names = archive.file_names().map(|name| name.map(|name| name.into_owned()));
            Some(Parsed::of_names(names.collect::<Result<Vec<_>, _>>().ok()?))
        }
    }
}

/// Stores the parsed content of a file.
pub(super) fn was_read(world: &mut World, destination: &Destination, parsed: Option<Parsed>) {
    let moment = world.moment();
    let id = destination.dataset.as_deref().unwrap_or_default();
    let Some(dataset) = world.datasets.get_mut(id) else { return };
    match &mut dataset.kind {
        Kind::V3 { file, .. } => *file = V3File::Read(Progress::new(1, moment), parsed),
        Kind::V4 { imports, .. } => {
            let id = destination.import.as_deref();
            if let Some(import) = imports.iter_mut().find(|import| Some(import.id.as_str()) == id) {
                import.was_read(parsed.unwrap_or_default());
            }
        }
        Kind::Scripted(_) => {}
    }
}

/// The storage's response to a completely received file.
pub(super) fn received(sha256: &str) -> Answer {
    Answer::empty(200).with("etag", format!("\"{}\"", &sha256[..32]))
}
