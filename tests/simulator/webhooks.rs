//! Webhooks: the handshake, what is delivered, and what is done about a receiver that fails.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::session::Session;

/// Subscribes and confirms; gives the path of the subscription.
async fn subscribe(session: &mut Session, event_type: &str, url: &str) -> String {
    let workspace = session.simulator.workspace_id().unwrap();
    let body = json!({ "workspace_id": workspace, "event_type": event_type, "target_url": url });
    let made = session.expect(201, "POST", "hooks/subscriptions/", &body).await;
    assert_eq!(made["is_enabled"], false, "it is not confirmed yet");
    let secret = session.header("x-hook-secret");
    let path = format!("hooks/subscriptions/{}/", made["id"].as_str().unwrap());
    session.expect(400, "POST", &path, &json!({ "secret": "other" })).await;
    for _ in 0..2 {
        let confirmed = session.expect(200, "POST", &path, &json!({ "secret": secret })).await;
        assert_eq!(confirmed["is_enabled"], true);
    }
    path
}

pub(crate) async fn webhooks(session: &mut Session) {
    let workspace = session.simulator.workspace_id().unwrap();
    let types = session.get("hooks/event-types/").await;
    assert_eq!(types["results"].as_array().unwrap().len(), 4);
    let body = json!({ "workspace_id": workspace });
    let first = session.expect(201, "POST", "hooks/secrets/", &body).await;
    let second = session.expect(201, "POST", "hooks/secrets/", &body).await;
    assert_ne!(first["value"], second["value"]);
    let secrets = session.get(&format!("hooks/secrets/?workspace_id={workspace}")).await;
    assert_eq!(secrets["results"], json!([second]), "a secret replaces the one before it");

    for (event_type, url) in
        [("study.other", "https://a.example"), ("study.status.change", "http://a.example")]
    {
        let body =
            json!({ "workspace_id": workspace, "event_type": event_type, "target_url": url });
        session.expect(400, "POST", "hooks/subscriptions/", &body).await;
    }
    let path = subscribe(session, "submission.status.change", "https://a.example/hook").await;
    let study = session.simulator.active_study().unwrap();
    let submission = session.simulator.submit(&study).unwrap();
    let events = session.get(&format!("{path}events/?resource_id={submission}")).await;
    let statuses: Vec<&str> = events["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["payload"]["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["AWAITING REVIEW", "ACTIVE", "RESERVED"], "the newest first");
    let none = session.get(&format!("{path}events/?status=[\"FAILED\",\"PENDING\"]")).await;
    assert_eq!(none["meta"]["count"], 0);
    let deliveries = session.simulator.deliveries();
    assert_eq!(deliveries.len(), 3);
    assert_eq!(deliveries[0].event_id, events["results"][2]["id"].as_str().unwrap());

    let listed = format!("hooks/subscriptions/?workspace_id={workspace}");
    assert_eq!(session.get(&listed).await["meta"]["count"], 1);
    session.expect(200, "PATCH", &path, &json!({ "is_enabled": false })).await;
    assert_eq!(session.get(&listed).await["meta"]["count"], 0);
    session.simulator.submit(&study).unwrap();
    assert_eq!(session.simulator.deliveries().len(), 3, "it is disabled");
    session.get(&path).await;
    session.expect(204, "DELETE", &path, &Value::Null).await;
    session.expect(404, "GET", &path, &Value::Null).await;
}

/// A receiver that answers with these statuses, one after another; gives the requests.
async fn receive(listener: TcpListener, statuses: &[u16]) -> Vec<String> {
    let mut received = Vec::new();
    for status in statuses {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = String::new();
        while !request.ends_with('}') {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).await.unwrap();
            request.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        }
        let answer =
            format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        received.push(request);
    }
    received
}

#[tokio::test]
async fn an_event_is_sent_again_with_the_same_id_until_it_is_taken() {
    let mut session = Session::start();
    let clock = session.simulator.clock();
    clock.stop();
    let workspace = session.simulator.workspace_id().unwrap();
    let body = json!({ "workspace_id": workspace });
    session.expect(201, "POST", "hooks/secrets/", &body).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/hook?a=b", listener.local_addr().unwrap());
    let path = subscribe(&mut session, "study.status.change", &url).await;
    let receiver = tokio::spawn(async move { receive(listener, &[500, 503, 204]).await });
    session.simulator.active_study().unwrap();
    for tries in [1, 2, 3] {
        while session.simulator.deliveries().len() < tries {
            tokio::task::yield_now().await;
        }
        clock.advance(Duration::from_secs(24 * 3600));
    }
    let received = receiver.await.unwrap();
    let deliveries = session.simulator.deliveries();
    let statuses: Vec<_> = deliveries.iter().map(|delivery| delivery.status).collect();
    assert_eq!(statuses, [Some(500), Some(503), Some(204)]);
    assert!(received[0].starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{}", received[0]);
    for (request, delivery) in received.iter().zip(&deliveries) {
        assert_eq!(delivery.event_id, deliveries[0].event_id);
        let body = std::str::from_utf8(&delivery.body).unwrap();
        assert!(request.ends_with(&format!("\r\n\r\n{body}")), "{request}");
        for (name, value) in &delivery.headers {
            assert!(request.contains(&format!("{name}: {value}\r\n")), "{name} {request}");
        }
        assert!(request.contains("x-prolific-request-signature: "));
    }
    let events = session.get(&format!("{path}events/")).await;
    assert_eq!(events["results"][0]["status"], "SUCCEEDED");
}

#[tokio::test]
async fn an_undelivered_event_fails_and_disables_its_subscription_after_days() {
    let mut session = Session::start();
    let clock = session.simulator.clock();
    clock.stop();
    // There is no listener.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let path = subscribe(&mut session, "study.status.change", &url).await;
    session.simulator.active_study().unwrap();
    for tries in 1..=12 {
        while session.simulator.deliveries().len() < tries {
            tokio::task::yield_now().await;
        }
        clock.advance(Duration::from_secs(12 * 3600));
    }
    let events = session.get(&format!("{path}events/?status=FAILED")).await;
    assert_eq!(events["meta"]["count"], 1, "twelve tries are all");
    assert_eq!(session.get(&path).await["is_enabled"], false);
    let enabled = session.expect(200, "PATCH", &path, &json!({ "is_enabled": true })).await;
    assert_eq!(enabled["is_enabled"], true);
}
