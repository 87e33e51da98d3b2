//! An operation that acts is not begun without the time for it, so that nothing is cut off in doubt.

use std::time::Duration;

use prolific_api_ext::{ErrorKind, Prolific, Result};
use serde_json::json;

use crate::{
    client,
    fault_proxy::{FaultProxy, Response},
    id, json, server,
};

/// Refuses the first request with a hint in milliseconds, and takes the others.
async fn refusing_once(hint: u64) -> FaultProxy {
    server(move |_, before| match before {
        0 => Response::json(429, "{}").header("retry-after-ms", &hint.to_string()),
        _ => Response::json(202, json!("Paying")),
    })
    .await
}

fn second(server: &FaultProxy) -> Prolific {
    client(server.url()).total_timeout(Duration::from_secs(1)).build().unwrap()
}

#[tokio::test]
async fn what_was_refused_close_to_the_deadline_is_not_begun_again() {
    for nth in 0..4 {
        for hint in [600, 950] {
            let server = refusing_once(hint).await;
            let error = run_one(&second(&server), nth).await.unwrap_err();
            assert_eq!(server.requests().len(), 1, "{nth}, {hint} ms");
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 1), "{error}");
            assert!(!error.may_have_acted() && error.is_transient(), "{error}");
            assert!(error.to_string().contains("too little time"), "{error}");
        }
    }
}

/// A payment, a creation, or one of two transitions.
async fn run_one(prolific: &Prolific, nth: usize) -> Result<()> {
    match nth {
        0 => prolific.bonuses().pay(&id("b1")).await,
        1 => prolific.studies().duplicate(&id("s1"), None).await.map(drop),
        2 => prolific.studies().publish(&id("s1")).await.map(drop),
        _ => prolific.studies().stop(&id("s1")).await.map(drop),
    }
}

#[tokio::test]
async fn with_the_time_for_it_it_is_repeated() {
    let server = refusing_once(100).await;
    second(&server).bonuses().pay(&id("b1")).await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_turn_that_comes_too_late_to_act_is_not_taken() {
    let server = server(|_, _| json(json!({ "id": "u1" }))).await;
    let builder = client(server.url()).total_timeout(Duration::from_secs(1));
    let prolific = builder.requests_per_second(1.0 / 0.7).build().unwrap();
    prolific.users().me().await.unwrap();
    let error = prolific.bonuses().pay(&id("b1")).await.unwrap_err();
    assert!(!error.may_have_been_paid(), "{error}");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0), "{error}");
    assert_eq!(server.requests().len(), 1);
    // A read has the time.
    prolific.users().me().await.unwrap();
}

#[tokio::test]
async fn the_least_time_to_act_can_be_set() {
    let server = refusing_once(600).await;
    let prolific = second(&server).with_least_time_to_act(Duration::from_millis(100));
    prolific.bonuses().pay(&id("b1")).await.unwrap();
    let prolific = prolific.with_least_time_to_act(Duration::from_secs(2));
    let error = prolific.bonuses().pay(&id("b1")).await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (0, 2));
    assert!(error.to_string().contains("least_time_to_act"), "{error}");
}
