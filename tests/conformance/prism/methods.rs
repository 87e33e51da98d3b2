//! Every method of ext that calls an operation, with all that it can send.

use std::pin::Pin;

use prolific_api_ext::{
    Error, Minor, Money, ParticipantId, Prolific, StudyId, WorkspaceId,
    batches::{BatchChange, BatchCopy, BatchSetup, Layout, NewBatch, TaskDetails, layout},
    bonuses::Bonus,
    broadcasts::NewBroadcast,
    collections::{CollectionContent, CollectionPage, NewCollection},
    conversations::NewConversation,
    credentials::Credential,
    datasets::{DatasetSchema, NewDataset},
    exports::ExportFilter,
    filter_sets::{FilterSetChange, NewFilterSet},
    filters::{self, BreakdownQuery, EligibilityQuery, Filter, SampleType},
    hooks::{Confirmation, EventType, NewSubscription, SubscriptionChange},
    messages::{MessageQuery, NewMessage},
    money::Currency,
    pages::Pages,
    participant_groups::{NewParticipantGroup, ParticipantGroupChange},
    projects::{
        LongitudinalConfig, NewLongitudinal, NewProject, ProjectChange, ProjectType, PublicDetails,
        PublicProjectStatus,
    },
    questions::{Item, Question, TextValidation, UnitPosition},
    studies::{
        AccessDetail, BatchSettings, CompletionAction, CompletionActor, CompletionCode,
        CompletionCodeType, ContentWarning, Device, NewStudy, Peripheral, ProlificIdOption,
        StudyAction, StudyChange, StudyLabel, StudyStatus, StudySubmissionKey, StudyType,
        SubmissionsConfig,
    },
    submissions::{
        CompletionCodeData, RejectionCategory, SubmissionAction, SubmissionKey, SubmissionStatus,
        Transition,
    },
    surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion, SurveySection},
    transfer::UploadFile,
    workspaces::{NewWorkspace, WorkspaceChange, WorkspaceRole},
};

type Called<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// A request of an operation.
pub(crate) struct Row {
    pub(crate) operation: &'static str,
    pub(crate) call: fn(&Prolific) -> Called<'_>,
}

macro_rules! rows {
    ($( $operation:literal |$prolific:ident| $call:expr; )+) => {
        &[$( Row {
            operation: $operation,
            call: |$prolific| Box::pin(async move { $call.await.map(drop) }),
        }, )+]
    };
}

/// Takes the first page of a list.
async fn first<T: Send + 'static, F>(list: Pages<T, F>) -> Result<(), Error> {
    list.page_ahead(false).next().await.transpose().map(drop)
}

const UUID: &str = "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d";
const HEX: &str = "60d9aadeb86739de712faee0";
const TIME: &str = "2026-11-20T09:30:12Z";

/// An id of whatever sort is asked for: those of Task Builder are UUIDs.
fn uuid<T: std::str::FromStr<Err: std::fmt::Debug>>() -> T {
    UUID.parse().unwrap()
}

/// Likewise, of all else.
fn id<T: std::str::FromStr<Err: std::fmt::Debug>>() -> T {
    HEX.parse().unwrap()
}

fn adults() -> [Filter; 3] {
    [
        filters::range("age", 18..=99),
        filters::select("sex", ["0", "1"]).weighted([("0", 1.0), ("1", 2.0)]),
        filters::any_of([filters::select("handedness", ["1"]), filters::range("age", 18..)]),
    ]
}

fn details() -> TaskDetails {
    TaskDetails::new("Birds", "You will see birds.", "1. Look. 2. Write.")
}

fn questions() -> Vec<Question> {
    let bounds = |validation: TextValidation| validation.min(1).max(90);
    vec![
        Question::free_text("Why?").helper_text("Say it.").placeholder("Because"),
        Question::free_text("How often?").validation(bounds(TextValidation::number())),
        Question::multiple_choice("Which?", 1, [("Duck", "duck"), ("Gull", "gull")])
            .disable_dropdown(true),
        Question::free_text_with_unit("How far?", UnitPosition::Suffix, [("m", "m"), ("km", "km")])
            .default_unit("m"),
        Question::file_upload("Which picture?")
            .accepted_file_types([".png".to_owned()])
            .min_file_count(1_u64)
            .max_file_count(2_u64),
    ]
}

