//! Every stream of a list.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(deprecated, reason = "the instructions are listed as long as they are documented")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex},
};

use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use prolific_api_ext::{
    Error, Prolific, Timestamp,
    money::Currency,
    studies::{StudyStatus, StudySubmissionKey},
    submissions::{SubmissionKey, SubmissionStatus},
};
use serde_json::{Value, json};

type Counted<'a> = Pin<Box<dyn Stream<Item = Result<(), Error>> + 'a>>;

/// An operation that lists.
struct Row {
    operation: &'static str,
    /// How it pages: `limit-offset`, `page` or `none`, as the document says.
    paging: &'static str,
    /// What else is in the query of every page.
    query: &'static [(&'static str, &'static str)],
    list: fn(&Prolific) -> Counted<'_>,
}

fn counted<'a, T: 'a>(list: impl Stream<Item = Result<T, Error>> + 'a) -> Counted<'a> {
    Box::pin(list.map_ok(|_| ()))
}

macro_rules! rows {
    ($( $operation:literal $paging:literal [$($query:expr),*] |$prolific:ident| $list:expr; )+) => {
        &[$( Row {
            operation: $operation,
            paging: $paging,
            query: &[$($query),*],
            list: |$prolific| counted($list),
        }, )+]
    };
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

const ROWS: &[Row] = rows! {
    "calculate-reward-recommendations" "none" [("currency", "GBP"), ("workspace_id", "w")]
        |prolific| prolific.audience().reward_recommendations(&id("w"), Currency::Gbp);
    "get-collection-responses" "none" []
        |prolific| prolific.collections().responses(&id("c"));
    "get-task-builder-batch-task-groups" "none" []
        |prolific| prolific.batches().task_groups(&id("b"));
    "get-task-builder-batch-tasks" "none" []
        |prolific| prolific.batches().tasks(&id("b"));
    "list-batch-export-jobs" "none" []
        |prolific| prolific.batches().exports(&id("b"));
    "list-collection-export-jobs" "none" []
        |prolific| prolific.collections().exports(&id("c"));
    "get-demographic-export-history" "none" []
        |prolific| prolific.audience().demographic_exports(&id("s"));
    "get-event-types" "none" [] |prolific| prolific.hooks().event_types();
    "get-broadcasts" "cursor" [] |prolific| prolific.broadcasts().list();
    "get-conversation-messages" "cursor" []
        |prolific| prolific.conversations().messages(&id("c"));
    "get-conversations" "cursor" [] |prolific| prolific.conversations().list();
    "get-events" "limit-offset" [] |prolific| prolific.hooks().events(&id("h"));
    "get-filter-sets" "limit-offset" [("workspace_id", "w")]
        |prolific| prolific.filter_sets().list(&id("w"));
    "get-filters" "none" [("workspace_id", "w")] |prolific| prolific.filters().list(&id("w"));
    "get-messages" "none" [("user_id", "p")] |prolific| prolific.messages().with(&id("p"));
    "get-messages" "none" [("created_after", "2026-11-01T00:00:00Z")]
        |prolific| prolific.messages().since(&Timestamp::new("2026-11-01T00:00:00Z"));
    "get-participant-group-participants" "none" []
        |prolific| prolific.participant_groups().participants(&id("g"));
    "get-participant-groups" "limit-offset" [("workspace_id", "w")]
        |prolific| prolific.participant_groups().list(&id("w"));
    "get-project-studies" "page" [("ordering", "date_created")] |prolific| prolific.projects().studies(&id("p"));
    "get-projects" "limit-offset" [] |prolific| prolific.projects().list(&id("w"));
    "get-responses" "limit-offset" [] |prolific| prolific.surveys().responses(&id("s"));
    "get-secrets" "none" [("workspace_id", "w")] |prolific| prolific.hooks().secrets(&id("w"));
    "get-studies" "page" [] |prolific| prolific.studies().list();
    "get-study-submissions" "limit-offset" [("ordering", "started_at")]
        |prolific| prolific.studies().submissions(&id("s"));
    "get-submissions" "page" [("study", "s"), ("ordering", "started_at")]
        |prolific| prolific.submissions().list(&id("s"));
    "get-subscriptions" "limit-offset" [("workspace_id", "w")]
        |prolific| prolific.hooks().subscriptions(&id("w"));
    "get-surveys" "limit-offset" [("researcher_id", "r")]
        |prolific| prolific.surveys().list(&id("r"));
    "get-task-builder-batch-task-responses" "none" []
        |prolific| prolific.batches().responses(&id("b"));
    "get-task-builder-batches" "none" [("workspace_id", "w")]
        |prolific| prolific.batches().list(&id("w"));
    "get-task-builder-instructions" "none" []
        |prolific| prolific.instructions().list(&id("b"));
    "get-unread-messages" "none" [] |prolific| prolific.messages().unread();
    "get-workspaces" "limit-offset" [] |prolific| prolific.workspaces().list();
    "list-collections" "limit-offset" [("workspace_id", "w")]
        |prolific| prolific.collections().list(&id("w"));
    "list-credential-pools" "none" [("workspace_id", "w")]
        |prolific| prolific.credentials().list(&id("w"));
};

fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/prolific.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The operations that list, and how each pages.
fn documented() -> BTreeSet<(String, String)> {
    let document = document();
    let items = document["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let listing = operations.filter(|operation| operation.get("x-pagination").is_some());
    listing
        .map(|operation| (text(&operation["operationId"]), text(&operation["x-pagination"])))
        .collect()
}

#[test]
fn every_stream_pages_as_documented() {
    let documented = documented();
    for Row { operation, paging, .. } in ROWS {
        let pair = ((*operation).to_owned(), (*paging).to_owned());
        assert!(documented.contains(&pair), "{operation} does not page by {paging}");
    }
}

/// Three of five rows, as requested. They are in every field that lists may use for rows.
fn page(request: &HttpMockRequest) -> Value {
    let number = |name: &str| {
        let parameters = request.query_params();
        parameters.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.parse().unwrap())
    };
    let from =
        number("offset").or(number("cursor")).or(number("page").map(|page: usize| 3 * (page - 1)));
    let rows = (0..5).skip(from.unwrap_or(0)).take(3);
    let rows: Value =
        rows.map(|row| json!({ "id": row.to_string(), "_id": row.to_string() })).collect();
    match request.uri().path() {
        path if path.contains("reward-recommendations") => rows,
        path if path.ends_with("/tasks") || path.ends_with("/task-groups") => {
            json!((0..3).map(|row| row.to_string()).collect::<Vec<_>>())
        }
        _ => {
            let path = request.uri().path().to_owned();
            let is_by_cursor =
                ["conversations", "broadcasts"].iter().any(|name| path.contains(name));
            let next = from.is_none().then_some("https://elsewhere/x?cursor=3");
            match is_by_cursor {
                true => json!({ "results": rows, "next": next }),
                false => json!({ "results": rows, "credential_pools": rows, "filters": rows }),
            }
        }
    }
}

#[tokio::test]
async fn every_stream_asks_for_its_pages_and_gives_what_is_in_them() {
    let server = MockServer::start_async().await;
    let seen = Arc::<Mutex<Vec<Vec<(String, String)>>>>::default();
    let noted = seen.clone();
    server.mock(move |when, then| {
        when.any_request();
        let noted = noted.clone();
        then.respond_with(move |request| {
            noted.lock().unwrap().push(request.query_params());
            HttpMockResponse::builder().status(200).body(page(request).to_string()).build()
        });
    });
    let prolific = Prolific::builder().token("t").base_url(server.base_url()).build().unwrap();
    for row in ROWS {
        let items = (row.list)(&prolific).count().await;
        let pages: &[&[(&str, &str)]] = match row.paging {
            "limit-offset" => &[
                &[("limit", "200"), ("offset", "0")],
                &[("limit", "201"), ("offset", "2")],
                &[("limit", "201"), ("offset", "4")],
            ],
            "cursor" => &[&[], &[("cursor", "3")]],
            "page" => &[&[("page", "1")], &[("page", "2")], &[("page", "3")]],
            _ => &[&[]],
        };
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let expected = pages.iter().map(|page| row.query.iter().chain(*page).map(owned).collect());
        let expected: Vec<BTreeSet<_>> = expected.collect();
        let seen: Vec<BTreeSet<_>> =
            seen.lock().unwrap().drain(..).map(|query| query.into_iter().collect()).collect();
        assert_eq!(seen, expected, "{}", row.operation);
        assert_eq!(items, if pages.len() > 1 { 5 } else { 3 }, "{}", row.operation);
    }
}

#[tokio::test]
async fn one_odd_row_does_not_lose_the_list() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.any_request();
        then.status(200)
            .body(r#"{"results": [{"id": "a"}, {"id": 7}, {"id": "c"}], "meta": {"count": 3}}"#);
    });
    let prolific = Prolific::builder().token("t").base_url(server.base_url()).build().unwrap();
    let rows: Vec<_> = prolific.participant_groups().list(&id("w")).collect().await;
    let read: Vec<_> = rows.iter().map(Result::is_ok).collect();
    assert_eq!(read, [true, false, true]);
    assert!(rows[1].as_ref().unwrap_err().to_string().contains("row 1 of the page"), "{rows:?}");
}

