use super::{
    AccessDetail, CompletionCode, ContentWarning, DataCollectionMethod, Device, Peripheral,
    ProlificIdOption, StudyLabel, StudyType, SubmissionsConfig,
};
use crate::{
    BatchId, CollectionId, CredentialPoolId, FilterSetId, Minor, ProjectId, Timestamp,
    filters::Filter, request::request,
};

request! {
    /// A study to [create](super::Studies::create).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{filters, studies::{CompletionCode, CompletionCodeType, NewStudy}};
    ///
    /// let study = NewStudy::new("Birds", "Name the birds that you see.")
    ///     .external_url("https://example.com/birds?id={{%PROLIFIC_PID%}}")
    ///     .places(20)
    ///     .reward(150)
    ///     .minutes(5)
    ///     .completion_code(CompletionCode::new("CDONE", CompletionCodeType::Completed))
    ///     .filters([filters::range("age", 18..=65)]);
    /// ```
    pub struct NewStudy(
        /// The title that participants see.
        name: String,
        /// What participants are told; some HTML tags are allowed.
        description: String
    ) {
        /// The title that participants do not see.
        internal_name: String,
        /// The project that it belongs to. Default: the first project of the user.
        project_id: ProjectId = "project",
        /// Where the task is. `{{%PROLIFIC_PID%}}`, `{{%STUDY_ID%}}` and `{{%SESSION_ID%}}` are
        /// replaced.
        external_url: String = "external_study_url",
        /// The URLs of a study that has several (Taskflow); their places are all places.
        access_details: Vec<AccessDetail>,
        /// Whether the parameters of the URL are signed. Not open to everybody.
        is_external_study_url_secure: bool,
        /// What of Task Builder is handed out; [`batch`](Self::batch) and
        /// [`collection`](Self::collection) set it.
        data_collection_method: DataCollectionMethod,
        /// The id of the batch or collection.
        data_collection_id: String,
        /// How a batch is handed out.
        data_collection_metadata: BatchSettings,
        /// How the study learns the id of a participant. Default:
        /// [`UrlParameters`](ProlificIdOption::UrlParameters).
        prolific_id_option: ProlificIdOption,
        /// The codes that end a submission.
        completion_codes: Vec<CompletionCode>,
        /// How many participants are wanted. It is computed for a batch.
        places: u64 = "total_available_places",
        /// The pay for an approved submission, in whole pence or cents.
        reward: Minor,
        /// How long a submission is expected to take, in minutes.
        minutes: u64 = "estimated_completion_time",
        /// How long a submission may take, in minutes.
        maximum_minutes: u64 = "maximum_allowed_time",
        /// What it can be taken with. Default: anything.
        device_compatibility: Vec<Device>,
        /// What a participant needs.
        peripheral_requirements: Vec<Peripheral>,
        /// Who may take part: participants who meet all of these. Default: everybody.
        filters: Vec<Filter>,
        /// The filter set that says who may take part, instead of filters.
        filter_set_id: FilterSetId,
        /// The version of the filter set. Default: the latest.
        filter_set_version: u64,
        /// How many submissions it takes.
        submissions_config: SubmissionsConfig,
        /// What participants are asked to do.
        study_labels: Vec<StudyLabel>,
        /// What participants are warned of.
        content_warnings: Vec<ContentWarning>,
        /// The words of the warning.
        content_warning_details: String,
        /// A text of your own programs.
        metadata: String,
        /// The pool of the credentials that participants are given.
        credential_pool_id: CredentialPoolId,
        /// How participants are sampled. *(known from the official CLI only)*
        study_type: StudyType,
        /// How speed is weighed against participants that are new to studies: 0 is all for speed,
        /// 1 is the most. Deprecated.
        naivety_distribution_rate: f64,
        /// When it is to be published. *(known from the official CLI only)*
        publish_at: Timestamp,
    }
}

