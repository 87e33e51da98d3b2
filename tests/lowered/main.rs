//! What a client that was generated of `api.yaml` does: what is sent is what the document says,
//! and what comes is read as what it is. The client is checked in; a test holds it to its source.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(unexpected_cfgs, reason = "the client knows a feature that this package has not")]

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    unused_lifetimes,
    clippy::all,
    clippy::str_to_string,
    clippy::unwrap_used,
    reason = "generated"
)]
mod client {
    #[rustfmt::skip]
    pub(crate) mod generated;
    #[path = "../../../prolific-api/src/runtime/mod.rs"]
    pub(crate) mod runtime;
}

use client::{
    generated::{OPERATIONS, types},
    runtime::{Client, Error, Transport},
};
use httpmock::{Method, Mock, MockServer, Then, When};
use prolific_tests::repository;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use xtask::{output::State, pipeline::make, read::Sources};

/// A server that answers one request, and a client of it.
async fn server() -> (MockServer, Client) {
    let server = MockServer::start_async().await;
    let client = Client::new(&server.base_url(), Transport::default());
    (server, client)
}

fn answers<'a>(server: &'a MockServer, path: &str, status: u16, body: Option<Value>) -> Mock<'a> {
    server.mock(|when: When, then: Then| {
        when.path(path);
        match body {
            Some(body) => then.status(status).json_body(body),
            None => then.status(status),
        };
    })
}

#[test]
fn the_client_is_what_its_source_makes() {
    let mut sources = Sources::default();
    let manifest = repository().join("tests/lowered/regen.toml");
    let made = make(&mut sources, &manifest, "cargo xtask regen --manifest regen.toml").unwrap();
    assert_eq!(made.obsolete, Vec::<std::path::PathBuf>::new());
    for output in made.outputs {
        let state = output.state().unwrap();
        let path = output.path.display();
        let remedy = "run `cargo xtask regen --manifest tests/lowered/regen.toml`";
        assert_eq!(state, State::Current, "{path}: {remedy}");
    }
}

#[tokio::test]
async fn a_number_is_read_as_the_narrowest_branch_that_fits_and_what_fits_none_is_kept() {
    for (sent, expected) in [
        (json!(3), "Integer(3)"),
        (json!(3.5), "Number(3.5)"),
        (json!("3"), "String(\"3\")"),
        (json!([3]), "Unknown(Array [Number(3)])"),
    ] {
        let (server, client) = server().await;
        answers(&server, "/amounts", 200, Some(sent));
        let amount = client.get_amount().send().await.unwrap().into_inner();
        assert_eq!(format!("{amount:?}"), expected);
    }
}

#[tokio::test]
async fn an_enum_of_an_answer_keeps_what_is_not_listed() {
    let sent = json!({
        "level": 4,
        "ratio": "high",
        "done": false,
        "levels": [1, 2.5, null, 3.0, "2"],
        "by": {"a": "and", "b": "AND", "c": "unknown", "d": "or"},
    });
    let (server, client) = server().await;
    answers(&server, "/levels", 200, Some(sent));
    let answer = client.get_level().send().await.unwrap().into_inner();
    assert_eq!(answer.level.map(|level| (level.is_known(), level.value())), Some((false, Some(4))));
    assert_eq!(answer.ratio.unwrap().to_string(), "high");
    let levels: Vec<_> = answer.levels.iter().map(|level| level.to_string()).collect();
    assert_eq!(levels, ["1", "2.5", "null", "3", "2"]);
    assert_eq!(answer.levels[4], types::Level::N2);
    use types::LevelOfThingByValue::{And, AndValue, UnknownValue};
    let values = ["a", "b", "c"].map(|key| &answer.by[key]);
    assert_eq!(values, [&And, &AndValue, &UnknownValue]);
    assert!(!answer.by["d"].is_known());
}

#[tokio::test]
async fn an_enum_of_a_request_is_sent_as_it_is_listed_or_written() {
    let (server, client) = server().await;
    let mock = server.mock(|when, then| {
        when.path("/levels").query_param("at", "2").query_param("order", "-");
        then.status(200).json_body(json!({}));
    });
    let order = types::GetLevelOrder::Minus;
    client.get_level().at(types::Level::N2).order(order).send().await.unwrap();
    client.get_level().at(2).order("-").send().await.unwrap();
    mock.assert_calls(2);
}

#[tokio::test]
async fn a_property_of_one_value_is_sent_without_being_set() {
    let (server, client) = server().await;
    let mock = server.mock(|when, then| {
        when.path("/consents").json_body(json!({"agreed": true, "version": 3}));
        then.status(200).json_body(json!({"ok": true}));
    });
    client.give_consent().body(types::Consent::builder()).send().await.unwrap();
    mock.assert();
}

