//! What was done in part is an error, unless the caller allows it; either has the whole report.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;

use prolific_api_ext::{
    DatasetId, Error, ErrorKind, ParticipantGroupId, ParticipantId, Prolific, StudyId,
    datasets::{
        AppendReport, DatasetSchema, Import, ImportStatus, Migration, NewDataset, UploadOutcome,
    },
    invitations::Invited,
    participant_groups::{MembershipChange, NewParticipantGroup},
    poll::{Standing, Wait},
    simulator::{Fault, Simulator},
    submissions::{Approvals, SubmissionStatus},
    transfer::UploadFile,
    workspaces::WorkspaceRole,
};
use serde_json::json;

/// Its report, of an error that says how much was done and how much was not.
fn part<'a, R: 'static>(error: &'a Error, says: &str) -> &'a R {
    assert_eq!(error.kind(), ErrorKind::Partial, "{error}");
    assert!(error.to_string().ends_with(says), "{error}");
    assert!(!error.is_transient());
    error.last_seen().unwrap()
}

async fn dataset(simulator: &Simulator, prolific: &Prolific) -> DatasetId {
    let schema = DatasetSchema::new().text("bird").strict(true);
    let new = NewDataset::new("Birds", simulator.workspace_id().unwrap()).schema(schema);
    prolific.datasets().create(new).await.unwrap().id
}

#[tokio::test]
async fn an_import_that_took_nothing_names_the_columns_that_are_wrong() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let id = dataset(&simulator, &prolific).await;
    for (file, says) in [
        (
            "birds,song\nrobin,trill\n",
            "ended as failed: No record could be accepted: record 0, `bird`: is missing, and the \
             schema is strict; the schema has no `birds` and no `song`",
        ),
        ("bird\neel,fish\n", "could be accepted: record 0: has 2 values for 1 columns"),
        ("", "ended as failed: The file contains no records."),
    ] {
        let file = UploadFile::from_bytes("birds.csv", file);
        let error = prolific.datasets().upload_and_wait(&id, file).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed);
        assert!(error.to_string().ends_with(says), "{error}");
    }
}

/// Ten thousand records, ten of which lack what the schema has.
fn file() -> UploadFile {
    let mut lines = String::new();
    for number in 0..10_000 {
        let field = if number % 1_000 == 7 { "fish" } else { "bird" };
        writeln!(lines, "{{\"{field}\": \"number {number}\"}}").unwrap();
    }
    UploadFile::from_bytes("birds.jsonl", lines)
}

#[tokio::test]
async fn an_import_that_took_9990_of_10000_records() {
    const SAYS: &str = "ended as partial: 9990 of 10000 records were accepted, 10 refused: record \
                        7, `bird`: is missing, and the schema is strict; the schema has no `fish`";
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let datasets = prolific.datasets();
    let id = dataset(&simulator, &prolific).await;

    let error = datasets.upload_and_wait(&id, file()).await.unwrap_err();
    let import: &Import = part(&error, SAYS);
    assert_eq!(
        (import.accepted, import.rejected, import.errors.len()),
        (Some(9_990), Some(10), 10)
    );
    let wait = || datasets.wait_for_import(&id, &import.id);
    assert_eq!(part::<Import>(&wait().await.unwrap_err(), SAYS), import);
    assert_eq!(&wait().allow_partial().await.unwrap(), import);
    let outcome = datasets.upload_and_wait(&id, file()).allow_partial().await.unwrap();
    let UploadOutcome::Imported(again) = outcome else { panic!("{outcome:?}") };
    assert_eq!((again.accepted, again.new_records()), (Some(9_990), Some(0)));

    // A caller that streams the states sees it too.
    let mut updates = wait().updates();
    assert_eq!(updates.next().await.unwrap().unwrap().status, ImportStatus::Partial);
    part::<Import>(&updates.next().await.unwrap().unwrap_err(), SAYS);
    assert!(updates.next().await.is_none());
    let mut updates = wait().allow_partial().updates();
    assert_eq!(&updates.next().await.unwrap().unwrap(), import);
    assert!(updates.next().await.is_none());
}

