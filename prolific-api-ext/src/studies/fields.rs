//! The fields of a study that is sent, listed once: a new study and a change of one have them all.

use super::{
    AccessDetail, CompletionCode, CompletionOption, ContentWarning, DataCollectionMethod, Device,
    Peripheral, ProlificIdOption, StudyIssue, StudyLabel, StudyType, StudyWarning,
    SubmissionsConfig, limits,
};
use crate::{
    BatchId, CollectionId, CredentialPoolId, FilterSetId, Minor, ParticipantGroupId, ProjectId,
    StudyId, SurveyId, Timestamp,
    filters::{self, Filter},
    request::request,
};

/// Defines [`NewStudy`], [`StudyChange`] and a view of both from one list of fields. A field with a
/// second name can be cleared by a change.
macro_rules! study_requests {
    (
        $(#[$new_attribute:meta])* new;
        $(#[$change_attribute:meta])* change;
        needed { $( $(#[doc = $needed_doc:expr])* $needed:ident: $needed_type:ident, )* }
        $(
            $(#[doc = $doc:expr])*
            $field:ident $(| $clear:ident)?: $type:ident $(<$($arg:ty),+>)? $(= $wire:literal)?,
        )*
    ) => {
        request! {
            $(#[$new_attribute])*
            pub struct NewStudy: closed( $( $(#[doc = $needed_doc])* $needed: $needed_type ),* ) {
                $( $(#[doc = $doc])* $field: $type $(<$($arg),+>)? $(= $wire)?, )*
            } not sent {
                any_pay: bool,
            }
        }

        request! {
            $(#[$change_attribute])*
            #[derive(Default)]
            pub struct StudyChange: closed() {
                $( $(#[doc = $needed_doc])* $needed: $needed_type, )*
                $( $(#[doc = $doc])* $field $(| $clear)?: $type $(<$($arg),+>)? $(= $wire)?, )*
            } not sent {
                any_pay: bool,
            }
        }

        /// The fields that are set, of a new study or a change.
        #[allow(dead_code, reason = "not every field has a limit")]
        pub(super) struct Fields<'a> {
            $( pub(super) $needed: Option<&'a $needed_type>, )*
            $( pub(super) $field: Option<&'a $type $(<$($arg),+>)?>, )*
        }

        impl<'a> From<&'a NewStudy> for Fields<'a> {
            fn from(study: &'a NewStudy) -> Self {
                Self {
                    $( $needed: Some(&study.$needed), )*
                    $( $field: study.$field.as_ref(), )*
                }
            }
        }

        impl<'a> From<&'a StudyChange> for Fields<'a> {
            fn from(change: &'a StudyChange) -> Self {
                Self {
                    $( $needed: change.$needed.as_ref(), )*
                    $( $field: study_requests!(@set change.$field $(, $clear)?), )*
                }
            }
        }
    };
    (@set $change:ident.$field:ident) => { $change.$field.as_ref() };
    (@set $change:ident.$field:ident, $clear:ident) => {
        $change.$field.as_ref().and_then(Option::as_ref)
    };
}

study_requests! {
    /// A study to [create](super::Studies::create) as a draft. Use it for every new study, also one
    /// of Task Builder ([`batch`](Self::batch), [`collection`](Self::collection)); to copy an
    /// existing study use [`duplicate`](super::Studies::duplicate), and to change one a
    /// [`StudyChange`].
    ///
    /// [`issues`](Self::issues) returns all problems at once, before anything is sent.
    /// [`from_json`](Self::from_json), [`from_toml`](Self::from_toml) and `from_file` read a study
    /// from a file.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{filters, studies::{CompletionAction, CompletionCode, CompletionCodeType, NewStudy}};
    ///
    /// let study = NewStudy::new("Birds", "Name the birds that you see.")
    ///     .external_url("https://example.com/birds?id={{%PROLIFIC_PID%}}")
    ///     .places(20)
    ///     .reward(150)
    ///     .minutes(10)
    ///     .completion_code(
    ///         CompletionCode::new("CDONE", CompletionCodeType::Completed)
    ///             .action(CompletionAction::ManuallyReview {}),
    ///     )
    ///     .filters([filters::range("age", 18..=65)]);
    /// assert!(study.issues().is_empty() && study.warnings().is_empty());
    /// ```
    new;

    /// A [change](super::Studies::update) of a study. Fields that are not set stay as they are.
    ///
    /// Once a study is published, only the internal name, the places, URLs with places, the
    /// annotators per task of a batch, the limits on submissions and the slots of completion codes
    /// can be changed, and places and annotators can only grow.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyChange;
    ///
    /// let change = StudyChange::new().places(40).no_filter_set().internal_name("wave 2");
    /// ```
    change;

    needed {
        /// The title that participants see.
        name: String,
        /// The description for participants; some HTML tags are allowed.
        description: String,
    }

    /// The internal title, hidden from participants.
    internal_name | no_internal_name: String,
    /// The project. Default: the user's first project.
    project_id: ProjectId = "project",
    /// The URL of the task. `{{%PROLIFIC_PID%}}`, `{{%STUDY_ID%}}` and `{{%SESSION_ID%}}` are
    /// replaced.
    external_url | no_external_url: String = "external_study_url",
    /// The URLs of a study that has several (Taskflow), each with its places; together they are all
    /// places. **A change adds these places to the existing ones, each time it is sent.**
    access_details | no_access_details: Vec<AccessDetail>,
    /// The id of a Taskflow collection. *(known from the official CLI only)*
    access_details_collection_id: String,
    /// Whether the parameters of the URL are signed. Not available to every account.
    is_external_study_url_secure: bool,
    /// The kind of Task Builder object that participants work on; set by [`batch`](Self::batch) and
    /// [`collection`](Self::collection).
    data_collection_method: DataCollectionMethod,
    /// The id of the batch or collection.
    data_collection_id | no_data_collection: String,
    /// How a batch is given out.
    data_collection_metadata: BatchSettings,
    /// How the study gets the participant's id. Default for a new study:
    /// [`UrlParameters`](ProlificIdOption::UrlParameters).
    prolific_id_option: ProlificIdOption,
    /// The completion codes, all of them. A study of Task Builder needs none.
    completion_codes: Vec<CompletionCode>,
    /// The number of places. Computed by the server for a batch. **More places cost more money.**
    places: u64 = "total_available_places",
    /// The pay for an approved submission, in whole pence or cents.
    reward: Minor,
    /// How long a submission is expected to take, in minutes.
    minutes: u64 = "estimated_completion_time",
    /// How long a submission may take, in minutes. The minimum for `t` expected minutes is 2 + 2 t
    /// + 2 √t.
    maximum_minutes: u64 = "maximum_allowed_time",
    /// The devices that can be used. Default: any.
    device_compatibility: Vec<Device>,
    /// What participants need.
    peripheral_requirements: Vec<Peripheral>,
    /// Who can take part: participants who meet all of these. Default: everyone.
    filters | no_filters: Vec<Filter>,
    /// The filter set that selects participants, instead of filters.
    filter_set_id | no_filter_set: FilterSetId,
    /// The version of the filter set. Default: the latest.
    filter_set_version | latest_filter_set_version: u64,
    /// Limits on submissions.
    submissions_config: SubmissionsConfig,
    /// What participants do in the study: a single label, as long as Prolific accepts only one.
    study_labels: Vec<StudyLabel>,
    /// The topics that participants are warned about: a single one, as long as Prolific accepts
    /// only one.
    content_warnings: Vec<ContentWarning>,
    /// The text of the warning.
    content_warning_details: String,
    /// A free text for your own programs.
    metadata | no_metadata: String,
    /// The credential pool for participants.
    credential_pool_id | no_credential_pool: CredentialPoolId,
    /// Whether participants get credentials. The server sets it from the pool.
    has_credentials: bool,
    /// How participants are sampled. *(known from the official CLI only)*
    study_type: StudyType,
    /// The balance between speed and participants who are new to studies, from 0 (speed) to 1.
    /// Deprecated.
    naivety_distribution_rate | no_naivety_distribution_rate: f64,
    /// When it will be published.
    publish_at | no_publish_at: Timestamp,
    /// Whether participants are screened in the study. Deprecated. *(known from the documentation of
    /// January 2025 only)*
    is_custom_screening: bool,
    /// The only code of an older study. Deprecated: set
    /// [`completion_codes`](Self::completion_codes). *(known from the official CLI only)*
    only_completion_code: String = "completion_code",
    /// How submissions of an older study end. Deprecated. *(known from the official CLI only)*
    completion_option: CompletionOption,
    /// The conditions of an older study. Deprecated: set [`filters`](Self::filters). *(known from
    /// the official CLI only)*
    eligibility_requirements: Vec<Object>,
}

/// A JSON object without documentation.
type Object = serde_json::Map<String, serde_json::Value>;

/// Shorthands of both requests.
macro_rules! shorthands {
    ($request:ident) => {
        impl $request {
            /// Gives out the tasks of a batch.
            #[must_use]
            pub fn batch(self, id: &BatchId) -> Self {
                self.data_collection_method(DataCollectionMethod::Batch)
                    .data_collection_id(id.as_str())
            }

            /// Gives out a collection.
            #[must_use]
            pub fn collection(self, id: &CollectionId) -> Self {
                self.data_collection_method(DataCollectionMethod::Collection)
                    .data_collection_id(id.as_str())
            }

            /// Gives out a survey that Prolific hosts. The survey needs
            /// [sections](crate::surveys::NewSurvey) to be shown.
            #[must_use]
            pub fn survey(self, id: &SurveyId) -> Self {
                self.external_url(format!("https://prolific.com/surveys/{id}"))
            }

            /// Adds a completion code. A change sends only the codes it has: how the server merges
            /// them with others is not documented.
            #[must_use]
            pub fn completion_code(mut self, code: CompletionCode) -> Self {
                self.completion_codes.get_or_insert_default().push(code);
                self
            }

            /// Only lets members of any of these participant groups take part.
            #[must_use]
            pub fn only_groups<'g>(
                self,
                groups: impl IntoIterator<Item = &'g ParticipantGroupId>,
            ) -> Self {
                self.filter(filters::select(
                    "participant_group_allowlist",
                    groups.into_iter().map(|id| id.as_str()),
                ))
            }

            /// Excludes the members of these participant groups.
            #[must_use]
            pub fn except_groups<'g>(
                self,
                groups: impl IntoIterator<Item = &'g ParticipantGroupId>,
            ) -> Self {
                self.filter(filters::select(
                    "participant_group_blocklist",
                    groups.into_iter().map(|id| id.as_str()),
                ))
            }

            /// Excludes the participants of these studies.
            #[must_use]
            pub fn except_participants_of<'s>(
                self,
                studies: impl IntoIterator<Item = &'s StudyId>,
            ) -> Self {
                self.filter(filters::select(
                    "previous_studies_blocklist",
                    studies.into_iter().map(|id| id.as_str()),
                ))
            }

            /// Accepts any reward without a [warning](StudyWarning::HourlyPay).
            ///
            /// Otherwise, [`warnings`](Self::warnings) reports a reward that is far from usual
            /// hourly pay.
            ///
            /// [StudyWarning::HourlyPay]: super::StudyWarning::HourlyPay
            #[must_use]
            pub fn any_pay(mut self) -> Self {
                self.any_pay = true;
                self
            }
        }
    };
}

shorthands!(NewStudy);
shorthands!(StudyChange);

impl NewStudy {
    /// Returns all violations of documented limits. [`create`](super::Studies::create) refuses a
    /// study with any.
    pub fn issues(&self) -> Vec<StudyIssue> {
        let fields = self.into();
        let mut issues = limits::lacking(&fields);
        issues.extend(limits::issues(&fields));
        issues
    }

    /// Returns what is allowed but probably a mistake, such as a reward of pennies an hour.
    pub fn warnings(&self) -> Vec<StudyWarning> {
        limits::warnings(&self.into(), self.any_pay)
    }

    /// Returns the hourly pay, in pence or cents. `None` if the reward or the time is not set.
    pub fn hourly_pay(&self) -> Option<Minor> {
        limits::hourly(self.reward?, self.minutes?)
    }

    /// Adds a condition on participants.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.get_or_insert_default().push(filter);
        self
    }
}

impl StudyChange {
    /// Returns all violations of documented limits. [`update`](super::Studies::update) refuses a
    /// change with any. The existing study is not considered.
    pub fn issues(&self) -> Vec<StudyIssue> {
        limits::issues(&self.into())
    }

    /// Returns what is allowed but probably a mistake, such as a reward of pennies an hour.
    pub fn warnings(&self) -> Vec<StudyWarning> {
        limits::warnings(&self.into(), self.any_pay)
    }

    /// Adds a condition to those that are sent, which replace the existing ones of the study.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        let filters = self.filters.get_or_insert_default();
        filters.get_or_insert_default().push(filter);
        self
    }
}

request! {
    /// How a batch is given out.
    #[derive(Default)]
    pub struct BatchSettings() {
        /// The number of participants for each task. Default: 1.
        annotators_per_task: u64,
    }
}
