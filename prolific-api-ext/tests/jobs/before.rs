//! The jobs as they were written with the same crate before it had flows: every call by hand.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use prolific_api_ext::{
    Error, ErrorKind, Minor, Money, ParticipantGroupId, ParticipantId, ProjectId, Prolific, Result,
    StudyId, SubmissionId, WorkspaceId,
    bonuses::Bonus,
    filters,
    hooks::{EventType, NewSubscription, SecretValue},
    money::Currency,
    studies::{CompletionAction, CompletionCode, CompletionCodeType, NewStudy, StudyStatus},
    submissions::{RejectionCategory, SubmissionStatus},
};
use serde_json::Value;
use sha2::Sha256;

/// Job 1: makes a draft, publishes it, and waits until it is published.
pub(crate) async fn publish(prolific: &Prolific, pause: Duration) -> Result<StudyId> {
    let draft = NewStudy::new("Birds", "Name the birds that you see.")
        .external_url("https://example.com/birds?id={{%PROLIFIC_PID%}}")
        .places(20)
        .reward(150)
        .minutes(10)
        .filters([filters::select("sex", ["0"])])
        .completion_code(
            CompletionCode::new("CDONE", CompletionCodeType::Completed)
                .action(CompletionAction::AutomaticallyApprove {}),
        );
    let id = prolific.studies().create(draft).await?.id;
    let mut study = prolific.studies().publish(&id).await?;
    let deadline = Instant::now() + Duration::from_secs(600);
    while matches!(study.status, Some(StudyStatus::Publishing) | None) {
        if Instant::now() > deadline {
            return Err(Error::builder(ErrorKind::Timeout).message("not published").build());
        }
        tokio::time::sleep(pause).await;
        study = prolific.studies().get(&id).await?;
    }
    if study.status == Some(StudyStatus::Unpublished) {
        return Err(Error::builder(ErrorKind::Failed).message("not published").build());
    }
    Ok(id)
}

/// Job 2: waits until every place has a finished submission.
pub(crate) async fn wait(prolific: &Prolific, study: &StudyId, pause: Duration) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(7 * 24 * 3600);
    loop {
        match prolific.studies().get(study).await {
            Ok(study) => match study.status {
                Some(StudyStatus::AwaitingReview | StudyStatus::Completed) => return Ok(()),
                Some(StudyStatus::Unpublished) => {
                    return Err(Error::builder(ErrorKind::Failed).message("a draft").build());
                }
                _ => {}
            },
            Err(error) if error.is_transient() => {}
            Err(error) => return Err(error),
        }
        if Instant::now() > deadline {
            return Err(Error::builder(ErrorKind::Timeout).message("not full").build());
        }
        tokio::time::sleep(pause).await;
    }
}

/// Job 3: approves what awaits its review, and sees to it that it is approved.
pub(crate) async fn approve(
    prolific: &Prolific,
    study: &StudyId,
    pause: Duration,
) -> Result<usize> {
    let waiting = |page: u32| {
        let list = prolific.submissions().list(study).status(SubmissionStatus::AwaitingReview);
        list.page_size(page).collect_all()
    };
    let ids: Vec<SubmissionId> = waiting(100).await?.into_iter().map(|row| row.id).collect();
    for ids in ids.chunks(1000) {
        prolific.submissions().bulk_approve(ids).await?;
    }
    let deadline = Instant::now() + Duration::from_secs(600);
    while waiting(100).await?.iter().any(|row| ids.contains(&row.id)) {
        if Instant::now() > deadline {
            return Err(Error::builder(ErrorKind::Timeout).message("not approved").build());
        }
        tokio::time::sleep(pause).await;
    }
    Ok(ids.len())
}

/// Job 4: pays the bonuses of a CSV file. Killed in the middle, it does not know what it has paid.
pub(crate) async fn pay(prolific: &Prolific, study: &StudyId, csv: &str) -> Result<Minor> {
    let mut bonuses = Vec::new();
    for line in csv.lines().filter(|line| !line.trim().is_empty()) {
        let (who, pounds) = line.split_once(',').ok_or_else(|| {
            Error::builder(ErrorKind::InvalidInput).message("two columns are needed").build()
        })?;
        let amount = Money::from_major(pounds.trim(), Currency::Gbp)?;
        bonuses.push(Bonus::new(ParticipantId::new(who.trim())?, amount));
    }
    let mut total = Minor::ZERO;
    for part in bonuses.chunks(200) {
        let payments = prolific.bonuses().create(study, part.to_vec()).await?;
        prolific.bonuses().pay(&payments.id).await?;
        total = total.checked_add(payments.total.unwrap_or(Minor::ZERO)).unwrap_or(total);
    }
    Ok(total)
}

/// Job 8: adds places. Of two at once one is lost.
pub(crate) async fn add_places(prolific: &Prolific, study: &StudyId, more: u64) -> Result<u64> {
    let places = prolific.studies().get(study).await?.total_available_places.unwrap_or_default();
    let change = prolific_api_ext::studies::StudyChange::new().places(places + more);
    let study = prolific.studies().update(study, change).await?;
    Ok(study.total_available_places.unwrap_or_default())
}

