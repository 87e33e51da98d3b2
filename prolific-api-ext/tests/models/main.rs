//! Every model and every request can be made, compared, stored as JSON and read back.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod filler;

use std::{collections::BTreeSet, fs, path::Path};

use prolific_api_ext::{
    Minor, Money, StudyId, Timestamp, audience, batches, bonuses, broadcasts, campaigns,
    collections, conversations, credentials, datasets, exports, filter_sets, filters, hooks,
    instructions, invitations, messages, participant_groups, projects, questions, studies,
    submissions, surveys, users, workspaces,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::filler::filled;

/// A type that is stored.
struct Stored {
    path: &'static str,
    holds: fn(),
}

macro_rules! stored {
    ($( $model:path ),+ $(,)?) => {
        &[$( Stored { path: stringify!($model), holds: holds::<$model> }, )+]
    };
}

const STORED: &[Stored] = stored![
    audience::RewardRecommendation,
    batches::Batch,
    batches::BatchChange,
    batches::BatchCopy,
    batches::BatchDataset,
    batches::BatchSetup,
    batches::BatchSync,
    batches::NewBatch,
    batches::TaskResponse,
    batches::layout::LayoutColumn,
    batches::layout::LayoutPage,
    batches::layout::LayoutRow,
    bonuses::BonusPayments,
    broadcasts::Broadcast,
    campaigns::Campaign,
    collections::Collection,
    collections::CollectionContent,
    collections::CollectionPage,
    collections::CollectionResponse,
    collections::NewCollection,
    conversations::Conversation,
    conversations::NewConversation,
    credentials::CredentialPool,
    datasets::AppendReport,
    datasets::Dataset,
    datasets::Import,
    datasets::Migration,
    datasets::NewDataset,
    datasets::NulledField,
    datasets::RecordError,
    exports::Export,
    exports::ExportFilter,
    exports::ExportSummary,
    filter_sets::FilterSet,
    filter_sets::FilterSetChange,
    filter_sets::NewFilterSet,
    filters::Breakdown,
    filters::BreakdownQuery,
    filters::Choice,
    filters::ChoicePreview,
    filters::EligibilityQuery,
    filters::FilterDefinition,
    filters::FoundFilter,
    filters::Match,
    hooks::Delivery,
    hooks::EventKind,
    hooks::NewSubscription,
    hooks::Secret,
    hooks::Subscription,
    hooks::SubscriptionChange,
    instructions::Instruction,
    invitations::Invitation,
    invitations::Invited,
    invitations::Invitee,
    messages::Message,
    messages::MessageData,
    messages::MessageQuery,
    messages::NewMessage,
    participant_groups::FeederCode,
    participant_groups::FeederStudy,
    participant_groups::Membership,
    participant_groups::MembershipChange,
    participant_groups::NewParticipantGroup,
    participant_groups::ParticipantGroup,
    participant_groups::ParticipantGroupChange,
    projects::Longitudinal,
    projects::NewLongitudinal,
    projects::NewProject,
    projects::Project,
    projects::ProjectChange,
    projects::ProjectSummary,
    projects::PublicDetails,
    questions::Answer,
    questions::Answers,
    questions::ChoiceOption,
    questions::DatasetFieldItem,
    questions::Image,
    questions::Question,
    questions::RichText,
    questions::TextValidation,
    questions::UnitOption,
    studies::AccessDetailProgress,
    studies::AccessDetailsProgress,
    studies::Amount,
    studies::AverageRating,
    studies::BatchSettings,
    studies::CostBreakdown,
    studies::DataCollectionMetadata,
    studies::Institution,
    studies::Researcher,
    studies::SigningKey,
    studies::Study,
    studies::StudyCost,
    studies::StudyFeedback,
    studies::StudyFeedbackRatings,
    studies::StudySummary,
    studies::SubmissionCounts,
    studies::TestStudy,
    submissions::ReturnRequest,
    submissions::Submission,
    submissions::SubmissionSummary,
    submissions::Transition,
    surveys::AnswerSummary,
    surveys::NewSurvey,
    surveys::NewSurveyResponse,
    surveys::QuestionResponse,
    surveys::QuestionSummary,
    surveys::SectionResponse,
    surveys::Survey,
    surveys::SurveyAnswer,
    surveys::SurveyResponse,
    surveys::SurveySummary,
    users::TestParticipant,
    users::User,
    workspaces::Balance,
    workspaces::BalanceParts,
    workspaces::Member,
    workspaces::NewWorkspace,
    workspaces::ProjectRef,
    workspaces::Workspace,
    workspaces::WorkspaceChange,
    workspaces::WorkspaceSummary,
];

impl Stored {
    fn name(&self) -> String {
        self.path.rsplit(':').next().unwrap().trim().to_owned()
    }
}

/// What is stored comes back as it was, with something in each field, and so does what lacks all that
/// it can lack.
fn holds<T: Serialize + DeserializeOwned + PartialEq + Clone + std::fmt::Debug>() {
    let model: T = filled();
    let json = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), model, "{json}");
    let value = serde_json::to_value(&model).unwrap();
    assert_eq!(serde_json::from_value::<T>(value.clone()).unwrap(), model, "{json}");
    let Value::Object(fields) = value else { panic!("{json} is not an object") };
    assert!(fields.values().all(|value| !value.is_null()), "a field is not stored: {json}");
    for name in fields.keys() {
        let mut without = fields.clone();
        without.remove(name);
        // A key can't be left out; what can differs from the model that has it.
        if let Ok(lacking) = serde_json::from_value::<T>(Value::Object(without)) {
            assert_ne!(lacking, model, "without {name}");
            let json = serde_json::to_string(&lacking).unwrap();
            assert_eq!(serde_json::from_str::<T>(&json).unwrap(), lacking, "{json}");
        }
    }
}

