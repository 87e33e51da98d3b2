//! Invitations to workspaces.

use serde_json::{Value, json};

use super::{
    answer::{Reply, created},
    call::Call,
    ids,
    world::World,
};

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let workspace = call.text("association");
    world.workspaces.named(workspace)?;
    let invitation = |email: String| {
        json!({
            "association": workspace,
            "invitee": { "id": null, "name": null, "email": email },
            "invited_by": world.user,
            "status": "INVITED",
            "invite_link": format!("https://app.prolific.com/invitations/{}", ids::object_id()),
            "role": call.body["role"],
        })
    };
    let emails = call.texts("emails").into_iter().filter(|email| !world.is_doomed(email));
    let invitations: Vec<Value> = emails.map(invitation).collect();
    created(&json!({ "invitations": invitations }))
}
