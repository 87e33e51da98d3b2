//! The spending guard, through each path that spends.

use std::time::Duration;

use futures_util::future::join_all;
use prolific_api_ext::{
    BonusPaymentsId, Error, ErrorKind, Minor, Money, NoRetry, Prolific, StudyId,
    bonuses::Bonus,
    money::Currency,
    raw::types,
    simulator::{Fault, RecordedRequest, Simulator},
    studies::{AccessDetail, CompletionCode, CompletionCodeType, NewStudy, StudyChange},
    submissions::{SubmissionAction, Transition},
};

use super::{requests, reviewed};

fn pounds(major: &str) -> Money {
    Money::from_major(major, Currency::Gbp).unwrap()
}

fn limited(simulator: &Simulator, limit: &str) -> Prolific {
    simulator.builder().spending_limit(pounds(limit)).build().unwrap()
}

/// A draft that costs 26.00.
async fn draft(simulator: &Simulator) -> StudyId {
    let draft = NewStudy::new("Birds", "Name them.").external_url("https://example.com");
    let draft = draft
        .places(20)
        .reward(100)
        .minutes(5)
        .completion_code(CompletionCode::new("C1", CompletionCodeType::Completed));
    simulator.prolific().unwrap().studies().create(draft).await.unwrap().id
}

async fn prepared(prolific: &Prolific, study: &StudyId, bonus: Bonus) -> BonusPaymentsId {
    prolific.bonuses().create(study, [bonus]).await.unwrap().id
}

fn spent(prolific: &Prolific) -> [String; 2] {
    let spending = prolific.spending().unwrap();
    [spending.spent, spending.reserved].map(|amount| amount.to_string())
}

/// Checks that a call was refused, and what it would have cost.
fn assert_refused<T>(result: Result<T, Error>, kind: ErrorKind, asked: Option<i32>) {
    let Err(error) = result else { panic!("it is refused") };
    assert_eq!((error.kind(), error.attempts()), (kind, 0), "{error}");
    assert!(!error.may_have_acted() && !error.is_transient(), "{error}");
    assert_eq!(error.expense().unwrap().asked, asked.map(Minor::from), "{error}");
}

#[tokio::test]
async fn a_study_beyond_the_limit_is_not_published() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let prolific = limited(&simulator, "25.99");
    let refused = prolific.studies().publish(&study).await;
    assert_refused(refused, ErrorKind::SpendingLimit, Some(2600));
    assert_eq!(requests(&simulator, "publish-study"), 0);
    let prolific = limited(&simulator, "26.00");
    prolific.studies().publish(&study).await.unwrap();
    assert_eq!(spent(&prolific), ["2600", "0"]);
    prolific.studies().pause(&study).await.unwrap();
    prolific.studies().start(&study).await.unwrap();
    assert_eq!(spent(&prolific), ["2600", "0"]);
}

#[tokio::test]
async fn the_raw_client_passes_the_guard_too() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let prolific = limited(&simulator, "1.00");
    let call = prolific.api().publish_study().id(study.as_str());
    let call = call.body(types::StudyTransition::builder().action("PUBLISH"));
    let refused = call.send().await.map_err(Error::from);
    assert_refused(refused, ErrorKind::SpendingLimit, Some(2600));
    assert_eq!(requests(&simulator, "publish-study"), 0);
}

#[tokio::test]
async fn approvals_of_a_study_that_was_published_are_paid_of_its_commitment() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let prolific = limited(&simulator, "26.00");
    prolific.studies().publish(&study).await.unwrap();
    let submission = simulator.submit(&study).unwrap();
    let others = [simulator.submit(&study).unwrap(), simulator.submit(&study).unwrap()];
    prolific.submissions().approve(&submission).await.unwrap();
    prolific.submissions().bulk_approve(&others).await.unwrap();
    assert_eq!(spent(&prolific), ["2600", "0"]);
}

