//! Campaigns, through which a workspace recruits its own participants.

use serde_json::json;

use super::{answer::Reply, call::Call, page, world::World};

/// Every workspace has one, since no known operation creates them.
pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let workspace = call.required_query("workspace_id")?;
    world.workspaces.named(workspace)?;
    let link = format!("https://app.prolific.com/register/participant?campaign={workspace}");
    let campaign = json!({ "id": workspace, "name": "Campaign", "sign_up_link": link });
    page::by_offset(call, vec![campaign])
}
