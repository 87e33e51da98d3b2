//! The state of a simulated Prolific.

use std::collections::{BTreeMap, HashSet};

use serde_json::json;

use super::{
    batches::Batch,
    bonuses::Bonuses,
    clock::{Clock, Moment, Pace},
    collections::Collection,
    datasets::Dataset,
    deliveries::{self, Delivery},
    exports::Export,
    fault::Faults,
    ids,
    record::RecordedRequest,
    storage::{Issued, Purpose, Storage},
    studies, submissions,
    syncs::Sync,
    table::Table,
};

/// The whole state. Ids increase, so the maps keep the order of creation.
#[derive(Debug)]
pub(super) struct World {
    pub(super) base_url: String,
    /// The token that only this simulator accepts.
    pub(super) token: String,
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    pub(super) faults: Faults,
    pub(super) requests: Vec<RecordedRequest>,
    pub(super) storage: Storage,
    /// The ids of what is to fail.
    pub(super) doomed: HashSet<String>,
    /// The number of polls of submissions after which a bulk approval is complete.
    pub(super) approval_looks: usize,
    /// The number of polls for which a published study is PUBLISHING.
    pub(super) publication_looks: usize,
    pub(super) user: String,
    pub(super) workspaces: Table,
    pub(super) projects: Table,
    pub(super) studies: Table,
    pub(super) submissions: Table,
    pub(super) feedback: Table,
    pub(super) test_participants: Table,
    pub(super) groups: Table,
    pub(super) filter_sets: Table,
    pub(super) credential_pools: Table,
    pub(super) surveys: Table,
    pub(super) survey_responses: Table,
    pub(super) conversations: Table,
    pub(super) messages: Table,
    pub(super) broadcasts: Table,
    pub(super) secrets: Table,
    pub(super) hooks: Table,
    pub(super) events: Table,
    /// The attempts to deliver events.
    pub(super) deliveries: Vec<Delivery>,
    pub(super) bonuses: BTreeMap<String, Bonuses>,
    pub(super) datasets: BTreeMap<String, Dataset>,
    pub(super) batches: BTreeMap<String, Batch>,
    pub(super) syncs: BTreeMap<String, Sync>,
    pub(super) collections: BTreeMap<String, Collection>,
    pub(super) exports: BTreeMap<String, Export>,
}

impl World {
    /// A world with a researcher, a workspace and a project in it.
    pub(super) fn new(base_url: String) -> Self {
        let user = ids::object_id();
        let (workspace, project) = (ids::object_id(), ids::object_id());
        let mut world = Self {
            base_url,
            token: format!("simulated-token-{}", ids::next()),
            clock: Clock::default(),
            pace: Pace::default(),
            faults: Faults::default(),
            requests: Vec::new(),
            storage: Storage::default(),
            doomed: HashSet::new(),
            approval_looks: 0,
            publication_looks: 0,
            user,
            workspaces: Table::of("workspace"),
            projects: Table::of("project"),
            studies: Table::of("study"),
            submissions: Table::of("submission"),
            feedback: Table::of("feedback"),
            test_participants: Table::of("test participant"),
            groups: Table::of("participant group"),
            filter_sets: Table::of("filter set"),
            credential_pools: Table::of("credential pool"),
            surveys: Table::of("survey"),
            survey_responses: Table::of("response"),
            conversations: Table::of("conversation"),
            messages: Table::of("message"),
            broadcasts: Table::of("broadcast"),
            secrets: Table::of("secret"),
            hooks: Table::of("subscription"),
            events: Table::of("event"),
            deliveries: Vec::new(),
            bonuses: BTreeMap::new(),
            datasets: BTreeMap::new(),
            batches: BTreeMap::new(),
            syncs: BTreeMap::new(),
            collections: BTreeMap::new(),
            exports: BTreeMap::new(),
        };
        world.add_workspace(&workspace, json!({ "title": "My Workspace" }));
        world.add_project(&project, &workspace, json!({ "title": "Project" }));
        world
    }

    /// Does what is due.
    pub(super) fn move_on(&mut self) {
        studies::publish_scheduled(self);
        submissions::expire(self);
        deliveries::hand_out(self);
    }

    /// This moment.
    pub(super) fn moment(&self) -> Moment {
        Moment { now: self.clock.now(), pace: self.pace }
    }

    /// Issues a presigned link.
    pub(super) fn issue(&mut self, name: &str, purpose: Purpose) -> Issued {
        let moment = self.moment();
        self.storage.issue(&self.base_url, name, purpose, moment)
    }

    /// Whether something was set to fail, or to be skipped.
    pub(super) fn is_doomed(&self, id: &str) -> bool {
        self.doomed.contains(id)
    }
}
