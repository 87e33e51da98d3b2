//! Spans and events, named as OpenTelemetry names those of HTTP clients. No body, no header and
//! no query is ever in one.

use std::time::Duration;

use prolific_api::Operation;
use reqwest::{Request, Response, header::HeaderMap};
use tracing::{Span, field::Empty};

use super::FailureKind;

/// The header by which servers commonly tell what they call a request.
const REQUEST_ID: &str = "x-request-id";

/// The span of a call, all its attempts included.
pub(super) fn call(request: &Request, operation: Option<&Operation>) -> Span {
    let url = request.url();
    tracing::info_span!(
        "prolific.call",
        otel.kind = "client",
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
pub(super) fn retry(attempt: u32, delay: Duration, reason: FailureKind) {
    let delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(attempt, delay_ms, reason = reason.as_str(), "retrying");
}

/// How a call ended, for its span.
pub(super) fn ended(
    span: Option<&Span>,
    attempts: u32,
    response: Option<&Response>,
    failure: Option<FailureKind>,
) {
    let Some(span) = span else {
        return;
    };
    if let Some(response) = response {
        span.record("http.response.status_code", response.status().as_u16());
        if let Some(id) = request_id(response.headers()) {
            span.record("prolific.request_id", id);
        }
    }
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    if let Some(failure) = failure {
        span.record("error.type", failure.as_str());
    }
}

/// What the server calls a request, where it says so.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get(REQUEST_ID)?.to_str().ok()
}
