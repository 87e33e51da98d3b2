//! Campaigns, by which a workspace brings participants of its own.

use serde_json::json;

use super::{answer::Reply, call::Call, page, world::World};

/// Every workspace has one: no known operation makes them.
pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let workspace = call.required_query("workspace_id")?;
    world.workspaces.named(workspace)?;
    let link = format!("https://app.prolific.com/register/participant?campaign={workspace}");
    let campaign = json!({ "id": workspace, "name": "Campaign", "sign_up_link": link });
    page::by_offset(call, vec![campaign])
}
