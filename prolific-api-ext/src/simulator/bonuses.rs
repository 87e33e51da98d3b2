//! Bonus payments. Every call pays again.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created},
    call::Call,
    ids,
    money::{self, Cost},
    submissions::of_participant,
    world::World,
};

#[derive(Debug)]
pub(super) struct Bonuses {
    study: String,
    /// Submissions with their amounts in pence.
    payments: Vec<(String, f64)>,
    pub(super) times_paid: usize,
}

impl Bonuses {
    fn cost(&self) -> Cost {
        Cost::of(self.payments.iter().map(|(_, amount)| amount).sum())
    }
}

/// Returns the id and the amount in pence of a line. The amounts in this text are in pounds, unlike
/// all others in the API.
fn read(line: &str) -> Option<(&str, f64)> {
    let (id, amount) = line.split_once(',')?;
    let amount = amount.trim().parse::<f64>().ok()?;
    let is_payable = amount.is_finite() && amount > 0.0;
    is_payable.then(|| (id.trim(), (amount * 10_000.0).round() / 100.0))
}

/// Finds the submission of a study by its id or by its participant's id.
fn submission(world: &World, study: &str, id: &str) -> Option<String> {
    let of_study = world.submissions.get(id).filter(|known| known["study_id"] == study);
    of_study.map(|_| id.to_owned()).or_else(|| of_participant(world, study, id))
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let study = call.text("study_id");
    world.studies.named(study)?;
    let (mut payments, mut unknown) = (Vec::new(), Vec::new());
    let lines = call.text("csv_bonuses").lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty()) {
        let Some((id, amount)) = read(line) else {
            let detail = format!("{line:?} is not a line with an id and an amount.");
            return Err(Refusal::field("csv_bonuses", &detail));
        };
        match submission(world, study, id) {
            Some(submission) => payments.push((submission, amount)),
            None => unknown.push(id),
        }
    }
    if !unknown.is_empty() {
        let detail = format!("Unknown participants or submissions: {}.", unknown.join(", "));
        return Err(Refusal::field("csv_bonuses", &detail));
    }
    let id = ids::object_id();
    let bonuses = Bonuses { study: study.to_owned(), payments, times_paid: 0 };
    let cost = bonuses.cost();
    world.bonuses.insert(id.clone(), bonuses);
    created(&json!({
        "id": id,
        "study": study,
        "amount": cost.rewards,
        "fees": cost.fees,
        "vat": cost.vat,
        "total_amount": cost.total(),
    }))
}

pub(super) fn pay(world: &mut World, call: &Call) -> Reply {
    let bonuses = world.bonuses.get(call.parameter("id"));
    let bonuses = bonuses.ok_or_else(|| Refusal::not_found("batch of bonus payments"))?;
    let study = world.studies.named(&bonuses.study)?;
    money::suffices(world, world.workspace_of(study), bonuses.cost().total())?;
    let Some(bonuses) = world.bonuses.get_mut(call.parameter("id")) else {
        return Err(Refusal::not_found("batch of bonus payments"));
    };
    bonuses.times_paid += 1;
    for (id, amount) in &bonuses.payments {
        let submission = world.submissions.named_mut(id).ok();
        if let Some(Value::Array(paid)) = submission.and_then(|it| it.get_mut("bonus_payments")) {
            paid.push(json!(amount));
        }
    }
    Ok(Answer::json(202, &json!("The bonus payments are being processed.")))
}
