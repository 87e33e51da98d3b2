//! The projects of workspaces.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::Call,
    ids, money, page, studies,
    table::{extend, picked},
    world::World,
};

/// The fields that a body may set.
const FIELDS: [&str; 8] = [
    "title",
    "description",
    "owner",
    "type",
    "public_details",
    "naivety_distribution_rate",
    "is_longitudinal",
    "longitudinal",
];

impl World {
    /// Creates a project with these fields.
    pub(super) fn add_project(&mut self, id: &str, workspace: &str, fields: Value) -> &Value {
        let mut project = json!({
            "id": id,
            "workspace": workspace,
            "owner": self.user,
            "description": "",
            "type": "PRIVATE",
            "naivety_distribution_rate": null,
            "is_longitudinal": false,
        });
        extend(&mut project, fields);
        self.projects.add(id, project)
    }
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let workspace = call.parameter("workspace_id");
    world.workspaces.named(workspace)?;
    created(world.add_project(&ids::object_id(), workspace, picked(&call.body, &FIELDS)))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    ok(world.projects.named(call.parameter("project_id"))?)
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let project = world.projects.named_mut(call.parameter("project_id"))?;
    extend(project, picked(&call.body, &FIELDS));
    ok(project)
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let workspace = call.parameter("workspace_id");
    world.workspaces.named(workspace)?;
    page::by_offset(call, world.projects.of_field("workspace", workspace).cloned().collect())
}

pub(super) fn studies(world: &mut World, call: &Call) -> Reply {
    let project = call.parameter("project_id");
    world.projects.named(project)?;
    page::by_page(call, studies::rows(world, call, Some(project))?)
}

pub(super) fn delete_study(world: &mut World, call: &Call) -> Reply {
    let (project, id) = (call.parameter("project_id"), call.parameter("study_id"));
    world.projects.named(project)?;
    let study = world.studies.named(id)?;
    if study["project"] != project {
        return Err(Refusal::not_found("study"));
    }
    // Payments are not refunded.
    let (rewards, bonuses) = money::paid(world, study);
    let spent = rewards.total() + bonuses.total();
    let workspace = world.workspace_of(study).to_owned();
    if let Ok(workspace) = world.workspaces.named_mut(&workspace) {
        workspace["~spent"] = json!(money::number(workspace, "~spent") + spent);
    }
    world.studies.remove(id)?;
    Ok(Answer::empty(204))
}
