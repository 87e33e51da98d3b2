//! Turns under a request-rate limit: a future that is not polled holds up no others.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, future::join, stream};
use prolific_api_ext::{DatasetId, Prolific, SubmissionId};
use serde_json::json;

use crate::{client, fault_proxy::FaultProxy, id, json, server};

/// Lists of two workspaces a page, of 400, and a balance for each.
async fn workspaces() -> FaultProxy {
    server(|request, _| match request.line() {
        line if line.contains("/workspaces/?") => {
            let from = line.split("offset=").nth(1).unwrap().split('&').next().unwrap();
            let from: usize = from.parse().unwrap();
            let rows = [from, from + 1].map(|row| json!({ "id": format!("w{row}") }));
            json(json!({ "results": rows, "meta": { "count": 400 } }))
        }
        line if line.contains("/submissions/") => json(json!({ "id": "s1", "status": "ACTIVE" })),
        line if line.contains("/status") => json(json!({ "status": "PROCESSING" })),
        line if line.contains("/users/me") => json(json!({ "id": "u1" })),
        _ => json("{}"),
    })
    .await
}

fn limited(server: &FaultProxy, rate: f64) -> Prolific {
    let builder = client(server.url()).total_timeout(Duration::from_secs(4));
    builder.requests_per_second(rate).build().unwrap()
}

/// How many requests a second came at most.
fn most_in_a_second(server: &FaultProxy) -> usize {
    let at: Vec<_> = server.requests().iter().map(|request| request.at).collect();
    let within = |from: usize| {
        at[from..].iter().take_while(|then| **then - at[from] < Duration::from_secs(1)).count()
    };
    (0..at.len()).map(within).max().unwrap_or(0)
}

#[tokio::test]
async fn a_call_for_an_item_of_a_list_has_its_turn() {
    let server = workspaces().await;
    let prolific = limited(&server, 10.0);
    let mut list = prolific.workspaces().list();
    for _ in 0..5 {
        let workspace = list.next().await.unwrap().unwrap();
        let began = Instant::now();
        prolific.workspaces().balance(&workspace.id).await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    }
    let mut pages = prolific.workspaces().list().by_page();
    let page = pages.next().await.unwrap().unwrap();
    prolific.workspaces().balance(&page.items[0].id).await.unwrap();
    assert!(most_in_a_second(&server) <= 11);
}

#[tokio::test]
async fn a_list_that_is_held_across_other_work_holds_up_neither_calls_nor_itself() {
    let server = workspaces().await;
    let prolific = limited(&server, 20.0);
    let mut list = prolific.workspaces().list();
    list.next().await.unwrap().unwrap();
    let other = prolific.clone();
    let calls = tokio::spawn(async move {
        for _ in 0..10 {
            other.users().me().await.unwrap();
        }
    });
    calls.await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    for _ in 0..4 {
        list.next().await.unwrap().unwrap();
    }
    let (item, me) = join(list.next(), prolific.users().me()).await;
    assert!(item.unwrap().is_ok() && me.is_ok());
}

#[tokio::test]
async fn calls_for_the_results_of_buffered_calls_have_their_turn() {
    let server = workspaces().await;
    let prolific = limited(&server, 50.0);
    let ids: Vec<SubmissionId> = (0..10).map(|number| id(&format!("s{number}"))).collect();
    let submissions = prolific.submissions();
    let mut reading = stream::iter(&ids).map(|id| submissions.get(id)).buffer_unordered(4);
    let mut count = 0;
    while let Some(read) = reading.next().await {
        read.unwrap();
        prolific.workspaces().balance(&id("w1")).await.unwrap();
        count += 1;
    }
    assert_eq!((count, server.requests().len()), (10, 20));
    assert!(most_in_a_second(&server) <= 51, "{}", most_in_a_second(&server));
}

#[tokio::test]
async fn a_call_kept_unpolled_in_a_select_holds_up_no_other() {
    let server = workspaces().await;
    let prolific = limited(&server, 10.0);
    prolific.users().me().await.unwrap();
    let users = prolific.users();
    let mut kept: Vec<_> = (0..5).map(|_| Box::pin(users.me())).collect();
    for call in &mut kept {
        tokio::select! {
            biased;
            me = call => panic!("{me:?} came before its turn"),
            () = std::future::ready(()) => {}
        }
    }
    // Its turn is the one behind the five that are kept.
    let began = Instant::now();
    prolific.users().me().await.unwrap();
    assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
    for call in kept {
        call.await.unwrap();
    }
    assert!(most_in_a_second(&server) <= 11);
}

#[tokio::test]
async fn a_wait_for_many_has_one_place_among_all_calls() {
    let server = workspaces().await;
    let prolific = limited(&server, 10.0);
    let ids = (0..200).map(|number| id::<DatasetId>(&format!("d{number}")));
    let mut settled = prolific.datasets().wait_many(ids).timeout(Duration::from_secs(30)).settled();
    let wait = tokio::spawn(async move { while settled.next().await.is_some() {} });
    for _ in 0..3 {
        let began = Instant::now();
        prolific.users().me().await.unwrap();
        assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
    }
    wait.abort();
    assert!(most_in_a_second(&server) <= 11);
}

#[tokio::test]
async fn a_wait_for_many_that_is_not_polled_holds_up_no_other() {
    let server = workspaces().await;
    let prolific = limited(&server, 10.0);
    let ids = (0..50).map(|number| id::<DatasetId>(&format!("d{number}")));
    let mut settled = prolific.datasets().wait_many(ids).timeout(Duration::from_secs(30)).settled();
    let some_time = tokio::time::timeout(Duration::from_millis(250), settled.next());
    assert!(some_time.await.is_err());
    for _ in 0..3 {
        let began = Instant::now();
        prolific.users().me().await.unwrap();
        assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
    }
}

#[tokio::test]
async fn the_rate_holds_with_retries_and_calls_that_are_given_up() {
    let server = server(|_, before| match before % 5 {
        4 => crate::fault_proxy::Response::json(503, "{}"),
        _ => json(json!({ "id": "u1" })),
    })
    .await;
    let prolific = limited(&server, 50.0);
    let calls = (0..60_u64).map(|number| {
        let users = prolific.users();
        let patience = if number % 3 == 0 { 10 * number } else { 60_000 };
        async move {
            let call = tokio::time::timeout(Duration::from_millis(patience), users.me());
            call.await.is_none_or_ok()
        }
    });
    let all: Vec<bool> = calls.collect::<stream::FuturesUnordered<_>>().collect().await;
    assert!(all.iter().all(|is_fine| *is_fine));
    assert!(most_in_a_second(&server) <= 51, "{}", most_in_a_second(&server));
}

/// Whether a call was given up, or went well.
trait NoneOrOk {
    fn is_none_or_ok(&self) -> bool;
}

impl<T, E, G> NoneOrOk for Result<Result<T, E>, G> {
    fn is_none_or_ok(&self) -> bool {
        !matches!(self, Ok(Err(_)))
    }
}
