//! Every operation's request, judged by prism: a mock server of `prolific.json` that others made.
//!
//! A server between the client and prism keeps what prism says of each request. It needs the
//! program of prism, which `tests/conformance/prism.sh` installs and names.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and print figures")]
#![allow(deprecated, reason = "all operations are called")]

#[path = "../../every_operation/call.rs"]
mod call;
mod judge;
mod methods;
mod prism;
#[allow(dead_code, reason = "requests are made of them, and no responses")]
#[path = "../../every_operation/samples.rs"]
mod samples;
#[path = "../../every_operation/table.rs"]
#[rustfmt::skip]
mod table;

use std::collections::{BTreeMap, BTreeSet};

use judge::{Judge, Judged};
use prism::Prism;
use prolific_api::OPERATIONS;

/// Violations by their words, each with its reason.
type Reasons = &'static [(&'static str, &'static str)];

/// Those of responses that prism makes itself, which are not as the document says.
const OF_PRISM: Reasons = &[
    (
        "fields.property2 must have required property 'type'",
        "of an additional property it makes half",
    ),
    ("rule_tree must NOT have fewer than 1 properties", "an object of any members it makes empty"),
];

/// Those of the samples that the raw client's table sends: the values, and not their shape.
const OF_SAMPLES: Reasons = &[
    ("must match format \"uuid\"", "a sample of an id is the name of its parameter"),
    ("must match format \"email\"", "a sample of a text is `a text`"),
    ("schema.fields must NOT have fewer than 1 properties", "the least map is an empty one"),
];

/// Responses that prism makes and ext refuses: the operation, and the reason.
const UNREAD: &[(&str, &str)] = &[
    ("calculate-study-cost", "a number without bounds is made -1.8e308, which is not an amount"),
    ("get-eligible-count", "likewise, which is not a count"),
];

/// What has no method in ext.
const WITHOUT_METHOD: &[&str] = &["get-filter-distribution"];

/// The violations that have no reason, and the reasons that have no violation.
fn unexplained(judged: &[Judged], reasons: &[Reasons]) -> Vec<String> {
    let reasons: BTreeMap<_, _> = reasons.iter().copied().flatten().copied().collect();
    let mut unused: BTreeSet<_> = reasons.keys().copied().collect();
    let mut left = Vec::new();
    for request in judged {
        for violation in &request.violations {
            match reasons.keys().find(|words| violation.contains(**words)) {
                Some(words) => drop(unused.remove(words)),
                None => left.push(format!("{}: {violation}", request.line)),
            }
        }
    }
    left.extend(unused.into_iter().map(|words| format!("nothing is violated so: {words}")));
    left
}

fn report(of: &str, judged: &[Judged]) {
    let operations: BTreeSet<_> = judged.iter().filter_map(|request| request.operation).collect();
    let violations = judged.iter().map(|request| request.violations.len()).sum::<usize>();
    println!(
        "{of}: {} requests of {} operations, {violations} violations",
        judged.len(),
        operations.len(),
    );
}

#[tokio::test]
#[ignore = "needs prism: tests/conformance/prism.sh"]
async fn prism_takes_the_requests_of_every_method() {
    let prism = Prism::start();
    let judge = Judge::start(prism.url()).await;
    let prolific = judge.client();
    let mut undecoded = BTreeSet::new();
    let mut judged = Vec::new();
    for row in methods::ROWS {
        let outcome = (row.call)(&prolific).await;
        let requests = judge.take();
        if let Err(error) = outcome
            && requests.iter().all(|request| request.violations.is_empty())
        {
            undecoded.insert(row.operation);
            println!("{error}");
        }
        let operations: Vec<_> = requests.iter().filter_map(|request| request.operation).collect();
        assert_eq!(operations, [row.operation], "{requests:?}");
        judged.extend(requests);
    }
    report("ext", &judged);
    let expected = OPERATIONS.iter().map(|operation| operation.operation_id);
    let expected: BTreeSet<_> = expected.filter(|id| !WITHOUT_METHOD.contains(id)).collect();
    let called: BTreeSet<_> = judged.iter().filter_map(|request| request.operation).collect();
    assert_eq!(called, expected);
    assert_eq!(unexplained(&judged, &[OF_PRISM]), [""; 0]);
    let known = UNREAD.iter().map(|(operation, _)| *operation);
    assert_eq!(undecoded, known.collect(), "what prism makes of the document is read");
}

#[tokio::test]
#[ignore = "needs prism: tests/conformance/prism.sh"]
async fn prism_takes_the_requests_of_every_operation_of_the_raw_client() {
    let prism = Prism::start();
    let judge = Judge::start(prism.url()).await;
    let prolific = judge.client();
    let mut undecoded = Vec::new();
    let mut judged = Vec::new();
    for row in table::ROWS {
        let outcome = (row.call)(prolific.api()).await;
        let requests = judge.take();
        if let Err(error) = outcome
            && requests.iter().all(|request| request.violations.is_empty())
        {
            undecoded.push(format!("{}: {error:?}", row.id));
        }
        let [request] = &requests[..] else { panic!("{}: {requests:?}", row.id) };
        let known = OPERATIONS.iter().find(|operation| operation.id == row.id).unwrap();
        assert_eq!(request.operation, Some(known.operation_id));
        judged.extend(requests);
    }
    report("raw client", &judged);
    assert_eq!(judged.len(), OPERATIONS.len());
    assert_eq!(unexplained(&judged, &[OF_PRISM, OF_SAMPLES]), [""; 0]);
    assert_eq!(undecoded, [""; 0], "what prism makes of the document is read");
}

#[tokio::test]
#[ignore = "needs prism: tests/conformance/prism.sh"]
async fn prism_finds_what_is_wrong() {
    let prism = Prism::start();
    let judge = Judge::start(prism.url()).await;
    let prolific = judge.client();
    let wrong = [
        prolific.request(prolific_api_ext::Method::POST, "/api/v1/workspaces/").json(&7),
        prolific.request(prolific_api_ext::Method::GET, "/api/v1/campaigns/"),
        prolific
            .request(prolific_api_ext::Method::GET, "/api/v1/workspaces/")
            .query("limit", "many"),
    ];
    for request in wrong {
        request.send().await.unwrap_err();
        let judged = judge.take();
        assert_eq!(judged.len(), 1);
        assert_ne!(judged[0].violations, [""; 0], "{judged:?}");
    }
}