#[tokio::test]
async fn an_import_that_waits_for_the_schema_of_its_dataset() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let datasets = prolific.datasets();
    let id = simulator.dataset_without_schema();
    let file = UploadFile::from_bytes("birds.csv", "bird\nrobin\n");
    let error = datasets.upload_and_wait(&id, file).await.unwrap_err();
    let import: &Import = part(&error, "the file need not be uploaded again");
    assert_eq!(import.status, ImportStatus::PendingSchema);
    let wait = || datasets.wait_for_import(&id, &import.id);
    assert_eq!(&wait().allow_partial().await.unwrap(), import);
    datasets.set_schema(&id, DatasetSchema::new().text("bird")).await.unwrap();
    assert_eq!(wait().await.unwrap().accepted, Some(1));
}

#[tokio::test]
async fn a_migration_that_left_fields_empty() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let datasets = prolific.datasets();
    let id = dataset(&simulator, &prolific).await;
    datasets.append(&id, [json!({ "bird": "robin" }), json!({ "bird": "wren" })]).await.unwrap();
    let schema = DatasetSchema::new().text("bird").text("song").strict(true);
    let migration = datasets.set_schema(&id, schema).await.unwrap().migration_id.unwrap();
    let wait = || datasets.wait_for_migration(&id, &migration);
    let error = wait().await.unwrap_err();
    let seen: &Migration =
        part(&error, "fully converted: `song`: is missing, and the schema is strict");
    assert!(error.to_string().contains("2 of 2 datapoints could not be"), "{error}");
    assert_eq!(seen.errors.len(), 2);
    assert_eq!(&wait().allow_partial().await.unwrap(), seen);
}

#[tokio::test]
async fn records_that_were_refused_when_appended() {
    const FISH: &str =
        "record 2, `bird`: is missing, and the schema is strict; the schema has no `fish`";
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let datasets = prolific.datasets();
    let id = dataset(&simulator, &prolific).await;
    let records = [json!({ "bird": "robin" }), json!({ "fish": "eel" }), json!({ "bird": "wren" })];
    let error = datasets.append(&id, &records).await.unwrap_err();
    let report: &AppendReport =
        part(&error, &format!("2 of 3 records were accepted, 1 refused: {FISH}"));
    assert_eq!(report.errors[0].record, Some(2));
    assert_eq!(&datasets.append(&id, &records).allow_partial().await.unwrap(), report);
    let lines = "{\"bird\": \"robin\"}\n{\"fish\": \"eel\"}\n";
    let error = datasets.append_json_lines(&id, lines).await.unwrap_err();
    part::<AppendReport>(&error, &format!("1 of 2 records were accepted, 1 refused: {FISH}"));
}

async fn group(simulator: &Simulator, prolific: &Prolific) -> ParticipantGroupId {
    let group = NewParticipantGroup::new("Birds").workspace_id(simulator.workspace_id().unwrap());
    prolific.participant_groups().create(group).await.unwrap().id
}

/// A study, and those who took part.
async fn study(simulator: &Simulator, prolific: &Prolific) -> (StudyId, Vec<ParticipantId>) {
    let study = simulator.active_study().unwrap();
    for _ in 0..3 {
        simulator.submit(&study).unwrap();
    }
    let participants = prolific.studies().participants(&study, []).await.unwrap();
    (study, participants)
}

