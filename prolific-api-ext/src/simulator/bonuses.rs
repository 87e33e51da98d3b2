//! Bonus payments, which are paid again with every call.

use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal, Reply, created},
    call::{Call, required_text},
    ids, studies,
    submissions::of_participant,
    world::World,
};

#[derive(Debug)]
pub(super) struct Bonuses {
    /// Submissions and what they are to get, in pence.
    payments: Vec<(String, f64)>,
    pub(super) times_paid: usize,
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let study = required_text(&body, "study_id")?;
    world.studies.get(study).ok_or_else(|| Refusal::not_found("study"))?;
    let csv = required_text(&body, "csv_bonuses")?;
    let mut payments = Vec::new();
    let mut unknown = Vec::new();
    for line in csv.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let amount = line.split_once(',').and_then(|(id, amount)| {
            let amount = amount.trim().parse::<f64>().ok().filter(|amount| *amount > 0.0)?;
            Some((id.trim(), amount))
        });
        let Some((id, amount)) = amount else {
            let detail = format!("{line:?} is no line of an id and an amount.");
            return Err(Refusal::field("csv_bonuses", &detail));
        };
        let of_study = world.submissions.get(id).filter(|known| known["study_id"] == study);
        let known = of_study.map(|_| id.to_owned()).or_else(|| of_participant(world, study, id));
        match known {
            // The amounts of this text are in pounds, unlike all others of the API.
            Some(submission) => payments.push((submission, amount * 100.0)),
            None => unknown.push(id),
        }
    }
    if !unknown.is_empty() {
        let detail = format!("Unknown participants or submissions: {}.", unknown.join(", "));
        return Err(Refusal::field("csv_bonuses", &detail));
    }
    let amount: f64 = payments.iter().map(|(_, amount)| amount).sum();
    let fees = amount * studies::FEE;
    let vat = fees * studies::VAT;
    let id = ids::object_id();
    world.bonuses.insert(id.clone(), Bonuses { payments, times_paid: 0 });
    created(&json!({
        "id": id,
        "study": study,
        "amount": amount,
        "fees": fees,
        "vat": vat,
        "total_amount": amount + fees + vat,
    }))
}

pub(super) fn pay(world: &mut World, call: &Call) -> Reply {
    let bonuses = world.bonuses.get_mut(call.parameter("id"));
    let bonuses = bonuses.ok_or_else(|| Refusal::not_found("batch of bonus payments"))?;
    bonuses.times_paid += 1;
    for (id, amount) in &bonuses.payments {
        let submission = world.submissions.get_mut(id);
        if let Some(Value::Array(paid)) = submission.and_then(|it| it.get_mut("bonus_payments")) {
            paid.push(json!(amount));
        }
    }
    Ok(Answer::json(202, &json!("The bonus payments are being processed.")))
}
