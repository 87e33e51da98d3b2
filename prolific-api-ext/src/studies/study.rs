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
    /// A study.
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
        /// The title that they do not see.
        pub internal_name: Option<String>,
        /// What participants are told.
        pub description: Option<String>,
        /// The project that it belongs to.
        pub project_id: Option<ProjectId> = project,
        /// The researcher who owns it. *(known from the official CLI only)*
        pub researcher: Option<Researcher>,
        /// How participants are sampled. *(known from the official CLI only)*
        pub study_type: Option<StudyType>,

        /// How many participants are wanted.
        pub total_available_places: Option<u64>,
        /// How many places are taken. *(known from the official CLI only)*
        pub places_taken: Option<u64>,
        /// The pay for an approved submission, in pence or cents.
        pub reward: Option<Minor>,
        /// The cost with fees, in pence or cents. *(known from the official CLI only)*
        pub total_cost: Option<Minor>,
        /// The currency. *(known from the official CLI only)*
        pub currency: Option<Currency> = currency_code,
        /// The currency that amounts are shown in. *(known from the official CLI only)*
        pub presentment_currency: Option<Currency> = presentment_currency_code,
        /// The hourly pay as it turned out, in pence or cents. *(known from the official CLI only)*
        pub average_reward_per_hour: Option<Minor>,
        /// The hourly pay as planned, in pence or cents. *(known from the official CLI only)*
        pub estimated_reward_per_hour: Option<Minor>,
        /// Whether the pay is too low, as the server writes it. *(known from the official CLI only)*
        pub is_underpaying: Option<Value>,
        /// The points of the study. *(known from the official CLI only)*
        pub award_points: Option<i64>,

        /// Where the task is.
        pub external_study_url: Option<String>,
        /// Whether the parameters of that URL are signed.
        pub is_external_study_url_secure: Option<bool>,
        /// The URLs of a study that has several (Taskflow), with their places.
        pub access_details: Vec<AccessDetail>,
        /// The id of the Taskflow collection. *(known from the official CLI only)*
        pub access_details_collection_id: Option<String>,
        /// What of Task Builder is handed out.
        pub data_collection_method: Option<DataCollectionMethod>,
        /// The id of the batch or collection.
        pub data_collection_id: Option<String>,
        /// How a batch is handed out.
        pub data_collection_metadata: Option<DataCollectionMetadata>,
        /// How the study learns the id of a participant.
        pub prolific_id_option: Option<ProlificIdOption>,
        /// The codes that end a submission.
        pub completion_codes: Vec<CompletionCode>,
        /// The only code of an older study. *(known from the official CLI only)*
        pub completion_code: Option<String>,
        /// How submissions of an older study end. *(known from the official CLI only)*
        pub completion_option: Option<CompletionOption>,
        /// Where participants go when they are done. *(known from the official CLI only)*
        pub completion_url: Option<String>,

        /// How long a submission is expected to take, in minutes.
        pub estimated_completion_time: Option<u64>,
        /// How long a submission may take, in minutes.
        pub maximum_allowed_time: Option<u64>,
        /// What it can be taken with; anything where it is empty.
        pub device_compatibility: Vec<Device>,
        /// What a participant needs.
        pub peripheral_requirements: Vec<Peripheral>,
        /// Who may take part; everybody where it is empty.
        pub filters: Vec<Filter>,
        /// The filter set that says who may take part.
        pub filter_set_id: Option<FilterSetId>,
        /// The version of the filter set.
        pub filter_set_version: Option<u64>,
        /// The conditions of an older study, which filters replaced. *(known from the official CLI
        /// only)*
        pub eligibility_requirements: Vec<Map<String, Value>>,
        /// How many submissions it takes.
        pub submissions_config: Option<SubmissionsConfig>,
        /// What participants are asked to do.
        pub study_labels: Vec<StudyLabel>,
        /// What participants are warned of.
        pub content_warnings: Vec<ContentWarning>,
        /// The words of the warning.
        pub content_warning_details: Option<String>,
        /// A text of the researcher's programs.
        pub metadata: Option<String>,
        /// The pool of the credentials that participants are given.
        pub credential_pool_id: Option<CredentialPoolId>,
        /// Whether participants are given credentials.
        pub has_credentials: Option<bool>,
        /// How speed is weighed against participants that are new to studies: 0 is all for speed,
        /// 1 is the most. Deprecated.
        pub naivety_distribution_rate: Option<f64>,
        /// Whether participants are screened in the study. *(known from the documentation of
        /// January 2025 only)*
        pub is_custom_screening: Option<bool>,

        /// Whether all fields are set that publishing needs; the funds are not looked at.
        pub is_ready_to_publish: Option<bool>,
        /// Whether submissions can be reviewed automatically. *(known from the official CLI only)*
        pub can_auto_review: Option<bool>,
        /// Whether it is a pilot. *(known from the official CLI only)*
        pub is_pilot: Option<bool>,
        /// When it was made. *(known from the official CLI only)*
        pub created_at: Option<Timestamp> = date_created,
        /// When it is to be published. *(known from the official CLI only)*
        pub publish_at: Option<Timestamp>,
        /// When publishing began. *(known from the official CLI only)*
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
    /// How a batch is handed out.
    pub struct DataCollectionMetadata from types::DataCollectionMetadataAnswer {
        /// How many participants do each task.
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
        /// Where the researcher works.
        pub institution: Option<Institution>,
    }
}

