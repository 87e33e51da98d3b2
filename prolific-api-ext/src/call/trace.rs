//! Spans and events, named as OpenTelemetry names those of HTTP clients. No body, no header and
//! no query is ever in one.

use std::time::Duration;

use prolific_api::Operation;
use reqwest::{Request, StatusCode, header::HeaderMap};
use tracing::{Span, field::Empty};

use super::{FailedAttempt, FailureKind, record::Head};

/// The header by which servers commonly tell what they call a request.
const REQUEST_ID: &str = "x-request-id";

/// The span of a call, all its attempts included.
pub(super) fn call(request: &Request, operation: Option<&Operation>) -> Span {
    let url = request.url();
    tracing::info_span!(
        "prolific.call",
        otel.name = operation.map(|operation| format!("{} {}", operation.method, operation.path)),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = request.method().as_str(),
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        url.template = operation.map(|operation| operation.path),
        prolific.operation_id = operation.map(|operation| operation.operation_id),
        prolific.request_id = Empty,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.r#type = Empty,
    )
}

/// That an attempt begins.
pub(super) fn attempt(attempt: u32) {
    tracing::debug!(attempt, "sending");
}

/// That an attempt failed and another follows.
pub(super) fn retry(failed: &FailedAttempt, delay: Duration) {
    tracing::info!(
        attempt = failed.number,
        delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
        reason = failed.kind.as_str(),
        http.response.status_code = failed.status.as_ref().map(StatusCode::as_u16),
        "retrying"
    );
}

/// How a call ended, for its span; `head` is of the answer that came last, if one did.
pub(super) fn ended(
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