/// A parameter that a filter or an order sets, its value, and a list that has it.
type Filtered = (&'static str, &'static str, fn(&Prolific) -> Counted<'_>);

/// Each place that a parameter is set in, the orders that lists have by default included.
const FILTERS: &[Filtered] = &[
    ("active", "1", |p| counted(p.projects().studies(&id("p")).active(true))),
    ("active", "false", |p| counted(p.participant_groups().list(&id("w")).active(false))),
    ("broadcast_id", "b", |p| counted(p.conversations().list().broadcast(&id("b")))),
    ("completed", "0", |p| counted(p.projects().studies(&id("p")).completed(false))),
    ("filter_tag", "t", |p| counted(p.filters().tagged(&id("w"), "t"))),
    ("is_enabled", "false", |p| counted(p.hooks().subscriptions(&id("w")).enabled(false))),
    ("ordering", "date_created", |p| counted(p.projects().studies(&id("p")))),
    ("ordering", "-date_created", |p| counted(p.projects().studies(&id("p")).newest_first())),
    ("ordering", "started_at", |p| counted(p.submissions().list(&id("s")))),
    ("ordering", "submission_reward", |p| {
        counted(p.submissions().list(&id("s")).order_by(SubmissionKey::Reward))
    }),
    ("ordering", "-study_name", |p| {
        counted(p.submissions().list(&id("s")).order_by_descending(SubmissionKey::StudyName))
    }),
    ("ordering", "started_at", |p| counted(p.studies().submissions(&id("s")))),
    ("ordering", "ip", |p| {
        counted(p.studies().submissions(&id("s")).order_by(StudySubmissionKey::Ip))
    }),
    ("ordering", "-time_taken", |p| {
        let key = StudySubmissionKey::TimeTaken;
        counted(p.studies().submissions(&id("s")).order_by_descending(key))
    }),
    ("published", "1", |p| counted(p.projects().studies(&id("p")).published(true))),
    ("resource_id", "r", |p| counted(p.hooks().events(&id("h")).resource("r"))),
    ("search", "t", |p| counted(p.studies().list().search("t"))),
    ("search", "t", |p| counted(p.participant_groups().list(&id("w")).search("t"))),
    ("state", "ACTIVE", |p| counted(p.studies().list().state([StudyStatus::Active]))),
    ("state", "(ACTIVE|PAUSED)", |p| {
        counted(p.studies().list().state([StudyStatus::Active, StudyStatus::Paused]))
    }),
    ("status", "AWAITING_REVIEW", |p| {
        counted(p.submissions().list(&id("s")).status(SubmissionStatus::AwaitingReview))
    }),
    ("status", "FAILED", |p| counted(p.hooks().events(&id("h")).status("FAILED"))),
    ("study_id", "s", |p| counted(p.conversations().list().study_id(&id("s")))),
    ("study_id", "s", |p| counted(p.broadcasts().list().study_id(&id("s")))),
    ("workspace_id", "w", |p| counted(p.studies().list().workspace_id(&id("w")))),
    ("workspace_id", "w", |p| counted(p.conversations().list().workspace_id(&id("w")))),
    ("workspace_id", "w", |p| counted(p.conversations().messages(&id("c")).workspace_id(&id("w")))),
    ("workspace_id", "w", |p| counted(p.broadcasts().list().workspace_id(&id("w")))),
];

/// The parameters that the sources set, each as often as they do.
fn set_in_sources(folder: PathBuf) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            names.extend(set_in_sources(entry));
            continue;
        }
        let source = fs::read_to_string(entry).unwrap();
        let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        let source = lines.collect::<Vec<_>>().join("\n");
        let set = source.split(".with_query(\"").skip(1);
        names.extend(set.map(|rest| rest.split('"').next().unwrap().to_owned()));
    }
    names
}

