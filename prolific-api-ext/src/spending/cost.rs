//! What a call costs: read from what is sent, and asked of the API.

use std::collections::{BTreeMap, HashSet};

use percent_encoding::percent_decode_str;
use prolific_api::{OPERATIONS, Operation};
use reqwest::Request;
use serde_json::Value;

use super::Account;
use crate::{
    Error, Minor, Prolific, Result, StudyId, SubmissionId,
    model::of_json,
    money::Currency,
    studies::{CostBreakdown, Study, StudyStatus},
    submissions::SubmissionStatus,
};

/// The operations that may spend, and the one that says what bonuses cost.
const PUBLISH: &str = "publish-study";
const CHANGE: &str = "update-study";
const REVIEW: &str = "transition-submission";
const APPROVE: &str = "bulk-approve-submissions";
const PAY: &str = "pay-bonus-payments";
pub(super) const PREPARE: &str = "create-bonus-payments";
const GUARDED: [&str; 6] = [PUBLISH, CHANGE, REVIEW, APPROVE, PAY, PREPARE];

/// What a call costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) what: What,
    pub(super) amount: Minor,
    pub(super) currency: Option<Currency>,
}

/// What money goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A study is published.
    Publication(String),
    /// A study that is published gets more places, or a higher reward.
    Growth(String),
    /// Submissions are paid, by study.
    Submissions(Vec<(String, Minor)>),
    /// Bonuses are paid.
    Bonuses(String),
}

impl Cost {
    /// The study that money is committed to.
    pub(super) fn grows(&self) -> Option<&str> {
        match &self.what {
            What::Publication(study) | What::Growth(study) => Some(study),
            What::Submissions(_) | What::Bonuses(_) => None,
        }
    }
}

/// What a request costs; none if it does nothing that costs.
///
/// # Errors
///
/// Returns an error if that can't be told.
pub(super) async fn of(
    prolific: &Prolific,
    account: &Account,
    operation: &Operation,
    request: &Request,
) -> Result<Option<Cost>> {
    let parameter =
        || parameter(operation, request).ok_or_else(|| unknown("its path names no id for certain"));
    let body = || body(request).ok_or_else(|| unknown("its body is not JSON"));
    match operation.operation_id {
        PUBLISH => of_publication(prolific, &StudyId::new(parameter()?)?, &body()?).await,
        CHANGE => of_change(prolific, &StudyId::new(parameter()?)?, &body()?).await,
        REVIEW => of_review(prolific, &SubmissionId::new(parameter()?)?, &body()?).await,
        APPROVE => of_approval(prolific, &body()?).await.map(Some),
        PAY => {
            let id = parameter()?;
            let amount = account.total_of(&id).ok_or_else(|| {
                unknown("they were not created by this client: tell it by `declare_total`")
            })?;
            Ok(Some(Cost { what: What::Bonuses(id), amount, currency: None }))
        }
        _ => Ok(None),
    }
}

fn unknown(why: &str) -> Error {
    Error::invalid_input(format!("its cost can't be determined: {why}"))
}

/// The operation that may spend which a request is of; one of the caller's own making by its method
/// and path, however often that is encoded, as one server after the other may decode it.
pub(super) fn guarded(
    operation: &'static Operation,
    request: &Request,
) -> Option<&'static Operation> {
    let is_guarded = |known: &&Operation| GUARDED.contains(&known.operation_id);
    if !operation.path.is_empty() {
        return Some(operation).filter(is_guarded);
    }
    let mut path = request.url().path().to_owned();
    loop {
        let is_of = |known: &&Operation| {
            known.method.eq_ignore_ascii_case(request.method().as_str())
                && is_at(known, &decoded_segments(&path))
        };
        let found = OPERATIONS.iter().copied().filter(is_guarded).find(is_of);
        let again = decoded(&path);
        if found.is_some() || again == path {
            return found;
        }
        path = again;
    }
}