/// Job 9: what the studies of a project have cost together.
pub(crate) async fn project_cost(
    prolific: &Prolific,
    project: &ProjectId,
) -> Result<Option<Money>> {
    let mut total: Option<Money> = None;
    for study in prolific.projects().studies(project).collect_all().await? {
        let cost = prolific.studies().cost(&study.id).await?;
        for part in [cost.rewards, cost.bonuses].into_iter().flatten() {
            for amount in [part.rewards, part.fees, part.tax].into_iter().flatten() {
                let Some(amount) = amount.money() else { continue };
                total = Some(match total {
                    Some(total) => total.checked_add(&amount).ok_or_else(|| {
                        Error::builder(ErrorKind::UnexpectedAnswer).message("no sum").build()
                    })?,
                    None => amount,
                });
            }
        }
    }
    Ok(total)
}

/// Job 10: asks for the return of what came without a code, and rejects it the next time; approves the rest.
pub(crate) async fn no_code(prolific: &Prolific, study: &StudyId, why: &str) -> Result<()> {
    let list = prolific.submissions().list(study).status(SubmissionStatus::AwaitingReview);
    let mut done = Vec::new();
    for row in list.collect_all().await? {
        if row.entered_code.is_some() {
            done.push(row.id);
        } else if row.return_requested.is_none() {
            prolific.submissions().request_return(&row.id, ["No code was entered."]).await?;
        } else {
            prolific.submissions().reject(&row.id, RejectionCategory::NoCode, why).await?;
        }
    }
    for ids in done.chunks(1000) {
        prolific.submissions().bulk_approve(ids).await?;
    }
    Ok(())
}

/// Job 5: puts who was approved into a group, and writes to them.
pub(crate) async fn follow_up(
    prolific: &Prolific,
    study: &StudyId,
    group: &ParticipantGroupId,
) -> Result<usize> {
    let mut approved = Vec::new();
    let mut rows = prolific.submissions().list(study);
    while let Some(row) = rows.next().await {
        let row = row?;
        if row.status == Some(SubmissionStatus::Approved)
            && let Some(participant) = row.participant_id
            && !approved.contains(&participant)
        {
            approved.push(participant);
        }
    }
    if approved.is_empty() {
        return Ok(0);
    }
    prolific.participant_groups().add(group, &approved).await?;
    for part in approved.chunks(4_000) {
        let text = "The second part begins on Monday.";
        prolific.messages().send_to_many(part, study, text).await?;
    }
    Ok(approved.len())
}

/// Job 6: reads the ages of who took part, by submission.
pub(crate) async fn ages(
    prolific: &Prolific,
    study: &StudyId,
) -> Result<BTreeMap<SubmissionId, String>> {
    let csv = prolific.audience().export_demographics(study, []).await?;
    let mut reader = csv::Reader::from_reader(&csv.as_bytes()[..]);
    let unreadable = |error: csv::Error| {
        Error::builder(ErrorKind::UnexpectedAnswer).message(error.to_string()).build()
    };
    let header = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| header.iter().position(|column| column == name);
    let (Some(id), Some(age)) = (column("Submission id"), column("Age")) else {
        return Ok(BTreeMap::new());
    };
    let mut known = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        if let (Some(id), Some(age)) = (record.get(id), record.get(age)) {
            known.insert(id.to_owned(), age.to_owned());
        }
    }
    let mut ages = BTreeMap::new();
    let mut rows = prolific.submissions().list(study);
    while let Some(row) = rows.next().await {
        let row = row?;
        if let Some(age) = known.get(row.id.as_str()) {
            ages.insert(row.id, age.clone());
        }
    }
    Ok(ages)
}

/// Job 7: subscribes to the submissions of a workspace.
pub(crate) async fn subscribe(
    prolific: &Prolific,
    workspace: &WorkspaceId,
    url: &str,
) -> Result<SecretValue> {
    let hooks = prolific.hooks();
    let secret = hooks.create_secret(workspace).await?;
    let wanted = EventType::SubmissionStatusChange;
    let made = hooks.create(NewSubscription::new(workspace.clone(), wanted, url)).await?;
    let missing = || Error::builder(ErrorKind::UnexpectedAnswer).message("no secret came").build();
    let confirmation = made.confirmation.ok_or_else(missing)?;
    hooks.confirm(&made.subscription.id, &confirmation).await?;
    secret.value.ok_or_else(missing)
}

/// Job 7: verifies a delivery and reads it.
pub(crate) fn receive(secret: &str, headers: &HeaderMap, body: &[u8]) -> Option<Value> {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let time = header("x-prolific-request-timestamp")?;
    let signature = header("x-prolific-request-signature")?;
    let signature = BASE64_STANDARD.decode(signature).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(time.as_bytes());
    mac.update(body);
    mac.verify_slice(&signature).ok()?;
    serde_json::from_slice(body).ok()
}