fn layout() -> Layout {
    let items = questions().into_iter().map(Item::from);
    let shown = [layout::rich_text("Hi"), layout::image("https://example.com/a.png", "A bird")];
    let items: Vec<Item> = items.chain(shown).chain([layout::dataset_field("text")]).collect();
    Layout::from_iter([layout::page([layout::row([items])])])
}

fn page() -> CollectionPage {
    CollectionPage::new(questions().into_iter().map(Item::from).collect::<Vec<_>>())
}

fn content() -> CollectionContent {
    CollectionContent::new("Birds", details(), [page()])
}

fn new_collection() -> NewCollection {
    NewCollection::new("Birds", id::<WorkspaceId>(), details(), [page()])
}

fn schema() -> DatasetSchema {
    DatasetSchema::new().text("text").image_url("picture").metadata("source").strict(true)
}

fn export_filter() -> ExportFilter {
    ExportFilter::new().study_id(id::<StudyId>()).since(TIME).until(TIME)
}

fn codes() -> [CompletionCode; 3] {
    let code = CompletionCode::new;
    [
        code("CDONE", CompletionCodeType::Completed)
            .action(CompletionAction::ManuallyReview {})
            .action(CompletionAction::AddToParticipantGroup { participant_group: id() })
            .actor(CompletionActor::Participant),
        code("CBACK", CompletionCodeType::Other)
            .action(CompletionAction::RequestReturn { return_reason: "Withdrew.".to_owned() }),
        code("COUT", CompletionCodeType::FixedScreenOut).action(
            CompletionAction::FixedScreenOutPayment {
                fixed_screen_out_reward: 50.into(),
                slots: 3,
            },
        ),
    ]
}

/// A study with nothing but what it needs.
fn least_study() -> NewStudy {
    NewStudy::new("Birds", "Name them.")
        .external_url("https://example.com?id={{%PROLIFIC_PID%}}")
        .places(20_u64)
        .reward(150)
        .minutes(10_u64)
        .completion_codes(codes())
}

fn study() -> NewStudy {
    least_study()
        .internal_name("Birds 1")
        .project_id(id::<prolific_api_ext::ProjectId>())
        .is_external_study_url_secure(false)
        .prolific_id_option(ProlificIdOption::UrlParameters)
        .maximum_minutes(60_u64)
        .device_compatibility([Device::Desktop, Device::Tablet, Device::Mobile])
        .peripheral_requirements([Peripheral::Audio, Peripheral::Camera])
        .filters(adults())
        .submissions_config(
            SubmissionsConfig::default()
                .max_submissions_per_participant(2)
                .any_concurrent_submissions(),
        )
        .study_labels([StudyLabel::Survey])
        .content_warnings([ContentWarning::Sensitive])
        .content_warning_details("Birds of prey.")
        .metadata("run 7")
        .study_type(StudyType::Single)
        .naivety_distribution_rate(0.5)
}

fn of_urls() -> NewStudy {
    let mut study = study().access_details([AccessDetail::new("https://a.example", 5)]);
    (study.external_url, study.places) = (None, None);
    study
}

fn of_batch() -> NewStudy {
    let batch = uuid::<prolific_api_ext::BatchId>();
    let settings = BatchSettings::new().annotators_per_task(3_u64);
    let study = NewStudy::new("Birds", "Name them.").batch(&batch).reward(150).minutes(10_u64);
    study.data_collection_metadata(settings).filter_set_id(id::<prolific_api_ext::FilterSetId>())
}

fn change() -> StudyChange {
    StudyChange::new()
        .name("Birds")
        .no_internal_name()
        .places(30_u64)
        .reward(160)
        .completion_codes(codes())
        .filters(adults())
}

fn message() -> NewMessage {
    NewMessage::new(id::<ParticipantId>(), id::<StudyId>(), "Hi")
}

fn project() -> NewProject {
    let details = PublicDetails::new().status(PublicProjectStatus::Enabled).title("Birds");
    let config = LongitudinalConfig::new(20, 0.8).filters(adults());
    NewProject::new("Birds")
        .description("All of them.")
        .owner(id::<prolific_api_ext::ResearcherId>())
        .project_type(ProjectType::Public)
        .public_details(details.short_description("Birds.").description("All of them."))
        .is_longitudinal(true)
        .longitudinal(NewLongitudinal::new(config))
        .naivety_distribution_rate(0.5)
}

fn survey() -> NewSurvey {
    let question = || SurveyQuestion::single("Ducks?", ["Yes", "No"]);
    NewSurvey::new(id::<prolific_api_ext::ResearcherId>(), "Birds")
        .sections([SurveySection::new("One", [question(), SurveyQuestion::multiple("x", ["y"])])])
}

