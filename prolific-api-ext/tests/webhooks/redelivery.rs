//! A receiver that fails, and is delivered to again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use prolific_api_ext::{
    hooks::{EventType, NewSubscription},
    simulator::Simulator,
    webhooks::{Dedupe, Receipt, Verifier},
};
use tokio::{net::TcpListener, sync::mpsc};

struct Receiver {
    verifier: Verifier,
    dedupe: Dedupe,
    deliveries: AtomicUsize,
    handled: mpsc::UnboundedSender<String>,
}

/// Fails every first delivery before the event is handled, and every second one after it is.
async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Ok(event) = receiver.verifier.verify(&headers, &body) else {
        return StatusCode::UNAUTHORIZED;
    };
    let delivery = receiver.deliveries.fetch_add(1, Ordering::SeqCst);
    match receiver.dedupe.receive(&event) {
        Receipt::New(_) if delivery % 3 == 0 => StatusCode::INTERNAL_SERVER_ERROR,
        Receipt::New(claim) => {
            claim.handled();
            receiver.handled.send(event.id().unwrap().to_string()).unwrap();
            StatusCode::GATEWAY_TIMEOUT
        }
        Receipt::InProgress => StatusCode::SERVICE_UNAVAILABLE,
        Receipt::Repeated => StatusCode::NO_CONTENT,
    }
}

#[tokio::test]
async fn an_event_whose_receiver_fails_before_and_after_is_handled_once() {
    let simulator = Simulator::start();
    let clock = simulator.clock();
    clock.stop();
    let prolific = simulator.prolific().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/prolific", listener.local_addr().unwrap());
    let workspace = simulator.workspace_id().unwrap();
    let wanted = NewSubscription::new(workspace, EventType::StudyStatusChange, url);
    let secret = prolific.hooks().subscribe(wanted).await.unwrap().secret;
    let (handled, mut events) = mpsc::unbounded_channel();
    let receiver = Arc::new(Receiver {
        verifier: Verifier::new("another").or(secret),
        dedupe: Dedupe::default(),
        deliveries: AtomicUsize::default(),
        handled,
    });
    let routes = Router::new().route("/prolific", post(receive)).with_state(receiver.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await });

    simulator.active_study().unwrap();
    for tries in [1, 2, 3] {
        while simulator.deliveries().len() < tries {
            tokio::task::yield_now().await;
        }
        clock.advance(Duration::from_secs(24 * 3600));
    }
    let statuses: Vec<_> = simulator.deliveries().iter().map(|delivery| delivery.status).collect();
    assert_eq!(statuses, [Some(500), Some(504), Some(204)]);
    let id = events.recv().await.unwrap();
    assert_eq!(id, simulator.deliveries()[0].event_id);
    assert!(events.try_recv().is_err(), "it is handled once");
}