#[tokio::test]
async fn booleans_tell_branches_apart_and_a_number_of_a_list_or_a_map_may_be_null() {
    for (sent, branch, part) in [
        (json!({"ok": true, "weights": [0.5, null]}), "OutcomeVariant", "[Some(0.5), None]"),
        (json!({"ok": false, "counts": {"a": null}}), "Failure", "{\"a\": None}"),
        (json!({"ok": "perhaps", "weights": [1]}), "Unknown", "perhaps"),
    ] {
        let (server, client) = server().await;
        answers(&server, "/consents", 200, Some(sent));
        let consent = types::Consent::builder();
        let outcome = client.give_consent().body(consent).send().await.unwrap().into_inner();
        let told = format!("{outcome:?}");
        assert!(told.contains(branch) && told.contains(part), "{told}");
    }
}

#[tokio::test]
async fn a_union_is_read_as_the_branch_that_its_discriminator_names() {
    let cases = [
        (json!({"kind": "cat", "name": "Tom", "lives": 9}), "Cat", "lives: Some(9)"),
        (json!({"kind": "dog", "name": "Rex", "puppies": [{"kind": "dog"}]}), "Dog", "Rex"),
        (json!({"kind": "dog", "new": true}), "Dog", "puppies: []"),
        (json!(["fish"]), "Unknown", "fish"),
    ];
    for (sent, branch, part) in cases {
        let (server, client) = server().await;
        answers(&server, "/animals/7", 200, Some(sent));
        let animal = client.get_animal().id("7").send().await.unwrap().into_inner();
        let told = format!("{animal:?}");
        assert!(told.contains(branch) && told.contains(part), "{told}");
    }
}

#[tokio::test]
async fn a_mapping_tells_branches_that_share_an_enum_and_a_documented_unknown_is_a_branch() {
    let cases = [
        (json!({"kind": "fish", "scales": true}), "Fish", "scales: Some(true)"),
        (json!({"kind": "hamster", "wheels": 1}), "Hamster", "wheels: Some(1)"),
        (json!({"kind": "unknown", "about": "a"}), "UnknownValue", "about: Some"),
        (json!({"kind": "bird", "wings": 2}), "Unknown(Object", "wings"),
        (json!({"wings": 2}), "Unknown(Object", "wings"),
    ];
    for (sent, branch, part) in cases {
        let pet: types::Pet = serde_json::from_value(sent.clone()).unwrap();
        let told = format!("{pet:?}");
        assert!(told.contains(branch) && told.contains(part), "{told}");
        assert_eq!(serde_json::to_value(&pet).unwrap(), sent);
    }
}

#[tokio::test]
async fn an_inline_union_is_a_type_and_its_branches_are_distinguished_by_their_values() {
    use types::{Toy, ToyWhat, ToyWhatBall, ToyWhatRope};
    let ball: ToyWhatBall = ToyWhatBall::builder().size(3).try_into().unwrap();
    let rope: ToyWhatRope =
        ToyWhatRope::builder().ends(types::ToyWhatRopeEnds::Integer(2.into())).try_into().unwrap();
    for (what, sent) in [
        (ToyWhat::Ball(ball), json!({"what": {"kind": "ball", "size": 3}})),
        (ToyWhat::Rope(rope), json!({"what": {"kind": "rope", "ends": 2}})),
        (ToyWhat::String("stick".to_owned()), json!({"what": "stick"})),
        (ToyWhat::from(json!({"kind": "bone"})), json!({"what": {"kind": "bone"}})),
    ] {
        let (server, client) = server().await;
        let mock = server.mock(|when, then| {
            when.method(Method::POST).path("/pets").json_body(sent.clone());
            then.status(204);
        });
        let name = format!("{what:?}").split('(').next().map(str::to_owned);
        client.give_toy().body(Toy::builder().what(Some(what))).send().await.unwrap();
        mock.assert_calls(1);
        let read: Toy = serde_json::from_value(sent.clone()).unwrap();
        let told = format!("{read:?}");
        assert!(told.contains(&format!("{}(", name.unwrap())), "{told}");
        assert_eq!(serde_json::to_value(read).unwrap(), sent);
    }
}

#[tokio::test]
async fn a_request_has_the_properties_of_all_parts_and_no_others() {
    let (server, client) = server().await;
    let mock = server.mock(|when, then| {
        when.method(Method::POST).path("/jobs").json_body(
            json!({"name": "j", "size": 2, "tag": "t", "then": {"name": "k", "delay": 1}}),
        );
        then.status(200).json_body(json!({"result": "r"}));
    });
    let then = types::Job::builder().name("k").delay(1);
    let job = types::Job::builder().name("j").size(2).tag(json!("t")).then(then);
    client.start_job().body(job).send().await.unwrap();
    mock.assert();
}

