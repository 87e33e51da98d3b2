//! Deliveries of anybody: nothing but what was signed is genuine.

use std::time::SystemTime;

use fastrand::Rng;
use http::{HeaderMap, HeaderName, HeaderValue};
use prolific_api_ext::{
    hooks::{EventType, NewSubscription},
    simulator::Simulator,
    webhooks::{Event, Verifier},
};

const TIME: &str = "x-prolific-request-timestamp";
const SIGNATURE: &str = "x-prolific-request-signature";

/// A delivery as it was signed, and what verifies it.
async fn signed() -> (HeaderMap, Vec<u8>, Verifier) {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let workspace = simulator.workspace_id().unwrap();
    let event = EventType::SubmissionStatusChange;
    let wanted = NewSubscription::new(workspace, event, "https://example.com/prolific");
    let secret = prolific.hooks().subscribe(wanted).await.unwrap().secret;
    simulator.submit(&simulator.active_study().unwrap()).unwrap();
    let delivery = simulator.deliveries().remove(0);
    let headers = delivery.headers.iter().map(|(name, value)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap())
    });
    (headers.collect(), delivery.body.to_vec(), Verifier::new(secret))
}

/// Changes a text a little.
fn changed(rng: &mut Rng, bytes: &mut Vec<u8>) {
    let at = rng.usize(..=bytes.len());
    match rng.u8(..4) {
        0 => bytes.insert(at, rng.u8(..)),
        1 if at < bytes.len() => drop(bytes.remove(at)),
        2 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
        _ => bytes.truncate(at),
    }
}

fn change_header(rng: &mut Rng, headers: &mut HeaderMap, name: &'static str) {
    let mut value = headers[name].as_bytes().to_vec();
    changed(rng, &mut value);
    // What is no value of a header can't arrive.
    if let Ok(value) = HeaderValue::from_bytes(&value) {
        headers.insert(name, value);
    }
}

#[tokio::test]
async fn a_delivery_is_genuine_if_and_only_if_it_is_as_it_was_signed() {
    let (headers, body, verifier) = signed().await;
    assert!(verifier.verify(&headers, &body).is_ok());
    let seed = prolific_tests::seed();
    let mut rng = Rng::with_seed(seed);
    for _ in 0..20_000 {
        let (mut other, mut text) = (headers.clone(), body.clone());
        match rng.u8(..4) {
            0 => changed(&mut rng, &mut text),
            1 => change_header(&mut rng, &mut other, TIME),
            2 => change_header(&mut rng, &mut other, SIGNATURE),
            _ => drop(other.append(SIGNATURE, headers[SIGNATURE].clone())),
        }
        let is_same = text == body
            && other.get_all(SIGNATURE).iter().eq([&headers[SIGNATURE]])
            && other.get_all(TIME).iter().eq([&headers[TIME]]);
        let is_genuine = verifier.verify_at(&other, &text, SystemTime::now()).is_ok();
        assert_eq!(is_genuine, is_same, "seed {seed}: {other:?} {text:?}");
    }
}

#[test]
fn any_body_is_an_event_or_an_error() {
    let seed = prolific_tests::seed();
    let mut rng = Rng::with_seed(seed);
    let known = br#"{"event_type":"submission.status.change","resource_id":"s1","status":"ACTIVE","metadata":{"a":[1,2]}}"#;
    let mut events = 0;
    for _ in 0..20_000 {
        let mut body = known.to_vec();
        for _ in 0..rng.usize(1..6) {
            changed(&mut rng, &mut body);
        }
        let Ok(event) = Event::from_body(&body) else { continue };
        events += 1;
        let written = serde_json::to_string(&event).unwrap();
        let read: Event = serde_json::from_str(&written).unwrap();
        assert_eq!(read, event, "seed {seed}");
        // It is one of the known changes, or unknown; it never panics.
        let _ = (event.change(), event.event_type(), event.resource_id(), event.metadata());
    }
    assert!(events > 100, "seed {seed}: {events} events");
}