fn subscription() -> NewSubscription {
    let target = "https://example.com/hook";
    NewSubscription::new(id::<WorkspaceId>(), EventType::StudyStatusChange, target).is_enabled(true)
}

fn transition() -> Transition {
    Transition::new(SubmissionAction::Complete)
        .completion_code("CDONE")
        .completion_code_data(CompletionCodeData::new(50.0).message_to_participant("Thanks."))
}

fn credentials() -> [Credential; 2] {
    [Credential::new("ann", "pass word").unwrap(), Credential::new("ben", "b").unwrap()]
}

fn bonuses() -> [Bonus; 2] {
    let amount = || Money::from_minor(150, Currency::Gbp);
    [
        Bonus::new(id::<ParticipantId>(), amount()),
        Bonus::new(id::<prolific_api_ext::SubmissionId>(), amount()),
    ]
}

fn file() -> UploadFile {
    UploadFile::from_bytes("birds.csv", "text\nduck\n")
}

pub(crate) const ROWS: &[Row] = rows! {
    "calculate-reward-recommendations" |p| first(p.audience().reward_recommendations(&id(), Currency::Gbp));
    "export-demographic-data" |p| p.audience().export_demographics(&id(), []);
    "export-demographic-data" |p| p.audience().export_demographics(&id(), adults());
    "get-demographic-export-history" |p| first(p.audience().demographic_exports(&id()));

    "create-task-builder-batch" |p| p.batches().create(NewBatch::new("Birds", id::<WorkspaceId>(), details()));
    "create-task-builder-batch" |p| p.batches().create(
        NewBatch::new("Birds", id::<WorkspaceId>(), details())
            .dataset_id(uuid::<prolific_api_ext::DatasetId>()).layout(layout()).auto_sync(true));
    "delete-batch-export" |p| p.batches().delete_export(&uuid(), &uuid());
    "duplicate-task-builder-batch" |p| p.batches().duplicate(&uuid(), BatchCopy::new());
    "duplicate-task-builder-batch" |p| p.batches().duplicate(&uuid(), BatchCopy::new().name("B").upload_new_dataset(true));
    "get-batch-export-status" |p| p.batches().export_status(&uuid(), &uuid());
    "get-batch-sync-status" |p| p.batches().sync_status(&uuid(), &uuid());
    "get-task-builder-batch" |p| p.batches().get(&uuid());
    "get-task-builder-batch-report" |p| p.batches().report(&uuid());
    "get-task-builder-batch-status" |p| p.batches().status(&uuid());
    "get-task-builder-batch-task-groups" |p| first(p.batches().task_groups(&uuid()));
    "get-task-builder-batch-task-responses" |p| first(p.batches().responses(&uuid()));
    "get-task-builder-batch-tasks" |p| first(p.batches().tasks(&uuid()));
    "get-task-builder-batches" |p| first(p.batches().list(&id()));
    "list-batch-export-jobs" |p| first(p.batches().exports(&uuid()));
    "request-batch-export" |p| p.batches().request_export(&uuid(), &ExportFilter::new());
    "request-batch-export" |p| p.batches().request_export(&uuid(), &export_filter());
    "setup-task-builder-batch" |p| p.batches().setup(&uuid(), BatchSetup::new());
    "setup-task-builder-batch" |p| p.batches().setup(&uuid(),
        BatchSetup::new().dataset_id(uuid::<prolific_api_ext::DatasetId>()).tasks_per_group(3_u64));
    "sync-task-builder-batch" |p| p.batches().sync(&uuid());
    "update-task-builder-batch" |p| p.batches().update(&uuid(), BatchChange::new().name("B").clear_layout());
    "update-task-builder-batch" |p| p.batches().update(&uuid(), BatchChange::new()
        .task_details(details()).dataset_id(uuid::<prolific_api_ext::DatasetId>()).layout(layout()).auto_sync(false));

    "create-bonus-payments" |p| p.bonuses().create(&id(), bonuses());
    "pay-bonus-payments" |p| p.bonuses().pay(&id());

    "create-broadcast" |p| p.broadcasts().create(&NewBroadcast::new(id(), "Birds", "Hi"));
    "create-broadcast" |p| p.broadcasts().create(&NewBroadcast::new(id(), "Birds", "Hi").topic("feedback").workspace_id(id()));
    "get-broadcast" |p| p.broadcasts().get(&uuid(), None);
    "get-broadcast" |p| p.broadcasts().get(&uuid(), Some(&id()));
    "get-broadcasts" |p| first(p.broadcasts().list());
    "get-broadcasts" |p| first(p.broadcasts().list().workspace_id(&id()).study_id(&id()));

    "get-campaigns" |p| first(p.campaigns().list(&id()));

    "create-collection" |p| p.collections().create(new_collection());
    "delete-collection-export" |p| p.collections().delete_export(&uuid(), &uuid());
    "get-collection" |p| p.collections().get(&uuid());
    "get-collection-export-status" |p| p.collections().export_status(&uuid(), &uuid());
    "get-collection-responses" |p| first(p.collections().responses(&uuid()));
    "list-collection-export-jobs" |p| first(p.collections().exports(&uuid()));
    "list-collections" |p| first(p.collections().list(&id()));
    "request-collection-export" |p| p.collections().request_export(&uuid(), &ExportFilter::new());
    "request-collection-export" |p| p.collections().request_export(&uuid(), &export_filter());
    "update-collection" |p| p.collections().update(&uuid(), content());

    "create-conversation" |p| p.conversations().create(NewConversation::new(id::<ParticipantId>(), "Birds", "feedback"));
    "create-conversation" |p| p.conversations().create(NewConversation::new(id::<ParticipantId>(), "Birds", "feedback")
        .study_id(id::<StudyId>()).workspace_id(id::<WorkspaceId>()).body("Hi"));
    "get-conversation-messages" |p| first(p.conversations().messages(&id()).workspace_id(&id()));
    "get-conversations" |p| first(p.conversations().list());
    "get-conversations" |p| first(p.conversations().list().workspace_id(&id()).study_id(&id()).broadcast(&uuid()));

    "create-credential-pool" |p| p.credentials().create(&id(), credentials());
    "list-credential-pools" |p| first(p.credentials().list(&id()));
    "update-credential-pool" |p| p.credentials().add(&id(), credentials());

    "append-dataset-datapoints" |p| p.datasets().append(&uuid(), [serde_json::json!({ "text": "duck" }), serde_json::json!({ "text": "gull" })]).allow_partial();
    "create-task-builder-dataset" |p| p.datasets().create(NewDataset::new("Birds", id::<WorkspaceId>()));
    "create-task-builder-dataset" |p| p.datasets().create(NewDataset::new("Birds", id::<WorkspaceId>()).schema(schema()));
    "get-dataset-import-status" |p| p.datasets().import_status(&uuid(), &uuid());
    "get-dataset-upload-url" |p| p.datasets().upload(&uuid(), file());
    "get-schema-migration-status" |p| p.datasets().migration_status(&uuid(), &uuid());
    "get-task-builder-dataset" |p| p.datasets().get(&uuid());
    "get-task-builder-dataset-status" |p| p.datasets().status(&uuid());
    "update-task-builder-dataset" |p| p.datasets().set_schema(&uuid(), schema());

    "clone-filter-set" |p| p.filter_sets().duplicate(&id(), None);
    "clone-filter-set" |p| p.filter_sets().duplicate(&id(), Some("Old"));
    "create-filter-set" |p| p.filter_sets().create(NewFilterSet::new("Adults", adults()));
    "create-filter-set" |p| p.filter_sets().create(NewFilterSet::new("Adults", adults())
        .workspace_id(id::<WorkspaceId>()).organisation_id(id::<prolific_api_ext::OrganisationId>()));
    "delete-filter-set" |p| p.filter_sets().delete(&id());
    "get-filter-set" |p| p.filter_sets().get(&id(), None);
    "get-filter-set" |p| p.filter_sets().get(&id(), 3);
    "get-filter-sets" |p| first(p.filter_sets().list(&id()));
    "lock-filter-set" |p| p.filter_sets().lock(&id());
    "unlock-filter-set" |p| p.filter_sets().unlock(&id());
    "update-filter-set" |p| p.filter_sets().update(&id(), FilterSetChange::new().name("A").filters(adults()));

    "get-eligible-count" |p| p.filters().eligible_count(EligibilityQuery::new(adults()));
    "get-eligible-count" |p| p.filters().eligible_count(EligibilityQuery::new(adults())
        .workspace_id(id::<WorkspaceId>()).organisation_id(id::<prolific_api_ext::OrganisationId>()).study_type(SampleType::Single));
    "get-filter-breakdown" |p| p.filters().breakdown(
        BreakdownQuery::new(adults(), filters::select("sex", ["0"])).workspace_id(id::<WorkspaceId>()));
    "get-filter-choices" |p| first(p.filters().choices("a", &id())?);
    "get-filter-rule-tree" |p| p.filters().rule_tree(&id());
    "get-filters" |p| first(p.filters().list(&id()));
    "get-filters" |p| first(p.filters().tagged(&id(), "default-group-1"));
    "search-filter-choices" |p| first(p.filters().search_choices("a", "b", &id())?);
    "search-filters" |p| first(p.filters().search("age", &id())?);

    "confirm-subscription" |p| p.hooks().confirm(&id(), &Confirmation::from("hush"));
    "create-secret" |p| p.hooks().create_secret(&id());
    "create-subscription" |p| p.hooks().create(subscription());
    "delete-subscription" |p| p.hooks().delete(&id());
    "get-event-types" |p| first(p.hooks().event_types());
    "get-events" |p| first(p.hooks().events(&id()));
    "get-events" |p| first(p.hooks().events(&id()).status("FAILED").resource("r"));
    "get-secrets" |p| first(p.hooks().secrets(&id()));
    "get-subscription" |p| p.hooks().get(&id());
    "get-subscriptions" |p| first(p.hooks().subscriptions(&id()).enabled(true));
    "update-subscription" |p| p.hooks().update(&id(), SubscriptionChange::new()
        .event_type(EventType::SubmissionStatusChange).target_url("https://example.com").is_enabled(false));

    "create-task-builder-instructions" |p| p.instructions().create(&uuid(), questions().into_iter().take(3));
    "get-task-builder-instructions" |p| first(p.instructions().list(&uuid()));
    "update-task-builder-instructions" |p| p.instructions().update(&uuid(), questions().into_iter().take(3));

    "create-invitation" |p| p.invitations().create(&id(), ["a@example.com"], WorkspaceRole::Admin).allow_partial();

    "bulk-message-participants" |p| p.messages().send_to_many([&id()], &id(), "Hi");
    "get-messages" |p| first(p.messages().list(MessageQuery::new()
        .user_id(id::<ParticipantId>()).since(TIME).excluded_sender_ids([id(), id()]))?);
    "get-unread-messages" |p| first(p.messages().unread());
    "send-message" |p| p.messages().send(message());
    "send-message" |p| p.messages().send(message().conversation_id(id::<prolific_api_ext::ConversationId>()));
    "send-message-to-participant-group" |p| p.messages().send_to_group(&id(), None, "Hi");
    "send-message-to-participant-group" |p| p.messages().send_to_group(&id(), Some(&id()), "Hi");

    "add-to-participant-group" |p| p.participant_groups().add(&id(), [&id()]).allow_partial();
    "create-participant-group" |p| p.participant_groups().create(NewParticipantGroup::new("Birds")
        .workspace_id(id::<WorkspaceId>()).description("All.").participant_ids([id()]));
    "create-participant-group" |p| p.participant_groups().create(NewParticipantGroup::new("Birds")
        .organisation_id(id::<prolific_api_ext::OrganisationId>()));
    "delete-participant-group" |p| p.participant_groups().delete(&id());
    "get-participant-group" |p| p.participant_groups().get(&id());
    "get-participant-group-participants" |p| first(p.participant_groups().participants(&id()));
    "get-participant-groups" |p| first(p.participant_groups().list(&id()));
    "get-participant-groups" |p| first(p.participant_groups().list(&id()).active(true).search("b"));
    "remove-from-participant-group" |p| p.participant_groups().remove(&id(), [&id()]).allow_partial();
    "update-participant-group" |p| p.participant_groups().update(&id(), ParticipantGroupChange::new().name("B").description("b"));

    "create-project" |p| p.projects().create(&id(), NewProject::new("Birds"));
    "create-project" |p| p.projects().create(&id(), project());
    "delete-project-study" |p| p.projects().delete_study(&id(), &id());
    "get-project" |p| p.projects().get(&id());
    "get-project-studies" |p| first(p.projects().studies(&id()).newest_first().published(true).active(true).completed(false));
    "get-projects" |p| first(p.projects().list(&id()));
    "update-project" |p| p.projects().update(&id(), ProjectChange::new().title("B").description("b")
        .owner(id::<prolific_api_ext::ResearcherId>()).position(2_u64).hidden(false).project_type(ProjectType::Private));

    "calculate-study-cost" |p| p.studies().calculate_cost(Minor::from(150), 20);
    "count-study-submissions-by-status" |p| p.studies().submission_counts(&id());
    "create-study" |p| p.studies().create(least_study());
    "create-study" |p| p.studies().create(study());
    "create-study" |p| p.studies().create(of_urls());
    "create-study" |p| p.studies().create(of_batch());
    "create-test-study" |p| p.studies().create_test_study(&id());
    "delete-study" |p| p.studies().delete(&id());
    "download-study-credential-report" |p| p.studies().credentials_report(&id());
    "duplicate-study" |p| p.studies().duplicate(&id(), None);
    "duplicate-study" |p| p.studies().duplicate(&id(), true);
    "export-study" |p| p.studies().export(&id());
    "get-studies" |p| first(p.studies().list());
    "get-studies" |p| first(p.studies().list().state([StudyStatus::Active]).search("b").workspace_id(&id()));
    "get-study" |p| p.studies().get(&id());
    "get-study-access-details-progress" |p| p.studies().access_details_progress(&id());
    "get-study-cost" |p| p.studies().cost(&id());
    "get-study-cost" |p| p.studies().projected_cost(&id());
    "get-study-feedback-ratings" |p| p.studies().feedback_ratings(&id());
    "get-study-jwks" |p| p.studies().signing_keys();
    "get-study-submissions" |p| first(p.studies().submissions(&id()).order_by_descending(StudySubmissionKey::TimeTaken));
    "list-study-feedback-responses" |p| first(p.studies().feedback(&id()));
    "publish-study" |p| p.studies().publish(&id());
    "publish-study" |p| p.studies().schedule(&id(), prolific_api_ext::Timestamp::new(TIME));
    "publish-study" |p| p.studies().cancel_schedule(&id());
    "publish-study" |p| p.studies().pause(&id());
    "publish-study" |p| p.studies().start(&id());
    "publish-study" |p| p.studies().stop(&id());
    "publish-study" |p| p.studies().transition(&id(), StudyAction::Publish);
    "update-study" |p| p.studies().update(&id(), change());

    "bulk-approve-submissions" |p| p.submissions().bulk_approve([&id()]);
    "bulk-approve-submissions" |p| p.submissions().bulk_approve_participants(&id(), [&id()]);
    "get-submission" |p| p.submissions().get(&id());
    "get-submission-feedback-upload-url" |p| p.submissions().upload_feedback(&id(), file());
    "get-submissions" |p| first(p.submissions().list(&id()).status(SubmissionStatus::AwaitingReview).order_by(SubmissionKey::Reward));
    "request-submission-return" |p| p.submissions().request_return(&id(), ["Withdrew."]);
    "transition-submission" |p| p.submissions().approve(&id());
    "transition-submission" |p| p.submissions().reject(&id(), RejectionCategory::NoData,
        "There is no data at all of this submission: nothing has been written, said or uploaded by you so far, sadly.");
    "transition-submission" |p| p.submissions().transition(&id(), transition());

    "create-response" |p| p.surveys().create_response(&uuid(),
        NewSurveyResponse::new(id::<ParticipantId>(), id::<prolific_api_ext::SubmissionId>()));
    "create-survey" |p| p.surveys().create(survey());
    "delete-response" |p| p.surveys().delete_response(&uuid(), &uuid());
    "delete-responses" |p| p.surveys().delete_all_responses(&uuid());
    "delete-survey" |p| p.surveys().delete(&uuid());
    "get-response" |p| p.surveys().response(&uuid(), &uuid());
    "get-responses" |p| first(p.surveys().responses(&uuid()));
    "get-summary" |p| p.surveys().summary(&uuid());
    "get-survey" |p| p.surveys().get(&uuid());
    "get-surveys" |p| first(p.surveys().list(&id()));

    "create-test-participant-for-researcher" |p| p.users().create_test_participant("a@example.com");
    "get-user" |p| p.users().me();

    "create-workspace" |p| p.workspaces().create(NewWorkspace::new("Birds"));
    "create-workspace" |p| p.workspaces().create(NewWorkspace::new("Birds").currency(Currency::Usd).naivety_distribution_rate(0.5));
    "get-workspace" |p| p.workspaces().get(&id());
    "get-workspace-balance" |p| p.workspaces().balance(&id());
    "get-workspaces" |p| first(p.workspaces().list());
    "update-workspace" |p| p.workspaces().update(&id(), WorkspaceChange::new().title("B").description("b")
        .owner(id::<prolific_api_ext::ResearcherId>()).no_naivety_distribution_rate());
};
