//! Lists whose reader takes their time, and pages that fail ahead.

use std::time::Duration;

use futures_util::StreamExt as _;
use prolific_api_ext::Prolific;
use serde_json::{Value, json};

use crate::{
    client,
    fault_proxy::{FaultProxy, Request, Response},
    json, server,
};

fn rows(from: usize, count: usize, pad: usize) -> Vec<Value> {
    let row = |row| json!({ "id": format!("w{row}"), "title": "x".repeat(pad) });
    (from..from + count).map(row).collect()
}

/// A small first page, and a large one behind it.
async fn growing(small: usize, large: usize, pad: usize) -> FaultProxy {
    server(move |request, _| {
        let rows = match offset(request) {
            0 => rows(0, small, 1),
            from => rows(from, small + large - from, pad),
        };
        json(json!({ "results": rows, "meta": { "count": small + large } }))
    })
    .await
}

fn offset(request: &Request) -> usize {
    let offset = request.line().split("offset=").nth(1).unwrap_or("0");
    offset.split('&').next().unwrap().parse().unwrap()
}

fn hurried(server: &FaultProxy) -> Prolific {
    let builder = client(server.url()).attempt_timeout(Duration::from_millis(300));
    builder.total_timeout(Duration::from_millis(1_200)).build().unwrap()
}

#[tokio::test]
async fn the_pace_of_the_reader_is_no_fault_of_the_server() {
    // With as many pauses, each of them shorter, equal to or longer than an attempt may take.
    for (pause, pauses) in [(10, 100), (100, 10), (400, 3), (1_300, 1)] {
        for pad in [100, 2_000] {
            let server = growing(pauses, 200, pad).await;
            let prolific = hurried(&server);
            let mut list = prolific.workspaces().list();
            let mut count = 0;
            while let Some(workspace) = list.next().await {
                workspace.unwrap();
                count += 1;
                if count <= pauses {
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                }
            }
            assert_eq!(count, pauses + 200, "{pause} ms, {pad} bytes a row");
            assert_eq!(server.requests().len(), 2);
        }
    }
}

#[tokio::test]
async fn a_call_kept_unpolled_beyond_its_timeouts_continues_where_it_was() {
    let server = growing(1, 200, 2_000).await;
    let prolific = hurried(&server);
    let mut list = prolific.workspaces().list().by_page();
    list.next().await.unwrap().unwrap();
    let mut second = Box::pin(list.next());
    for _ in 0..3 {
        tokio::select! {
            biased;
            page = &mut second => { assert_eq!(page.unwrap().unwrap().items.len(), 200); return; }
            () = std::future::ready(()) => {}
        }
        tokio::time::sleep(Duration::from_millis(1_300)).await;
    }
    assert_eq!(second.await.unwrap().unwrap().items.len(), 200);
}

/// Two pages of one row each; `second` answers for the second, by how often it was asked for.
async fn two_pages(second: impl Fn(usize) -> Option<u16> + Send + Sync + 'static) -> FaultProxy {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let page = |row| json!({ "results": rows(row, 1, 1), "meta": { "count": 2 } });
    server(move |request: &Request, _| {
        if request.line().contains("offset=0") {
            return json(page(0));
        }
        match second(asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst)) {
            Some(status) => Response::json(status, "{}"),
            None => json(page(1)),
        }
    })
    .await
}

#[tokio::test]
async fn a_page_that_failed_ahead_is_asked_for_again_when_it_is_needed() {
    for status in [503, 500, 401, 429, 522] {
        for pause in [0, 100, 1_300] {
            let server = two_pages(move |asked| (asked == 0).then_some(status)).await;
            let mut list = hurried(&server).workspaces().list();
            list.next().await.unwrap().unwrap();
            tokio::time::sleep(Duration::from_millis(pause)).await;
            let second = list.next().await.unwrap();
            assert!(second.is_ok(), "{status} after {pause} ms: {second:?}");
            assert!(list.next().await.is_none());
            assert_eq!(server.requests().len(), 3);
        }
    }
}

#[tokio::test]
async fn the_failure_of_a_page_that_is_needed_counts_and_comes_once() {
    let server = two_pages(|_| Some(503)).await;
    let prolific = client(server.url()).build().unwrap();
    let items: Vec<_> = prolific.workspaces().list().collect().await;
    assert_eq!(items.len(), 2);
    let error = items[1].as_ref().unwrap_err();
    assert_eq!((error.attempts(), error.is_transient()), (4, true), "{error}");
    // One ahead, and four as it was needed.
    assert_eq!(server.requests().len(), 1 + 1 + 4);
}

#[tokio::test]
async fn pages_ahead_can_be_turned_off_for_a_client_and_for_a_list() {
    for (of_client, of_list, requests) in
        [(true, None, 2), (false, None, 1), (true, Some(false), 1), (false, Some(true), 2)]
    {
        let server = two_pages(|_| None).await;
        let prolific = client(server.url()).page_ahead(of_client).build().unwrap();
        let mut list = prolific.workspaces().list();
        if let Some(page_ahead) = of_list {
            list = list.page_ahead(page_ahead);
        }
        list.next().await.unwrap().unwrap();
        // What was sent has time to arrive.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(server.requests().len(), requests, "{of_client} {of_list:?}");
        assert_eq!(list.count().await, 1);
    }
}