#[test]
fn no_filter_is_left_out_here() {
    let mut expected = set_in_sources(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    expected.sort();
    let mut names: Vec<&str> = FILTERS.iter().map(|(name, ..)| *name).collect();
    names.sort_unstable();
    assert_eq!(names, expected);
}

/// The parameters of the operation that a path asks for.
fn parameters<'a>(document: &'a Value, path: &str) -> &'a [Value] {
    let matches = |template: &str| {
        let (template, path) = (template.split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template.zip(path).all(|(known, part)| known == part || known.starts_with('{'))
    };
    let paths = document["paths"].as_object().unwrap().iter();
    let found = paths.filter(|(template, _)| matches(template));
    let (_, item) = found.min_by_key(|(template, _)| template.matches('{').count()).unwrap();
    item["get"]["parameters"].as_array().unwrap()
}

#[tokio::test]
async fn every_filter_and_order_is_a_documented_parameter_of_its_operation() {
    let document = document();
    let server = MockServer::start_async().await;
    let seen = Arc::<Mutex<Vec<(String, Vec<(String, String)>)>>>::default();
    let noted = seen.clone();
    server.mock(move |when, then| {
        when.any_request();
        let noted = noted.clone();
        then.respond_with(move |request| {
            let path = request.uri().path().to_owned();
            noted.lock().unwrap().push((path, request.query_params()));
            let body = json!({ "results": [], "filters": [] }).to_string();
            HttpMockResponse::builder().status(200).body(body).build()
        });
    });
    let prolific = Prolific::builder().token("t").base_url(server.base_url()).build().unwrap();
    for (name, value, list) in FILTERS {
        assert_eq!(list(&prolific).count().await, 0, "{name}");
        let (path, query) = seen.lock().unwrap().drain(..).next().unwrap();
        let set = query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!(set, Some(*value), "{name} of {path}");
        for (name, value) in query {
            let mut known = parameters(&document, &path).iter();
            let known = known.find(|it| it["in"] == "query" && it["name"] == *name);
            let known = known.unwrap_or_else(|| panic!("{path} has no parameter {name}"));
            let reference = known["schema"]["$ref"].as_str().map(|it| it.trim_start_matches('#'));
            let schema = reference.map_or(&known["schema"], |it| document.pointer(it).unwrap());
            let values = schema["enum"].as_array();
            let is_known = values.is_none_or(|values| values.contains(&json!(value)));
            assert!(is_known, "{value} is no {name} of {path}");
        }
    }
}
