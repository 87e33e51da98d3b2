//! What collections send and how answers are read, on a real socket.

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use super::{CollectionContent, NewCollection};
use crate::{
    CollectionId, ErrorKind, WorkspaceId,
    batches::TaskDetails,
    exports::ExportFilter,
    questions::Item,
    transfer::{RecordingServer, Reply},
};

const COLLECTIONS: &str = "/api/v1/data-collection/collections";

fn id() -> CollectionId {
    CollectionId::new("c1").unwrap()
}

async fn answering(status: u16, body: Value) -> RecordingServer {
    RecordingServer::start(move |_, _, _| Reply::json(status, &body)).await
}

fn content(pages: Value) -> CollectionContent {
    let pages: Vec<_> = serde_json::from_value(pages).unwrap();
    CollectionContent::new("pets", TaskDetails::new("a", "b", "c"), pages)
}

fn new(pages: Value) -> NewCollection {
    let CollectionContent { name, task_details, pages, .. } = content(pages);
    NewCollection::new(name, WorkspaceId::new("w1").unwrap(), task_details, pages)
}

fn question() -> Value {
    json!({ "type": "free_text", "description": "a", "order": 0 })
}

#[tokio::test]
async fn a_collection_is_made_of_exactly_what_was_set() {
    let server = answering(201, json!({ "id": "c1", "schema_version": "1" })).await;
    let collections = server.prolific().collections();
    let pages = json!([{ "page_items": [
        { "type": "free_text", "description": "a" }, { "type": "rich_text", "content": "b" } ] }]);
    let made = collections.create(new(pages)).await.unwrap();
    assert_eq!(made.id, id());
    let [create] = server.seen().try_into().unwrap();
    assert_eq!(create.line(), format!("POST {COLLECTIONS}"));
    let texts = json!({ "task_name": "a", "task_introduction": "b", "task_steps": "c" });
    let pages = json!([{ "order": 0, "page_items": [
        question(), { "type": "rich_text", "content": "b", "order": 1 } ] }]);
    let expected = json!({
        "name": "pets", "workspace_id": "w1", "task_details": texts, "collection_items": pages,
    });
    assert_eq!(create.json(), expected);
}

#[tokio::test]
async fn a_collection_is_sent_back_with_all_its_ids_and_nothing_that_only_answers_have() {
    let mark = json!({ "created_at": "2026-01-01", "created_by": "u1", "parent_id": "p1" });
    let with = |entry: &Value| {
        let mut entry = entry.clone();
        entry.as_object_mut().unwrap().extend(mark.as_object().unwrap().clone());
        entry
    };
    let entries = [
        json!({ "type": "multiple_choice", "id": "i1", "order": 0, "description": "a",
                "answer_limit": 1, "options": [{ "label": "A", "value": "a" }] }),
        json!({ "type": "image", "id": "i2", "order": 1, "url": "https://a.example/a",
                "alt_text": "a" }),
        json!({ "type": "rich_text", "id": "i3", "order": 2, "content": "<p>a</p>" }),
    ];
    let stored: Vec<_> = entries.iter().map(with).collect();
    let page = json!({ "id": "p1", "order": 0, "schema_version": 1, "page_items": stored });
    let body = json!({ "id": "c1", "name": "pets", "collection_items": [page] });
    let server = answering(200, body).await;
    let collections = server.prolific().collections();
    let stored = collections.get(&id()).await.unwrap();
    let texts = TaskDetails::new("a", "b", "c");
    let content = CollectionContent::new("again", texts, stored.pages);
    collections.update(&id(), content).await.unwrap();
    let [get, update] = server.seen().try_into().unwrap();
    assert_eq!(get.line(), format!("GET {COLLECTIONS}/c1"));
    assert_eq!(update.line(), format!("PUT {COLLECTIONS}/c1"));
    let expected = json!([{ "id": "p1", "order": 0, "page_items": entries }]);
    assert_eq!(update.json()["collection_items"], expected);
}

#[tokio::test]
async fn pages_that_can_not_be_sent_back_completely_name_the_entry() {
    let odd = [json!({ "type": "hologram" }), json!({ "type": "free_text" })];
    for entry in odd {
        let page = json!({ "page_items": [{ "type": "rich_text", "content": "a" }, entry] });
        let server = answering(200, json!({ "id": "c1", "collection_items": [page] })).await;
        let collections = server.prolific().collections();
        let stored = collections.get(&id()).await.unwrap();
        let content = CollectionContent::new("a", TaskDetails::new("a", "b", "c"), stored.pages);
        let error = collections.update(&id(), content).await.unwrap_err();
        assert!(error.to_string().contains("page 0, item 1"), "{error}");
    }
}

