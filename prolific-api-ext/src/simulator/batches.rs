//! Batches: tasks created from a dataset, for participants to answer.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::{Call, Object, required_text, required_value},
    clock::Progress,
    datasets::Dataset,
    ids, layout, page,
    responses::Response,
    world::World,
};

#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) workspace: String,
    created_at: String,
    pub(super) dataset: Option<String>,
    task_details: Value,
    /// The layout. `None` for a legacy batch.
    pub(super) layout: Option<Vec<Value>>,
    /// The instructions of a legacy batch.
    pub(super) instructions: Vec<Value>,
    pub(super) syncs_by_itself: bool,
    pub(super) setup: Setup,
    tasks_per_group: Option<u64>,
    pub(super) tasks: Vec<Task>,
    /// How many datapoints of the dataset have tasks.
    taken: usize,
    pub(super) responses: Vec<Response>,
}

#[derive(Clone, Debug)]
pub(super) enum Setup {
    Missing,
    UnderWay(Progress),
    Ready,
    Failed,
}

/// A datapoint for participants to answer.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) group: String,
    /// The number of its datapoint in the dataset.
    pub(super) datapoint: usize,
}

/// The result of creating tasks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Grown {
    pub(super) datapoints: usize,
    pub(super) tasks: usize,
    pub(super) groups: usize,
    pub(super) expanded: usize,
}

impl Batch {
    fn groups(&self) -> BTreeMap<&str, usize> {
        let mut groups = BTreeMap::new();
        for task in &self.tasks {
            *groups.entry(task.group.as_str()).or_default() += 1;
        }
        groups
    }

    /// The questions that participants answer in each of its tasks.
    pub(super) fn instructions(&self) -> Vec<Value> {
        match &self.layout {
            Some(pages) => layout::instructions(pages).cloned().collect(),
            None => self.instructions.clone(),
        }
    }

    /// Creates tasks for the datapoints that have none yet.
    pub(super) fn grow(&mut self, dataset: &Dataset) -> Grown {
        let size = self.tasks_per_group.unwrap_or(1).max(1);
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let before: Vec<String> = self.groups().keys().map(|&group| group.to_owned()).collect();
        let mut expanded = Vec::new();
        for number in self.taken..dataset.datapoints.len() {
            let group = match dataset.grouping() {
                Some(field) => match dataset.datapoints[number].fields().get(field) {
                    Some(Value::String(group)) => group.clone(),
                    Some(group) => group.to_string(),
                    None => String::new(),
                },
                None => format!("{:012}", number / size),
            };
            if before.contains(&group) && !expanded.contains(&group) {
                expanded.push(group.clone());
            }
            self.tasks.push(Task { id: ids::uuid(), group, datapoint: number });
        }
        let tasks = dataset.datapoints.len().saturating_sub(self.taken);
        self.taken = dataset.datapoints.len();
        let groups = self.groups().len() - before.len();
        Grown { datapoints: tasks, tasks, groups, expanded: expanded.len() }
    }

    pub(super) fn to_json(&self, world: &World) -> Value {
        let dataset = self.dataset.as_ref().and_then(|id| world.datasets.get(id));
        let datasets: Vec<Value> = dataset
            .iter()
            .map(|dataset| {
                json!({
                    "id": dataset.id,
                    "name": dataset.name,
                    "workspace_id": dataset.workspace,
                    "total_datapoint_count": dataset.datapoints.len(),
                })
            })
            .collect();
        let mut json = json!({
            "id": self.id,
            "created_at": self.created_at,
            "created_by": world.user,
            "name": self.name,
            "status": self.status(),
            "workspace_id": self.workspace,
            "datasets": datasets,
            "total_task_count": self.tasks.len(),
            "total_instruction_count": self.instructions().len(),
            "total_task_groups": self.groups().len(),
            "schema_version": 4,
            "task_details": self.task_details,
            "batch_items": self.layout,
            "auto_sync_enabled": self.syncs_by_itself,
        });
        if let Some(size) = self.tasks_per_group {
            json["tasks_per_group"] = json!(size);
        }
        json
    }

