//! The documented limits of a new study, and of a change of one.

use std::collections::HashSet;

use super::{
    AccessDetail, CompletionAction, CompletionActor, CompletionCode, CompletionCodeType,
    DataCollectionMethod, StudyIssue,
    StudyProblem::{
        self, Empty, Excludes, Fraction, Missing, Needs, NotANumber, NotTheSum, Repeated, TooHigh,
        TooLow, TooMany, Unusable,
    },
    StudyWarning, SubmissionLimit, SubmissionsConfig,
    fields::Fields,
};
use crate::{Minor, filters};

/// What an hour is paid in studies, in pence or cents: 6.00 to 100.00. It is our own choice, so that an amount in
/// the wrong unit, a hundredth or a hundredfold, lies outside; what Prolific advises is asked for by
/// `audience().reward_recommendations(…)`.
const HOURLY_PAY: [i32; 2] = [600, 10_000];

/// How long a submission may take at most, in minutes: a day.
const LONGEST: u64 = 24 * 60;

/// What Prolific replaces in the URL of a study.
const PLACEHOLDERS: [&str; 3] = ["{{%PROLIFIC_PID%}}", "{{%STUDY_ID%}}", "{{%SESSION_ID%}}"];

/// What is found, and where.
#[derive(Default)]
struct Found(Vec<StudyIssue>);

impl Found {
    fn add(&mut self, field: impl Into<String>, problem: StudyProblem) {
        self.0.push(StudyIssue::new(field, problem));
    }

    fn add_if(&mut self, is_so: bool, field: &str, problem: StudyProblem) {
        if is_so {
            self.add(field, problem);
        }
    }
}

/// What is wrong with what is set.
pub(super) fn issues(fields: &Fields<'_>) -> Vec<StudyIssue> {
    let mut found = Found::default();
    check_texts(fields, &mut found);
    check_task(fields, &mut found);
    check_numbers(fields, &mut found);
    check_audience(fields, &mut found);
    check_codes(fields, &mut found);
    found.0
}

/// What a new study lacks.
pub(super) fn lacking(fields: &Fields<'_>) -> Vec<StudyIssue> {
    let mut found = Found::default();
    let is_of_task_builder = fields.data_collection_method.is_some();
    let has_urls = fields.access_details.is_some() || fields.access_details_collection_id.is_some();
    let has_task = is_of_task_builder || has_urls || fields.external_url.is_some();
    let others = vec!["access_details", "data_collection_method"];
    found.add_if(!has_task, "external_study_url", Missing(others));
    let is_counted =
        has_urls || fields.data_collection_method == Some(&DataCollectionMethod::Batch);
    found.add_if(
        fields.places.is_none() && !is_counted,
        "total_available_places",
        Missing(Vec::new()),
    );
    found.add_if(fields.reward.is_none(), "reward", Missing(Vec::new()));
    found.add_if(fields.minutes.is_none(), "estimated_completion_time", Missing(Vec::new()));
    let has_code = fields.only_completion_code.is_some() || fields.completion_codes.is_some();
    found.add_if(!has_code && !is_of_task_builder, "completion_codes", Missing(Vec::new()));
    if let Some(details) = fields.access_details {
        check_sum(details, fields.places, &mut found);
    }
    found.0
}

/// What is allowed but probably a mistake.
pub(super) fn warnings(fields: &Fields<'_>, any_pay: bool) -> Vec<StudyWarning> {
    let urls = fields.access_details.into_iter().flatten().map(|detail| &detail.external_url);
    let unknown = fields.external_url.into_iter().chain(urls).flat_map(|url| placeholders(url));
    let unknown = unknown.filter(|text| !PLACEHOLDERS.contains(text));
    let mut warnings: Vec<_> = unknown.map(|it| StudyWarning::Placeholder(it.to_owned())).collect();
    let pay = fields.reward.zip(fields.minutes).filter(|_| !any_pay);
    warnings.extend(pay.and_then(|(reward, minutes)| far_out(*reward, *minutes)));
    warnings
}

/// The warning of a reward whose hourly rate is far from what studies pay.
fn far_out(reward: Minor, minutes: u64) -> Option<StudyWarning> {
    let [least, most] = HOURLY_PAY.map(Minor::from);
    let per_hour = hourly(reward, minutes)?;
    let is_usual = least <= per_hour && per_hour <= most;
    (!is_usual).then_some(StudyWarning::HourlyPay { per_hour, least, most })
}

/// The hourly rate of a reward for this many minutes, rounded to the nearest penny or cent.
pub(super) fn hourly(reward: Minor, minutes: u64) -> Option<Minor> {
    let per_hour = (f64::from(reward) / minutes as f64 * 60.0).round();
    Minor::try_from(per_hour).ok()
}

/// The placeholders of a URL.
fn placeholders(url: &str) -> impl Iterator<Item = &str> {
    url.match_indices("{{").map(|(start, _)| {
        let end = url[start..].find("}}").map_or(url.len(), |length| start + length + 2);
        &url[start..end]
    })
}

