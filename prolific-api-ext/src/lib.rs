#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// The guide links to what these features bring.
#![cfg_attr(
    not(all(feature = "payments", feature = "simulator", feature = "toml", feature = "webhooks")),
    allow(rustdoc::broken_intra_doc_links)
)]

pub mod audience;
pub mod batches;
pub mod bonuses;
pub mod broadcasts;
mod call;
pub mod campaigns;
mod client;
pub mod collections;
mod configuration;
pub mod conversations;
pub mod credentials;
pub mod datasets;
mod error;
pub mod exports;
pub mod filter_sets;
pub mod filters;
pub mod guide;
pub mod hooks;
mod id;
pub mod instructions;
pub mod invitations;
pub mod messages;
mod model;
pub mod money;
mod open_enum;
pub mod pages;
pub mod participant_groups;
pub mod poll;
pub mod projects;
pub mod questions;
mod raw_request;
mod raw_response;
mod request;
mod resource;
mod response_head;
mod secret_text;
#[cfg(feature = "simulator")]
pub mod simulator;
pub mod spending;
pub mod studies;
pub mod submissions;
pub mod surveys;
pub mod tables;
mod task;
pub mod transfer;
pub mod users;
pub mod webhooks;
mod whole;
pub mod workspaces;

pub use call::{
    Backoff, FailedAttempt, FailureKind, FullJitter, NoRetry, RetryBudget, RetryPolicy,
    StandardRetry, TokenBucket, Unlimited,
};
pub use client::Prolific;
pub use configuration::ProlificBuilder;
pub use datasets::DatasetStatus;
pub use error::{Error, ErrorBuilder, ErrorKind};
pub use id::{
    BatchId, BonusPaymentsId, BroadcastId, CampaignId, CollectionId, ConversationId,
    CredentialPoolId, DatapointId, DatasetId, EventId, ExportId, FilterSetId, ImportId,
    InstructionId, LayoutPartId, MessageId, MigrationId, OrganisationId, ParticipantGroupId,
    ParticipantId, ProjectId, ResearcherId, ResponseId, SecretId, StudyId, SubmissionId,
    SubscriptionId, SurveyAnswerId, SurveyId, SurveyQuestionId, SurveyResponseId, SurveySectionId,
    SyncId, TaskGroupId, TaskId, UserId, WorkspaceId,
};
pub use money::{Minor, Money};
pub use open_enum::UnknownValue;
pub use prolific_api as raw;
pub use prolific_api::{Integer, Number, RetrySafety, Timestamp};
pub use raw_request::RawRequest;
pub use raw_response::RawResponse;
pub use reqwest::{self, Method, StatusCode};
pub use response_head::ResponseHead;
pub use whole::Whole;

/// The result of an SDK call.
pub type Result<T, E = Error> = std::result::Result<T, E>;