    fn status(&self) -> &'static str {
        match self.setup {
            Setup::Missing => "UNINITIALISED",
            Setup::UnderWay(_) => "PROCESSING",
            Setup::Ready => "READY",
            Setup::Failed => "ERROR",
        }
    }
}

/// Finds the batch of a call.
pub(super) fn named<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Batch, Refusal> {
    let found = world.batches.get_mut(call.parameter("batch_id"));
    found.ok_or_else(|| Refusal::not_found("batch"))
}

/// Finds the batch of a call, and counts a poll of it.
fn look<'a>(world: &'a mut World, call: &Call) -> Result<&'a Batch, Refusal> {
    let id = call.parameter("batch_id");
    let (moment, is_doomed) = (world.moment(), world.is_doomed(id));
    let batch = world.batches.get_mut(id).ok_or_else(|| Refusal::not_found("batch"))?;
    if let Setup::UnderWay(progress) = &mut batch.setup {
        let step = progress.look(moment);
        if progress.is_over(step) {
            finish_setup(batch, &world.datasets, is_doomed);
        }
    }
    Ok(batch)
}

fn finish_setup(batch: &mut Batch, datasets: &BTreeMap<String, Dataset>, is_doomed: bool) {
    let dataset = batch.dataset.as_ref().and_then(|id| datasets.get(id));
    batch.setup = match dataset.filter(|_| !is_doomed) {
        Some(dataset) => {
            batch.grow(dataset);
            Setup::Ready
        }
        None => Setup::Failed,
    };
}

/// Completes the setup of a batch at once.
pub(super) fn finish(world: &mut World, id: &str) {
    if let Some(batch) = world.batches.get_mut(id) {
        finish_setup(batch, &world.datasets, false);
    }
}

/// Returns the dataset id in a body if the dataset exists.
fn dataset_of(world: &World, body: &Object) -> Result<Option<String>, Refusal> {
    match body.get("dataset_id") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) if world.datasets.contains_key(id) => Ok(Some(id.clone())),
        Some(_) => Err(Refusal::not_found("dataset")),
    }
}

fn task_details(body: &Object) -> Result<Value, Refusal> {
    let details = required_value(body, "task_details")?;
    let Some(texts) = details.as_object() else {
        return Err(Refusal::field("task_details", "Expected an object."));
    };
    for name in ["task_name", "task_introduction", "task_steps"] {
        if !texts.get(name).is_some_and(Value::is_string) {
            return Err(Refusal::field("task_details", &format!("{name} is required.")));
        }
    }
    Ok(details.clone())
}

/// Returns the layout in a body, checked against the schema of the dataset.
fn layout_of(
    world: &World,
    body: &Object,
    dataset: Option<&str>,
) -> Result<Option<Vec<Value>>, Refusal> {
    let schema = dataset.and_then(|id| world.datasets.get(id)).and_then(Dataset::schema);
    let pages = body.get("batch_items").filter(|pages| !pages.is_null());
    pages.map(|pages| layout::accept(pages, schema)).transpose()
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let dataset = dataset_of(world, &body)?;
    let batch = Batch {
        id: ids::uuid(),
        name: required_text(&body, "name")?.to_owned(),
        workspace: required_text(&body, "workspace_id")?.to_owned(),
        created_at: world.moment().text(),
        task_details: task_details(&body)?,
        layout: layout_of(world, &body, dataset.as_deref())?,
        dataset,
        instructions: Vec::new(),
        syncs_by_itself: body.get("auto_sync_enabled").is_some_and(|value| value == true),
        setup: Setup::Missing,
        tasks_per_group: None,
        tasks: Vec::new(),
        taken: 0,
        responses: Vec::new(),
    };
    let json = batch.to_json(world);
    world.batches.insert(batch.id.clone(), batch);
    created(&json)
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    let batch = look(world, call)?.clone();
    ok(&batch.to_json(world))
}

