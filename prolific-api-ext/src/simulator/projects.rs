//! The projects of workspaces.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created, ok},
    call::{Call, Object, required_text},
    ids, page, studies, workspaces,
    world::World,
};

/// The fields that a body may set.
const FIELDS: [&str; 6] =
    ["title", "description", "owner", "type", "public_details", "naivety_distribution_rate"];

impl World {
    /// Makes a project with these fields.
    pub(super) fn add_project(&mut self, id: String, workspace: &str, fields: Object) -> Value {
        let mut project = fields;
        project.insert("id".to_owned(), json!(id));
        project.insert("workspace".to_owned(), json!(workspace));
        project.entry("owner").or_insert_with(|| json!(self.user));
        project.entry("description").or_insert_with(|| json!(""));
        project.entry("naivety_distribution_rate").or_insert(Value::Null);
        let json = Value::Object(project.clone());
        self.projects.insert(id, project);
        json
    }
}

fn named<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Object, Refusal> {
    let found = world.projects.get_mut(call.parameter("project_id"));
    found.ok_or_else(|| Refusal::not_found("project"))
}

fn settable(body: &Object) -> Object {
    let fields = body.iter().filter(|(name, _)| FIELDS.contains(&name.as_str()));
    fields.map(|(name, value)| (name.clone(), value.clone())).collect()
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    workspaces::named(world, call)?;
    let body = call.object()?;
    required_text(&body, "title")?;
    let project =
        world.add_project(ids::object_id(), call.parameter("workspace_id"), settable(&body));
    created(&project)
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    ok(&Value::Object(named(world, call)?.clone()))
}

pub(super) fn update(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let project = named(world, call)?;
    project.extend(settable(&body));
    ok(&Value::Object(project.clone()))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    workspaces::named(world, call)?;
    let workspace = call.parameter("workspace_id");
    let of_it = |project: &&Object| project.get("workspace").is_some_and(|of| of == workspace);
    let rows = world.projects.values().filter(of_it).cloned().map(Value::Object);
    page::by_offset(call, rows.collect())
}

pub(super) fn studies(world: &mut World, call: &Call) -> Reply {
    named(world, call)?;
    let project = call.parameter("project_id");
    page::by_page(call, studies::rows(world, call, Some(project)))
}

pub(super) fn delete_study(world: &mut World, call: &Call) -> Reply {
    named(world, call)?;
    let (project, id) = (call.parameter("project_id"), call.parameter("study_id"));
    let of_it = |study: &&Object| study.get("project").is_some_and(|of| of == project);
    world.studies.get(id).filter(of_it).ok_or_else(|| Refusal::not_found("study"))?;
    world.studies.remove(id);
    Ok(Answer::empty(204))
}