#[tokio::test]
async fn an_answer_may_lack_what_is_required_and_have_what_is_not_documented() {
    let (server, client) = server().await;
    let jobs = json!([{"tag": 1, "unheard-of": [], "then": {"delay": 3}}]);
    answers(&server, "/jobs/search", 200, Some(jobs));
    let jobs = client.find_jobs().send().await.unwrap().into_inner();
    assert_eq!(jobs[0].tag, Some(json!(1)));
    assert_eq!((&jobs[0].name, jobs[0].then.as_ref().unwrap().delay), (&None, Some(3)));
}

#[tokio::test]
async fn parameters_are_sent_in_their_documented_forms() {
    let (server, client) = server().await;
    let mock = server.mock(|when, then| {
        when.path("/jobs/search")
            .query_param("tag", "a")
            .query_param("tag", "b")
            .query_param("ids", "1,2")
            .query_param("by[state]", "open")
            .query_param("by[page]", "3")
            .header("X-Trace", "t");
        then.status(200).json_body(json!([]));
    });
    let find = client.find_jobs().tag(vec!["a".to_owned(), "b".to_owned()]);
    let find = find.ids("1,2").by_state("open").by_page(3).x_trace("t");
    find.send().await.unwrap();
    mock.assert();
}

#[tokio::test]
async fn bodies_go_out_under_their_documented_media_types() {
    let (server, client) = server().await;
    let lines = server.mock(|when, then| {
        when.path("/jobs/lines").header("content-type", "application/x-ndjson").body("{}\n{}\n");
        then.status(200);
    });
    client.append_lines().body("{}\n{}\n").send().await.unwrap();
    lines.assert();
    let form = server.mock(|when, then| {
        when.path("/jobs/form")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("name=a+b%26c");
        then.status(200);
    });
    client.send_form().body(types::SendFormBody::builder().name("a b&c")).send().await.unwrap();
    form.assert();
}

/// What a type makes of JSON that it has read.
fn through<T: DeserializeOwned + Serialize>(sent: &Value) -> Value {
    let read: T = serde_json::from_value(sent.clone()).unwrap();
    serde_json::to_value(read).unwrap()
}

#[tokio::test]
async fn an_inline_body_can_express_null_and_an_empty_list() {
    let (server, client) = server().await;
    let sent = json!({"title": null, "tags": []});
    let mock = server.mock(|when, then| {
        when.path("/things").json_body(sent.clone());
        then.status(200);
    });
    let body = types::ChangeThingsBody::builder().title(prolific_api::Null).tags([] as [&str; 0]);
    client.change_things().body(body).send().await.unwrap();
    mock.assert();
}

#[test]
fn properties_of_one_name_in_two_objects_are_of_two_types() {
    for sent in [
        json!({"options": {"mode": "x", "ids": ["a"]}, "limits": {"mode": "q", "ids": [{"n": 1}]}}),
        json!({"options": {"ids": []}, "limits": {"ids": []}}),
        json!({"options": {"mode": null}, "limits": {"mode": null}}),
    ] {
        assert_eq!(through::<types::Setting>(&sent), sent);
    }
    for sent in [json!({"tags": [], "title": null, "inner": {"tags": []}}), json!({})] {
        assert_eq!(through::<types::ChangeThingsBody>(&sent), sent);
    }
}

#[test]
fn what_has_the_keys_of_two_branches_is_kept_as_it_came() {
    for (sent, branch) in [
        (json!({"id": "a", "values": ["1"]}), "Select"),
        (json!({"id": "a", "range": {"lower": 1.5}}), "Range"),
        (json!({"id": "a", "values": ["1"], "range": {"lower": 1.5}, "new": true}), "Unknown"),
        (json!({"id": "a"}), "Unknown"),
        (json!(["a"]), "Unknown"),
    ] {
        assert_eq!(through::<types::Filter>(&sent), sent);
        let read: types::Filter = serde_json::from_value(sent).unwrap();
        assert!(format!("{read:?}").starts_with(branch), "{read:?}");
    }
}

#[test]
#[expect(deprecated, reason = "every place that sets or reads it has a warning")]
fn a_deprecated_property_is_deprecated_in_rust() {
    let thing = types::Thing::builder().name("n").secret("s").label(Some("l".to_owned()));
    let thing: types::Thing = thing.try_into().unwrap();
    assert_eq!(thing.label.as_deref(), Some("l"));
}

