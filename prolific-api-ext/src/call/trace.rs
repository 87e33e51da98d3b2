//! Spans and events, named as OpenTelemetry names those of HTTP clients. No body, no header and
//! no query is ever in one.

use std::time::{Duration, Instant};

use prolific_api::Operation;
use reqwest::{Request, StatusCode, header::HeaderMap};
use tracing::{Level, Span, field::Empty};

use super::{Attempted, Clock, FailedAttempt, FailureKind, record::Head};

/// The target of all spans and events.
const TARGET: &str = "prolific";

/// The header by which servers commonly tell what they call a request.
pub(super) const REQUEST_ID: &str = "x-request-id";

/// The span of a call, all its attempts included.
pub(super) fn call(request: &Request, operation: Option<&Operation>) -> Span {
    let url = request.url();
    let template = operation.map(|operation| operation.path).filter(|path| !path.is_empty());
    tracing::info_span!(
        target: TARGET,
        "prolific.call",
        otel.name = operation.map(|operation| named(request, operation)),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = request.method().as_str(),
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        url.template = template,
        prolific.operation_id = operation.map(|operation| operation.operation_id),
        prolific.request_id = Empty,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.r#type = Empty,
    )
}

/// Method and path, or the method alone of what is not documented.
fn named(request: &Request, operation: &Operation) -> String {
    match operation.path {
        "" => request.method().to_string(),
        path => format!("{} {path}", operation.method),
    }
}

/// When an attempt begins, where that is traced.
pub(super) fn attempt_begins(clock: &Clock) -> Option<Instant> {
    tracing::enabled!(target: TARGET, Level::DEBUG).then(|| clock.environment().now())
}

/// That an attempt has ended.
pub(super) fn attempt_ended<T, E>(
    began: Option<Instant>,
    clock: &Clock,
    attempt: u32,
    attempted: &Attempted<T, E>,
) {
    let Some(began) = began else { return };
    let (status, failure) = match attempted {
        Attempted::Success(status, _) => (Some(*status), None),
        Attempted::Failure(failure, _) => (failure.status, Some(failure.kind.as_str())),
    };
    tracing::debug!(
        target: TARGET,
        attempt,
        http.response.status_code = status.as_ref().map(StatusCode::as_u16),
        elapsed_ms = milliseconds(clock, began),
        error.r#type = failure,
        "attempt"
    );
}

/// When a call asks for its turn under the request-rate limit, where that is traced.
pub(super) fn asks_for_turn(clock: &Clock) -> Option<Instant> {
    attempt_begins(clock)
}

/// That a call has waited for its turn.
pub(super) fn waited_for_turn(asked: Option<Instant>, clock: &Clock, has_turn: bool) {
    if let Some(asked) = asked {
        let waited_ms = milliseconds(clock, asked);
        tracing::debug!(target: TARGET, waited_ms, has_turn, "rate limit");
    }
}

fn milliseconds(clock: &Clock, since: Instant) -> u64 {
    let elapsed = clock.environment().now().saturating_duration_since(since);
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

/// That an attempt failed and another follows.
pub(super) fn retry(failed: &FailedAttempt, delay: Duration) {
    tracing::info!(
        target: TARGET,
        after_attempt = failed.number,
        delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
        reason = failed.kind.as_str(),
        http.response.status_code = failed.status.as_ref().map(StatusCode::as_u16),
        "retrying"
    );
}

/// The span of an upload or a download, all its attempts included.
pub(crate) fn transfer(name: &'static str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "prolific.transfer",
        otel.name = name,
        otel.kind = "client",
        otel.status_code = Empty,
        prolific.request_id = Empty,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.r#type = Empty,
    )
}

/// How a call ended, for its span; `head` is of the answer that came last, if one did.
pub(crate) fn ended(
    span: Option<&Span>,
    attempts: u32,
    head: impl FnOnce() -> Option<Head>,
    failure: Option<FailureKind>,
) {
    let Some(span) = span else {
        return;
    };
    let head = head();
    if let Some(Head { status, request_id }) = &head {
        span.record("http.response.status_code", status.as_u16());
        span.record("prolific.request_id", request_id.as_deref());
    }
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    if let Some(failure) = failure {
        span.record("otel.status_code", "ERROR");
        match head.map(|head| head.status).filter(|status| !status.is_success()) {
            Some(status) => span.record("error.type", status.as_str()),
            None => span.record("error.type", failure.as_str()),
        };
    }
}

/// What the server calls a request, where it says so.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get(REQUEST_ID)?.to_str().ok()
}