#[tokio::test]
async fn approvals_of_other_studies_count_and_those_that_are_paid_do_not() {
    let simulator = Simulator::start();
    let (study, submissions) = reviewed(&simulator, 4);
    let reward = simulator.prolific().unwrap().studies().get(&study).await.unwrap().reward.unwrap();
    let each = simulator.prolific().unwrap().studies().calculate_cost(reward, 1).await.unwrap();
    let three = [0, 1, 2].iter().fold(Minor::ZERO, |sum, _| sum.checked_add(each).unwrap());
    let limit = Money::from_minor(three, Currency::Gbp);
    let prolific = simulator.builder().spending_limit(limit).build().unwrap();
    prolific.submissions().approve(&submissions[0]).await.unwrap();
    let all = prolific.submissions().bulk_approve(&submissions).await.unwrap_err();
    assert_eq!(all.expense().unwrap().asked, Some(three));
    assert_eq!(requests(&simulator, "bulk-approve-submissions"), 0);
    // The first one is paid, and costs nothing more.
    prolific.submissions().bulk_approve(&submissions[..3]).await.unwrap();
    prolific.submissions().approve(&submissions[0]).await.unwrap();
    assert_eq!(spent(&prolific), [three.to_string(), "0".to_owned()]);
    let participant = prolific.submissions().get(&submissions[3]).await.unwrap().participant_id;
    let by_participant = prolific
        .submissions()
        .bulk_approve_participants(&study, [&participant.unwrap()])
        .await
        .unwrap_err();
    assert_eq!(by_participant.expense().unwrap().asked, Some(each));
    let rejection = Transition::new(SubmissionAction::Return);
    let _ = prolific.submissions().transition(&submissions[3], rejection).await;
    assert_eq!(requests(&simulator, "transition-submission"), 3);
}

#[tokio::test]
async fn more_places_cost_the_difference() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let prolific = limited(&simulator, "39.00");
    // A draft costs nothing.
    prolific.studies().update(&study, StudyChange::new().places(10)).await.unwrap();
    assert_eq!(spent(&prolific), ["0", "0"]);
    prolific.studies().publish(&study).await.unwrap();
    prolific.studies().update(&study, StudyChange::new().places(30)).await.unwrap();
    assert_eq!(spent(&prolific), ["3900", "0"]);
    prolific.studies().update(&study, StudyChange::new().places(30)).await.unwrap();
    prolific.studies().update(&study, StudyChange::new().internal_name("a")).await.unwrap();
    let more = prolific.studies().update(&study, StudyChange::new().places(31)).await;
    assert_refused(more, ErrorKind::SpendingLimit, Some(130));
    let details = vec![AccessDetail::new("https://example.com/b", 2)];
    let more = StudyChange::new().access_details(details);
    let more = prolific.studies().update(&study, more).await;
    assert_refused(more, ErrorKind::SpendingLimit, Some(260));
    let annotators =
        serde_json::json!({ "data_collection_metadata": { "annotators_per_task": 2 } });
    let call = prolific.api().update_study().id(study.as_str());
    let more = call.body(serde_json::from_value::<types::UpdateStudy>(annotators).unwrap());
    let more = more.send().await.map_err(Error::from);
    assert_refused(more, ErrorKind::SpendingLimit, None);
    assert_eq!(requests(&simulator, "update-study"), 4);
}

#[tokio::test]
async fn what_is_added_to_a_call_is_not_sent_with_the_questions_of_the_guard() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let prolific = limited(&simulator, "39.00");
    prolific.studies().publish(&study).await.unwrap();
    let before = simulator.requests().len();
    let prolific = prolific.with_query("trace", "1").with_body_field("internal_name", "wave 2");
    let change = StudyChange::new().places(30);
    prolific.unwrap().studies().update(&study, change).await.unwrap();
    let sent = simulator.requests().split_off(before);
    let has_field = |request: &RecordedRequest| {
        request.json().is_some_and(|body| body.get("internal_name").is_some())
    };
    let with_more: Vec<_> = sent
        .iter()
        .filter(|request| has_field(request) || !request.query.is_empty())
        .map(|request| request.operation)
        .collect();
    assert_eq!(with_more, [Some("update-study")]);
    assert_eq!(
        sent.iter().filter(|sent| sent.operation == Some("calculate-study-cost")).count(),
        2
    );
}

