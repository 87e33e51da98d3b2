//! Which statuses are tried again.

use prolific_api_ext::ErrorKind;
use serde_json::json;

use crate::{client, fault_proxy::Response, id, json, server};

#[tokio::test]
async fn the_statuses_of_a_proxy_that_finds_no_origin_are_tried_again_and_outlasted() {
    for status in (520..=530).chain([408, 425, 429, 500, 502, 503, 504]) {
        let server = server(move |_, before| match before {
            0 | 2 => Response::new(status, "<html>down</html>").header("content-type", "text/html"),
            _ => json(json!({ "status": "READY" })),
        })
        .await;
        let prolific = client(server.url()).build().unwrap();
        prolific.datasets().status(&id("d1")).await.unwrap();
        assert_eq!(server.requests().len(), 2, "{status}");
        let wait = prolific.datasets().wait_until_ready(&id("d1"));
        wait.interval(std::time::Duration::from_millis(10)).await.unwrap();
        assert_eq!(server.requests().len(), 4, "{status}");
    }
}

#[tokio::test]
async fn what_acts_is_repeated_only_where_the_server_turned_it_away() {
    for (status, requests) in [(429, 4), (425, 4), (408, 1), (503, 1), (520, 1), (524, 1), (530, 1)]
    {
        let server = server(move |_, _| Response::json(status, "{}")).await;
        let error = client(server.url()).build().unwrap().bonuses().pay(&id("b1")).await;
        let error = error.unwrap_err();
        assert_eq!(server.requests().len(), requests, "{status}");
        assert_eq!(error.may_have_been_paid(), requests == 1, "{status}: {error}");
    }
}

#[tokio::test]
async fn other_statuses_are_not_tried_again() {
    for (status, kind) in [
        (400, ErrorKind::BadRequest),
        (418, ErrorKind::Refused),
        (501, ErrorKind::Server),
        (519, ErrorKind::Server),
        (531, ErrorKind::Server),
    ] {
        let server = server(move |_, _| Response::json(status, "{}")).await;
        let error = client(server.url()).build().unwrap().users().me().await.unwrap_err();
        assert_eq!((error.kind(), server.requests().len()), (kind, 1), "{status}");
        assert!(!error.is_transient(), "{status}");
    }
}