fn check_texts(fields: &Fields<'_>, found: &mut Found) {
    let is_empty = |text: Option<&String>| text.is_some_and(|text| text.trim().is_empty());
    for (field, text) in [
        ("name", fields.name),
        ("description", fields.description),
        ("data_collection_id", fields.data_collection_id),
        ("completion_code", fields.only_completion_code),
        ("access_details_collection_id", fields.access_details_collection_id),
    ] {
        found.add_if(is_empty(text), field, Empty);
    }
}

fn check_task(fields: &Fields<'_>, found: &mut Found) {
    if let Some(url) = fields.external_url {
        check_url(url, "external_study_url", found);
    }
    if let Some(details) = fields.access_details {
        check_urls(details, found);
    }
    let method = fields.data_collection_method;
    let beside = [
        ("external_study_url", fields.external_url.is_some()),
        ("access_details", fields.access_details.is_some()),
    ];
    if method.is_some_and(DataCollectionMethod::is_known) {
        for (other, _) in beside.into_iter().filter(|(_, is_set)| *is_set) {
            found.add("data_collection_method", Excludes(other));
        }
    }
    let has_id = fields.data_collection_id.is_some();
    found.add_if(
        method.is_some() && !has_id,
        "data_collection_method",
        Needs("data_collection_id"),
    );
    found.add_if(has_id && method.is_none(), "data_collection_id", Needs("data_collection_method"));
    let Some(settings) = fields.data_collection_metadata else { return };
    let is_of_collection = method == Some(&DataCollectionMethod::Collection);
    let other = "data_collection_method AI_TASK_BUILDER_BATCH";
    found.add_if(is_of_collection, "data_collection_metadata", Needs(other));
    let annotators = "data_collection_metadata.annotators_per_task";
    found.add_if(settings.annotators_per_task == Some(0), annotators, at_least(1));
}

fn at_least(least: impl ToString) -> StudyProblem {
    TooLow { least: least.to_string() }
}

fn check_url(url: &str, field: impl Into<String>, found: &mut Found) {
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        let host = url.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme));
        host.is_some()
            && !matches!(url.as_bytes().get(scheme.len()), None | Some(b'/' | b'?' | b'#'))
    });
    let has_blank = url.contains(|c: char| c.is_whitespace() || c.is_control());
    if !is_web || has_blank {
        found.add(field, Unusable("is not a web URL (https://…)".to_owned()));
    }
}

fn check_urls(details: &[AccessDetail], found: &mut Found) {
    found.add_if(details.is_empty(), "access_details", Empty);
    for (at, detail) in details.iter().enumerate() {
        let field = |name: &str| format!("access_details[{at}].{name}");
        check_url(&detail.external_url, field("external_url"), found);
        found.add_if(detail.total_allocation == 0, &field("total_allocation"), at_least(1));
    }
}

/// The places of a study with several URLs are those of the URLs. Of a change this does not hold, as it adds
/// to what there is.
fn check_sum(details: &[AccessDetail], places: Option<&u64>, found: &mut Found) {
    let sum = details.iter().fold(0_u64, |sum, detail| sum.saturating_add(detail.total_allocation));
    let differs = places.is_some_and(|places| *places != sum);
    found.add_if(differs, "total_available_places", NotTheSum { sum });
}

fn check_numbers(fields: &Fields<'_>, found: &mut Found) {
    found.add_if(fields.places == Some(&0), "total_available_places", at_least(1));
    if let Some(reward) = fields.reward {
        check_amount(*reward, "reward", found);
    }
    found.add_if(fields.minutes == Some(&0), "estimated_completion_time", at_least(1));
    if let Some(most) = fields.maximum_minutes {
        let least = fields.minutes.map_or(0, |minutes| least_maximum(*minutes));
        found.add_if(*most < least, "maximum_allowed_time", at_least(least));
        let most_of_all = TooHigh { most: LONGEST.to_string() };
        found.add_if(*most > LONGEST, "maximum_allowed_time", most_of_all);
    }
    if let Some(rate) = fields.naivety_distribution_rate {
        check_rate(*rate, found);
    }
    if let Some(config) = fields.submissions_config {
        check_submissions(config, found);
    }
}

/// How long a submission has to be allowed to take at least: 2 + 2 t + 2 √t minutes.
fn least_maximum(minutes: u64) -> u64 {
    let root = (2.0 * (minutes as f64).sqrt()).ceil() as u64;
    minutes.saturating_mul(2).saturating_add(root).saturating_add(2)
}

fn check_amount(amount: Minor, field: &str, found: &mut Found) {
    found.add_if(amount < Minor::ZERO, field, at_least(0));
    found.add_if(!amount.is_whole(), field, Fraction);
}

fn check_rate(rate: f64, found: &mut Found) {
    let field = "naivety_distribution_rate";
    found.add_if(!rate.is_finite(), field, NotANumber);
    found.add_if(rate < 0.0, field, at_least(0));
    found.add_if(rate.is_finite() && rate > 1.0, field, TooHigh { most: 1.to_string() });
}