#[tokio::test]
async fn a_page_that_can_not_be_read_is_kept_and_refused() {
    let good = json!({ "id": "p0", "page_items": [question()] });
    let odd = json!({ "id": "p/1", "page_items": [question()] });
    let body = json!({ "id": "c1", "collection_items": [good, odd] });
    let server = answering(200, body).await;
    let collections = server.prolific().collections();
    let stored = collections.get(&id()).await.unwrap();
    let [good, odd] = &stored.pages[..] else { panic!("{stored:?}") };
    assert_eq!(good.id.as_ref().unwrap().as_str(), "p0");
    assert!(matches!(&odd.items[..], [Item::Unknown(page)] if page["id"] == "p/1"));
    let content = CollectionContent::new("a", TaskDetails::new("a", "b", "c"), stored.pages);
    let error = collections.update(&id(), content).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0));
    assert!(error.to_string().contains("page 1, item 0"), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn content_that_can_not_be_used_is_not_sent() {
    let server = answering(200, json!({ "id": "c1" })).await;
    let collections = server.prolific().collections();
    let entries = [
        (json!({ "type": "multiple_choice", "description": "a", "order": 0 }), "answer_limit"),
        (
            json!({ "type": "multiple_choice_with_free_text", "description": "a", "order": 0,
                    "answer_limit": 1, "options": [{ "label": "A", "value": "a" }] }),
            "heading",
        ),
        (
            json!({ "type": "free_text_with_unit", "description": "a", "order": 0,
                    "unit_options": [{ "label": "A", "value": "a" }] }),
            "unit_position",
        ),
        (
            json!({ "type": "file_upload", "description": "a", "order": 0,
                    "accepted_file_types": ["jpg"], "min_file_count": 3, "max_file_count": 2 }),
            "has no dot",
        ),
        (json!({ "type": "image", "alt_text": "a" }), "(image)"),
        (json!({ "type": "rich_text" }), "(rich_text)"),
        (json!({ "type": "dataset_field", "field": "a" }), "has no dataset"),
        (
            json!({ "type": "free_text", "description": "a", "order": 0,
                    "validation": { "type": "string", "min": 2.5 } }),
            "whole and not negative",
        ),
    ];
    for (entry, why) in entries {
        let content = content(json!([{ "page_items": [entry] }]));
        let error = collections.update(&id(), content).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(why), "{error}");
    }
    let error = collections.update(&id(), content(json!([]))).await.unwrap_err();
    assert!(error.to_string().contains("no pages"), "{error}");
    let nameless = NewCollection { name: String::new(), ..new(json!([])) };
    let error = collections.create(nameless).await.unwrap_err();
    assert!(error.to_string().contains("its name is empty: set one; it has no pages"), "{error}");
    assert_eq!(error.operation(), Some("create-collection"));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn collections_are_listed_by_limit_and_offset() {
    let server = RecordingServer::start(|_, _, before| {
        let ids = [json!([{ "id": "c1", "item_count": 2 }]), json!([{ "id": "c2" }])];
        Reply::json(200, &json!({ "results": ids[before], "meta": { "count": 2 } }))
    })
    .await;
    let list = server.prolific().collections().list(&"w1".parse().unwrap()).page_size(1);
    let collections: Vec<_> = list.try_collect().await.unwrap();
    assert_eq!(collections.len(), 2);
    assert_eq!((collections[0].item_count, collections[1].item_count), (Some(2), None));
    let lines: Vec<_> = server.seen().iter().map(|seen| seen.line().to_owned()).collect();
    let line = |offset| format!("GET {COLLECTIONS}?limit=1&offset={offset}&workspace_id=w1");
    assert_eq!(lines, [line(0), line(1)]);
}

#[tokio::test]
async fn an_export_of_a_collection_goes_to_a_file() {
    let server = RecordingServer::start(|line, address, _| match line {
        line if line.contains("/files/") => Reply::json(200, &json!("zip")),
        line if line.starts_with("POST") => {
            Reply::json(202, &json!({ "status": "generating", "export_id": "e1" }))
        }
        _ => {
            let url = format!("http://{address}/files/a");
            Reply::json(200, &json!({ "status": "complete", "url": url }))
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answers.zip");
    let collections = server.prolific().collections();
    collections.export_to_file(&id(), &path).filter(ExportFilter::new()).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "\"zip\"");
    let lines: Vec<_> = server.seen().iter().map(|seen| seen.line().to_owned()).collect();
    let expected = [
        format!("POST {COLLECTIONS}/c1/export"),
        format!("GET {COLLECTIONS}/c1/export/e1"),
        "GET /files/a".to_owned(),
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn responses_are_a_stream() {
    let body = json!({ "results": [{ "id": "r1", "participant_id": "p1" }] });
    let server = answering(200, body).await;
    let responses = server.prolific().collections().responses(&id());
    let responses: Vec<_> = responses.try_collect().await.unwrap();
    assert_eq!(responses[0].participant_id.as_ref().unwrap().as_str(), "p1");
    assert_eq!(server.seen()[0].line(), format!("GET {COLLECTIONS}/c1/responses"));
}

#[tokio::test]
async fn an_export_of_a_collection_is_requested_and_looked_at() {
    let server = RecordingServer::start(|line, _, _| match line.starts_with("POST") {
        true => Reply::json(202, &json!({ "status": "generating", "export_id": "e1" })),
        false => Reply::json(200, &json!({ "status": "failed" })),
    })
    .await;
    let collections = server.prolific().collections();
    let filter = ExportFilter::new().since("2026-01-01");
    let job = collections.request_export(&id(), &filter).await.unwrap().id.unwrap();
    let export = collections.export_status(&id(), &job).await.unwrap();
    assert_eq!((export.id.as_ref(), export.status.as_str()), (Some(&job), "failed"));
    assert!(export.link.is_none());
    let lines: Vec<_> = server.seen().iter().map(|seen| seen.line().to_owned()).collect();
    let expected = [
        format!("POST {COLLECTIONS}/c1/export?from=2026-01-01"),
        format!("GET {COLLECTIONS}/c1/export/e1"),
    ];
    assert_eq!(lines, expected);
}
