use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    EventId, ParticipantId, StudyId, SubmissionId, Timestamp,
    hooks::{Delivery, EventType},
    studies::StudyStatus,
    submissions::SubmissionStatus,
};

/// An event from Prolific.
///
/// Events are delivered at least once, and in any order; [`id`](Self::id) is the same each time.
/// Treat an event as a hint that something changed, and read the study or submission if its current
/// state matters.
///
/// Created by [`Verifier::verify`](super::Verifier::verify), from a [delivery that Prolific
/// lists](Delivery::event), or in a test with [`from_body`](Self::from_body).
///
/// # Examples
///
/// ```
/// use prolific_api_ext::webhooks::{Change, Event};
///
/// let body = r#"{"event_type": "study.progress.change", "resource_id": "60d9aadeb86739de712faee0"}"#;
/// let event = Event::from_body(body.as_bytes())?;
/// match event.change() {
///     Change::StudyProgress { study_id } => println!("read {study_id} again"),
///     other => println!("nothing to do about {other:?}"),
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    id: Option<EventId>,
    sent_at: Option<Timestamp>,
    body: Map<String, Value>,
}

/// What an [`Event`] is about.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// The status of a submission changed (`submission.status.change`).
    SubmissionStatus {
        /// The submission.
        submission_id: SubmissionId,
        /// Whose it is.
        participant_id: Option<ParticipantId>,
        /// The status at that time.
        status: Option<SubmissionStatus>,
    },
    /// The status of a study changed (`study.status.change`).
    StudyStatus {
        /// The study.
        study_id: StudyId,
        /// The status at that time.
        status: Option<StudyStatus>,
    },
    /// More places of a study were taken (`study.progress.change`).
    StudyProgress {
        /// The study.
        study_id: StudyId,
    },
    /// Many participants returned their submissions of a study (`study.has_high_return_rate`).
    StudyHighReturnRate {
        /// The study.
        study_id: StudyId,
    },
    /// An event that this version does not know, or that lacks the id of its subject.
    /// [`Event::body`] has all of it.
    Unknown,
}

impl Event {
    /// Parses the body of a delivery **without checking that Prolific sent it**, for tests and for
    /// bodies that were verified before. The event has neither id nor time, which are in the
    /// headers.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not a JSON object.
    pub fn from_body(body: &[u8]) -> serde_json::Result<Self> {
        let body = prolific_api::read_json(body)?;
        Ok(Self { id: None, sent_at: None, body })
    }

    /// Sets the id; in a delivery it is the header `X-Event-ID`.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<Option<EventId>>) -> Self {
        self.id = id.into();
        self
    }

    /// Sets when it was sent; in a delivery it is the header `X-Timestamp`.
    #[must_use]
    pub fn with_sent_at(mut self, time: impl Into<Option<Timestamp>>) -> Self {
        self.sent_at = time.into();
        self
    }

    /// The id, the same for each delivery of the event. `None` if the delivery had none.
    pub fn id(&self) -> Option<&EventId> {
        self.id.as_ref()
    }

    /// When it was sent. `None` if the delivery had no time.
    pub fn sent_at(&self) -> Option<&Timestamp> {
        self.sent_at.as_ref()
    }

    /// The type of the event. `None` if it has none.
    pub fn event_type(&self) -> Option<EventType> {
        self.text("event_type").map(EventType::from)
    }

    /// The id of the study or submission that it is about. `None` if it has none.
    pub fn resource_id(&self) -> Option<&str> {
        self.text("resource_id")
    }

    /// The rest of the payload, whose contents are not documented. Empty if there is none.
    pub fn metadata(&self) -> Option<&Map<String, Value>> {
        self.body.get("metadata").and_then(Value::as_object)
    }

    /// The whole event.
    pub fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// What it is about.
    pub fn change(&self) -> Change {
        self.known_change().unwrap_or(Change::Unknown)
    }

    fn known_change(&self) -> Option<Change> {
        let study_id = || StudyId::new(self.resource_id()?).ok();
        Some(match self.event_type()? {
            EventType::SubmissionStatusChange => Change::SubmissionStatus {
                submission_id: SubmissionId::new(self.resource_id()?).ok()?,
                participant_id: self.text("participant_id").and_then(|id| id.try_into().ok()),
                status: self.text("status").map(SubmissionStatus::from),
            },
            EventType::StudyStatusChange => Change::StudyStatus {
                study_id: study_id()?,
                status: self.text("status").map(StudyStatus::from),
            },
            EventType::StudyProgressChange => Change::StudyProgress { study_id: study_id()? },
            EventType::StudyHighReturnRate => Change::StudyHighReturnRate { study_id: study_id()? },
            EventType::Unknown(_) => return None,
        })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }
}

impl Delivery {
    /// The event as a receiver would have got it. `None` if the list lacks its payload.
    pub fn event(&self) -> Option<Event> {
        let body = self.payload.clone()?;
        Some(Event { id: self.id.clone(), sent_at: self.created_at.clone(), body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(body: &str) -> Change {
        Event::from_body(body.as_bytes()).unwrap().change()
    }

    #[test]
    fn each_documented_event_is_recognised_by_its_type() {
        let submission = change(
            r#"{"event_type":"submission.status.change","resource_id":"s1","participant_id":"p1",
                "status":"AWAITING REVIEW"}"#,
        );
        assert_eq!(
            submission,
            Change::SubmissionStatus {
                submission_id: SubmissionId::new("s1").unwrap(),
                participant_id: Some(ParticipantId::new("p1").unwrap()),
                status: Some(SubmissionStatus::AwaitingReview),
            }
        );
        let study_id = StudyId::new("s2").unwrap();
        let study = change(
            r#"{"event_type":"study.status.change","resource_id":"s2","status":"PAUSED",
                "metadata":{}}"#,
        );
        let status = Some(StudyStatus::Paused);
        assert_eq!(study, Change::StudyStatus { study_id: study_id.clone(), status });
        let progress = change(r#"{"event_type":"study.progress.change","resource_id":"s2"}"#);
        assert_eq!(progress, Change::StudyProgress { study_id: study_id.clone() });
        let returns = change(r#"{"event_type":"study.has_high_return_rate","resource_id":"s2"}"#);
        assert_eq!(returns, Change::StudyHighReturnRate { study_id });
    }

    #[test]
    fn an_event_of_an_older_page_has_no_status() {
        let old = change(r#"{"event_type":"submission.status.change","resource_id":"s1"}"#);
        let Change::SubmissionStatus { participant_id: None, status: None, .. } = old else {
            panic!("{old:?}");
        };
    }

    #[test]
    fn what_is_not_known_is_kept_and_fails_nothing() {
        for body in [
            r#"{"event_type":"study.deleted","resource_id":"s1","why":[1]}"#,
            r#"{"event_type":"study.status.change"}"#,
            r#"{"event_type":"study.status.change","resource_id":"../s1"}"#,
            r#"{"event_type":7,"resource_id":{}}"#,
            "{}",
        ] {
            let event = Event::from_body(body.as_bytes()).unwrap();
            assert_eq!(event.change(), Change::Unknown, "{body}");
            assert_eq!(Value::Object(event.body().clone()).to_string(), body);
        }
        for body in ["", "[]", "null", "7", "{", "{}{}"] {
            assert!(Event::from_body(body.as_bytes()).is_err(), "{body}");
        }
    }
}
