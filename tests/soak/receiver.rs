//! A receiver of webhooks that fails at random before and after it has handled an event.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use prolific_api_ext::webhooks::{Claim, Dedupe, Event, Receipt, Verifier};
use tokio::net::TcpListener;

use crate::chaos;

/// How many events it remembers: those of several rounds, so that its memory stops growing in the first
/// tenth of a long run.
const REMEMBERED: usize = 2_000;

/// What the receiver knows.
pub(crate) struct Receiver {
    seed: u64,
    /// Whether it forgets what it has handled, for a test of the soak.
    is_forgetful: bool,
    dedupe: Dedupe,
    state: Mutex<Handled>,
}

#[derive(Default)]
struct Handled {
    verifier: Option<Verifier>,
    /// How often each event was handled.
    events: BTreeMap<String, u32>,
    deliveries: u64,
    refused: u64,
    /// Lost by its own failures, and delivered again.
    failed: u64,
}

impl Receiver {
    pub(crate) fn new(seed: u64, is_forgetful: bool) -> Arc<Self> {
        let dedupe = Dedupe::new(REMEMBERED);
        Arc::new(Self { seed, is_forgetful, dedupe, state: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, Handled> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Verifies by another secret from now on.
    pub(crate) fn verify_by(&self, verifier: Verifier) {
        self.lock().verifier = Some(verifier);
    }

    /// How often each event was handled; it is forgotten.
    pub(crate) fn take(&self) -> BTreeMap<String, u32> {
        std::mem::take(&mut self.lock().events)
    }

    /// Deliveries in all, refused ones, and those that it failed at.
    pub(crate) fn counts(&self) -> [u64; 3] {
        let state = self.lock();
        [state.deliveries, state.refused, state.failed]
    }

    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        let routes = Router::new().route("/prolific", post(receive)).with_state(self);
        axum::serve(listener, routes).await.unwrap();
    }

    fn handle(&self, claim: Claim<'_>, event: &Event) {
        let id = event.id().map(ToString::to_string).unwrap_or_default();
        *self.lock().events.entry(id).or_default() += 1;
        match self.is_forgetful {
            true => drop(claim),
            false => claim.handled(),
        }
    }
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let (number, verifier) = {
        let mut state = receiver.lock();
        state.deliveries += 1;
        (state.deliveries, state.verifier.clone())
    };
    let Some(Ok(event)) = verifier.map(|verifier| verifier.verify(&headers, &body)) else {
        receiver.lock().refused += 1;
        return StatusCode::UNAUTHORIZED;
    };
    let mut rng = chaos::rng(receiver.seed, ("delivery", number));
    let (fails_before, fails_after) = (rng.u8(..100) < 15, rng.u8(..100) < 15);
    match receiver.dedupe.receive(&event) {
        Receipt::New(_) if fails_before => {
            receiver.lock().failed += 1;
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        Receipt::New(claim) => receiver.handle(claim, &event),
        Receipt::InProgress => return StatusCode::SERVICE_UNAVAILABLE,
        Receipt::Repeated => {}
    }
    if fails_after {
        receiver.lock().failed += 1;
        return StatusCode::GATEWAY_TIMEOUT;
    }
    StatusCode::NO_CONTENT
}
