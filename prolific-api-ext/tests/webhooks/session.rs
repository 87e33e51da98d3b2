//! A receiver and a simulated Prolific.

use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt as _;
use http::{HeaderMap, HeaderName};
use prolific_api_ext::{
    ErrorKind, Prolific,
    hooks::{EventType, NewSubscription, SubscriptionChange},
    simulator::{Delivery, Fault, Simulator},
    webhooks::{Change, Dedupe, Event, Receipt, Refusal, Verifier},
};

const URL: &str = "https://example.com/prolific";

fn wanted(simulator: &Simulator) -> NewSubscription {
    let workspace = simulator.workspace_id().unwrap();
    NewSubscription::new(workspace, EventType::SubmissionStatusChange, URL)
}

fn verify(verifier: &Verifier, delivery: &Delivery) -> Result<Event, Refusal> {
    let headers = delivery.headers.iter().map(|(name, value)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap())
    });
    verifier.verify(&HeaderMap::from_iter(headers), &delivery.body)
}

async fn subscriptions(prolific: &Prolific, simulator: &Simulator) -> usize {
    let hooks = prolific.hooks();
    let workspace = simulator.workspace_id().unwrap();
    let mut count = 0;
    for is_enabled in [true, false] {
        let list = hooks.subscriptions(&workspace).enabled(is_enabled);
        count += list.try_collect::<Vec<_>>().await.unwrap().len();
    }
    count
}

#[tokio::test]
async fn a_subscription_delivers_what_the_secret_verifies() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let subscribed = prolific.hooks().subscribe(wanted(&simulator)).await.unwrap();
    assert_eq!(subscribed.subscription.is_enabled, Some(true));
    let study = simulator.active_study().unwrap();
    let submission = simulator.submit(&study).unwrap();

    let deliveries = simulator.deliveries();
    assert_eq!(deliveries.len(), 3);
    let (verifier, dedupe) = (Verifier::new(subscribed.secret), Dedupe::default());
    for delivery in &deliveries {
        let event = verify(&verifier, delivery).unwrap();
        let Change::SubmissionStatus { submission_id, .. } = event.change() else {
            panic!("{event:?}");
        };
        assert_eq!(submission_id, submission);
        assert_eq!(event.id().unwrap().as_str(), delivery.event_id);
        assert!(event.sent_at().unwrap().to_system_time().is_some());
        let Receipt::New(claim) = dedupe.receive(&event) else { panic!("{event:?}") };
        claim.handled();
        assert!(matches!(dedupe.receive(&event), Receipt::Repeated));
    }
}

#[tokio::test]
async fn subscribing_again_takes_what_is_there_and_keeps_the_secret() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let first = prolific.hooks().subscribe(wanted(&simulator)).await.unwrap();
    let second = prolific.hooks().subscribe(wanted(&simulator)).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(subscriptions(&prolific, &simulator).await, 1);
}

#[tokio::test]
async fn a_subscription_that_was_turned_off_is_turned_on_again() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let first = prolific.hooks().subscribe(wanted(&simulator)).await.unwrap();
    let off = SubscriptionChange::default().is_enabled(false);
    prolific.hooks().update(&first.subscription.id, off).await.unwrap();
    let second = prolific.hooks().subscribe(wanted(&simulator)).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(subscriptions(&prolific, &simulator).await, 1);
}

#[tokio::test]
async fn a_subscription_that_can_not_be_confirmed_is_deleted_again() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    simulator.fault("confirm-subscription", Fault::status(400)).unwrap();
    let error = prolific.hooks().subscribe(wanted(&simulator)).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 400);
    assert_eq!(subscriptions(&prolific, &simulator).await, 0);
    prolific.hooks().subscribe(wanted(&simulator)).await.unwrap();
    assert_eq!(subscriptions(&prolific, &simulator).await, 1);
}

#[tokio::test]
async fn only_an_api_on_this_machine_delivers_to_it() {
    let simulator = Simulator::start();
    let workspace = simulator.workspace_id().unwrap();
    let to = |url: &str| {
        NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, url.to_owned())
    };
    let here = simulator.prolific().unwrap();
    let elsewhere = Prolific::builder().token("t").build().unwrap();
    for url in ["http://example.com/", "ftp://127.0.0.1/", "here", ""] {
        let error = here.hooks().create(to(url)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}");
    }
    assert!(here.hooks().create(to("http://127.0.0.1:9/")).await.is_ok());
    let error = elsewhere.hooks().create(to("http://127.0.0.1:9/")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.attempts(), 0);
}

#[tokio::test]
async fn during_a_change_of_the_secret_both_are_accepted() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let old = prolific.hooks().subscribe(wanted(&simulator)).await.unwrap().secret;
    let study = simulator.active_study().unwrap();
    simulator.submit(&study).unwrap();
    let new = prolific.hooks().create_secret(&simulator.workspace_id().unwrap()).await.unwrap();
    let new = new.value.unwrap();
    simulator.submit(&study).unwrap();

    let deliveries = simulator.deliveries();
    let [first, .., last] = &deliveries[..] else { panic!("{deliveries:?}") };
    let (before, after) = (Verifier::new(old.clone()), Verifier::new(new.clone()));
    assert!(verify(&before, first).is_ok());
    assert_eq!(verify(&before, last).unwrap_err(), Refusal::WrongSignature);
    assert_eq!(verify(&after, first).unwrap_err(), Refusal::WrongSignature);
    let both = Verifier::new(new).or(old);
    assert!(verify(&both, first).is_ok() && verify(&both, last).is_ok());
}

#[tokio::test]
async fn events_missed_during_an_outage_are_caught_up_oldest_first() {
    let simulator = Simulator::start();
    let clock = simulator.clock();
    clock.stop();
    let prolific = simulator.prolific().unwrap();
    let subscribed = prolific.hooks().subscribe(wanted(&simulator)).await.unwrap();
    let id = &subscribed.subscription.id;
    let study = simulator.active_study().unwrap();
    let before = simulator.submit(&study).unwrap();
    clock.advance(Duration::from_secs(3600));
    let missed = simulator.submit(&study).unwrap();

    let all = prolific.hooks().catch_up(id, SystemTime::UNIX_EPOCH).await.unwrap();
    let resources: Vec<&str> = all.iter().filter_map(Event::resource_id).collect();
    let (before, missed) = (before.as_str(), missed.as_str());
    assert_eq!(resources, [before, before, before, missed, missed, missed]);
    let since = all[3].sent_at().unwrap().clone();
    let events = prolific.hooks().catch_up(id, since).await.unwrap();
    assert_eq!(events, all[3..]);

    let verifier = Verifier::new(subscribed.secret);
    let told: Vec<_> = simulator
        .deliveries()
        .iter()
        .map(|delivery| verify(&verifier, delivery).unwrap())
        .collect();
    for (told, listed) in told.iter().zip(&all) {
        assert_eq!((told.id(), told.change()), (listed.id(), listed.change()));
    }
}
