//! How places are added to a study, and what becomes of it when others change it too.

use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use prolific_api_ext::{ErrorKind, StudyId};
use serde_json::{Value, json};

use crate::{Recorder, id as id_of};

fn id() -> StudyId {
    id_of("s1")
}

/// A study whose places are set as they are sent, and what comes between.
struct Places {
    now: Mutex<u64>,
    /// What another program makes of the number behind each change.
    meddling: fn(u64) -> u64,
    /// The statuses of the next changes, each with whether it was done; then 200.
    replies: Mutex<Vec<(u16, bool)>>,
    sent: Mutex<Vec<Value>>,
}

impl Places {
    async fn serve(meddling: fn(u64) -> u64, replies: &[(u16, bool)]) -> (Recorder, Arc<Self>) {
        let (now, replies) = (Mutex::new(20), Mutex::new(replies.to_vec()));
        let places = Arc::new(Self { now, meddling, replies, sent: Mutex::default() });
        let own = places.clone();
        (Recorder::answering_by(move |line, body| own.answer(line, body)).await, places)
    }

    fn answer(&self, line: &str, body: &Value) -> (u16, Value) {
        let mut now = self.now.lock().unwrap();
        let mut status = 200;
        if line.starts_with("PATCH") {
            let places = &body["total_available_places"];
            self.sent.lock().unwrap().push(places.clone());
            let mut replies = self.replies.lock().unwrap();
            let (next, is_done) = if replies.is_empty() { (200, true) } else { replies.remove(0) };
            if is_done {
                *now = places.as_f64().unwrap() as u64;
            }
            status = next;
            *now = (self.meddling)(*now);
        }
        (status, json!({ "id": "s1", "total_available_places": *now }))
    }

    fn now(&self) -> u64 {
        *self.now.lock().unwrap()
    }

    fn sent(&self) -> Vec<f64> {
        self.sent.lock().unwrap().iter().map(|places| places.as_f64().unwrap()).collect()
    }
}

#[tokio::test]
async fn places_that_are_added_at_once_are_all_there() {
    let (server, places) = Places::serve(|now| now, &[]).await;
    let prolific = server.client();
    let adding = (1..=8).map(|more| {
        let studies = prolific.studies();
        async move { studies.add_places(&id(), more).await.unwrap() }
    });
    join_all(adding).await;
    assert_eq!(places.now(), 20 + 36);
}

#[tokio::test]
async fn a_change_whose_response_is_lost_is_looked_into_and_never_made_twice() {
    for lost in [(503, true), (503, false)] {
        let (server, places) = Places::serve(|now| now, &[lost]).await;
        let study = server.client().studies().add_places(&id(), 5).await.unwrap();
        assert_eq!((study.total_available_places, places.now()), (Some(25), 25), "{lost:?}");
        assert_eq!(places.sent(), if lost.1 { vec![25.0] } else { vec![25.0, 25.0] });
    }
}

#[tokio::test]
async fn concurrent_changes_of_places_are_taken_into_account_or_reported() {
    // Refused, as others were faster: built upon.
    let (server, places) =
        Places::serve(|now| if now == 20 { 30 } else { now }, &[(400, false)]).await;
    server.client().studies().add_places(&id(), 5).await.unwrap();
    assert_eq!(places.now(), 35);
    // Accepted, but the number differs: it is not known whose places it includes.
    let (server, _) = Places::serve(|_| 23, &[]).await;
    let error = server.client().studies().add_places(&id(), 5).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(
        error.may_have_acted() && error.to_string().contains("23 places although 25"),
        "{error}"
    );
    // Refused for another reason: returned unchanged, and sent once.
    let (server, places) = Places::serve(|now| now, &[(400, false)]).await;
    let error = server.client().studies().add_places(&id(), 5).await.unwrap_err();
    assert_eq!((error.kind(), places.sent()), (ErrorKind::BadRequest, vec![25.0]));
}

#[tokio::test]
async fn places_that_are_computed_are_not_added_to() {
    for study in [
        json!({ "id": "s1", "data_collection_method": "AI_TASK_BUILDER_BATCH", "total_available_places": 20 }),
        json!({ "id": "s1", "access_details": [{ "external_url": "a", "total_allocation": 20 }] }),
    ] {
        let server = Recorder::answering([(200, study)]).await;
        let error = server.client().studies().add_places(&id(), 5).await.unwrap_err();
        assert_eq!((error.kind(), server.seen().len()), (ErrorKind::InvalidInput, 1));
    }
}