/// The id in a path, decoded once, as a server does: `a%2531` is `a%31`, and not `a1`, which is
/// another study. `None` if the path has to be decoded more than once to be of the operation.
fn parameter(operation: &Operation, request: &Request) -> Option<String> {
    let path = request.url().path();
    let mut readings = [decoded_segments(path), segments(&decoded(path))].into_iter();
    let segments = readings.find(|segments| is_at(operation, segments))?;
    let mut pairs = templates(operation).zip(segments);
    pairs.find(|(template, _)| template.starts_with('{')).map(|(_, id)| id)
}

/// Whether a path is that of an operation. What it begins with depends on the base URL.
fn is_at(operation: &Operation, path: &[String]) -> bool {
    let mut parts = path.iter();
    templates(operation)
        .all(|known| parts.next().is_some_and(|part| known == part || known.starts_with('{')))
}

fn templates(operation: &Operation) -> impl Iterator<Item = &'static str> + use<> {
    operation.path.rsplit('/').filter(|segment| !segment.is_empty())
}

/// The segments of a path, the last one first.
fn segments(path: &str) -> Vec<String> {
    path.rsplit('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// The segments of a path, each decoded once, so that a slash in one stays part of it.
fn decoded_segments(path: &str) -> Vec<String> {
    segments(path).iter().map(|segment| decoded(segment)).collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn body(request: &Request) -> Option<Value> {
    serde_json::from_slice(request.body()?.as_bytes()?).ok()
}

fn action(body: &Value) -> &str {
    body["action"].as_str().unwrap_or_default()
}

async fn of_publication(prolific: &Prolific, id: &StudyId, body: &Value) -> Result<Option<Cost>> {
    // Starting a paused study costs nothing: it was paid for when it was published.
    if ["CANCEL_PUBLISH", "PAUSE", "START", "STOP"].contains(&action(body)) {
        return Ok(None);
    }
    let cost = prolific.studies().projected_cost(id).await?;
    let rewards = cost.rewards.ok_or_else(|| unknown("the study has no projected cost"))?;
    let (amount, currency) = sum(&rewards)?;
    Ok(Some(Cost { what: What::Publication(id.to_string()), amount, currency }))
}

/// All that a projected cost is made of.
fn sum(cost: &CostBreakdown) -> Result<(Minor, Option<Currency>)> {
    let rewards = cost.rewards.as_ref().and_then(|rewards| rewards.amount);
    rewards.ok_or_else(|| unknown("the projected cost has no rewards"))?;
    let CostBreakdown { rewards, fees, tax, rep_sample_fees, rep_sample_tax } = cost;
    let parts = [rewards, fees, tax, rep_sample_fees, rep_sample_tax].into_iter().flatten();
    let amounts = parts.clone().filter_map(|part| part.amount);
    let total = amounts.into_iter().try_fold(Minor::ZERO, Minor::checked_add);
    let currency = parts.filter_map(|part| part.currency.clone()).next();
    Ok((total.ok_or_else(|| unknown("the projected cost has too many digits"))?, currency))
}

async fn of_change(prolific: &Prolific, id: &StudyId, body: &Value) -> Result<Option<Cost>> {
    let annotators = &body["data_collection_metadata"]["annotators_per_task"];
    let costs =
        [&body["reward"], &body["total_available_places"], &body["access_details"], annotators];
    if costs.into_iter().all(Value::is_null) {
        return Ok(None);
    }
    let study = prolific.studies().get(id).await?;
    if study.status == Some(StudyStatus::Unpublished) {
        return Ok(None);
    }
    let (places, reward) = extent(&study)?;
    let new_reward = match &body["reward"] {
        Value::Null => reward,
        reward => of_json(reward).map_err(|_| unknown("the new reward is not an amount"))?,
    };
    let new_places = places_after(&study, places, body)
        .ok_or_else(|| unknown("the resulting number of places is not known"))?;
    let before = prolific.studies().calculate_cost(reward, places).await?;
    let after = prolific.studies().calculate_cost(new_reward, new_places).await?;
    let amount = after.checked_sub(before).unwrap_or(after).max(Minor::ZERO);
    let currency = study.currency;
    Ok(Some(Cost { what: What::Growth(id.to_string()), amount, currency }))
}

/// The places of a study and its reward.
fn extent(study: &Study) -> Result<(u32, Minor)> {
    let places = study.total_available_places.and_then(|places| u32::try_from(places).ok());
    let places = places.ok_or_else(|| unknown("the study's number of places is not known"))?;
    let reward = study.reward.ok_or_else(|| unknown("the study's reward is not known"))?;
    Ok((places, reward))
}

/// How many places a study has after a change.
fn places_after(study: &Study, places: u32, body: &Value) -> Option<u32> {
    let whole = |value: &Value| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0)?;
        (number <= f64::from(u32::MAX)).then_some(number as u32)
    };
    let mut after = match &body["total_available_places"] {
        Value::Null => places,
        places => whole(places)?,
    };
    // Places of addresses come on top, each time that they are sent.
    for detail in body["access_details"].as_array().into_iter().flatten() {
        after = after.checked_add(whole(&detail["total_allocation"])?)?;
    }
    let annotators = &body["data_collection_metadata"]["annotators_per_task"];
    if !annotators.is_null() {
        let before = study.data_collection_metadata.as_ref()?.annotators_per_task;
        let before = before.filter(|count| *count > 0)?;
        let all = u64::from(after).checked_mul(whole(annotators)?.into())?;
        after = u32::try_from(all.div_ceil(before)).ok()?;
    }
    Some(after)
}

async fn of_review(prolific: &Prolific, id: &SubmissionId, body: &Value) -> Result<Option<Cost>> {
    if ["REJECT", "RETURN", "START", "UNRETURN"].contains(&action(body)) {
        return Ok(None);
    }
    let submission = prolific.submissions().get(id).await?;
    let study = submission.study_id.ok_or_else(|| unknown("the submission names no study"))?;
    let count = u32::from(!is_paid(submission.status.as_ref()));
    of_submissions(prolific, [(study, count)]).await.map(Some)
}

async fn of_approval(prolific: &Prolific, body: &Value) -> Result<Cost> {
    let ids = |name: &str| -> Option<HashSet<String>> {
        let ids = body[name].as_array()?.iter();
        ids.map(|id| id.as_str().map(str::to_owned)).collect()
    };
    if let (Some(study), Some(participants)) = (body["study_id"].as_str(), ids("participant_ids")) {
        let study = StudyId::new(study)?;
        let mut rows = prolific.studies().submissions(&study);
        let mut count = 0;
        while let Some(row) = rows.next().await.transpose()? {
            let is_meant = row.participant_id.is_some_and(|id| participants.contains(id.as_str()));
            count += u32::from(is_meant && !is_paid(row.status.as_ref()));
        }
        return of_submissions(prolific, [(study, count)]).await;
    }
    let ids = ids("submission_ids").ok_or_else(|| unknown("it names no submissions"))?;
    of_submissions(prolific, by_study(prolific, ids).await?).await
}

/// How many of these submissions are to be paid, by study. They are mostly of one study, whose list
/// is a request for hundreds of them.
async fn by_study(prolific: &Prolific, mut ids: HashSet<String>) -> Result<BTreeMap<StudyId, u32>> {
    let mut studies = BTreeMap::new();
    while let Some(id) = ids.iter().next().cloned() {
        ids.remove(&id);
        let submission = prolific.submissions().get(&SubmissionId::new(&id)?).await?;
        let study = submission.study_id.ok_or_else(|| unknown("a submission names no study"))?;
        let mut count = u32::from(!is_paid(submission.status.as_ref()));
        let mut rows = prolific.studies().submissions(&study);
        while !ids.is_empty()
            && let Some(row) = rows.next().await.transpose()?
        {
            let is_meant = ids.remove(row.id.as_str());
            count += u32::from(is_meant && !is_paid(row.status.as_ref()));
        }
        *studies.entry(study).or_default() += count;
    }
    Ok(studies)
}

fn is_paid(status: Option<&SubmissionStatus>) -> bool {
    use SubmissionStatus::{Approved, PartiallyApproved, ScreenedOut};
    matches!(status, Some(Approved | PartiallyApproved | ScreenedOut))
}

/// The cost of this many submissions of studies.
async fn of_submissions(
    prolific: &Prolific,
    counts: impl IntoIterator<Item = (StudyId, u32)>,
) -> Result<Cost> {
    let (mut studies, mut total, mut currency) = (Vec::new(), Minor::ZERO, None);
    for (id, count) in counts {
        let study = prolific.studies().get(&id).await?;
        let reward = study.reward.ok_or_else(|| unknown("a study's reward is not known"))?;
        let amount = match count {
            0 => Minor::ZERO,
            count => prolific.studies().calculate_cost(reward, count).await?,
        };
        total = total.checked_add(amount).ok_or_else(|| unknown("it has too many digits"))?;
        if currency.is_some() && study.currency.is_some() && currency != study.currency {
            return Err(unknown("the studies are of several currencies"));
        }
        currency = currency.or(study.currency);
        studies.push((id.to_string(), amount));
    }
    Ok(Cost { what: What::Submissions(studies), amount: total, currency })
}

#[cfg(test)]
mod tests {
    use prolific_api::{OPERATIONS, Operation};
    use reqwest::{Method, Request};

    use super::{GUARDED, guarded, parameter};

    #[test]
    fn a_request_of_ones_own_is_known_for_what_a_server_takes_it_for() {
        static OWN: Operation = Operation::new("undocumented", "POST", "");
        let found = |method: &str, path: &str| {
            let url = format!("http://127.0.0.1/{path}").parse().unwrap();
            let request = Request::new(Method::from_bytes(method.as_bytes()).unwrap(), url);
            let operation = guarded(&OWN, &request)?;
            Some((operation.operation_id, parameter(operation, &request)))
        };
        for path in [
            "api/v1/studies/s1/transition/",
            "api/v1/studies/s1/transition",
            "base/of/api/v1/studies/s1/transition",
            "/api/v1//studies/s1/transition//",
            "api/v1/stud%69es/s1/transition/",
            "api/v1/studies/%731/transition/",
            "api/v1/studies%2Fs1%2ftransition/",
        ] {
            for method in ["POST", "post"] {
                let publish = Some(("publish-study", Some("s1".to_owned())));
                assert_eq!(found(method, path), publish, "{method} {path}");
            }
            assert_eq!(found("GET", path), None, "{path}");
        }
        for path in ["api/v1/studies/s1/transition/more", "api/v1/studies/s1", "transition", ""] {
            assert_eq!(found("POST", path), None, "{path}");
        }
        // The first server that reads it knows no such path, but one behind it may: it is of the
        // operation, and of no study for certain.
        for path in ["api/v1/%2573tudies/s1/transition/", "api/v1/studies%252Fs1%252ftransition/"] {
            assert_eq!(found("POST", path), Some(("publish-study", None)), "{path}");
        }
    }

    #[test]
    fn an_id_is_decoded_once_as_a_server_does() {
        let publish = OPERATIONS.iter().find(|known| known.operation_id == "publish-study");
        let id = |segment: &str| {
            let url = format!("http://127.0.0.1/api/v1/studies/{segment}/transition/");
            parameter(publish.unwrap(), &Request::new(Method::POST, url.parse().unwrap()))
        };
        for (segment, expected) in [
            ("s1", "s1"),
            ("%731", "s1"),
            ("%2531", "%31"),
            ("s%252F1", "s%2F1"),
            ("%25252e", "%252e"),
            // It is no id then, and refused; not the id of what is behind the slash.
            ("other%2Fs1", "other/s1"),
            ("s%20%C3%BC", "s ü"),
        ] {
            assert_eq!(id(segment).as_deref(), Some(expected), "{segment}");
        }
    }

    #[test]
    fn the_operations_that_spend_are_known() {
        for id in GUARDED {
            assert!(OPERATIONS.iter().any(|operation| operation.operation_id == id), "{id}");
        }
    }
}
