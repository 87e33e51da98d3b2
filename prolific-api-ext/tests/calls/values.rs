//! Responses whose values are not written as documented.

use futures_util::TryStreamExt as _;
use serde_json::json;

use crate::{client, fault_proxy::Response, id, json, server};

#[tokio::test]
async fn no_row_is_lost_to_the_form_of_a_number() {
    let server = server(|_, _| {
        json(json!({ "results": [
            { "id": "1", "time_taken": 61 }, { "id": "2", "time_taken": 61.0 },
            { "id": "3", "time_taken": 61.4 }, { "id": "4", "time_taken": null },
            { "id": "5", "time_taken": "61" }, { "id": "6", "reward": 150 },
            { "id": "7", "reward": 150.0 }, { "id": "8", "reward": 150.5 },
            { "id": "9", "reward": "150.50" },
        ], "_links": { "next": { "href": null } } }))
    })
    .await;
    let prolific = client(server.url()).build().unwrap();
    let mut pages = prolific.submissions().list(&id("s")).by_page();
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!((page.items.len(), page.unreadable.len()), (9, 0));
    let taken = page.items.iter().map(|row| row.time_taken);
    assert_eq!(taken.flatten().collect::<Vec<_>>(), [61, 61, 61, 61]);
    let rewards = page.items.iter().filter_map(|row| row.reward);
    let rewards: Vec<String> = rewards.map(|reward| reward.to_string()).collect();
    assert_eq!(rewards, ["150", "150", "150.5", "150.5"]);
}

#[tokio::test]
async fn half_an_emoji_does_not_lose_a_row() {
    let server = server(|request, _| match request.line().contains("responses") {
        true => json(
            r#"{"results": [{"id": "1"}, {"id": "2", "response": {"type": "free_text", "answer": [{"value": "nice \ud83d"}]}}, {"id": "3"}], "meta": {"count": 3}}"#,
        ),
        false => json(
            r#"{"results": [{"id": "1"}, {"id": "2", "study_code": "\ude00"}, {"id": 3}], "_links": {"next": {"href": null}}}"#,
        ),
    })
    .await;
    let prolific = client(server.url()).build().unwrap();
    let responses: Vec<_> = prolific.batches().responses(&id("b")).try_collect().await.unwrap();
    assert_eq!(responses.len(), 3);
    assert!(serde_json::to_string(&responses[1]).unwrap().contains("nice \u{fffd}"));
    // A list with a row that can't be read is read row by row.
    let page = prolific.submissions().list(&id("s")).by_page().next().await.unwrap().unwrap();
    assert_eq!((page.items.len(), page.unreadable.len()), (2, 1));
    assert_eq!(page.items[1].entered_code.as_deref(), Some("\u{fffd}"));
}

#[tokio::test]
async fn an_error_with_half_an_emoji_says_what_it_says() {
    let server = server(|_, _| {
        Response::json(
            400,
            r#"{"error": {"status": 400, "title": "No \ud83d", "detail": "Try NaN"}}"#,
        )
    })
    .await;
    let prolific = client(server.url()).build().unwrap();
    let error = prolific.studies().get(&id("s")).await.unwrap_err();
    assert!(error.to_string().contains("No \u{fffd}"), "{error}");
}

#[tokio::test]
async fn numbers_that_json_does_not_have_are_none() {
    let server =
        server(|_, _| json(r#"{"id": "s", "reward": NaN, "total_available_places": 40.0}"#)).await;
    let prolific = client(server.url()).build().unwrap();
    let study = prolific.studies().get(&id("s")).await.unwrap();
    assert_eq!((study.reward, study.total_available_places), (None, Some(40)));
}
