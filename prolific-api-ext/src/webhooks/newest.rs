use std::collections::HashMap;

use super::Event;
use crate::Timestamp;

/// Detects events that are older than the latest one of the same study or submission.
///
/// Events arrive in any order. Where reading the resource again would cost too much, drop events
/// that were sent before the newest one of the same resource and type.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::{Timestamp, webhooks::{Event, Newest}};
///
/// let body = br#"{"event_type": "study.status.change", "resource_id": "a"}"#;
/// let sent = |time: &str| Event::from_body(body).map(|event| event.with_sent_at(Timestamp::new(time)));
///
/// let mut newest = Newest::default();
/// assert!(newest.take(&sent("2026-11-28T12:00:07Z")?));
/// assert!(!newest.take(&sent("2026-11-28T12:00:05Z")?));
/// assert!(newest.take(&sent("2026-11-28T12:00:09Z")?));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Newest {
    capacity: usize,
    times: HashMap<(String, String), Timestamp>,
}

impl Newest {
    /// The default number of remembered resources.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Remembers this many resources. Beyond that, the half with the oldest events is forgotten.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, times: HashMap::new() }
    }

    /// Returns `true` if no newer event of the same resource and type came before. Always `true`
    /// for events without a subject or a time.
    pub fn take(&mut self, event: &Event) -> bool {
        let (Some(resource), Some(time)) = (event.resource_id(), event.sent_at()) else {
            return true;
        };
        if time.to_system_time().is_none() {
            return true;
        }
        let event_type = event.event_type().map(|event_type| event_type.as_str().to_owned());
        let key = (resource.to_owned(), event_type.unwrap_or_default());
        if self.times.get(&key).is_some_and(|newest| is_before(time, newest)) {
            return false;
        }
        self.times.insert(key, time.clone());
        if self.times.len() > self.capacity {
            self.forget_the_older_half();
        }
        true
    }

    fn forget_the_older_half(&mut self) {
        let mut times: Vec<Timestamp> = self.times.values().cloned().collect();
        let middle = times.len() / 2;
        let (_, median, _) = times.select_nth_unstable(middle);
        let median = median.clone();
        let mut kept = 0;
        self.times.retain(|_, time| {
            let is_kept = *time >= median && kept < self.capacity;
            kept += usize::from(is_kept);
            is_kept
        });
    }
}

impl Default for Newest {
    fn default() -> Self {
        Self::new(Self::DEFAULT_CAPACITY)
    }
}

fn is_before(time: &Timestamp, other: &Timestamp) -> bool {
    time.to_system_time() < other.to_system_time()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(event_type: &str, resource: &str, time: &str) -> Event {
        let body = json!({ "event_type": event_type, "resource_id": resource }).to_string();
        Event::from_body(body.as_bytes()).unwrap().with_sent_at(Timestamp::new(time))
    }

    #[test]
    fn events_of_another_resource_or_type_are_not_compared() {
        let mut newest = Newest::default();
        assert!(newest.take(&event("study.status.change", "a", "2026-11-28T12:00:07Z")));
        assert!(newest.take(&event("study.status.change", "b", "2026-11-28T12:00:05Z")));
        assert!(newest.take(&event("study.progress.change", "a", "2026-11-28T12:00:05Z")));
        assert!(!newest.take(&event("study.status.change", "a", "2026-11-28T12:00:06Z")));
        assert!(newest.take(&event("study.status.change", "a", "2026-11-28T12:00:07Z")));
    }

    #[test]
    fn an_event_without_a_time_is_taken() {
        let mut newest = Newest::default();
        for time in ["2026-11-28T12:00:07Z", "soon", ""] {
            assert!(newest.take(&event("study.status.change", "a", time)), "{time}");
        }
        assert!(!newest.take(&event("study.status.change", "a", "2026-11-28T12:00:06Z")));
    }

    #[test]
    fn the_times_of_too_many_resources_are_forgotten_oldest_first() {
        let mut newest = Newest::new(10);
        for number in 10..40 {
            let time = format!("2026-11-28T12:00:{number}Z");
            assert!(newest.take(&event("study.status.change", &number.to_string(), &time)));
            assert!(newest.times.len() <= 10);
        }
        assert!(!newest.take(&event("study.status.change", "39", "2026-11-28T12:00:38Z")));
    }

    #[test]
    fn many_resources_of_one_time_stay_within_the_capacity() {
        let mut newest = Newest::new(10);
        for number in 0..40 {
            let time = "2026-11-28T12:00:00Z";
            newest.take(&event("study.status.change", &number.to_string(), time));
            assert!(newest.times.len() <= 10);
        }
    }
}
