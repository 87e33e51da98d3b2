//! Receives webhooks with axum: verifies them, handles each event once, answers before the work.
//!
//! It runs without a token, on a simulated Prolific that delivers to this machine:
//!
//!     cargo run --example webhook_receiver
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::sync::Arc;

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
    webhooks::{Change, Dedupe, Event, Receipt, Verifier},
};
use tokio::{net::TcpListener, sync::mpsc};

struct Receiver {
    verifier: Verifier,
    dedupe: Dedupe,
    work: mpsc::Sender<Event>,
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let event = match receiver.verifier.verify(&headers, &body) {
        Ok(event) => event,
        Err(refusal) => {
            eprintln!("refused: {refusal}");
            return refusal.status();
        }
    };
    match receiver.dedupe.receive(&event) {
        Receipt::New(claim) => match receiver.work.try_send(event) {
            Ok(()) => {
                claim.handled();
                StatusCode::NO_CONTENT
            }
            // The claim is dropped, and Prolific delivers the event again.
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        },
        Receipt::InProgress => StatusCode::SERVICE_UNAVAILABLE,
        Receipt::Repeated => StatusCode::NO_CONTENT,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let simulator = Simulator::start();
    let prolific = simulator.prolific()?;

    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}/prolific", listener.local_addr()?);
    let wanted =
        NewSubscription::new(simulator.workspace_id()?, EventType::SubmissionStatusChange, url);
    let subscribed = prolific.hooks().subscribe(wanted).await?;

    let (work, mut events) = mpsc::channel(1_000);
    let verifier = Verifier::new(subscribed.secret);
    let receiver = Receiver { verifier, dedupe: Dedupe::default(), work };
    let routes = Router::new().route("/prolific", post(receive)).with_state(Arc::new(receiver));
    tokio::spawn(async move { axum::serve(listener, routes).await });

    let study = simulator.active_study()?;
    simulator.submit(&study)?;
    // A submission is reserved, started, and submitted.
    for _ in 0..3 {
        let Some(event) = events.recv().await else { break };
        match event.change() {
            Change::SubmissionStatus { submission_id, status: Some(status), .. } => {
                println!("{submission_id} is {status}");
            }
            other => println!("{other:?}"),
        }
    }
    Ok(())
}
