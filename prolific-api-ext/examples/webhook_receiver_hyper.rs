//! Receives webhooks with hyper alone, where a program has no web framework.
//!
//! It runs without a token, on a simulated Prolific that delivers to this machine:
//!
//!     cargo run --example webhook_receiver_hyper
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::{convert::Infallible, sync::Arc};

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use prolific_api_ext::{
    hooks::{EventType, NewSubscription},
    simulator::Simulator,
    webhooks::{Dedupe, Event, Receipt, Verifier},
};
use tokio::{net::TcpListener, sync::mpsc};

/// What an event has at most. Prolific's have some hundred bytes.
const LONGEST_BODY: usize = 1 << 20;

struct Receiver {
    verifier: Verifier,
    dedupe: Dedupe,
    work: mpsc::Sender<Event>,
}

impl Receiver {
    async fn receive(&self, request: Request<Incoming>) -> StatusCode {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LONGEST_BODY).collect().await else {
            return StatusCode::PAYLOAD_TOO_LARGE;
        };
        let event = match self.verifier.verify(&head.headers, &body.to_bytes()) {
            Ok(event) => event,
            Err(refusal) => return refusal.status(),
        };
        match self.dedupe.receive(&event) {
            Receipt::New(claim) => match self.work.try_send(event) {
                Ok(()) => {
                    claim.handled();
                    StatusCode::NO_CONTENT
                }
                Err(_) => StatusCode::SERVICE_UNAVAILABLE,
            },
            Receipt::InProgress => StatusCode::SERVICE_UNAVAILABLE,
            Receipt::Repeated => StatusCode::NO_CONTENT,
        }
    }
}

async fn serve(listener: TcpListener, receiver: Arc<Receiver>) {
    while let Ok((stream, _)) = listener.accept().await {
        let receiver = receiver.clone();
        let service = service_fn(move |request| {
            let receiver = receiver.clone();
            async move {
                let mut response = Response::new(Empty::<Bytes>::new());
                *response.status_mut() = receiver.receive(request).await;
                Ok::<_, Infallible>(response)
            }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let simulator = Simulator::start();
    let prolific = simulator.prolific()?;

    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}/prolific", listener.local_addr()?);
    let wanted = NewSubscription::new(simulator.workspace_id()?, EventType::StudyStatusChange, url);
    let subscribed = prolific.hooks().subscribe(wanted).await?;

    let (work, mut events) = mpsc::channel(1_000);
    let verifier = Verifier::new(subscribed.secret);
    let receiver = Receiver { verifier, dedupe: Dedupe::default(), work };
    tokio::spawn(serve(listener, Arc::new(receiver)));

    let study = simulator.active_study()?;
    while let Some(event) = events.recv().await {
        let status = event.body().get("status").and_then(|status| status.as_str());
        println!("{} is {}", event.resource_id().unwrap_or_default(), status.unwrap_or_default());
        if status == Some("ACTIVE") && event.resource_id() == Some(study.as_str()) {
            break;
        }
    }
    Ok(())
}
