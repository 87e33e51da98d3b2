//! Compares what callers did and learned with the simulator's record.

use std::collections::HashMap;

use prolific_api_ext::{
    ErrorKind, RetrySafety,
    raw::OPERATIONS,
    simulator::{RecordedBody, RecordedRequest},
};

use crate::log::{Call, Told};

/// Whether an operation does something that a repetition would do again.
fn acts(operation: &str) -> bool {
    let known = OPERATIONS.iter().find(|known| known.operation_id == operation);
    known.is_none_or(|known| !matches!(known.retry, RetrySafety::Safe | RetrySafety::Idempotent))
}

/// Whether the server did what it was asked.
fn was_done(request: &RecordedRequest) -> bool {
    request.status.is_some_and(|status| (200..300).contains(&status))
}

/// What a repetition would have alike.
fn asked(request: &RecordedRequest) -> (&str, &str, &[u8]) {
    let body: &[u8] = match &request.body {
        RecordedBody::Whole(body) => body,
        _ => &[],
    };
    (&request.method, &request.path, body)
}

/// What does not agree.
pub(crate) fn compare(calls: &[Call], record: &[RecordedRequest]) -> Vec<String> {
    let by_id: HashMap<&str, &RecordedRequest> =
        record.iter().map(|request| (request.request_id.as_str(), request)).collect();
    let mut wrong = Vec::new();
    for call in calls {
        let ids = call.requests.iter().flatten();
        let found: Option<Vec<_>> = ids.map(|id| by_id.get(id.as_str()).copied()).collect();
        match found {
            Some(requests) => judge(call, &requests, &mut wrong),
            None => wrong.push(format!("{} has requests that the server does not know", call.what)),
        }
    }
    wrong
}

fn judge(call: &Call, requests: &[&RecordedRequest], wrong: &mut Vec<String>) {
    let what = call.what;
    let acting = requests.iter().filter(|request| request.operation.is_some_and(acts));
    let mut done: HashMap<_, usize> = HashMap::new();
    for request in acting.filter(|request| was_done(request)) {
        *done.entry(asked(request)).or_default() += 1;
    }
    for ((method, path, _), times) in done.iter().filter(|(_, times)| **times > 1) {
        wrong.push(format!("{what}: {method} {path} was done {times} times by one call"));
    }
    let is_single = OPERATIONS.iter().any(|known| known.operation_id == what);
    let of = |operation: &str| {
        let operation = operation.to_owned();
        requests.iter().filter(move |request| request.operation == Some(operation.as_str()))
    };
    match call.told {
        None => wrong.push(format!("{what} was not ended")),
        Some(Told::Value) if is_single && !of(what).any(|request| was_done(request)) => {
            wrong.push(format!("{what} was told as done, and was not"));
        }
        Some(Told::Error { operation: None, .. }) if is_single => {
            wrong.push(format!("{what} failed with an error that names no operation"));
        }
        Some(Told::Error { operation: Some(operation), may_have_acted: false, kind })
            // Of a flow this is about its last request, which may not have got as far as the proxy.
            if acts(operation)
                && (is_single || kind != ErrorKind::Connection)
                && call.requests.last().is_some_and(Option::is_some)
                && of(operation).next_back().is_some_and(|last| was_done(last)) =>
        {
            wrong.push(format!(
                "{what}: {operation} was done, and told as {kind:?} without a doubt"
            ));
        }
        _ => {}
    }
    if is_single && requests.iter().any(|request| request.operation != Some(what)) {
        wrong.push(format!("{what} sent something else"));
    }
}