#[tokio::test]
async fn bonuses_cost_what_their_preparation_said() {
    let simulator = Simulator::start();
    let (study, submissions) = reviewed(&simulator, 1);
    let prolific = limited(&simulator, "2.00");
    let bonus = |major| Bonus::new(submissions[0].clone(), pounds(major));
    let small = prepared(&prolific, &study, bonus("1.00")).await;
    let large = prepared(&prolific, &study, bonus("2.00")).await;
    assert_refused(prolific.bonuses().pay(&large).await, ErrorKind::SpendingLimit, Some(260));
    prolific.bonuses().pay(&small).await.unwrap();
    assert_refused(prolific.bonuses().pay(&small).await, ErrorKind::SpendingLimit, Some(130));
    assert_eq!((simulator.times_paid(&small), simulator.times_paid(&large)), (Some(1), Some(0)));
    assert_eq!(spent(&prolific), ["130", "0"]);
    let foreign = prepared(&simulator.prolific().unwrap(), &study, bonus("0.10")).await;
    assert_refused(prolific.bonuses().pay(&foreign).await, ErrorKind::SpendingLimit, None);
    prolific.bonuses().declare_total(&foreign, 13.into());
    prolific.bonuses().pay(&foreign).await.unwrap();
    assert_eq!(spent(&prolific), ["143", "0"]);
}

#[tokio::test]
async fn what_the_server_turns_down_is_released_and_a_doubt_stays_reserved() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let prolific = limited(&simulator, "30.00").with_retry_policy(NoRetry);
    for status in [400, 429] {
        simulator.fault("publish-study", Fault::status(status)).unwrap();
        prolific.studies().publish(&study).await.unwrap_err();
        assert_eq!(spent(&prolific), ["0", "0"], "{status}");
    }
    simulator.fault("publish-study", Fault::status(500)).unwrap();
    assert!(prolific.studies().publish(&study).await.unwrap_err().may_have_acted());
    assert_eq!(spent(&prolific), ["0", "2600"]);
    // The same study once more is the same money.
    prolific.studies().publish(&study).await.unwrap();
    let other = draft(&simulator).await;
    let refused = prolific.studies().publish(&other).await;
    assert_refused(refused, ErrorKind::SpendingLimit, Some(2600));
}

#[tokio::test]
async fn a_call_that_is_dropped_half_way_stays_reserved() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let prolific = limited(&simulator, "30.00");
    simulator.fault("publish-study", Fault::delay(Duration::from_secs(60))).unwrap();
    let studies = prolific.studies();
    let mut publish = Box::pin(studies.publish(&study));
    let sent = async {
        while requests(&simulator, "publish-study") == 0 && spent(&prolific) == ["0", "0"] {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = &mut publish => panic!("it takes a minute"),
        () = sent => {}
    }
    drop(publish);
    assert_eq!(spent(&prolific), ["0", "2600"]);
}

#[tokio::test]
async fn calls_at_the_same_time_never_spend_more_than_the_limit() {
    let simulator = Simulator::start();
    let prolific = limited(&simulator, "80.00");
    let drafts = join_all((0..6).map(|_| draft(&simulator))).await;
    let studies = prolific.studies();
    let published = join_all(drafts.iter().map(|study| studies.publish(study))).await;
    let done = published.iter().filter(|result| result.is_ok()).count();
    assert_eq!((done, requests(&simulator, "publish-study")), (3, 3));
    assert_eq!(spent(&prolific), ["7800", "0"]);
}

#[tokio::test]
async fn a_cost_that_can_not_be_asked_for_is_not_spent() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let prolific = limited(&simulator, "30.00");
    simulator.fault("get-study-cost", Fault::status(403)).unwrap();
    let refused = prolific.studies().publish(&study).await;
    assert_refused(refused, ErrorKind::Forbidden, None);
    let nothing = serde_json::json!({});
    simulator.fault("get-study-cost", Fault::answer(200, nothing)).unwrap();
    let refused = prolific.studies().publish(&study).await;
    assert_refused(refused, ErrorKind::SpendingLimit, None);
    assert_eq!(requests(&simulator, "publish-study"), 0);
}

/// Checks that of an error and its causes none says what one before it says.
fn assert_said_once(error: &dyn std::error::Error) {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        assert!(said.iter().all(|before| !before.contains(&text)), "{text:?} after {said:?}");
        said.push(text);
        cause = error.source();
    }
}

