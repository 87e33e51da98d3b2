//! The researcher to whom the token belongs.

use serde_json::json;

use super::{
    answer::{Reply, ok},
    call::Call,
    money,
    world::World,
};

pub(super) fn me(world: &mut World, _: &Call) -> Reply {
    let workspace = world.workspaces.ids().next().unwrap_or_default();
    let (balance, available) = money::wallet(world, workspace);
    ok(&json!({
        "id": world.user,
        "email": "researcher@example.com",
        "name": "Simulated Researcher",
        "first_name": "Simulated",
        "last_name": "Researcher",
        "username": "researcher",
        "user_type": "researcher",
        "currency_code": "GBP",
        "balance": balance as i64,
        "available_balance": available as i64,
    }))
}
