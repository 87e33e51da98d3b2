//! Costs, and the balance of a workspace's wallet.

use serde_json::{Value, json};

use super::{answer::Refusal, submissions, world::World};

/// Prolific's share of a reward, and the VAT on it. The figures are invented.
const FEE: f64 = 0.25;
const VAT: f64 = 0.2;

/// The largest amount. Sums of such amounts are finite, as JSON requires.
const MOST: f64 = f64::MAX / 1_000.0;

/// Bounds an amount, so that JSON can represent it.
pub(super) fn finite(amount: f64) -> f64 {
    if amount.is_nan() { 0.0 } else { amount.clamp(-MOST, MOST) }
}

/// The balance of a new wallet, in pence or cents.
pub(super) const BALANCE: u64 = 1_000_000;

/// An amount by its parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cost {
    pub(super) rewards: f64,
    pub(super) fees: f64,
    pub(super) vat: f64,
}

impl Cost {
    /// The cost of paying this much to participants.
    pub(super) fn of(rewards: f64) -> Self {
        let rewards = finite(rewards);
        let fees = rewards * FEE;
        Self { rewards, fees, vat: fees * VAT }
    }

    /// Splits an amount into reward, fees and VAT in whole pence that add up.
    fn within(amount: f64) -> Self {
        let rewards = (amount / Self::of(1.0).total()).floor();
        let fees = (rewards * FEE).round().min(amount - rewards);
        Self { rewards, fees, vat: amount - rewards - fees }
    }

    /// The total, rounded to a hundredth of a penny.
    pub(super) fn total(self) -> f64 {
        ((self.rewards + self.fees + self.vat) * 100.0).round() / 100.0
    }

    fn to_whole_json(self) -> Value {
        let [rewards, fees, vat] = [self.rewards, self.fees, self.vat].map(|part| part as i64);
        json!({ "rewards": rewards, "fees": fees, "vat": vat })
    }

    pub(super) fn to_json(self, currency: &Value) -> Value {
        let money = |amount: f64| json!({ "amount": amount, "currency": currency });
        json!({ "rewards": money(self.rewards), "fees": money(self.fees), "tax": money(self.vat) })
    }
}

pub(super) fn number(object: &Value, name: &str) -> f64 {
    object[name].as_f64().unwrap_or_default()
}

/// The cost of a study's places.
pub(super) fn of_places(study: &Value) -> Cost {
    Cost::of(number(study, "reward") * number(study, "total_available_places"))
}

/// The payment to a participant for a submission, without bonuses.
fn reward_paid(study: &Value, submission: &Value) -> f64 {
    let share = match submission["status"].as_str().unwrap_or_default() {
        "APPROVED" => 1.0,
        "PARTIALLY APPROVED" => number(submission, "~share") / 100.0,
        "SCREENED OUT" => return number(submission, "~fixed_reward"),
        _ => return 0.0,
    };
    number(study, "reward") * share
}

fn bonuses_paid(submission: &Value) -> f64 {
    submission["bonus_payments"].as_array().into_iter().flatten().filter_map(Value::as_f64).sum()
}

/// The cost of a study's submissions so far: rewards and bonuses.
pub(super) fn paid(world: &World, study: &Value) -> (Cost, Cost) {
    let id = study["id"].as_str().unwrap_or_default();
    let submissions = world.submissions.of_field("study_id", id);
    let (rewards, bonuses) = submissions.fold((0.0, 0.0), |(rewards, bonuses), submission| {
        (rewards + reward_paid(study, submission), bonuses + bonuses_paid(submission))
    });
    (Cost::of(rewards), Cost::of(bonuses))
}

/// The amount reserved for a study's places that are not paid yet.
fn kept_back(world: &World, study: &Value) -> f64 {
    let id = study["id"].as_str().unwrap_or_default();
    let in_status = |wanted: &[&str]| {
        let of_study = world.submissions.of_field("study_id", id);
        let wanted = of_study.filter(|row| wanted.iter().any(|status| row["status"] == *status));
        wanted.count() as f64
    };
    let open = match study["status"].as_str().unwrap_or_default() {
        "UNPUBLISHED" | "SCHEDULED" => 0.0,
        "COMPLETED" => in_status(&submissions::UNDER_WAY),
        _ => number(study, "total_available_places") - in_status(&submissions::PAID),
    };
    Cost::of(number(study, "reward") * open.max(0.0)).total()
}

/// The wallet of a workspace: its balance, and the part of it that is available.
pub(super) fn wallet(world: &World, workspace: &str) -> (f64, f64) {
    let filled = world.workspaces.get(workspace);
    let filled = filled.map_or(0.0, |workspace| number(workspace, "~filled"));
    let studies = world.studies.values();
    let studies = studies.filter(|study| world.workspace_of(study) == workspace);
    let (spent, kept) = studies.filter(|study| study["~is_test"] != true).fold(
        (spent_on_deleted(world, workspace), 0.0),
        |(spent, kept), study| {
            let (rewards, bonuses) = paid(world, study);
            (spent + rewards.total() + bonuses.total(), kept + kept_back(world, study))
        },
    );
    let total = filled - spent.ceil();
    (total, total - kept.ceil())
}

/// The deposit that a wallet must have received to have this balance.
pub(super) fn filled_for(world: &World, workspace: &str, balance: u64) -> f64 {
    let filled = world.workspaces.get(workspace);
    let filled = filled.map_or(0.0, |workspace| number(workspace, "~filled"));
    balance as f64 + filled - wallet(world, workspace).0
}

/// The cost of studies that were deleted since.
fn spent_on_deleted(world: &World, workspace: &str) -> f64 {
    world.workspaces.get(workspace).map_or(0.0, |workspace| number(workspace, "~spent"))
}

/// Refuses an amount that exceeds the available balance.
///
/// # Errors
///
/// 400. Which status Prolific has is not documented.
pub(super) fn suffices(world: &World, workspace: &str, amount: f64) -> Result<(), Refusal> {
    let (_, available) = wallet(world, workspace);
    if amount <= available {
        return Ok(());
    }
    let detail = format!("The balance is insufficient: {available} of {amount} is available.");
    Err(Refusal::bad(detail))
}

pub(super) fn balance(world: &World, workspace: &Value) -> Value {
    let id = workspace["id"].as_str().unwrap_or_default();
    let (total, available) = wallet(world, id);
    json!({
        "currency_code": workspace["~currency"],
        "total_balance": total as i64,
        "balance_breakdown": Cost::within(total).to_whole_json(),
        "available_balance": available as i64,
        "available_balance_breakdown": Cost::within(available).to_whole_json(),
    })
}

#[cfg(test)]
mod tests {
    use super::Cost;

    #[test]
    fn the_parts_of_an_amount_add_up() {
        for amount in [0.0, 1.0, 99.0, 1_000_000.0, 12_345_678.0] {
            let parts = Cost::within(amount);
            assert_eq!(parts.rewards + parts.fees + parts.vat, amount);
            assert!(Cost::of(parts.rewards).total() <= amount, "{amount}");
        }
        assert_eq!(Cost::of(1000.0).total(), 1300.0);
    }

    #[test]
    fn what_an_absurd_reward_costs_is_a_number() {
        for reward in [f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            let cost = Cost::of(reward);
            assert!(
                cost.total().is_finite()
                    && !cost.to_json(&"GBP".into()).to_string().contains("null")
            );
        }
    }
}
