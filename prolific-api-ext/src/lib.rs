#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod audience;
pub mod batches;
pub mod bonuses;
mod call;
mod client;
pub mod collections;
mod configuration;
pub mod credentials;
pub mod datasets;
mod error;
pub mod exports;
pub mod filter_sets;
pub mod filters;
pub mod hooks;
mod id;
pub mod instructions;
pub mod messages;
pub mod money;
mod open_enum;
#[doc = include_str!("operations.md")]
pub mod operations {}
pub mod pages;
pub mod participant_groups;
pub mod poll;
pub mod projects;
mod resource;
pub mod surveys;
#[doc = include_str!("retries.md")]
pub mod retries {}
#[cfg(feature = "simulator")]
pub mod simulator;
pub mod studies;
pub mod submissions;
#[doc = include_str!("traces.md")]
pub mod traces {}
pub mod transfer;
pub mod users;
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
    BatchId, BonusPaymentsId, BroadcastId, CollectionId, ConversationId, DatasetId, ExportId,
    ImportId, MigrationId, ParticipantGroupId, ParticipantId, ProjectId, ResearcherId, StudyId,
    SubmissionId, SubscriptionId, SurveyId, SyncId, WorkspaceId,
};
pub use money::{Minor, Money};
pub use open_enum::UnknownValue;
pub use prolific_api as raw;
pub use prolific_api::{Integer, Number, RetrySafety, Timestamp};
pub use reqwest::{self, StatusCode};

/// What a call gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;