model! {
    /// Where a researcher works.
    pub struct Institution from types::Institution {
        /// The name.
        pub name: Option<String>,
        /// The address of its logo.
        pub logo: Option<String>,
        /// The address of its site.
        pub link: Option<String>,
    }
}

model! {
    /// A study as lists have it.
    pub struct StudySummary from types::StudySummary {
        /// The id.
        key id: StudyId,
        /// The status.
        pub status: Option<StudyStatus>,
        /// The title that participants see.
        pub name: Option<String>,
        /// The title that they do not see.
        pub internal_name: Option<String>,
        /// How participants are sampled.
        pub study_type: Option<StudyType>,
        /// How many participants are wanted.
        pub total_available_places: Option<u64>,
        /// How many places are taken, without those that timed out or were returned.
        pub places_taken: Option<u64>,
        /// How many submissions there are.
        pub number_of_submissions: Option<u64>,
        /// The pay for an approved submission, in pence or cents.
        pub reward: Option<Minor>,
        /// The cost with fees, in pence or cents.
        pub total_cost: Option<Minor>,
        /// The currency. *(known from the official CLI only)*
        pub currency: Option<Currency> = currency_code,
        /// The currency that amounts are shown in. *(known from the official CLI only)*
        pub presentment_currency: Option<Currency> = presentment_currency_code,
        /// Whether the pay is too low, as the server writes it. *(known from the official CLI only)*
        pub is_underpaying: Option<Value>,
        /// How long a submission is expected to take, in minutes.
        pub estimated_completion_time: Option<u64>,
        /// The pool of the credentials that participants are given.
        pub credential_pool_id: Option<CredentialPoolId>,
        /// Whether all fields are set that publishing needs; the funds are not looked at.
        pub is_ready_to_publish: Option<bool>,
        /// When it was made.
        pub created_at: Option<Timestamp> = date_created,
        /// When it is to be published.
        pub publish_at: Option<Timestamp>,
        /// When it was published.
        pub published_at: Option<Timestamp>,
    }
}

model! {
    /// How the places of the URLs of a study (Taskflow) are taken up.
    pub struct AccessDetailsProgress from types::AccessDetailsProgress {
        /// The study.
        pub study_id: Option<StudyId> = id,
        /// The URLs.
        pub progress: Vec<AccessDetailProgress>,
    }
}

model! {
    /// How the places of a URL of a study are taken up.
    pub struct AccessDetailProgress from types::AccessDetailProgress {
        /// Where the task is.
        pub external_url: Option<String>,
        /// How many places go to it.
        pub total_allocation: Option<u64>,
        /// How many of them are taken. It may be more than there are.
        pub allocated: Option<u64>,
        /// How many places were added, as participants were screened out.
        pub capacity_increments: Option<u64>,
    }
}

model! {
    /// A copy of a study to try it out with.
    pub struct TestStudy from types::TestStudy {
        /// The id.
        pub study_id: Option<StudyId>,
        /// Where a [test participant](crate::users::Users::create_test_participant) takes it.
        pub study_url: Option<String>,
    }
}

model! {
    /// What a participant says of a study. It is personal data.
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
    /// How a participant rates a study.
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
    /// How participants rate a study in one respect.
    pub struct AverageRating from types::StudyFeedbackRating {
        /// The average.
        pub average: Option<f64> = average_rating,
        /// How many ratings it is of.
        pub count: Option<u64> = total_count,
    }
}

impl Study {
    /// What the reward comes to in an hour, by the time that a submission is expected to take, in pence or cents.
    pub fn hourly_pay(&self) -> Option<Minor> {
        hourly(self.reward?, self.estimated_completion_time?)
    }
}

impl StudySummary {
    /// What the reward comes to in an hour, by the time that a submission is expected to take, in pence or cents.
    pub fn hourly_pay(&self) -> Option<Minor> {
        hourly(self.reward?, self.estimated_completion_time?)
    }
}

/// How participants rate a study, by the name of what is rated.
pub type FeedbackRatings = BTreeMap<String, AverageRating>;
