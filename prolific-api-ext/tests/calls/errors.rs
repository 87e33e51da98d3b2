//! Errors of calls that may have acted: they say so, and where to look.

use std::time::Duration;

use prolific_api_ext::{Error, ErrorKind, Prolific, RetrySafety, raw::OPERATIONS};
use serde_json::json;

use crate::{
    client,
    fault_proxy::{Fault, FaultProxy, Response, Script},
    id,
};

async fn failing(fault: Fault, status: u16) -> (FaultProxy, Prolific) {
    let server = FaultProxy::answering(move |_| Response::json(status, "{}"))
        .script(move |_| Script::always(fault.clone()))
        .start()
        .await
        .unwrap();
    let prolific =
        client(server.url()).attempt_timeout(Duration::from_millis(300)).build().unwrap();
    (server, prolific)
}

/// Creates something, without what it gives.
async fn duplicate(prolific: &Prolific) -> Error {
    prolific.studies().duplicate(&id("s1"), None).await.unwrap_err()
}

#[tokio::test]
async fn a_call_that_may_have_acted_says_where_to_check_and_is_not_retried() {
    let cases = [
        (Fault::Silence, 200),
        (Fault::ResetBeforeHead, 200),
        (Fault::HalfBody, 201),
        (Fault::None, 500),
        (Fault::None, 502),
        (Fault::None, 503),
        (Fault::None, 408),
        (Fault::None, 522),
        (Fault::None, 302),
        (Fault::None, 299),
    ];
    for (fault, status) in cases {
        let (server, prolific) = failing(fault.clone(), status).await;
        let error = duplicate(&prolific).await;
        assert!(error.may_have_acted(), "{fault:?} {status}: {error}");
        assert!(!error.is_transient(), "{fault:?} {status}: {error}");
        assert!(!error.may_have_been_paid());
        let says =
            "it may have taken effect: check with get-study (GET /api/v1/studies/{id}/) before";
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn what_was_turned_down_has_not_been_done() {
    for (status, kind) in [
        (400, ErrorKind::BadRequest),
        (401, ErrorKind::Unauthorized),
        (402, ErrorKind::Refused),
        (404, ErrorKind::NotFound),
        (422, ErrorKind::Unprocessable),
        (425, ErrorKind::Refused),
        (429, ErrorKind::RateLimited),
    ] {
        let (_server, prolific) = failing(Fault::None, status).await;
        let error = duplicate(&prolific).await;
        assert_eq!(error.kind(), kind, "{status}");
        assert!(!error.may_have_acted(), "{status}: {error}");
        assert_eq!(error.is_transient(), matches!(status, 425 | 429), "{status}");
    }
}

#[tokio::test]
async fn what_may_be_repeated_has_no_doubt() {
    let (_server, prolific) = failing(Fault::None, 503).await;
    let error = prolific.users().me().await.unwrap_err();
    assert!(!error.may_have_acted() && error.is_transient(), "{error}");
    let error = prolific.submissions().approve(&id("s1")).await.unwrap_err();
    assert!(!error.may_have_acted() && error.is_transient(), "{error}");
}

#[tokio::test]
async fn an_acceptance_without_an_id_may_have_made_something() {
    let server = FaultProxy::answering(|_| Response::json(201, json!({ "amount": 1 })));
    let server = server.start().await.unwrap();
    let prolific = client(server.url()).build().unwrap();
    let error = prolific.studies().duplicate(&id("s1"), None).await.unwrap_err();
    assert!(error.may_have_acted() && !error.is_transient(), "{error:?}");
}

#[test]
fn every_operation_that_acts_is_known() {
    let acting = OPERATIONS.iter().filter(|operation| {
        !matches!(operation.retry, RetrySafety::Safe | RetrySafety::Idempotent)
    });
    assert!(acting.count() >= 30);
}

#[test]
fn an_error_for_a_test_has_the_parts_that_it_is_given() {
    let error = Error::builder(ErrorKind::Server)
        .status(prolific_api_ext::StatusCode::BAD_GATEWAY)
        .operation("create-study")
        .request_id("r-1")
        .body(r#"{"error":{"title":"Busy","detail":"Later","error_code":"7"}}"#)
        .attempts(3)
        .elapsed(Duration::from_secs(2))
        .last_seen("READY", 7_u8)
        .build();
    assert_eq!(
        error.to_string(),
        "create-study: 502 Bad Gateway: Busy: Later (request r-1, 3 attempts)"
    );
    assert_eq!(
        (error.title(), error.detail(), error.code()),
        (Some("Busy"), Some("Later"), Some("7"))
    );
    assert_eq!((error.last_state(), error.last_seen::<u8>()), (Some("READY"), Some(&7)));
    assert!(error.is_transient());
    assert!(!Error::builder(ErrorKind::Server).may_have_acted(true).build().is_transient());
    assert!(!Error::builder(ErrorKind::NotFound).build().is_transient());
    assert!(!Error::builder(ErrorKind::Server).transient(false).build().is_transient());
}
