use std::{
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use reqwest::{Request, Response};

use super::manual_clock::{Held, ManualClock};
use crate::call::{Policy, RateLimit, TokenBucket, seam::Exchange};

#[tokio::test]
async fn a_call_under_way_is_small() {
    let policy = Policy::for_tests();
    let client = reqwest::Client::new();
    let request = Request::new(reqwest::Method::GET, "http://127.0.0.1/".parse().unwrap());
    let send = |request| client.execute(request);
    let exchange = Exchange::new(&policy, None, request, send);
    let size = size_of_val(&async move { exchange.run(None).await });
    assert!(size <= 1_344, "{size} bytes");
}

#[test]
fn the_page_on_retries_has_the_defaults_that_are_used() {
    let page = include_str!("../../retries.md").replace('\n', " ");
    let policy = Policy::for_tests();
    let (total, attempt) = (policy.total_timeout.as_secs(), policy.attempt_timeout.as_secs());
    for said in [
        format!("within {total} seconds, each within {attempt} seconds"),
        format!("{} tokens, of which a retry", TokenBucket::default().tokens()),
    ] {
        assert!(page.contains(&said), "{said}");
    }
}

/// A call that is handed to the transport at the time that is given.
async fn handed_over(policy: &Policy) -> Duration {
    let started = tokio::time::Instant::now();
    let at = Mutex::new(None);
    let request = Request::new(reqwest::Method::GET, "http://127.0.0.1/".parse().unwrap());
    let send = |_| {
        *at.lock().unwrap() = Some(started.elapsed());
        std::future::ready(Ok(Response::from(http::Response::new("{}"))))
    };
    Exchange::new(policy, None, request, send).run(None).await.unwrap();
    at.into_inner().unwrap().unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_transport_gets_a_request_when_its_turn_has_come_and_not_before() {
    let mut policy = Policy::for_tests();
    policy.rate_limit = RateLimit::per_second(0.1).map(Arc::new);
    assert_eq!(handed_over(&policy).await, Duration::ZERO);
    assert_eq!(handed_over(&policy).await, Duration::from_secs(10));
}

#[tokio::test]
async fn an_attempt_is_timed_out_by_the_injected_clock() {
    let clock = ManualClock::new();
    let mut call = Held::new({
        let clock = clock.clone();
        async move {
            let mut policy = Policy::for_tests();
            policy.environment = clock;
            let request = Request::new(reqwest::Method::GET, "http://127.0.0.1/".parse().unwrap());
            let never = |_| std::future::pending::<reqwest::Result<Response>>();
            Exchange::new(&policy, None, request, never).run(None).await.unwrap_err()
        }
    });
    assert!(call.poll().is_pending());
    clock.advance_to(Duration::from_secs(30));
    let Poll::Ready(error) = call.poll_if_woken() else { panic!("it is still under way") };
    assert!(error.is_timeout(), "{error:?}");
}
