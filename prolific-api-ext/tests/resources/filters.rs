//! What is read of filters, and what of them is refused before it is sent.

use futures_util::TryStreamExt as _;
use prolific_api_ext::{
    ErrorKind,
    filters::{self, Bound, EligibilityQuery, FilterDataType, FilterKind},
};
use serde_json::json;

use crate::{Recorder, id};

#[tokio::test]
async fn the_catalogue_is_read_whatever_kind_a_filter_is_of() {
    let answer = json!({ "results": [
        { "filter_id": "handedness", "type": "select", "data_type": "ChoiceID", "tags": null,
          "choices": { "0": "Left", "1": "Right" } },
        { "filter_id": "age", "type": "range", "data_type": "integer", "min": 18.0, "max": 100 },
        { "filter_id": "place", "type": "map", "title": "Where" },
    ] });
    let recorder = Recorder::answering([(200, answer)]).await;
    let rows: Vec<_> = recorder.client().filters().list(&id("w")).try_collect().await.unwrap();
    assert_eq!(rows[0].choices["1"], "Right");
    assert_eq!(rows[0].data_type, Some(FilterDataType::Choice));
    assert_eq!((&rows[1].min, &rows[1].max), (&Some(Bound::Integer(18)), &Some(100.into())));
    let kinds: Vec<_> = rows.iter().map(|row| row.kind.clone().unwrap()).collect();
    assert_eq!(kinds, [FilterKind::Select, FilterKind::Range, FilterKind::from("map")]);
    assert_eq!((rows[2].filter_id.as_str(), rows[2].title.as_deref()), ("place", Some("Where")));
}

#[tokio::test]
async fn what_is_searched_is_read_with_its_choices() {
    let answer = json!({ "results": [{ "filter_id": "job title", "title": "Job", "type": "select",
        "choices": { "total": 40, "truncated": true, "results": [{ "id": "a/b", "label": "Baker",
            "matches": [{ "field": "label", "start": 0, "end": 3 }] }] } }], "meta": { "count": 1 } });
    let recorder = Recorder::answering([(200, answer)]).await;
    let pages = recorder.client().filters().search("bak", &id("w")).unwrap();
    let found: Vec<_> = pages.page_size(25).try_collect().await.unwrap();
    let choices = found[0].choices.as_ref().unwrap();
    assert_eq!((choices.total, choices.results[0].key.as_str()), (Some(40), "a/b"));
    assert_eq!(choices.results[0].matches[0].end, Some(3));
}

#[tokio::test]
async fn a_count_of_nothing_means_fewer_than_25() {
    let recorder =
        Recorder::answering([(200, json!({ "count": 0 })), (200, json!({ "count": 25.0 }))]);
    let recorder = recorder.await;
    let catalogue = recorder.client().filters();
    let count = || catalogue.eligible_count(EligibilityQuery::new([]));
    let (few, some) = (count().await.unwrap(), count().await.unwrap());
    assert_eq!((few.exactly(), few.at_most(), few.is_hidden()), (None, 24, true));
    assert_eq!((some.exactly(), some.to_string()), (Some(25), "25".to_owned()));
}

#[tokio::test]
async fn what_can_not_be_asked_for_is_not_sent() {
    let recorder = Recorder::answering([(200, json!({}))]).await;
    let catalogue = recorder.client().filters();
    let nothing: [&str; 0] = [];
    let query = EligibilityQuery::new([filters::select("sex", nothing)]);
    let refused = [
        catalogue.search(" ", &id("w")).err(),
        catalogue.search("x".repeat(201), &id("w")).err(),
        catalogue.choices("..", &id("w")).err(),
        catalogue.search_choices("", "x", &id("w")).err(),
        catalogue.eligible_count(query).await.err(),
    ];
    for error in refused {
        let error = error.unwrap();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
    }
    assert!(recorder.seen().is_empty());
}