#[tokio::test]
async fn participants_who_did_not_get_into_a_group_or_out_of_it() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let groups = prolific.participant_groups();
    let id = group(&simulator, &prolific).await;
    let (study, people) = study(&simulator, &prolific).await;

    assert_eq!(groups.add(&id, &people).await.unwrap().done, people);
    simulator.fail(&people[1]);
    let error = groups.remove(&id, &people).await.unwrap_err();
    let says = "2 of 3 participants are out of the group, and 1 are not";
    let change: &MembershipChange = part(&error, says);
    assert_eq!(change.not_done, [people[1].clone()]);
    assert_eq!(change.members[0].participant_id, people[1]);
    let change = groups.remove(&id, &people).allow_partial().await.unwrap();
    assert_eq!((change.done.len(), change.not_done.len()), (2, 1));

    simulator.fail(&people[2]);
    let says = "2 of 3 participants are in the group, and 1 are not";
    let error = groups.add(&id, &people).await.unwrap_err();
    assert_eq!(part::<MembershipChange>(&error, says).not_done, [people[2].clone()]);
    let error = groups.add_from_study(&id, &study, []).await.unwrap_err();
    assert_eq!(part::<MembershipChange>(&error, says).not_done, [people[2].clone()]);
    let change = groups.add_from_study(&id, &study, []).allow_partial().await.unwrap();
    assert_eq!((change.members.len(), change.not_done.len()), (2, 1));
}

#[tokio::test]
async fn a_call_that_fails_is_its_own_error_and_has_the_report_of_all() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let id = group(&simulator, &prolific).await;
    let (study, people) = study(&simulator, &prolific).await;
    simulator.fault("add-to-participant-group", Fault::status(403)).unwrap();
    let added = prolific.participant_groups().add_from_study(&id, &study, []);
    let error = added.allow_partial().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    let change: &MembershipChange = error.last_seen().unwrap();
    assert_eq!((change.done.len(), &change.not_done), (0, &people));
    assert!(
        error.to_string().contains("0 of 3 participants were added before the error"),
        "{error}"
    );
}

#[tokio::test]
async fn addresses_that_got_no_invitation() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let workspace = simulator.workspace_id().unwrap();
    simulator.fail("bob@example.com");
    let emails = ["Ann@example.com", "bob@example.com", "cy@example.com"];
    let create = || prolific.invitations().create(&workspace, emails, WorkspaceRole::Admin);
    let error = create().await.unwrap_err();
    let invited: &Invited = part(&error, "2 of 3 addresses were invited, 1 not");
    assert_eq!(invited.not_invited, ["bob@example.com"]);
    assert_eq!(invited.invited, ["Ann@example.com", "cy@example.com"]);
    assert!(error.may_have_acted(), "the others would get a second mail");
    assert_eq!(create().allow_partial().await.unwrap().invitations.len(), 2);
    // The message has counts alone.
    assert!(!format!("{error} {error:?}").contains("example.com"), "{error:?}");
}

#[tokio::test]
async fn submissions_that_a_bulk_approval_passed_over() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let (study, _) = study(&simulator, &prolific).await;
    let rows = prolific.submissions().list(&study).collect_all().await.unwrap();
    let ids: Vec<_> = rows.into_iter().map(|row| row.id).collect();
    simulator.fail(&ids[0]);
    let approve = || {
        let approve = prolific.submissions().approve_all(&study, &ids);
        approve.timeout(std::time::Duration::from_millis(300))
    };
    let error = approve().await.unwrap_err();
    let says = format!("1 of 3 submissions are not approved: {} is AWAITING REVIEW", ids[0]);
    let approvals: &Approvals = part(&error, &says);
    let waits = (ids[0].clone(), Some(SubmissionStatus::AwaitingReview));
    assert_eq!(approvals.not_approved, [waits]);
    assert_eq!(approve().allow_partial().await.unwrap().approved.len(), 2);
}

#[tokio::test]
async fn a_wait_of_ones_own_may_end_with_a_part() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let wait = || {
        let look = |_| async { Ok(1) };
        Wait::new(&prolific, "both of them", look, |_: &u8| Standing::Partial)
    };
    assert_eq!(part::<u8>(&wait().await.unwrap_err(), "both of them ended as 1"), &1);
    assert_eq!(wait().allow_partial().await.unwrap(), 1);
}
