//! The researcher whose token it is.

use serde_json::json;

use super::{
    answer::{Reply, ok},
    call::Call,
    world::World,
};

pub(super) fn me(world: &mut World, _: &Call) -> Reply {
    ok(&json!({
        "id": world.user,
        "email": "researcher@example.com",
        "name": "Simulated Researcher",
        "first_name": "Simulated",
        "last_name": "Researcher",
        "username": "researcher",
        "user_type": "researcher",
        "currency_code": "GBP",
        "balance": super::workspaces::BALANCE,
        "available_balance": super::workspaces::BALANCE,
    }))
}
