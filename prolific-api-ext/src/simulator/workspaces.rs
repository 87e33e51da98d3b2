//! Workspaces.

use serde_json::{Value, json};

use super::{
    answer::{Reply, created, ok},
    call::Call,
    ids, money, page,
    table::{extend, picked, shown},
    world::World,
};

/// The fields that a body may set.
const FIELDS: [&str; 4] = ["title", "description", "owner", "naivety_distribution_rate"];

impl World {
    /// Creates a workspace with these fields and a filled wallet.
    pub(super) fn add_workspace(&mut self, id: &str, fields: Value) -> &Value {
        let user = json!({
            "id": self.user,
            "name": "Simulated Researcher",
            "email": "researcher@example.com",
            "roles": ["WORKSPACE_ADMIN"],
        });
        let mut workspace = json!({
            "id": id,
            "description": "",
            "owner": self.user,
            "users": [user],
            "naivety_distribution_rate": null,
            "wallet": ids::object_id(),
            "~filled": money::BALANCE,
            "~currency": "GBP",
        });
        extend(&mut workspace, fields);
        self.workspaces.add(id, workspace)
    }
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let mut fields = picked(&call.body, &FIELDS);
    if let Some(currency) = call.body.get("currency_code") {
        fields["~currency"] = currency.clone();
    }
    created(&shown(world.add_workspace(&ids::object_id(), fields)))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    let id = call.parameter("workspace_id");
    let mut workspace = shown(world.workspaces.named(id)?);
    let projects = world.projects.of_field("workspace", id);
    let names = ["id", "title", "description", "owner", "naivety_distribution_rate"];
    workspace["projects"] = projects.map(|project| picked(project, &names)).collect();
    ok(&workspace)
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let workspace = world.workspaces.named_mut(call.parameter("workspace_id"))?;
    extend(workspace, picked(&call.body, &FIELDS));
    ok(&shown(workspace))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    page::by_offset(call, world.workspaces.values().map(shown).collect())
}

pub(super) fn balance(world: &mut World, call: &Call) -> Reply {
    ok(&money::balance(world, world.workspaces.named(call.parameter("workspace_id"))?))
}