pub(super) fn status(world: &mut World, call: &Call) -> Reply {
    let batch = look(world, call)?;
    ok(&json!({ "status": batch.status() }))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let workspace = call.required_query("workspace_id")?;
    let of_workspace = world.batches.values().filter(|batch| batch.workspace == workspace);
    page::whole(of_workspace.map(|batch| batch.to_json(world)).collect())
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let batch = named(world, call)?.clone();
    let dataset = dataset_of(world, &body)?.or(batch.dataset);
    let layout = match body.contains_key("batch_items") {
        true => layout_of(world, &body, dataset.as_deref())?,
        false => batch.layout,
    };
    let details = body.contains_key("task_details").then(|| task_details(&body)).transpose()?;
    let name = body.contains_key("name").then(|| required_text(&body, "name")).transpose()?;

    let batch = named(world, call)?;
    batch.dataset = dataset;
    batch.layout = layout;
    if let Some(details) = details {
        batch.task_details = details;
    }
    if let Some(name) = name {
        batch.name = name.to_owned();
    }
    if let Some(Value::Bool(by_itself)) = body.get("auto_sync_enabled") {
        batch.syncs_by_itself = *by_itself;
    }
    let batch = batch.clone();
    ok(&batch.to_json(world))
}

pub(super) fn duplicate(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let created_at = world.moment().text();
    let source = named(world, call)?.clone();
    let name = match body.get("name").and_then(Value::as_str) {
        Some(name) => name.to_owned(),
        None => format!("{} copy", source.name),
    };
    let shares_dataset = body.get("upload_new_dataset").is_none_or(|new| new != true);
    let copy = Batch {
        id: ids::uuid(),
        name,
        created_at,
        dataset: source.dataset.filter(|_| shares_dataset),
        layout: source.layout.map(without_ids),
        setup: Setup::Missing,
        tasks_per_group: None,
        tasks: Vec::new(),
        taken: 0,
        responses: Vec::new(),
        ..source
    };
    let json = copy.to_json(world);
    world.batches.insert(copy.id.clone(), copy);
    created(&json)
}

/// Returns a layout whose entries all have ids.
fn without_ids(pages: Vec<Value>) -> Vec<Value> {
    fn forget(value: &mut Value) {
        match value {
            Value::Object(entry) => {
                entry.remove("id");
                entry.values_mut().for_each(forget);
            }
            Value::Array(entries) => entries.iter_mut().for_each(forget),
            _ => {}
        }
    }
    let mut pages = Value::Array(pages);
    forget(&mut pages);
    layout::accept(&pages, None).unwrap_or_default()
}

pub(super) fn set_up(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let moment = world.moment();
    let dataset = match dataset_of(world, &body)? {
        Some(dataset) => Some(dataset),
        None => named(world, call)?.dataset.clone(),
    };
    let Some(dataset) = dataset else {
        named(world, call)?;
        return Err(Refusal::bad("The batch has no dataset."));
    };
    let has_data = world.datasets.get(&dataset).is_some_and(Dataset::has_data);
    let size = match body.get("tasks_per_group") {
        None => 1,
        Some(size) => size.as_u64().filter(|size| *size > 0).ok_or_else(|| {
            Refusal::field("tasks_per_group", "An integer of at least 1 is required.")
        })?,
    };
    let batch = named(world, call)?;
    if !has_data {
        return Err(Refusal::bad("The dataset of the batch has no data that is ready."));
    }
    // The effect of a second call is not documented; here it has none.
    if matches!(batch.setup, Setup::Missing | Setup::Failed) {
        batch.dataset = Some(dataset);
        batch.tasks_per_group = Some(size);
        batch.setup = Setup::UnderWay(Progress::new(1, moment));
    }
    Ok(Answer::empty(202))
}

pub(super) fn tasks(world: &mut World, call: &Call) -> Reply {
    let tasks = named(world, call)?.tasks.iter();
    ok(&tasks.map(|task| Value::from(task.id.as_str())).collect())
}

pub(super) fn task_groups(world: &mut World, call: &Call) -> Reply {
    ok(&named(world, call)?.groups().keys().map(|group| Value::from(*group)).collect())
}
