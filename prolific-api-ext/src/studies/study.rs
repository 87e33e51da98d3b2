use std::collections::BTreeMap;

use prolific_api::types;
use serde_json::{Map, Value};

use super::{
    AccessDetail, CompletionCode, ContentWarning, DataCollectionMethod, Device, Peripheral,
    ProlificIdOption, StudyLabel, StudyStatus, StudyType, SubmissionsConfig, limits::hourly,
};
use crate::{
    CredentialPoolId, FilterSetId, Minor, ProjectId, ResearcherId, StudyId, Timestamp,
    filters::Filter, model::model, money::Currency,
};

model! {
    /// A study with all its fields, as [`get`](super::Studies::get) and every change return it.
    /// Lists return the shorter [`StudySummary`]. Fields that the server left out are `None` or
    /// empty; to change a study, send a [`StudyChange`](super::StudyChange).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{StudyId, studies::{Study, StudyStatus}};
    ///
    /// # fn run() -> prolific_api_ext::Result<()> {
    /// let mut study = Study::new(StudyId::new("65f1c2e8")?);
    /// study.status = Some(StudyStatus::Active);
    /// # Ok(())
    /// # }
    /// # run().unwrap();
    /// ```
    pub struct Study from types::Study {
        /// The id.
        key id: StudyId,
        /// The status.
        pub status: Option<StudyStatus>,
        /// The title that participants see.
        pub name: Option<String>,
        /// The internal title, hidden from participants.
        pub internal_name: Option<String>,
        /// The description for participants.
        pub description: Option<String>,
        /// The project that it belongs to.
        pub project_id: Option<ProjectId> = project,
        /// The researcher who owns it. *(known from the official CLI only)*
        pub researcher: Option<Researcher>,
        /// How participants are sampled. *(known from the official CLI only)*
        pub study_type: Option<StudyType>,

        /// The number of places.
        pub total_available_places: Option<u64>,
        /// The number of places taken. *(known from the official CLI only)*
        pub places_taken: Option<u64>,
        /// The pay for an approved submission, in pence or cents.
        pub reward: Option<Minor>,
        /// The cost with fees, in pence or cents. *(known from the official CLI only)*
        pub total_cost: Option<Minor>,
        /// The currency. *(known from the official CLI only)*
        pub currency: Option<Currency> = currency_code,
        /// The currency that amounts are shown in. *(known from the official CLI only)*
        pub presentment_currency: Option<Currency> = presentment_currency_code,
        /// The actual hourly pay, in pence or cents. *(known from the official CLI only)*
        pub average_reward_per_hour: Option<Minor>,
        /// The planned hourly pay, in pence or cents. *(known from the official CLI only)*
        pub estimated_reward_per_hour: Option<Minor>,
        /// Whether the pay is too low, in the server's words. *(known from the official CLI only)*
        pub is_underpaying: Option<Value>,
        /// The points of the study. *(known from the official CLI only)*
        pub award_points: Option<i64>,

        /// The URL of the task.
        pub external_study_url: Option<String>,
        /// Whether the parameters of that URL are signed.
        pub is_external_study_url_secure: Option<bool>,
        /// The URLs with their places, if the study has several (Taskflow).
        pub access_details: Vec<AccessDetail>,
        /// The id of the Taskflow collection. *(known from the official CLI only)*
        pub access_details_collection_id: Option<String>,
        /// The kind of Task Builder object that participants work on.
        pub data_collection_method: Option<DataCollectionMethod>,
        /// The id of the batch or collection.
        pub data_collection_id: Option<String>,
        /// How a batch is given out.
        pub data_collection_metadata: Option<DataCollectionMetadata>,
        /// How the study learns the id of a participant.
        pub prolific_id_option: Option<ProlificIdOption>,
        /// The completion codes.
        pub completion_codes: Vec<CompletionCode>,
        /// The only completion code of an older study. *(known from the official CLI only)*
        pub completion_code: Option<String>,
        /// How submissions of an older study end. *(known from the official CLI only)*
        pub completion_option: Option<CompletionOption>,
        /// The URL for participants who have finished. *(known from the official CLI only)*
        pub completion_url: Option<String>,

        /// How long a submission is expected to take, in minutes.
        pub estimated_completion_time: Option<u64>,
        /// How long a submission may take, in minutes.
        pub maximum_allowed_time: Option<u64>,
        /// The devices that can be used; any, if empty.
        pub device_compatibility: Vec<Device>,
        /// What a participant needs.
        pub peripheral_requirements: Vec<Peripheral>,
        /// Who can take part; everyone, if empty.
        pub filters: Vec<Filter>,
        /// The filter set that selects participants.
        pub filter_set_id: Option<FilterSetId>,
        /// The version of the filter set.
        pub filter_set_version: Option<u64>,
        /// The conditions of an older study, which filters replaced. *(known from the official CLI
        /// only)*
        pub eligibility_requirements: Vec<Map<String, Value>>,
        /// Limits on submissions.
        pub submissions_config: Option<SubmissionsConfig>,
        /// What participants do in the study.
        pub study_labels: Vec<StudyLabel>,
        /// The topics that participants are warned about.
        pub content_warnings: Vec<ContentWarning>,
        /// The text of the warning.
        pub content_warning_details: Option<String>,
        /// A free text for the researcher's own programs.
        pub metadata: Option<String>,
        /// The credential pool for participants.
        pub credential_pool_id: Option<CredentialPoolId>,
        /// Whether participants get credentials.
        pub has_credentials: Option<bool>,
        /// The balance between speed and participants who are new to studies, from 0 (speed) to 1.
        /// Deprecated.
        pub naivety_distribution_rate: Option<f64>,
        /// Whether participants are screened in the study. *(known from the documentation of
        /// January 2025 only)*
        pub is_custom_screening: Option<bool>,

        /// Whether all fields required for publishing are set; the balance is not checked.
        pub is_ready_to_publish: Option<bool>,
        /// Whether submissions can be reviewed automatically. *(known from the official CLI only)*
        pub can_auto_review: Option<bool>,
        /// Whether it is a pilot. *(known from the official CLI only)*
        pub is_pilot: Option<bool>,
        /// When it was created. *(known from the official CLI only)*
        pub created_at: Option<Timestamp> = date_created,
        /// When it will be published. *(known from the official CLI only)*
        pub publish_at: Option<Timestamp>,
        /// When publishing started. *(known from the official CLI only)*
        pub started_publishing_at: Option<Timestamp>,
        /// When it was published. *(known from the official CLI only)*
        pub published_at: Option<Timestamp>,
    }
}

