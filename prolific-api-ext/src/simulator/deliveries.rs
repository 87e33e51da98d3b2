//! Delivery of events, which are signed, and retried after failures.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{Request, Uri};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpStream;

use super::{clock::seconds, money::number, server::Shared, table::extend, world::World};

/// The documented maximum number of attempts.
const TRIES: u64 = 12;
/// The pause before the second attempt, in seconds, which doubles: half of the documented upper
/// bound, its mean.
const FIRST_PAUSE: f64 = 30.0;
/// After how many seconds of failures only a subscription is disabled, as documented.
const LONGEST_FAILURE: f64 = 5.0 * 24.0 * 3600.0;
/// The timeout of a receiver. Prolific's is not documented.
const PATIENCE: Duration = Duration::from_secs(5);

/// An event as sent to a webhook; see [`Simulator::deliveries`](super::Simulator::deliveries).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Delivery {
    /// The id of the event, the same for each attempt.
    pub event_id: String,
    /// Where it went.
    pub url: String,
    /// The headers, including the signature.
    pub headers: Vec<(String, String)>,
    /// The signed body.
    pub body: Bytes,
    /// The status of the response. `None` without a response, and for receivers on other machines,
    /// which the simulator does not contact.
    pub status: Option<u16>,
}

/// Whether an address is on this machine.
pub(super) fn is_local(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let is_here = |host: &str| ["127.0.0.1", "localhost", "[::1]"].contains(&host);
    uri.scheme_str() == Some("http") && uri.host().is_some_and(is_here)
}

fn signature(secret: &str, timestamp: &str, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(timestamp.as_bytes());
    mac.update(body.as_bytes());
    Some(BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// An event ready to be sent.
fn prepared(world: &World, event: &Value) -> Delivery {
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let hook = world.hooks.get(&text("~hook"));
    let workspace = hook.and_then(|hook| hook["workspace_id"].as_str()).unwrap_or_default();
    let secret = world.secrets.of_field("workspace_id", workspace).last();
    let secret = secret.and_then(|secret| secret["value"].as_str());
    let (body, now) = (event["payload"].to_string(), seconds(world.moment().now) as u64);
    let now = now.to_string();
    let mut headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("x-event-id".to_owned(), text("id")),
        ("x-timestamp".to_owned(), now.clone()),
        ("x-prolific-request-timestamp".to_owned(), now.clone()),
    ];
    if let Some(signature) = secret.and_then(|secret| signature(secret, &now, &body)) {
        headers.push(("x-prolific-request-signature".to_owned(), signature));
    }
    Delivery {
        event_id: text("id"),
        url: text("target_url"),
        headers,
        body: body.into(),
        status: None,
    }
}

/// The events that are due.
fn due(world: &World) -> Vec<Delivery> {
    let now = seconds(world.moment().now);
    let is_due = |event: &&Value| event["status"] == "PENDING" && number(event, "~due") <= now;
    world.events.values().filter(is_due).map(|event| prepared(world, event)).collect()
}

/// Marks events for other machines as delivered, and wakes the task that sends the rest.
pub(super) fn hand_out(world: &mut World) {
    for delivery in due(world) {
        if is_local(&delivery.url) {
            world.clock.wake();
        } else {
            settle(world, delivery, true);
        }
    }
}

/// Records the result of an attempt.
fn settle(world: &mut World, delivery: Delivery, is_taken: bool) {
    let (now, text) = (seconds(world.moment().now), world.moment().text());
    let Ok(event) = world.events.named_mut(&delivery.event_id) else { return };
    let tries = event["~tries"].as_u64().unwrap_or_default() + 1;
    let status = match (is_taken, tries) {
        (true, _) => "SUCCEEDED",
        (false, TRIES..) => "FAILED",
        (false, _) => "PENDING",
    };
    let doublings = i32::try_from(tries - 1).unwrap_or_default();
    extend(
        event,
        json!({
            "status": status,
            "datetime_updated": text,
            "~tries": tries,
            "~due": now + FIRST_PAUSE * 2.0_f64.powi(doublings),
        }),
    );
    let hook = event["~hook"].as_str().unwrap_or_default().to_owned();
    world.deliveries.push(delivery);
    let Ok(hook) = world.hooks.named_mut(&hook) else { return };
    if is_taken {
        hook["~failing_since"] = Value::Null;
    } else if hook["~failing_since"].is_null() {
        hook["~failing_since"] = json!(now);
    } else if now - number(hook, "~failing_since") >= LONGEST_FAILURE {
        hook["is_enabled"] = json!(false);
    }
}

/// The time until the next event is due; `None` if there is none, or if the clock is stopped.
fn pause(world: &World) -> Option<Duration> {
    let now = seconds(world.moment().now);
    let pending = world.events.values().filter(|event| event["status"] == "PENDING");
    let next = pending.map(|event| number(event, "~due")).reduce(f64::min)?;
    let pause = Duration::try_from_secs_f64((next - now).max(0.0)).ok();
    pause.filter(|_| !world.clock.is_stopped())
}

/// Sends events until the simulator stops.
pub(super) async fn send_all(world: Shared) {
    let clock = world.lock().clock.clone();
    loop {
        let due = {
            let mut world = world.lock();
            world.move_on();
            due(&world)
        };
        for mut delivery in due {
            delivery.status = tokio::time::timeout(PATIENCE, post(&delivery)).await.ok().flatten();
            let is_taken = delivery.status.is_some_and(|status| (200..300).contains(&status));
            settle(&mut world.lock(), delivery, is_taken);
        }
        let pause = pause(&world.lock());
        match pause {
            Some(pause) => {
                let _ = tokio::time::timeout(pause, clock.woken()).await;
            }
            None => clock.woken().await,
        }
    }
}

async fn post(delivery: &Delivery) -> Option<u16> {
    let uri: Uri = delivery.url.parse().ok()?;
    let authority = uri.authority()?;
    let host = authority.host().trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, authority.port_u16().unwrap_or(80))).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let mut request = Request::post(uri.path_and_query()?.as_str());
    request = request.header("host", authority.as_str());
    for (name, value) in &delivery.headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(delivery.body.clone())).ok()?;
    Some(sender.send_request(request).await.ok()?.status().as_u16())
}

#[cfg(test)]
mod tests {
    use super::{is_local, signature};

    #[test]
    fn the_signature_is_of_the_timestamp_and_the_body() {
        // As `printf '%s' '1700000000{"a":1}' | openssl dgst -sha256 -hmac secret -binary | base64`.
        let expected = "86FWgFUUlefScwLE0Z5MvtxlDxn6W0A3PADL6lKmRAY=";
        assert_eq!(signature("secret", "1700000000", "{\"a\":1}").as_deref(), Some(expected));
    }

    #[test]
    fn only_addresses_of_this_machine_are_called() {
        for url in ["http://127.0.0.1:8080/hook", "http://localhost/", "http://[::1]:1/a?b"] {
            assert!(is_local(url), "{url}");
        }
        let others =
            ["https://example.com/", "http://127.0.0.1.example.com/", "http://10.0.0.1/", "x", ""];
        for url in others {
            assert!(!is_local(url), "{url}");
        }
    }
}
