//! Waits for many, some of which are refused: each follows its own hint, and does not delay others.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use prolific_api_ext::{DatasetId, ErrorKind, TokenBucket};
use serde_json::json;

use crate::{
    client,
    fault_proxy::{FaultProxy, Response},
    id, json, server,
};

fn number(line: &str) -> usize {
    line.split("/datasets/d").nth(1).unwrap().split('/').next().unwrap().parse().unwrap()
}

/// Datasets that are READY at once, except those for which `hint` has a hint, which are refused at
/// their first poll.
async fn refusing(hint: fn(usize) -> Option<u64>) -> FaultProxy {
    let polls = Mutex::<HashMap<usize, usize>>::default();
    server(move |request, _| {
        let number = number(request.line());
        let mut polls = polls.lock().unwrap();
        let poll = polls.entry(number).or_default();
        *poll += 1;
        match hint(number).filter(|_| *poll == 1) {
            Some(hint) => Response::json(429, "{}").header("retry-after-ms", &hint.to_string()),
            None => json(json!({ "status": "READY" })),
        }
    })
    .await
}

#[tokio::test]
async fn refused_polls_hold_up_no_others_and_each_goes_by_its_own_hint() {
    let hint = |number| match number % 4 {
        0 => None,
        1 => Some(1_500),
        2 => Some(3_000),
        _ => Some(500),
    };
    let server = refusing(hint).await;
    let bucket = Arc::new(TokenBucket::default());
    let prolific = client(server.url()).retry_budget(bucket.clone()).build().unwrap();
    let ids = (0..400).map(|number| id::<DatasetId>(&format!("d{number}")));
    let began = Instant::now();
    let wait = prolific.datasets().wait_many(ids).interval(Duration::from_millis(50));
    let mut settled = wait.timeout(Duration::from_secs(30)).settled();
    let mut slowest = [Duration::ZERO; 4];
    while let Some((id, end)) = settled.next().await {
        end.unwrap();
        assert_eq!(bucket.tokens(), 500, "a poll spends nothing");
        let number: usize = id.as_str()[1..].parse().unwrap();
        slowest[number % 4] = began.elapsed();
    }
    assert_eq!(server.requests().len(), 700);
    assert!(slowest[0] < Duration::from_millis(1_500), "{slowest:?}");
    for (kind, hint) in [(1, 1_500), (2, 3_000), (3, 500)] {
        let hint = Duration::from_millis(hint);
        assert!(slowest[kind] >= hint && slowest[kind] < hint * 2 + Duration::from_secs(1));
    }
}

#[tokio::test]
async fn waits_on_a_server_that_fails_leave_the_budget_to_others() {
    let was_refused = AtomicBool::new(false);
    let server = server(move |request, _| match request.line() {
        line if line.contains("/status") => Response::json(503, "{}"),
        line if line.contains("/transition") && !was_refused.swap(true, Ordering::SeqCst) => {
            Response::json(503, "{}")
        }
        _ => json(json!({ "id": "s1", "status": "APPROVED" })),
    })
    .await;
    let bucket = Arc::new(TokenBucket::new(5));
    let prolific = client(server.url()).retry_budget(bucket.clone()).build().unwrap();
    let ids = (0..20).map(|number| id::<DatasetId>(&format!("d{number}")));
    let wait = prolific.datasets().wait_many(ids).interval(Duration::from_millis(20));
    let mut settled = wait.timeout(Duration::from_secs(1)).settled();
    let waiting = tokio::spawn(async move {
        while let Some((_, end)) = settled.next().await {
            assert_eq!(end.unwrap_err().kind(), ErrorKind::WaitTimedOut);
        }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let polls = server.requests().len();
    assert!(polls > 20, "{polls} polls failed, and none was repeated by the driver");
    prolific.submissions().approve(&id("s1")).await.unwrap();
    waiting.await.unwrap();
    assert_eq!(bucket.tokens(), 5, "the approval paid back what its repetition took");
}

#[tokio::test]
async fn a_wait_polls_at_the_interval_of_its_client_unless_it_has_its_own() {
    let server = server(|_, before| {
        json(json!({ "status": if before < 2 { "PROCESSING" } else { "READY" } }))
    })
    .await;
    let prolific = client(server.url()).poll_interval(Duration::from_millis(200)).build().unwrap();
    let began = Instant::now();
    prolific.datasets().wait_until_ready(&id("d1")).await.unwrap();
    assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
    assert!(began.elapsed() >= Duration::from_millis(300), "{:?}", began.elapsed());
}