crate::open_enum::open_enum! {
    /// How submissions of an older study end.
    pub enum CompletionOption from types::CompletionOption {
        /// By a URL.
        Url = "url",
        /// By a code.
        Code = "code",
    }
}

model! {
    /// How a batch is given out.
    pub struct DataCollectionMetadata from types::DataCollectionMetadataAnswer {
        /// The number of participants for each task.
        pub annotators_per_task: Option<u64>,
    }
}

model! {
    /// The researcher who owns a study.
    pub struct Researcher from types::Researcher {
        /// The id.
        pub id: Option<ResearcherId>,
        /// The name.
        pub name: Option<String>,
        /// The address.
        pub email: Option<String>,
        /// The country.
        pub country: Option<String>,
        /// The researcher's institution.
        pub institution: Option<Institution>,
    }
}

model! {
    /// A researcher's institution.
    pub struct Institution from types::Institution {
        /// The name.
        pub name: Option<String>,
        /// The URL of its logo.
        pub logo: Option<String>,
        /// The URL of its website.
        pub link: Option<String>,
    }
}

model! {
    /// A study as a row of a list.
    pub struct StudySummary from types::StudySummary {
        /// The id.
        key id: StudyId,
        /// The status.
        pub status: Option<StudyStatus>,
        /// The title that participants see.
        pub name: Option<String>,
        /// The internal title, hidden from participants.
        pub internal_name: Option<String>,
        /// How participants are sampled.
        pub study_type: Option<StudyType>,
        /// The number of places.
        pub total_available_places: Option<u64>,
        /// The number of places taken, without submissions that timed out or were returned.
        pub places_taken: Option<u64>,
        /// The number of submissions.
        pub number_of_submissions: Option<u64>,
        /// The pay for an approved submission, in pence or cents.
        pub reward: Option<Minor>,
        /// The cost with fees, in pence or cents.
        pub total_cost: Option<Minor>,
        /// The currency. *(known from the official CLI only)*
        pub currency: Option<Currency> = currency_code,
        /// The currency that amounts are shown in. *(known from the official CLI only)*
        pub presentment_currency: Option<Currency> = presentment_currency_code,
        /// Whether the pay is too low, in the server's words. *(known from the official CLI only)*
        pub is_underpaying: Option<Value>,
        /// How long a submission is expected to take, in minutes.
        pub estimated_completion_time: Option<u64>,
        /// The credential pool for participants.
        pub credential_pool_id: Option<CredentialPoolId>,
        /// Whether all fields required for publishing are set; the balance is not checked.
        pub is_ready_to_publish: Option<bool>,
        /// When it was made.
        pub created_at: Option<Timestamp> = date_created,
        /// When it will be published.
        pub publish_at: Option<Timestamp>,
        /// When it was published.
        pub published_at: Option<Timestamp>,
    }
}

