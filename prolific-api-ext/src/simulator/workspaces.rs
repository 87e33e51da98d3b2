//! Workspaces.

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, created, ok},
    call::{Call, Object, required_text},
    ids, page,
    world::World,
};

/// What is in the wallet, in pence.
pub(super) const BALANCE: u32 = 1_000_000;

impl World {
    /// Makes a workspace.
    pub(super) fn add_workspace(&mut self, id: String, title: &str) -> &mut Object {
        let user = json!({
            "id": self.user,
            "name": "Simulated Researcher",
            "email": "researcher@example.com",
            "roles": ["WORKSPACE_ADMIN"],
        });
        let workspace = self.workspaces.entry(id.clone()).or_default();
        workspace.insert("id".to_owned(), json!(id));
        workspace.insert("title".to_owned(), json!(title));
        workspace.insert("description".to_owned(), json!(""));
        workspace.insert("owner".to_owned(), user["id"].clone());
        workspace.insert("users".to_owned(), json!([user]));
        workspace.insert("naivety_distribution_rate".to_owned(), Value::Null);
        workspace
    }
}

/// The workspace that a call names.
pub(super) fn named<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Object, Refusal> {
    let found = world.workspaces.get_mut(call.parameter("workspace_id"));
    found.ok_or_else(|| Refusal::not_found("workspace"))
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let workspace = world.add_workspace(ids::object_id(), required_text(&body, "title")?);
    if let Some(rate) = body.get("naivety_distribution_rate") {
        workspace.insert("naivety_distribution_rate".to_owned(), rate.clone());
    }
    created(&Value::Object(workspace.clone()))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    let mut workspace = Value::Object(named(world, call)?.clone());
    let of_it = |project: &&Object| project.get("workspace") == Some(&workspace["id"]);
    let projects = world.projects.values().filter(of_it);
    let projects: Vec<Value> =
        projects.map(|project| json!({ "id": project["id"], "title": project["title"] })).collect();
    workspace["projects"] = Value::Array(projects);
    ok(&workspace)
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let workspace = named(world, call)?;
    for name in ["title", "description", "naivety_distribution_rate"] {
        if let Some(value) = body.get(name) {
            workspace.insert(name.to_owned(), value.clone());
        }
    }
    ok(&Value::Object(workspace.clone()))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    page::by_offset(call, world.workspaces.values().cloned().map(Value::Object).collect())
}

pub(super) fn balance(world: &mut World, call: &Call) -> Reply {
    named(world, call)?;
    let breakdown = json!({ "rewards": BALANCE, "fees": 0, "vat": 0 });
    ok(&json!({
        "currency_code": "GBP",
        "total_balance": BALANCE,
        "balance_breakdown": breakdown,
        "available_balance": BALANCE,
        "available_balance_breakdown": breakdown,
    }))
}