#[tokio::test]
async fn what_the_server_sets_is_not_asked_for_and_what_it_hides_is_not_missed() {
    let (server, client) = server().await;
    let mock = server.mock(|when, then| {
        when.path("/things").json_body(json!({"name": "n", "secret": "s"}));
        then.status(201).json_body(json!({"id": "i", "name": "n"}));
    });
    let thing = types::Thing::builder().name("n").secret("s");
    let made = client.make_thing().body(thing).send().await.unwrap();
    assert_eq!(made.id.as_deref(), Some("i"));
    mock.assert();
}

#[tokio::test]
#[allow(deprecated, reason = "the operation is deprecated, to show that it is")]
async fn an_optional_body_is_left_out_unless_it_is_set() {
    let (server, client) = server().await;
    let without = server.mock(|when, then| {
        when.path("/jobs/7/stop").query_param("grace", "2").body("").header_missing("content-type");
        then.status(200).json_body(json!({"at": "now"}));
    });
    let stopped = client.stop_job().id("7").grace(2).send().await.unwrap().into_inner();
    assert_eq!(stopped.unwrap().at.as_deref(), Some("now"));
    without.assert();
    let with = server.mock(|when, then| {
        when.path("/jobs/8/stop").header("x-trace", "t").json_body(json!({"reason": "r"}));
        then.status(204);
    });
    let body = types::StopJobBody::builder().reason("r");
    let call = client.stop_job().id("8").grace(2.5).x_trace(Some("t")).body(body);
    assert!(call.send().await.unwrap().into_inner().is_none());
    with.assert();
}

#[tokio::test]
#[allow(deprecated, reason = "the operation is deprecated, to show that it is")]
async fn what_cannot_be_sent_is_a_clear_error_and_nothing_is_sent() {
    let (server, client) = server().await;
    let any = server.mock(|when, then| {
        when.any_request();
        then.status(204);
    });
    let stop = || client.stop_job().id("7").grace(1);
    let incomplete = types::StopJobBody::builder();
    for (call, problem) in [
        (client.stop_job().grace(1), "`id` is not set"),
        (client.stop_job().id("7"), "`grace` is not set"),
        (stop().id(".."), "`id` is `..`, which can't be part of a path"),
        (stop().id(""), "`id` is empty"),
        (stop().grace((1_u64 << 60) + 1), "`grace` can't be sent: 1152921504606846977"),
        (stop().grace(f64::NAN), "`grace` is not set"),
        (stop().x_trace("a\nb"), "`X-Trace` can't be sent: "),
        (stop().body(incomplete), "`body` can't be sent: "),
        (stop().customize(|call| call.header("a b", "c")), "`a b` can't be sent: "),
    ] {
        let error = call.send().await.unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
    assert_eq!(any.calls(), 0);
}

#[tokio::test]
async fn a_call_has_what_is_not_documented() {
    let (server, client) = server().await;
    let start = server.mock(|when, then| {
        when.path("/jobs")
            .query_param("dry", "true")
            .header("x-more", "m")
            .json_body(json!({"name": "j", "priority": 3}));
        then.status(200).header("x-left", "9").json_body(json!({"result": "r"}));
    });
    let job = types::Job::builder().name("j");
    let call = client
        .start_job()
        .body(job)
        .customize(|call| call.query("dry", true).header("x-more", "m").field("priority", 3));
    let started = call.send().await.unwrap();
    assert_eq!(started.headers()["x-left"], "9");
    start.assert();
    let new = server.mock(|when, then| {
        when.method(Method::PATCH).path("/new").query_param("ids", "1").query_param("ids", "2");
        then.status(202).json_body(json!([1]));
    });
    let call = client.request("PATCH", "/new").query("ids", [1, 2]);
    assert_eq!(call.json::<Value>().await.unwrap().into_inner(), json!([1]));
    new.assert();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let client = Client::new(&url, Transport::default());
    let hurried = client.request("GET", "/").timeout(std::time::Duration::from_millis(10));
    let error = hurried.empty().await.unwrap_err();
    let Error::CommunicationError(error) = error else { panic!("{error}") };
    assert!(error.is_timeout(), "{error}");
}

#[test]
fn the_table_of_operations_has_each_once() {
    let ids: Vec<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
    let expected = [
        "append_lines",
        "change_things",
        "find_jobs",
        "free_animal",
        "get_amount",
        "get_animal",
        "get_filters",
        "get_level",
        "get_pet",
        "give_consent",
        "give_toy",
        "make_thing",
        "send_form",
        "set_level",
        "set_things",
        "start_job",
        "stop_job",
    ];
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
}
