//! Syncing a batch with the new data of its dataset.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, ok},
    batches::{Grown, Setup, named},
    call::Call,
    clock::Progress,
    datasets::Kind,
    ids,
    world::World,
};

#[derive(Clone, Debug)]
pub(super) struct Sync {
    id: String,
    batch: String,
    dataset: String,
    created_at: String,
    updated_at: String,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    UnderWay { progress: Progress, step: usize },
    Complete(Grown),
    Failed,
}

impl Sync {
    fn to_json(&self) -> Value {
        let mut json = json!({
            "batch_id": self.batch,
            "dataset_id": self.dataset,
            "sync_id": self.id,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "status": match self.state {
                State::UnderWay { step: 0, .. } => "queued",
                State::UnderWay { .. } => "processing",
                State::Complete(_) => "complete",
                State::Failed => "failed",
            },
        });
        match self.state {
            State::Complete(grown) => {
                json["tasks_created"] = json!(grown.tasks);
                json["datapoints_processed"] = json!(grown.datapoints);
                json["groups_created"] = json!(grown.groups);
                json["groups_expanded"] = json!(grown.expanded);
            }
            State::Failed => json["reason"] = json!("The sync was set to fail."),
            State::UnderWay { .. } => {}
        }
        json
    }
}

pub(super) fn start(world: &mut World, call: &Call) -> Reply {
    let batch = named(world, call)?;
    let (id, dataset) = (batch.id.clone(), batch.dataset.clone());
    if !matches!(batch.setup, Setup::Ready) {
        return Err(Refusal::conflict("The batch is not READY."));
    }
    let dataset = dataset.ok_or_else(|| Refusal::bad("The batch has no dataset."))?;
    let kind = world.datasets.get(&dataset).map(|dataset| &dataset.kind);
    if !matches!(kind, Some(Kind::V4 { .. })) {
        return Err(Refusal::bad("The dataset of the batch does not have version 4."));
    }
    Ok(Answer::json(202, &add(world, &id, dataset).to_json()))
}

/// Starts the syncs that an append to a dataset triggers.
pub(super) fn start_automatic(world: &mut World, dataset: &str) {
    let batches = world.batches.values().filter(|batch| {
        let is_of_it = batch.dataset.as_deref() == Some(dataset);
        is_of_it && batch.syncs_by_itself && matches!(batch.setup, Setup::Ready)
    });
    let batches: Vec<String> = batches.map(|batch| batch.id.clone()).collect();
    for batch in batches {
        let mut sync = add(world, &batch, dataset.to_owned());
        // No response contains its id, so no poll could complete it.
        finish(world, &mut sync);
        world.syncs.insert(sync.id.clone(), sync);
    }
}

fn add(world: &mut World, batch: &str, dataset: String) -> Sync {
    let moment = world.moment();
    let sync = Sync {
        id: ids::uuid(),
        batch: batch.to_owned(),
        dataset,
        created_at: moment.text(),
        updated_at: moment.text(),
        state: State::UnderWay { progress: Progress::new(2, moment), step: 0 },
    };
    world.syncs.insert(sync.id.clone(), sync.clone());
    sync
}

fn finish(world: &mut World, sync: &mut Sync) {
    let dataset = world.datasets.get(&sync.dataset);
    let grown = match (dataset, world.batches.get_mut(&sync.batch)) {
        (Some(dataset), Some(batch)) => batch.grow(dataset),
        _ => Grown::default(),
    };
    sync.state = State::Complete(grown);
}

pub(super) fn status(world: &mut World, call: &Call) -> Reply {
    named(world, call)?;
    let (batch, id) = (call.parameter("batch_id"), call.parameter("sync_id"));
    let found = world.syncs.get(id).filter(|sync| sync.batch == batch);
    let mut sync = found.ok_or_else(|| Refusal::not_found("sync"))?.clone();
    let moment = world.moment();
    if let State::UnderWay { progress, step } = &mut sync.state {
        *step = progress.look(moment).max(*step);
        if progress.is_over(*step) {
            sync.updated_at = moment.text();
            match world.is_doomed(id) {
                true => sync.state = State::Failed,
                false => finish(world, &mut sync),
            }
        }
    }
    let json = sync.to_json();
    world.syncs.insert(id.to_owned(), sync);
    ok(&json)
}