model! {
    /// How many places of each URL of a study are taken (Taskflow).
    pub struct AccessDetailsProgress from types::AccessDetailsProgress {
        /// The study.
        pub study_id: Option<StudyId> = id,
        /// The URLs.
        pub progress: Vec<AccessDetailProgress>,
    }
}

model! {
    /// How many places of a URL are taken.
    pub struct AccessDetailProgress from types::AccessDetailProgress {
        /// Where the task is.
        pub external_url: Option<String>,
        /// The number of places.
        pub total_allocation: Option<u64>,
        /// The number of places taken. Can exceed the number of places.
        pub allocated: Option<u64>,
        /// The number of places added because participants were screened out.
        pub capacity_increments: Option<u64>,
    }
}

model! {
    /// A copy of a study for trying it out.
    pub struct TestStudy from types::TestStudy {
        /// The id.
        pub study_id: Option<StudyId>,
        /// The URL for a [test participant](crate::users::Users::create_test_participant).
        pub study_url: Option<String>,
    }
}

model! {
    /// A participant's feedback on a study. This is personal data.
    pub struct StudyFeedback from types::StudyFeedback {
        /// The participant.
        pub participant_id: Option<crate::ParticipantId>,
        /// What it is on.
        pub category: Option<String>,
        /// The words.
        pub text: Option<String>,
        /// The ratings.
        pub ratings: Option<StudyFeedbackRatings>,
    }
}

model! {
    /// A participant's ratings of a study.
    pub struct StudyFeedbackRatings from types::StudyFeedbackRatings {
        /// How clear it was.
        pub clarity: Option<f64> = clarity_rating,
        /// How difficult it was.
        pub difficulty: Option<f64> = difficulty_rating,
        /// How fair it was.
        pub fairness: Option<f64> = fairness_rating,
    }
}

model! {
    /// All ratings of one aspect of a study.
    pub struct AverageRating from types::StudyFeedbackRating {
        /// The average.
        pub average: Option<f64> = average_rating,
        /// The number of ratings.
        pub count: Option<u64> = total_count,
    }
}

impl Study {
    /// Returns the hourly pay at the expected completion time, in pence or cents.
    pub fn hourly_pay(&self) -> Option<Minor> {
        hourly(self.reward?, self.estimated_completion_time?)
    }
}

impl StudySummary {
    /// Returns the hourly pay at the expected completion time, in pence or cents.
    pub fn hourly_pay(&self) -> Option<Minor> {
        hourly(self.reward?, self.estimated_completion_time?)
    }
}

/// The participants' ratings of a study, by aspect.
pub type FeedbackRatings = BTreeMap<String, AverageRating>;
