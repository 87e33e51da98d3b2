//! Where lists end, what is read again, and what becomes of rows that can't be read.

use std::sync::{Arc, Mutex};

use futures_util::StreamExt as _;
use prolific_api_ext::{
    Error, ErrorKind, Prolific,
    pages::Position,
    studies::StudyStatus,
    submissions::{SubmissionKey, SubmissionStatus},
};
use serde_json::{Value, json};

use crate::{
    client,
    fault_proxy::{FaultProxy, Request, Response},
    id, json, server,
};

fn number(request: &Request, name: &str) -> Option<usize> {
    let query = request.line().split_once('?')?.1.to_owned();
    let value =
        query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")).map(str::to_owned));
    value?.parse().ok()
}

fn prolific(server: &FaultProxy) -> Prolific {
    client(server.url()).build().unwrap()
}

#[tokio::test]
async fn unpaged_lists_are_checked_against_their_count_and_paged_if_the_server_says_so() {
    let server = server(|request, _| {
        let from = number(request, "offset").unwrap_or(0);
        let rows: Vec<_> = (from..57.min(from + 20)).map(|n| json!({ "id": format!("m{n}"), "participant_id": format!("p{n}") })).collect();
        let next = format!("http://elsewhere.example/y?limit=20&offset={}", from + 20);
        json(json!({ "results": rows, "meta": { "count": 57 }, "_links": { "next": { "href": next } } }))
    })
    .await;
    let prolific = prolific(&server);
    assert_eq!(prolific.messages().unread().collect_all().await.unwrap().len(), 57);
    assert_eq!(prolific.hooks().secrets(&id("w")).collect_all().await.unwrap().len(), 57);
    let group = prolific.participant_groups();
    assert_eq!(group.participants(&id("g")).collect_all().await.unwrap().len(), 57);
    // All of it went to the API.
    assert_eq!(server.requests().len(), 9);
    let last = server.requests().pop().unwrap();
    assert!(last.line().contains("limit=20&offset=40"), "{}", last.line());
}

#[tokio::test]
async fn a_list_without_any_object_is_not_a_page() {
    for (body, expected) in [
        ("[[]]", ErrorKind::UnexpectedAnswer),
        ("[7, null]", ErrorKind::UnexpectedAnswer),
        (r#"[{"id": []}]"#, ErrorKind::UnreadableRow),
        (r#"{"results": [[]]}"#, ErrorKind::UnreadableRow),
    ] {
        let server = server(move |_, _| json(body)).await;
        let rows: Vec<_> = prolific(&server).messages().unread().collect().await;
        let kinds: Vec<_> = rows.iter().map(|row| row.as_ref().unwrap_err().kind()).collect();
        assert_eq!(kinds, [expected], "{body}");
    }
}

#[tokio::test]
async fn an_unpaged_list_shorter_than_its_count_is_incomplete() {
    let server = server(|_, _| {
        json(json!({ "results": [{ "id": "m1" }, { "id": "m2" }], "meta": { "count": 57 } }))
    })
    .await;
    let rows: Vec<_> = prolific(&server).messages().unread().collect().await;
    let error = rows[2].as_ref().unwrap_err();
    assert_eq!((rows.len(), error.kind()), (3, ErrorKind::Incomplete));
    assert_eq!((error.rows_received(), error.rows_expected()), (Some(2), Some(57)));
    assert_eq!(
        error.to_string(),
        "get-unread-messages: the list is incomplete: 2 of 57 rows were received"
    );
    assert!(error.position().is_some());
}

/// Submissions by number of page, 20 at a time, which the closure changes before each request.
async fn submissions(
    count: usize,
    mut change: impl FnMut(&mut Vec<usize>, usize) + Send + 'static,
) -> FaultProxy {
    let mut rows: Vec<usize> = (0..count).collect();
    let state = Mutex::new(move |request: &Request, nth: usize| {
        change(&mut rows, nth);
        let size = number(request, "page_size").unwrap_or(20);
        let from = (number(request, "page").unwrap_or(1) - 1) * size;
        let page = rows.iter().skip(from).take(size);
        let page: Vec<_> = page.map(|row| json!({ "id": format!("s{row}") })).collect();
        if page.is_empty() && from > 0 {
            return Response::json(404, json!({ "detail": "Invalid page." }));
        }
        json(json!({ "results": page, "meta": { "count": rows.len() } }))
    });
    server(move |request, nth| (state.lock().unwrap())(request, nth)).await
}

#[tokio::test]
async fn no_row_of_ten_thousand_is_missed_while_a_hundred_are_deleted() {
    let mut random = 7_u64;
    let gone = Arc::new(Mutex::new(Vec::new()));
    let noted = gone.clone();
    let server = submissions(10_000, move |rows, nth| {
        for _ in 0..if nth > 0 && nth <= 50 { 2 } else { 0 } {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = (random >> 33) as usize % rows.len();
            noted.lock().unwrap().push(rows.remove(at));
        }
    })
    .await;
    let list = prolific(&server).submissions().list(&id("s")).page_size(200);
    let mut ids: Vec<String> =
        list.collect_all().await.unwrap().into_iter().map(|row| row.id.into()).collect();
    let given = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), given, "a row came twice");
    let gone = gone.lock().unwrap();
    assert_eq!(gone.len(), 100);
    let missed = (0..10_000)
        .filter(|row| !gone.contains(row))
        .filter(|row| ids.binary_search(&format!("s{row}")).is_err());
    assert_eq!(missed.collect::<Vec<_>>(), Vec::<usize>::new());
}

