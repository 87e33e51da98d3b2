//! How a study is set up.

use prolific_api::{Integer, types};
use serde::{Deserialize, Serialize};

use crate::{Error, model::Read, open_enum::open_enum};

open_enum! {
    /// How the study gets the participant's id.
    pub enum ProlificIdOption from types::ProlificIdOption {
        /// The participant is asked for it.
        Question = "question",
        /// In the parameters of the URL.
        UrlParameters = "url_parameters",
        /// Not at all.
        NotRequired = "not_required",
    }
}

open_enum! {
    /// The devices that a study can be taken with.
    pub enum Device from types::Device {
        /// A computer.
        Desktop = "desktop",
        /// A tablet.
        Tablet = "tablet",
        /// A phone.
        Mobile = "mobile",
    }
}

open_enum! {
    /// What participants need for a study.
    pub enum Peripheral from types::Peripheral {
        /// Audio output.
        Audio = "audio",
        /// A camera.
        Camera = "camera",
        /// Permission to download software.
        Download = "download",
        /// A microphone.
        Microphone = "microphone",
    }
}

open_enum! {
    /// What participants do in a study.
    pub enum StudyLabel from types::StudyLabel {
        /// Answers to a survey.
        Survey = "survey",
        /// Writing.
        WritingTask = "writing_task",
        /// Annotation.
        Annotation = "annotation",
        /// Decisions.
        DecisionMakingTask = "decision_making_task",
        /// An interview.
        Interview = "interview",
        /// Something else.
        Other = "other",
        /// Annotation for AI.
        AiAnnotation = "ai_annotation",
        /// Evaluation of AI.
        AiEvaluation = "ai_evaluation",
        /// Reasoning for AI.
        AiReasoning = "ai_reasoning",
        /// Fact checking for AI.
        AiFactChecking = "ai_fact_checking",
        /// Safety of AI.
        AiSafety = "ai_safety",
        /// Making text for AI.
        AiDataCreationText = "ai_data_creation_text",
        /// Making audio for AI.
        AiDataCreationAudio = "ai_data_creation_audio",
        /// Making video for AI.
        AiDataCreationVideo = "ai_data_creation_video",
        /// Making images for AI.
        AiDataCreationImages = "ai_data_creation_images",
        /// Something else for AI.
        AiOther = "ai_other",
    }
}

open_enum! {
    /// A topic that participants are warned about.
    pub enum ContentWarning from types::ContentWarning {
        /// Sensitive content.
        Sensitive = "sensitive",
        /// Explicit content.
        Explicit = "explicit",
    }
}

open_enum! {
    /// What participants of a Task Builder study work on.
    pub enum DataCollectionMethod from types::DataCollectionMethod {
        /// The tasks of a batch.
        Batch = "AI_TASK_BUILDER_BATCH",
        /// A collection.
        Collection = "AI_TASK_BUILDER_COLLECTION",
    }
}

open_enum! {
    /// A reason to reject submissions without a review.
    pub enum AutoRejectionCategory from types::AutoRejectionCategory {
        /// Done exceptionally fast.
        ExceptionallyFast = "EXCEPTIONALLY_FAST",
    }
}

open_enum! {
    /// How the participants of a study are sampled.
    pub enum StudyType from types::StudyType {
        /// One sample.
        Single = "SINGLE",
        /// By quotas: filters with weights.
        Quota = "QUOTA",
        /// Representative of the United Kingdom.
        UkRepresentative = "UK_REP_SAMPLE",
        /// Representative of the United States.
        UsRepresentative = "US_REP_SAMPLE",
    }
}

/// How many submissions a study takes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SubmissionsConfig {
    /// The maximum number of submissions per participant. Default: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_submissions_per_participant: Option<SubmissionLimit>,
    /// The maximum number of concurrent submissions. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrent_submissions: Option<SubmissionLimit>,
    /// The reasons to reject submissions without a review.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub auto_rejection_categories: Vec<AutoRejectionCategory>,
}

impl SubmissionsConfig {
    /// Sets the maximum number of submissions per participant.
    #[must_use]
    pub fn max_submissions_per_participant(mut self, count: u64) -> Self {
        self.max_submissions_per_participant = Some(SubmissionLimit::AtMost(count));
        self
    }

    /// Removes the limit on submissions per participant.
    #[must_use]
    pub fn any_submissions_per_participant(mut self) -> Self {
        self.max_submissions_per_participant = Some(SubmissionLimit::Unlimited);
        self
    }

    /// Sets the maximum number of concurrent submissions.
    #[must_use]
    pub fn max_concurrent_submissions(mut self, count: u64) -> Self {
        self.max_concurrent_submissions = Some(SubmissionLimit::AtMost(count));
        self
    }

    /// Removes the limit on concurrent submissions.
    #[must_use]
    pub fn any_concurrent_submissions(mut self) -> Self {
        self.max_concurrent_submissions = Some(SubmissionLimit::Unlimited);
        self
    }

    /// Adds a reason to reject submissions without a review. Not available to every account.
    #[must_use]
    pub fn auto_rejection(mut self, category: AutoRejectionCategory) -> Self {
        self.auto_rejection_categories.push(category);
        self
    }
}

/// A limit on a number of submissions. No limit is sent as -1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(try_from = "i64", into = "i64")]
pub enum SubmissionLimit {
    /// A maximum.
    AtMost(u64),
    /// No limit.
    Unlimited,
}

impl TryFrom<i64> for SubmissionLimit {
    type Error = Error;

    fn try_from(count: i64) -> crate::Result<Self> {
        match u64::try_from(count) {
            Ok(count) => Ok(Self::AtMost(count)),
            Err(_) if count == -1 => Ok(Self::Unlimited),
            Err(_) => Err(Error::invalid_input(format!(
                "{count} is neither a non-negative integer nor -1"
            ))),
        }
    }
}

impl From<SubmissionLimit> for i64 {
    fn from(limit: SubmissionLimit) -> Self {
        match limit {
            SubmissionLimit::AtMost(count) => Self::try_from(count).unwrap_or(Self::MAX),
            SubmissionLimit::Unlimited => -1,
        }
    }
}

impl Read<Integer> for SubmissionLimit {
    fn read(raw: Integer, _: &'static str) -> crate::Result<Self> {
        raw.get().try_into()
    }
}

impl Read<types::SubmissionsConfigAnswer> for SubmissionsConfig {
    fn read(raw: types::SubmissionsConfigAnswer, at: &'static str) -> crate::Result<Self> {
        Ok(Self {
            max_submissions_per_participant: Read::read(raw.max_submissions_per_participant, at)?,
            max_concurrent_submissions: Read::read(raw.max_concurrent_submissions, at)?,
            auto_rejection_categories: Read::read(raw.auto_rejection_categories, at)?,
        })
    }
}

/// A URL of a study with its own places (Taskflow).
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct AccessDetail {
    /// The URL of the task.
    pub external_url: String,
    /// The number of places.
    pub total_allocation: u64,
}

impl AccessDetail {
    /// Creates a URL with a number of places.
    pub fn new(external_url: impl Into<String>, total_allocation: u64) -> Self {
        Self { external_url: external_url.into(), total_allocation }
    }
}

impl Read<types::AccessDetailAnswer> for AccessDetail {
    fn read(raw: types::AccessDetailAnswer, at: &'static str) -> crate::Result<Self> {
        let allocation: Option<u64> = Read::read(raw.total_allocation, at)?;
        Ok(Self::new(raw.external_url.unwrap_or_default(), allocation.unwrap_or_default()))
    }
}