#[test]
fn every_model_is_made_compared_stored_and_read_back() {
    for Stored { path, holds } in STORED {
        println!("{path}");
        holds();
    }
}

#[test]
fn the_table_has_every_model_and_every_request() {
    let mut declared = BTreeSet::new();
    look_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut declared);
    let listed = STORED.iter().map(Stored::name).collect::<BTreeSet<_>>();
    assert_eq!(declared.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// The structs of the macros, which are at the start of a line where they are used.
fn look_in(folder: &Path, declared: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look_in(&path, declared);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let parts = text.split("\nmodel! {\n").skip(1);
            let parts = parts.chain(text.split("\nrequest! {\n").skip(1));
            declared.extend(parts.map(|part| {
                let after = part.split("pub struct ").nth(1).unwrap();
                after.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()
            }));
        }
    }
}

#[test]
fn what_is_no_model_of_the_macros_is_stored_too() {
    let schema = datasets::DatasetSchema::new().text("b").image_url("a").strict(true);
    let json = serde_json::to_string(&schema).unwrap();
    assert_eq!(serde_json::from_str::<datasets::DatasetSchema>(&json).unwrap(), schema);
    let layout = batches::Layout::from_iter([batches::layout::page([])]);
    let json = serde_json::to_string(&layout).unwrap();
    assert_eq!(serde_json::from_str::<batches::Layout>(&json).unwrap(), layout);
    for amount in ["0.1", "150", "-3"] {
        let amount: Minor = amount.parse().unwrap();
        let json = serde_json::to_string(&amount).unwrap();
        assert_eq!(serde_json::from_str::<Minor>(&json).unwrap(), amount);
    }
    let money: Money = filled();
    let json = serde_json::to_string(&money).unwrap();
    assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
}

#[test]
fn a_stored_link_comes_back_and_never_shows() {
    let export: exports::Export = serde_json::from_str(
        r#"{ "status": "complete", "id": "e1", "link": { "url": "https://a.example/x?signature=hush" } }"#,
    )
    .unwrap();
    let json = serde_json::to_string(&export).unwrap();
    assert_eq!(serde_json::from_str::<exports::Export>(&json).unwrap(), export);
    assert!(json.contains("hush") && !format!("{export:?}").contains("hush"), "{export:?}");
}

#[test]
fn times_are_ordered_and_converted() {
    let at = |text: &str| Timestamp::new(text);
    let mut times =
        [at("2026-04-18T11:25:02Z"), at("2026-04-18T13:25:01+02:00"), at("2025-01-01T00:00:00Z")];
    times.sort();
    assert_eq!(times.map(|time| time.to_string())[0], "2025-01-01T00:00:00Z");
    let mut study = studies::Study::new(StudyId::try_from("s").unwrap());
    study.created_at = Some(at("2026-04-18T11:25:02Z"));
    assert!(study.created_at < Some(std::time::SystemTime::now().into()));
}

#[test]
#[should_panic(expected = "left == right")]
fn a_model_that_loses_a_field_is_found() {
    #[derive(Clone, Debug, PartialEq, serde::Deserialize, Serialize)]
    struct Lossy {
        #[serde(default, skip_serializing)]
        lost: u64,
    }
    holds::<Lossy>();
}