#[tokio::test]
async fn a_list_resumes_where_an_error_ended_it() {
    let failing = Arc::new(Mutex::new(true));
    let fails = failing.clone();
    let server = server(move |request, _| {
        let page = number(request, "page").unwrap();
        if page == 5 && *fails.lock().unwrap() {
            return Response::json(503, "{}");
        }
        let rows: Vec<_> =
            (0..20).map(|n| json!({ "id": format!("s{}", 20 * page + n) })).collect();
        json(json!({ "results": rows, "meta": { "count": 200 } }))
    })
    .await;
    let prolific = prolific(&server);
    let mut list = prolific.submissions().list(&id("s"));
    let mut given = 0;
    let error: Error = loop {
        match list.next().await.unwrap() {
            Ok(_) => given += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((given, error.rows_received(), error.is_transient()), (80, Some(80), true));
    assert_eq!(error.position(), Some(&list.position()));
    *failing.lock().unwrap() = false;
    let kept = serde_json::to_string(error.position().unwrap()).unwrap();
    let position: Position = serde_json::from_str(&kept).unwrap();
    let rest =
        prolific.submissions().list(&id("s")).resume_from(position).collect_all().await.unwrap();
    assert_eq!(rest.len(), 120);
    assert_eq!(rest[0].id.as_str(), "s100");
}

#[tokio::test]
async fn a_row_that_can_not_be_read_has_its_json_and_does_not_end_the_list() {
    let rows = r#"{"results":[{"id":"a"},{"id":["secret"]},7,{"id":"c","subject":"nice \ud83d"},{"title":1}],"meta":{"count":5}}"#;
    let server = server(move |_, _| json(rows)).await;
    let prolific = prolific(&server);
    let rows: Vec<_> = prolific.workspaces().list().collect().await;
    let odd: Vec<&Error> = rows.iter().filter_map(|row| row.as_ref().err()).collect();
    assert_eq!((rows.len(), odd.len()), (5, 3));
    assert!(odd.iter().all(|error| error.kind() == ErrorKind::UnreadableRow), "{odd:?}");
    assert_eq!(odd[0].body().as_ref(), br#"{"id":["secret"]}"#);
    assert!(odd[0].to_string().contains("row 1 of the page"), "{}", odd[0]);
    assert!(!format!("{:?} {}", odd[0], odd[0]).contains("secret"));
    assert_eq!(odd[1].body().as_ref(), b"7");
    let page = prolific.workspaces().list().by_page().next().await.unwrap().unwrap();
    assert_eq!((page.items.len(), page.unreadable.len()), (2, 3));
}

#[tokio::test]
async fn half_a_character_loses_neither_row_nor_page() {
    let rows = r#"{"results":[{"id":"a","body":"x"},{"id":"b","body":"nice \ud83d"},{"id":"c","body":"\ude00\u00e9 \ud83d\ude00"}]}"#;
    let server = server(move |_, _| json(rows)).await;
    let rows = prolific(&server).messages().unread().collect_all().await.unwrap();
    let bodies: Vec<_> = rows.iter().map(|row| row.body.clone().unwrap()).collect();
    assert_eq!(bodies, ["x", "nice \u{fffd}", "\u{fffd}\u{e9} \u{1f600}"]);
}

#[tokio::test]
async fn filters_and_orders_are_asked_for_on_every_page() {
    let server = server(|request, _| {
        let is_second = request.line().contains("page=2") || request.line().contains("cursor=c2");
        let rows: Vec<Value> = vec![json!({ "id": if is_second { "b" } else { "a" } })];
        let next = (!is_second).then_some("https://elsewhere.example/?cursor=c2&study_id=other");
        match request.line().contains("conversations") {
            true => json(json!({ "results": rows, "next": next })),
            false => json(json!({ "results": rows, "meta": { "count": 2 } })),
        }
    })
    .await;
    let prolific = prolific(&server);
    let submissions =
        prolific.submissions().list(&id("s")).status(SubmissionStatus::AwaitingReview);
    let submissions = submissions.order_by_descending(SubmissionKey::Reward);
    assert_eq!(submissions.page_size(1).collect_all().await.unwrap().len(), 2);
    let studies = prolific.studies().list().workspace_id(&id("w")).search("a b&c");
    let studies = studies.state([StudyStatus::Active, StudyStatus::AwaitingReview]);
    assert_eq!(studies.page_size(50).collect_all().await.unwrap().len(), 2);
    let conversations = prolific.conversations().list().study_id(&id("s")).page_size(1);
    assert_eq!(conversations.collect_all().await.unwrap().len(), 2);
    let seen: Vec<String> =
        server.requests().iter().map(|request| request.line().to_owned()).collect();
    let submissions = "study=s&ordering=-submission_reward&status=AWAITING_REVIEW";
    let studies = "workspace_id=w&search=a+b%26c&state=%28ACTIVE%7CAWAITING+REVIEW%29";
    assert_eq!(
        seen,
        [
            format!("GET /api/v1/submissions/?page=1&page_size=1&{submissions}"),
            format!("GET /api/v1/submissions/?page=2&page_size=1&{submissions}"),
            format!("GET /api/v1/studies/?page=1&page_size=50&{studies}"),
            format!("GET /api/v1/studies/?page=2&page_size=50&{studies}"),
            "GET /api/v1/conversations/?limit=1&study_id=s".to_owned(),
            "GET /api/v1/conversations/?limit=1&study_id=s&cursor=c2".to_owned(),
        ]
    );
}
