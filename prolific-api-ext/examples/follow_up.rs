//! A longitudinal study: participants approved in the first part get a message, are put into a
//! group, and are invited to the second part; then their data of both parts is joined.
//!
//! It runs without a token, on a simulated Prolific:
//!
//!     cargo run --example follow_up
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use prolific_api_ext::{
    Prolific, Result, StudyId, messages::StudyMessage, participant_groups::NewParticipantGroup,
    simulator::Simulator, studies::StudyChange, submissions::SubmissionStatus,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let simulator = Simulator::start();
    let prolific = simulator.prolific()?;
    let first = first_part(&simulator, &prolific).await?;

    let groups = prolific.participant_groups();
    let group = NewParticipantGroup::new("Birds, wave 1").workspace_id(simulator.workspace_id()?);
    let group = groups.create(group).await?;
    let added = groups.add_from_study(&group.id, &first, [SubmissionStatus::Approved]).await?;
    let members = added.members;
    println!("{} members in {}", members.len(), group.name.unwrap_or_default());

    let draft = prolific.studies().create_follow_up(&first, &group.id).await?;
    let change = StudyChange::default()
        .name("Birds, the second part")
        .places(members.len() as u64)
        .external_url("https://example.com/birds-2?id={{%PROLIFIC_PID%}}");
    let second = prolific.studies().update(&draft.id, change).await?;
    println!("the second part is a draft: {}", second.name.unwrap_or_default());

    let message = StudyMessage::new(first.clone(), "The second part begins on Monday.")
        .status(SubmissionStatus::Approved);
    let sent = prolific.messages().send_to_study(message).await?;
    println!("sent a message to {} participants", sent.to.len());

    let demographics = prolific.audience().export_demographics(&first, []).await?;
    let mut people = demographics.by_submission()?.join(prolific.studies().submissions(&first));
    let (mut count, mut ages) = (0, 0);
    while let Some(joined) = people.next().await {
        for row in joined?.rows {
            count += 1;
            ages += row.get("Age").and_then(|age| age.parse::<u32>().ok()).unwrap_or_default();
        }
    }
    println!("they are {} years old on average", ages.checked_div(count).unwrap_or_default());
    Ok(())
}

/// A study that five took part in, of whom three are approved.
async fn first_part(simulator: &Simulator, prolific: &Prolific) -> Result<StudyId> {
    let study = simulator.active_study()?;
    for number in 0..5 {
        let submission = simulator.submit(&study)?;
        if number < 3 {
            prolific.submissions().approve(&submission).await?;
        }
    }
    Ok(study)
}
