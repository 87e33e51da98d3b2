use std::{
    collections::{HashMap, VecDeque, hash_map::RandomState},
    fmt,
    hash::BuildHasher as _,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Event;

/// Handles each event once, even if it is delivered several times.
///
/// Prolific delivers an event at least once, and repeats it for 24 hours until a delivery gets a
/// 2xx response. `Dedupe` remembers the ids of the latest events in memory; a receiver of several
/// processes should keep the ids in its database instead.
///
/// An event counts as handled when its [`Claim`] says so. If the handler fails or is cancelled, the
/// claim is dropped, and the next delivery of the event is new again.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::{EventId, webhooks::{Dedupe, Event, Receipt}};
///
/// let dedupe = Dedupe::default();
/// let event = Event::from_body(b"{}")?.with_id(EventId::new("event-1")?);
///
/// let Receipt::New(claim) = dedupe.receive(&event) else { panic!("it is the first delivery") };
/// assert!(matches!(dedupe.receive(&event), Receipt::InProgress));
/// claim.handled();
/// assert!(matches!(dedupe.receive(&event), Receipt::Repeated));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Dedupe {
    /// Randomly seeded, so that nobody can craft colliding ids.
    hashers: [RandomState; 2],
    capacity: usize,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Whether the event with this hash has been handled.
    events: HashMap<u128, bool>,
    /// Handled events, oldest first.
    handled: VecDeque<u128>,
}

/// What to do with a delivery.
#[derive(Debug)]
pub enum Receipt<'a> {
    /// Handle it, and confirm with [`Claim::handled`]. Events without an id are always new.
    New(Claim<'a>),
    /// Another delivery of the same event is being handled. Respond with a status such as 503, so
    /// that it is delivered again in case that fails.
    InProgress,
    /// Already handled. Respond with a success status.
    Repeated,
}

/// An event that is handled only by the holder of this value.
#[must_use = "an event is handled once its claim says so"]
pub struct Claim<'a> {
    dedupe: &'a Dedupe,
    hash: Option<u128>,
}

impl Dedupe {
    /// The default number of remembered events, in less than 10 MB.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Remembers this many handled events, and forgets the oldest beyond that. Keep events for at
    /// least 24 hours: they can be delivered again for that long.
    pub fn new(capacity: usize) -> Self {
        let hashers = [RandomState::new(), RandomState::new()];
        Self { hashers, capacity, seen: Mutex::default() }
    }

    /// Registers a delivery.
    pub fn receive(&self, event: &Event) -> Receipt<'_> {
        let Some(id) = event.id() else { return Receipt::New(Claim { dedupe: self, hash: None }) };
        let [first, second] = &self.hashers;
        let hash = u128::from(first.hash_one(id)) << 64 | u128::from(second.hash_one(id));
        let mut seen = self.lock();
        match seen.events.get(&hash) {
            Some(true) => Receipt::Repeated,
            Some(false) => Receipt::InProgress,
            None => {
                seen.events.insert(hash, false);
                Receipt::New(Claim { dedupe: self, hash: Some(hash) })
            }
        }
    }

    /// Nothing under this lock panics, so a poisoned state is intact.
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Dedupe {
    fn default() -> Self {
        Self::new(Self::DEFAULT_CAPACITY)
    }
}

impl Claim<'_> {
    /// Marks the event as handled.
    pub fn handled(mut self) {
        let Some(hash) = self.hash.take() else { return };
        let mut seen = self.dedupe.lock();
        seen.events.insert(hash, true);
        seen.handled.push_back(hash);
        if seen.handled.len() > self.dedupe.capacity {
            let oldest = seen.handled.pop_front();
            oldest.and_then(|oldest| seen.events.remove(&oldest));
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if let Some(hash) = self.hash.take() {
            self.dedupe.lock().events.remove(&hash);
        }
    }
}

impl fmt::Debug for Dedupe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = self.lock();
        f.debug_struct("Dedupe")
            .field("capacity", &self.capacity)
            .field("handled", &seen.handled.len())
            .field("in_progress", &(seen.events.len() - seen.handled.len()))
            .finish()
    }
}

impl fmt::Debug for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventId;

    fn event(id: &str) -> Event {
        Event::from_body(b"{}").unwrap().with_id(EventId::new(id).unwrap())
    }

    fn handle(dedupe: &Dedupe, id: &str) -> bool {
        match dedupe.receive(&event(id)) {
            Receipt::New(claim) => {
                claim.handled();
                true
            }
            _ => false,
        }
    }

    #[test]
    fn an_event_is_handled_once() {
        let dedupe = Dedupe::default();
        assert!(handle(&dedupe, "a"));
        assert!(handle(&dedupe, "b"));
        assert!(!handle(&dedupe, "a"));
        assert_eq!(
            format!("{dedupe:?}"),
            "Dedupe { capacity: 100000, handled: 2, in_progress: 0 }"
        );
    }

    #[test]
    fn an_event_whose_handler_failed_is_new_again() {
        let dedupe = Dedupe::default();
        let Receipt::New(claim) = dedupe.receive(&event("a")) else { panic!("it is new") };
        assert!(matches!(dedupe.receive(&event("a")), Receipt::InProgress));
        drop(claim);
        assert!(handle(&dedupe, "a"));
    }

    #[test]
    fn the_oldest_events_are_forgotten_and_those_in_progress_are_not() {
        let dedupe = Dedupe::new(2);
        let held = event("held");
        let Receipt::New(claim) = dedupe.receive(&held) else { panic!("it is new") };
        for id in ["a", "b", "c"] {
            assert!(handle(&dedupe, id));
        }
        assert!(matches!(dedupe.receive(&held), Receipt::InProgress));
        claim.handled();
        assert!(!handle(&dedupe, "c"));
        assert!(handle(&dedupe, "a"));
        assert_eq!(dedupe.lock().events.len(), 2);
    }

    #[test]
    fn an_event_without_an_id_is_always_new() {
        let dedupe = Dedupe::default();
        let event = Event::from_body(b"{}").unwrap();
        for _ in 0..2 {
            let Receipt::New(claim) = dedupe.receive(&event) else { panic!("it has no id") };
            claim.handled();
        }
        assert!(dedupe.lock().events.is_empty());
    }
}
