//! Checks that what a request refers to by id exists, in one place for all operations.
//!
//! Ids of users and participants are not checked, because people exist outside of the simulator. The
//! recipients of messages are: see [`strangers`](super::strangers).

use serde_json::Value;

use super::{answer::Refusal, call::Call, filters, groups, world::World};

/// Checks the ids in the query and in the body of a request. Those in the path are checked by the
/// operations.
///
/// # Errors
///
/// 404.
pub(super) fn check(world: &World, call: &Call) -> Result<(), Refusal> {
    let tables = [
        ("workspace_id", &world.workspaces),
        ("association", &world.workspaces),
        ("project", &world.projects),
        ("project_id", &world.projects),
        ("study_id", &world.studies),
        ("broadcast_id", &world.broadcasts),
        ("filter_set_id", &world.filter_sets),
        ("credential_pool_id", &world.credential_pools),
    ];
    for (name, table) in tables {
        if let Some(id) = call.query(name).or_else(|| call.body[name].as_str()) {
            table.named(id)?;
        }
    }
    let plan = &call.body["longitudinal"]["config"];
    for sent in [&call.body["filters"], &call.body["breakdown_filter"], &plan["filters"]] {
        filters::check(world, sent)?;
    }
    let codes = call.body["completion_codes"].as_array().into_iter().flatten();
    for action in codes.filter_map(|code| code["actions"].as_array()).flatten() {
        if let Some(group) = action["participant_group"].as_str() {
            groups::named(world, group)?;
        }
    }
    check_data_collection(world, &call.body)
}

/// Checks the batch or the collection that participants of a study work on.
fn check_data_collection(world: &World, body: &Value) -> Result<(), Refusal> {
    let Some(id) = body["data_collection_id"].as_str() else { return Ok(()) };
    let is_batch = world.batches.contains_key(id);
    let is_collection = world.collections.contains_key(id);
    match body["data_collection_method"].as_str() {
        Some("AI_TASK_BUILDER_BATCH") if !is_batch => Err(Refusal::not_found("batch")),
        Some("AI_TASK_BUILDER_COLLECTION") if !is_collection => {
            Err(Refusal::not_found("collection"))
        }
        _ if is_batch || is_collection => Ok(()),
        _ => Err(Refusal::not_found("batch or collection")),
    }
}
