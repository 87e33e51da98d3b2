//! What a simulated Prolific knows.

use std::collections::{BTreeMap, HashSet};

use serde_json::json;

use super::{
    batches::Batch,
    bonuses::Bonuses,
    call::Object,
    clock::{Clock, Moment, Pace},
    collections::Collection,
    datasets::Dataset,
    exports::Export,
    fault::Faults,
    ids,
    record::RecordedRequest,
    storage::{Issued, Purpose, Storage},
    syncs::Sync,
};

/// All of it. Ids grow, so the maps keep the order in which things were made.
#[derive(Debug)]
pub(super) struct World {
    pub(super) base_url: String,
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    pub(super) faults: Faults,
    pub(super) requests: Vec<RecordedRequest>,
    pub(super) storage: Storage,
    /// What is to end as failed.
    pub(super) doomed: HashSet<String>,
    pub(super) user: String,
    pub(super) workspaces: BTreeMap<String, Object>,
    pub(super) projects: BTreeMap<String, Object>,
    pub(super) studies: BTreeMap<String, Object>,
    pub(super) submissions: BTreeMap<String, Object>,
    pub(super) bonuses: BTreeMap<String, Bonuses>,
    pub(super) datasets: BTreeMap<String, Dataset>,
    pub(super) batches: BTreeMap<String, Batch>,
    pub(super) syncs: BTreeMap<String, Sync>,
    pub(super) collections: BTreeMap<String, Collection>,
    pub(super) exports: BTreeMap<String, Export>,
}

impl World {
    /// One with a researcher, who has a workspace with a project in it.
    pub(super) fn new(base_url: String) -> Self {
        let user = ids::object_id();
        let (workspace, project) = (ids::object_id(), ids::object_id());
        let mut world = Self {
            base_url,
            clock: Clock::default(),
            pace: Pace::default(),
            faults: Faults::default(),
            requests: Vec::new(),
            storage: Storage::default(),
            doomed: HashSet::new(),
            user,
            workspaces: BTreeMap::new(),
            projects: BTreeMap::new(),
            studies: BTreeMap::new(),
            submissions: BTreeMap::new(),
            bonuses: BTreeMap::new(),
            datasets: BTreeMap::new(),
            batches: BTreeMap::new(),
            syncs: BTreeMap::new(),
            collections: BTreeMap::new(),
            exports: BTreeMap::new(),
        };
        world.add_workspace(workspace.clone(), "My Workspace");
        let fields = [("title", json!("Project"))].map(|(name, value)| (name.to_owned(), value));
        world.add_project(project, &workspace, Object::from_iter(fields));
        world
    }

    /// This moment.
    pub(super) fn moment(&self) -> Moment {
        Moment { now: self.clock.now(), pace: self.pace }
    }

    /// Gives out a presigned link.
    pub(super) fn issue(&mut self, name: &str, purpose: Purpose) -> Issued {
        let moment = self.moment();
        self.storage.issue(&self.base_url, name, purpose, moment)
    }

    /// Whether something was doomed to end as failed.
    pub(super) fn is_doomed(&self, id: &str) -> bool {
        self.doomed.contains(id)
    }
}
