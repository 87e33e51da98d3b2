//! The same jobs with the flows of the crate.

use std::{collections::BTreeMap, path::Path, time::Duration};

use http::HeaderMap;
use prolific_api_ext::{
    Money, ParticipantGroupId, ProjectId, Prolific, Result, StudyId, SubmissionId, WorkspaceId,
    bonuses::BonusPlan,
    filters,
    hooks::{EventType, NewSubscription, SecretValue},
    messages::StudyMessage,
    money::Currency,
    studies::{
        CompletionAction, CompletionCode, CompletionCodeType, Decision, NewStudy, StudyStatus,
    },
    submissions::{RejectionCategory, SubmissionStatus},
    tables::Joined,
    webhooks::{Change, Verifier},
};

/// Job 1: makes a draft, publishes it, and waits until it is published.
pub(crate) async fn publish(prolific: &Prolific) -> Result<StudyId> {
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
    Ok(prolific.studies().publish_and_wait(&id).await?.id)
}

/// Job 2: waits until every place has a finished submission.
pub(crate) async fn wait(prolific: &Prolific, study: &StudyId, pause: Duration) -> Result<()> {
    let full = prolific.studies().wait_until(study, StudyStatus::AwaitingReview);
    full.timeout(Duration::from_secs(7 * 24 * 3600)).interval(pause).await?;
    Ok(())
}

/// Job 3: approves what awaits its review, and sees to it that it is approved.
pub(crate) async fn approve(prolific: &Prolific, study: &StudyId) -> Result<usize> {
    Ok(prolific.studies().review(study, |_| Decision::Approve).await?.approvals())
}

/// Job 4: pays the bonuses of a CSV file. If it is killed, the next run continues where it stopped.
pub(crate) async fn pay(
    prolific: &Prolific,
    study: &StudyId,
    csv: &str,
    ledger: &Path,
) -> Result<Money, Box<dyn std::error::Error>> {
    let plan = BonusPlan::from_csv(csv.as_bytes(), Currency::Gbp)?;
    Ok(prolific.bonuses().payout(study, &plan, ledger).await?.total)
}

/// Job 8: adds places. Of two at once none is lost.
pub(crate) async fn add_places(prolific: &Prolific, study: &StudyId, more: u64) -> Result<u64> {
    let study = prolific.studies().add_places(study, more).await?;
    Ok(study.total_available_places.unwrap_or_default())
}

/// Job 9: what the studies of a project have cost together.
pub(crate) async fn project_cost(
    prolific: &Prolific,
    project: &ProjectId,
) -> Result<Option<Money>> {
    prolific.projects().total_cost(project).await?.total()
}

/// Job 10: asks for the return of what came without a code, and rejects it the next time; approves the rest.
pub(crate) async fn no_code(prolific: &Prolific, study: &StudyId, why: &str) -> Result<()> {
    let review = prolific.studies().review(study, |row| match &row.entered_code {
        Some(_) => Decision::Approve,
        None if row.return_requested.is_none() => {
            Decision::request_return(["No code was entered."])
        }
        None => Decision::reject(RejectionCategory::NoCode, why),
    });
    review.await.map(drop)
}

/// Job 5: puts who was approved into a group, and writes to them.
pub(crate) async fn follow_up(
    prolific: &Prolific,
    study: &StudyId,
    group: &ParticipantGroupId,
) -> Result<usize> {
    let approved = [SubmissionStatus::Approved];
    prolific.participant_groups().add_from_study(group, study, approved).await?;
    let message = StudyMessage::new(study.clone(), "The second part begins on Monday.");
    let message = message.status(SubmissionStatus::Approved);
    Ok(prolific.messages().send_to_study(message).await?.to.len())
}

/// Job 6: reads the ages of who took part, by submission.
pub(crate) async fn ages(
    prolific: &Prolific,
    study: &StudyId,
) -> Result<BTreeMap<SubmissionId, String>> {
    let people = prolific.audience().export_demographics(study, []).await?;
    let mut joined = people.by_submission()?.join(prolific.studies().submissions(study));
    let mut ages = BTreeMap::new();
    while let Some(Joined { item, rows, .. }) = joined.next().await.transpose()? {
        ages.extend(rows[..].first().and_then(|row| Some((item.id, row.get("Age")?.to_owned()))));
    }
    Ok(ages)
}

/// Job 7: subscribes to the submissions of a workspace.
pub(crate) async fn subscribe(
    prolific: &Prolific,
    workspace: &WorkspaceId,
    url: &str,
) -> Result<SecretValue> {
    let wanted = EventType::SubmissionStatusChange;
    let wanted = NewSubscription::new(workspace.clone(), wanted, url);
    Ok(prolific.hooks().subscribe(wanted).await?.secret)
}

/// Job 7: verifies a delivery and reads it.
pub(crate) fn receive(secret: &str, headers: &HeaderMap, body: &[u8]) -> Option<Change> {
    Verifier::new(secret).verify(headers, body).ok().map(|event| event.change())
}
