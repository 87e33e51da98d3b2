#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod audience;
pub mod batches;
pub mod bonuses;
pub mod broadcasts;
mod call;
pub mod campaigns;
mod client;
pub mod collections;
#[doc = include_str!("command_line.md")]
pub mod command_line {}
mod configuration;
pub mod conversations;
pub mod credentials;
pub mod datasets;
mod error;
pub mod exports;
pub mod filter_sets;
pub mod filters;
pub mod hooks;
mod id;
pub mod instructions;
pub mod invitations;
pub mod messages;
mod model;
pub mod money;
mod open_enum;
#[doc = include_str!("operations.md")]
pub mod operations {}
pub mod pages;
pub mod participant_groups;
#[doc = include_str!("paying_safely.md")]
#[cfg(feature = "payments")]
pub mod paying_safely {}
pub mod poll;
pub mod projects;
pub mod questions;
mod raw_request;
mod raw_response;
mod request;
mod resource;
mod response_head;
mod secret_text;
pub mod surveys;
#[doc = include_str!("retries.md")]
pub mod retries {}
#[cfg(feature = "simulator")]
pub mod simulator;
pub mod spending;
#[doc = include_str!("running.md")]
pub mod running {}
pub mod studies;
pub mod submissions;
mod task;
#[doc = include_str!("traces.md")]
pub mod traces {}
pub mod tables;
pub mod transfer;
pub mod users;
#[doc = include_str!("watching.md")]
pub mod watching {}
pub mod webhooks;
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

/// What a call gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;