fn check_submissions(config: &SubmissionsConfig, found: &mut Found) {
    for (name, limit) in [
        ("max_submissions_per_participant", config.max_submissions_per_participant),
        ("max_concurrent_submissions", config.max_concurrent_submissions),
    ] {
        let is_none = limit == Some(SubmissionLimit::AtMost(0));
        found.add_if(is_none, &format!("submissions_config.{name}"), at_least(1));
    }
}

fn check_audience(fields: &Fields<'_>, found: &mut Found) {
    let filters = fields.filters.map(Vec::as_slice).unwrap_or_default();
    for (at, filter) in filters.iter().enumerate() {
        for problem in filters::problems(filter) {
            found.add(format!("filters[{at}]"), Unusable(problem));
        }
    }
    let has_set = fields.filter_set_id.is_some();
    found.add_if(has_set && !filters.is_empty(), "filter_set_id", Excludes("filters"));
    let has_version = fields.filter_set_version.is_some();
    found.add_if(has_version && !has_set, "filter_set_version", Needs("filter_set_id"));
    let labels = fields.study_labels.map_or(0, Vec::len);
    found.add_if(labels > 1, "study_labels", TooMany { most: 1 });
    let warnings = fields.content_warnings.map_or(0, Vec::len);
    found.add_if(warnings > 1, "content_warnings", TooMany { most: 1 });
}

fn check_codes(fields: &Fields<'_>, found: &mut Found) {
    let Some(codes) = fields.completion_codes else { return };
    let is_of_task_builder =
        fields.data_collection_method.is_some_and(DataCollectionMethod::is_known);
    found.add_if(codes.is_empty() && !is_of_task_builder, "completion_codes", Empty);
    if is_of_task_builder && !codes.is_empty() {
        check_only_code(codes, found);
    }
    let mut texts = HashSet::new();
    for (at, code) in codes.iter().enumerate() {
        let field = format!("completion_codes[{at}]");
        if let Some(text) = &code.code {
            found.add_if(text.trim().is_empty(), &format!("{field}.code"), Empty);
            found.add_if(!texts.insert(text), &format!("{field}.code"), Repeated);
        }
        check_actions(code, &field, fields.reward, found);
    }
}

/// A study of Task Builder has one code, by which a submission is reviewed or approved.
fn check_only_code(codes: &[CompletionCode], found: &mut Found) {
    found.add_if(codes.len() > 1, "completion_codes", TooMany { most: 1 });
    let ends_a_submission = |code: &CompletionCode| {
        let is_review = |action: &CompletionAction| {
            use CompletionAction::{AutomaticallyApprove, ManuallyReview};
            matches!(action, AutomaticallyApprove {} | ManuallyReview {})
        };
        code.code_type == CompletionCodeType::Completed && code.actions.iter().any(is_review)
    };
    if !codes.iter().any(ends_a_submission) {
        let why =
            "of Task Builder have type COMPLETED, and MANUALLY_REVIEW or AUTOMATICALLY_APPROVE";
        found.add("completion_codes", Unusable(why.to_owned()));
    }
}

fn check_actions(code: &CompletionCode, field: &str, reward: Option<&Minor>, found: &mut Found) {
    let field = format!("{field}.actions");
    let has = |is_so: fn(&CompletionAction) -> bool| code.actions.iter().any(is_so);
    let both = has(|action| matches!(action, CompletionAction::AutomaticallyApprove {}))
        && has(|action| matches!(action, CompletionAction::ManuallyReview {}));
    if both {
        found.add(field.as_str(), Unusable("approve and review the same submission".to_owned()));
    }
    let groups = code.actions.iter().filter_map(|action| match action {
        CompletionAction::AddToParticipantGroup { participant_group } => Some(participant_group),
        _ => None,
    });
    for group in groups {
        let is_taken_back = code.actions.iter().any(|action| {
            matches!(action, CompletionAction::RemoveFromParticipantGroup { participant_group } if participant_group == group)
        });
        if is_taken_back {
            let why = format!("add to the group {group} and remove from it");
            found.add(field.as_str(), Unusable(why));
        }
    }
    for (at, action) in code.actions.iter().enumerate() {
        check_action(action, code, &format!("{field}[{at}]"), reward, found);
    }
}

fn check_action(
    action: &CompletionAction,
    code: &CompletionCode,
    field: &str,
    reward: Option<&Minor>,
    found: &mut Found,
) {
    match action {
        CompletionAction::RequestReturn { return_reason } => {
            let is_empty = return_reason.trim().is_empty();
            found.add_if(is_empty, &format!("{field}.return_reason"), Empty);
        }
        CompletionAction::DynamicPayment {} => {
            let is_given = code.actor == Some(CompletionActor::Researcher);
            found.add_if(!is_given, field, Needs("the actor researcher"));
        }
        CompletionAction::FixedScreenOutPayment { fixed_screen_out_reward: pay, slots } => {
            let of_pay = format!("{field}.fixed_screen_out_reward");
            check_amount(*pay, &of_pay, found);
            if reward.is_some_and(|reward| pay >= reward) {
                found.add(of_pay, Unusable("is not less than the reward".to_owned()));
            }
            found.add_if(*slots == 0, &format!("{field}.slots"), at_least(1));
        }
        _ => {}
    }
}
