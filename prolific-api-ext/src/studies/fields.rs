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

/// Makes [`NewStudy`], [`StudyChange`] and what is looked at of both of one list of fields. A field with a
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
            #[serde(deny_unknown_fields)]
            pub struct NewStudy( $( $(#[doc = $needed_doc])* $needed: $needed_type ),* ) {
                $( $(#[doc = $doc])* $field: $type $(<$($arg),+>)? $(= $wire)?, )*
            } not sent {
                any_pay: bool,
            }
        }

        request! {
            $(#[$change_attribute])*
            #[derive(Default)]
            #[serde(deny_unknown_fields)]
            pub struct StudyChange() {
                $( $(#[doc = $needed_doc])* $needed: $needed_type, )*
                $( $(#[doc = $doc])* $field $(| $clear)?: $type $(<$($arg),+>)? $(= $wire)?, )*
            } not sent {
                any_pay: bool,
            }
        }

        /// What is set of a new study, or of a change of one.
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
    /// A study to [create](super::Studies::create): a draft.
    ///
    /// [`issues`](Self::issues) tells what is wrong with it, all at once, before anything is sent.
    /// [`from_json`](Self::from_json) and its kin read one of a file.
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

    /// What to [change](super::Studies::update) of a study. What is not set is left as it is.
    ///
    /// Once a study is published, only the internal name, the places, URLs with places, the annotators per task
    /// of a batch, the submissions that it takes and the slots of completion codes can be changed, and places
    /// and annotators only grow.
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
        /// What participants are told; some HTML tags are allowed.
        description: String,
    }

    /// The title that participants do not see.
    internal_name | no_internal_name: String,
    /// The project that it belongs to. Default: the first project of the user.
    project_id: ProjectId = "project",
    /// Where the task is. `{{%PROLIFIC_PID%}}`, `{{%STUDY_ID%}}` and `{{%SESSION_ID%}}` are
    /// replaced.
    external_url | no_external_url: String = "external_study_url",
    /// The URLs of a study that has several (Taskflow); their places are all places. **A change adds
    /// their places to those that there are, each time it is sent.**
    access_details | no_access_details: Vec<AccessDetail>,
    /// The id of a Taskflow collection. *(known from the official CLI only)*
    access_details_collection_id: String,
    /// Whether the parameters of the URL are signed. Not open to everybody.
    is_external_study_url_secure: bool,
    /// What of Task Builder is handed out; [`batch`](Self::batch) and
    /// [`collection`](Self::collection) set it.
    data_collection_method: DataCollectionMethod,
    /// The id of the batch or collection.
    data_collection_id | no_data_collection: String,
    /// How a batch is handed out.
    data_collection_metadata: BatchSettings,
    /// How the study learns the id of a participant. Default of a new study:
    /// [`UrlParameters`](ProlificIdOption::UrlParameters).
    prolific_id_option: ProlificIdOption,
    /// The codes that end a submission, all of them. A study of Task Builder needs none.
    completion_codes: Vec<CompletionCode>,
    /// How many participants are wanted in all. It is computed for a batch. **More places cost more
    /// money.**
    places: u64 = "total_available_places",
    /// The pay for an approved submission, in whole pence or cents.
    reward: Minor,
    /// How long a submission is expected to take, in minutes.
    minutes: u64 = "estimated_completion_time",
    /// How long a submission may take, in minutes. At `t` expected minutes it is at least 2 + 2 t + 2 √t.
    maximum_minutes: u64 = "maximum_allowed_time",
    /// What it can be taken with. Default: anything.
    device_compatibility: Vec<Device>,
    /// What a participant needs.
    peripheral_requirements: Vec<Peripheral>,
    /// Who may take part: participants who meet all of these. Default: everybody.
    filters | no_filters: Vec<Filter>,
    /// The filter set that says who may take part, instead of filters.
    filter_set_id | no_filter_set: FilterSetId,
    /// The version of the filter set. Default: the latest.
    filter_set_version | latest_filter_set_version: u64,
    /// How many submissions it takes.
    submissions_config: SubmissionsConfig,
    /// What participants are asked to do: one label, as long as more are not taken.
    study_labels: Vec<StudyLabel>,
    /// What participants are warned of: one warning, as long as more are not taken.
    content_warnings: Vec<ContentWarning>,
    /// The words of the warning.
    content_warning_details: String,
    /// A text of your own programs.
    metadata | no_metadata: String,
    /// The pool of the credentials that participants are given.
    credential_pool_id | no_credential_pool: CredentialPoolId,
    /// Whether participants are given credentials. The server sets it by the pool.
    has_credentials: bool,
    /// How participants are sampled. *(known from the official CLI only)*
    study_type: StudyType,
    /// How speed is weighed against participants that are new to studies: 0 is all for speed,
    /// 1 is the most. Deprecated.
    naivety_distribution_rate | no_naivety_distribution_rate: f64,
    /// When it is to be published. *(known from the official CLI only)*
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

/// A JSON object that nothing is known of.
type Object = serde_json::Map<String, serde_json::Value>;

/// What both requests can be told in other words.
macro_rules! shorthands {
    ($request:ident) => {
        impl $request {
            /// Hands out the tasks of a batch.
            #[must_use]
            pub fn batch(self, id: &BatchId) -> Self {
                self.data_collection_method(DataCollectionMethod::Batch)
                    .data_collection_id(id.as_str())
            }

            /// Hands out a collection.
            #[must_use]
            pub fn collection(self, id: &CollectionId) -> Self {
                self.data_collection_method(DataCollectionMethod::Collection)
                    .data_collection_id(id.as_str())
            }

            /// Asks the questions of a survey that Prolific hosts. It needs
            /// [sections](crate::surveys::NewSurvey) to be shown.
            #[must_use]
            pub fn survey(self, id: &SurveyId) -> Self {
                self.external_url(format!("https://prolific.com/surveys/{id}"))
            }

            /// Adds a code that ends a submission. A change sends no codes but those that it has: how
            /// the server merges them with others is not documented.
            #[must_use]
            pub fn completion_code(mut self, code: CompletionCode) -> Self {
                self.completion_codes.get_or_insert_default().push(code);
                self
            }

            /// Lets members of any of some participant groups take part, and nobody else.
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

            /// Keeps the members of some participant groups out.
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

            /// Keeps out who took part in some studies.
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

            /// Takes any reward without a [warning](StudyWarning::HourlyPay).
            ///
            /// [`warnings`](Self::warnings) has it otherwise if the reward is far from what an hour is paid.
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
    /// The documented limits that it does not keep, all of them. [`create`](super::Studies::create) refuses a
    /// study that has any.
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

    /// What the reward comes to in an hour, in pence or cents; none where the reward or the time is not set.
    pub fn hourly_pay(&self) -> Option<Minor> {
        limits::hourly(self.reward?, self.minutes?)
    }

    /// Adds a condition that participants have to meet.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.get_or_insert_default().push(filter);
        self
    }
}

impl StudyChange {
    /// The documented limits that it does not keep, all of them. [`update`](super::Studies::update) refuses a
    /// change that has any. Of what the study has nothing is known here.
    pub fn issues(&self) -> Vec<StudyIssue> {
        limits::issues(&self.into())
    }

    /// Returns what is allowed but probably a mistake, such as a reward of pennies an hour.
    pub fn warnings(&self) -> Vec<StudyWarning> {
        limits::warnings(&self.into(), self.any_pay)
    }

    /// Adds a condition to those that are sent, which replace the ones that the study has.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        let filters = self.filters.get_or_insert_default();
        filters.get_or_insert_default().push(filter);
        self
    }
}

request! {
    /// How a batch is handed out.
    #[derive(Default)]
    pub struct BatchSettings() {
        /// How many participants do each task. Default: 1.
        annotators_per_task: u64,
    }
}