#[tokio::test]
async fn a_refusal_of_the_guard_and_its_causes_say_each_thing_once() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let dry_run = simulator.builder().dry_run().build().unwrap();
    for (prolific, fault, says) in [
        (limited(&simulator, "1.00"), None, "it costs 26.00 GBP"),
        (dry_run, None, "this is a dry run"),
        (limited(&simulator, "30.00"), Some(Fault::status(403)), "get-study-cost: 403 Forbidden"),
    ] {
        if let Some(fault) = fault {
            simulator.fault("get-study-cost", fault.times(2)).unwrap();
        }
        let error = prolific.studies().publish(&study).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
        assert_said_once(&error);
        let call = prolific.api().publish_study().id(study.as_str());
        let call = call.body(types::StudyTransition::builder().action("PUBLISH"));
        assert_said_once(&call.send().await.unwrap_err());
    }
}

#[tokio::test]
async fn a_cost_that_can_not_be_asked_for_now_says_when_it_can() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let prolific = limited(&simulator, "30.00").with_retry_policy(NoRetry);
    let busy = Fault::status(429).retry_after(Duration::from_secs(7));
    simulator.fault("get-study-cost", busy).unwrap();
    let error = prolific.studies().publish(&study).await.unwrap_err();
    assert!(error.kind() == ErrorKind::RateLimited && error.is_transient(), "{error:?}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn a_limit_in_another_currency_lets_nothing_pass() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let dollars = Money::from_major("1000", Currency::Usd).unwrap();
    let prolific = simulator.builder().spending_limit(dollars).build().unwrap();
    let refused = prolific.studies().publish(&study).await;
    assert_refused(refused, ErrorKind::SpendingLimit, Some(2600));
}

#[tokio::test]
async fn a_dry_run_says_what_each_call_costs_and_sends_none_of_them() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let (active, submissions) = reviewed(&simulator, 2);
    let prolific = simulator.builder().dry_run().build().unwrap();
    let studies = prolific.studies();
    assert_refused(studies.publish(&study).await, ErrorKind::DryRun, Some(2600));
    let scheduled = studies.schedule(&study, None).await;
    assert_refused(scheduled, ErrorKind::DryRun, Some(2600));
    let reward = studies.get(&active).await.unwrap().reward.unwrap();
    let places = studies.get(&active).await.unwrap().total_available_places.unwrap();
    let cost = studies.calculate_cost(reward, 1).await.unwrap();
    let asked = |error: Error| error.expense().unwrap().asked.unwrap();
    let change = StudyChange::new().places(places + 1);
    assert_eq!(asked(studies.update(&active, change).await.unwrap_err()), cost);
    let review = prolific.submissions();
    assert_eq!(asked(review.approve(&submissions[0]).await.unwrap_err()), cost);
    let two = cost.checked_add(cost).unwrap();
    assert_eq!(asked(review.bulk_approve(&submissions).await.unwrap_err()), two);
    let bonus = Bonus::new(submissions[0].clone(), pounds("1.00"));
    let id = prepared(&prolific, &active, bonus).await;
    assert_refused(prolific.bonuses().pay(&id).await, ErrorKind::DryRun, Some(130));
    for operation in [
        "publish-study",
        "update-study",
        "transition-submission",
        "bulk-approve-submissions",
        "pay-bonus-payments",
    ] {
        assert_eq!(requests(&simulator, operation), 0, "{operation}");
    }
    let spending = prolific.spending().unwrap();
    assert_eq!((spending.spent, spending.reserved), (Minor::ZERO, Minor::ZERO));
    assert!(spending.would_spend > Minor::from(5200));
    studies.pause(&active).await.unwrap();
    assert_eq!(simulator.prolific().unwrap().with_dry_run().spending().unwrap().limit, None);
}

#[tokio::test]
async fn without_a_limit_nothing_more_is_asked() {
    let simulator = Simulator::start();
    let study = draft(&simulator).await;
    let before = simulator.requests().len();
    let prolific = simulator.prolific().unwrap();
    prolific.studies().publish(&study).await.unwrap();
    assert_eq!(simulator.requests().len() - before, 1);
    assert_eq!(prolific.spending(), None);
}

#[test]
fn a_limit_below_nothing_is_a_mistake() {
    let limit = Money::from_minor(-1, Currency::Gbp);
    let built = Prolific::builder().token("t").spending_limit(limit).build();
    assert_eq!(built.unwrap_err().kind(), ErrorKind::Configuration);
}