impl NewStudy {
    /// Hands out the tasks of a batch.
    #[must_use]
    pub fn batch(self, id: &BatchId) -> Self {
        self.data_collection_method(DataCollectionMethod::Batch).data_collection_id(id.as_str())
    }

    /// Hands out a collection.
    #[must_use]
    pub fn collection(self, id: &CollectionId) -> Self {
        self.data_collection_method(DataCollectionMethod::Collection)
            .data_collection_id(id.as_str())
    }

    /// Adds a code that ends a submission.
    #[must_use]
    pub fn completion_code(mut self, code: CompletionCode) -> Self {
        self.completion_codes.get_or_insert_default().push(code);
        self
    }
}

request! {
    /// What to [change](super::Studies::update) of a study. What is not set is left as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyChange;
    ///
    /// let change = StudyChange::new().places(40).no_filter_set().internal_name("wave 2");
    /// ```
    #[derive(Default)]
    pub struct StudyChange() {
        /// The title that participants see.
        name: String,
        /// What participants are told.
        description: String,
        /// The title that participants do not see.
        internal_name | no_internal_name: String,
        /// The project that it belongs to.
        project_id: ProjectId = "project",
        /// Where the task is.
        external_url | no_external_url: String = "external_study_url",
        /// The URLs of a study that has several (Taskflow). **Their places are added to those that
        /// there are, each time they are sent.**
        access_details | no_access_details: Vec<AccessDetail>,
        /// Whether the parameters of the URL are signed.
        is_external_study_url_secure: bool,
        /// What of Task Builder is handed out.
        data_collection_method: DataCollectionMethod,
        /// The id of the batch or collection.
        data_collection_id | no_data_collection: String,
        /// How a batch is handed out.
        data_collection_metadata: BatchSettings,
        /// How the study learns the id of a participant.
        prolific_id_option: ProlificIdOption,
        /// The codes that end a submission, all of them.
        completion_codes: Vec<CompletionCode>,
        /// How many participants are wanted in all. **More places cost more money.**
        places: u64 = "total_available_places",
        /// The pay for an approved submission, in whole pence or cents.
        reward: Minor,
        /// How long a submission is expected to take, in minutes.
        minutes: u64 = "estimated_completion_time",
        /// How long a submission may take, in minutes.
        maximum_minutes: u64 = "maximum_allowed_time",
        /// What it can be taken with.
        device_compatibility: Vec<Device>,
        /// What a participant needs.
        peripheral_requirements: Vec<Peripheral>,
        /// Who may take part: participants who meet all of these.
        filters | no_filters: Vec<Filter>,
        /// The filter set that says who may take part, instead of filters.
        filter_set_id | no_filter_set: FilterSetId,
        /// The version of the filter set.
        filter_set_version | latest_filter_set_version: u64,
        /// How many submissions it takes.
        submissions_config: SubmissionsConfig,
        /// What participants are asked to do.
        study_labels: Vec<StudyLabel>,
        /// What participants are warned of.
        content_warnings: Vec<ContentWarning>,
        /// The words of the warning.
        content_warning_details: String,
        /// A text of your own programs.
        metadata | no_metadata: String,
        /// The pool of the credentials that participants are given.
        credential_pool_id | no_credential_pool: CredentialPoolId,
        /// How speed is weighed against participants that are new to studies: 0 is all for speed,
        /// 1 is the most. Deprecated.
        naivety_distribution_rate | no_naivety_distribution_rate: f64,
        /// When it is to be published. *(known from the official CLI only)*
        publish_at | no_publish_at: Timestamp,
    }
}

impl StudyChange {
    /// Adds a code to the codes that are sent. Codes that the study has and that are not sent may be
    /// lost: how the server merges them is not documented.
    #[must_use]
    pub fn completion_code(mut self, code: CompletionCode) -> Self {
        self.completion_codes.get_or_insert_default().push(code);
        self
    }
}

request! {
    /// How a batch is handed out.
    #[derive(Default)]
    pub struct BatchSettings() {
        /// How many participants do each task.
        annotators_per_task: u64,
    }
}
