use std::{
    future::Future,
    pin::{Pin, pin},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::future::{Either, select};
use reqwest::{
    Response, ResponseBuilderExt as _,
    header::{CONTENT_TYPE, HeaderMap},
};
use tokio::time::Sleep;

use super::{
    Policy,
    attempt_loop::Attempted,
    failure::{Failure, FailureKind},
    hint,
    record::Cause,
};

/// An answer whose body has been read.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) response: Response,
    pub(super) body: Bytes,
}

/// Waits for an answer and reads it, its body included, so that one that breaks off is a failed
/// attempt like any other. Only a successful answer that is a file streams.
pub(super) async fn receive(
    answer: impl Future<Output = reqwest::Result<Response>>,
    policy: &Policy,
    timeout: Duration,
) -> Attempted<Response, Result<Answer, Cause>> {
    let mut timer = Box::pin(tokio::time::sleep(timeout));
    let answered = match select(pin!(answer), timer.as_mut()).await {
        Either::Left((answered, _)) => answered.map_err(Cause::transport),
        Either::Right(_) => Err(Cause::timed_out(timeout)),
    };
    let mut response = match answered {
        Ok(response) => response,
        Err(cause) => return Attempted::Failure(Failure::new(cause.failure_kind()), Err(cause)),
    };
    let failure = FailureKind::of_status(response.status()).map(|kind| {
        let now = policy.environment.time_of_day();
        Failure { kind, hint: hint::of(response.headers(), now) }
    });
    if failure.is_none() && is_file(response.headers()) {
        return Attempted::Success(response);
    }
    let (body, stopped) = read(&mut response, policy.body_limit, timer.as_mut(), timeout).await;
    match (failure, stopped) {
        // What is left of the body of a refusal says more than why it broke off.
        (Some(failure), _) => Attempted::Failure(failure, Ok(with_body(response, body))),
        (None, None) => Attempted::Success(with_body(response, body).response),
        (None, Some(cause)) => Attempted::Failure(Failure::new(cause.failure_kind()), Err(cause)),
    }
}

/// A body that is text of some kind is read whole; of any other the caller wants the bytes.
fn is_file(headers: &HeaderMap) -> bool {
    let Some(media_type) = headers.get(CONTENT_TYPE) else {
        return false;
    };
    // Nearly every answer is this one.
    if media_type == "application/json" {
        return false;
    }
    let media_type = media_type.to_str().unwrap_or_default().to_ascii_lowercase();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    !media_type.ends_with("json") && !matches!(media_type, "" | "text/html" | "text/plain")
}

/// The body, as far as it came, and why it came no further.
async fn read(
    response: &mut Response,
    limit: usize,
    mut timer: Pin<&mut Sleep>,
    timeout: Duration,
) -> (Bytes, Option<Cause>) {
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    let stopped = loop {
        let chunk = match select(pin!(response.chunk()), timer.as_mut()).await {
            Either::Left((chunk, _)) => chunk,
            Either::Right(_) => break Some(Cause::timed_out(timeout)),
        };
        match chunk {
            Ok(None) => break None,
            Err(error) => break Some(Cause::transport(error)),
            Ok(Some(chunk)) if chunk.len() > limit.saturating_sub(first.len() + more.len()) => {
                break Some(Cause::BodyTooLarge { limit });
            }
            Ok(Some(chunk)) if first.is_empty() => first = chunk,
            Ok(Some(chunk)) => more.extend_from_slice(&chunk),
        }
    };
    (joined(first, more), stopped)
}

/// Most bodies come in one piece, which then is not copied.
fn joined(first: Bytes, more: BytesMut) -> Bytes {
    if more.is_empty() {
        return first;
    }
    let mut whole = BytesMut::with_capacity(first.len() + more.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&more);
    whole.freeze()
}

/// The answer with its body in memory, for the raw client to read.
fn with_body(mut response: Response, body: Bytes) -> Answer {
    // Only the builder of responses can keep their URL.
    let mut carrier = http::Response::builder();
    if let Some(extensions) = carrier.extensions_mut() {
        *extensions = std::mem::take(response.extensions_mut());
    }
    let carrier = carrier.url(response.url().clone()).body(()).unwrap_or_default();
    let mut whole = carrier.map(|()| body.clone());
    *whole.status_mut() = response.status();
    *whole.version_mut() = response.version();
    *whole.headers_mut() = std::mem::take(response.headers_mut());
    Answer { response: whole.into(), body }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

    use super::is_file;

    #[test]
    fn only_what_is_no_text_of_the_api_streams() {
        let table = [
            ("application/json", false),
            ("application/problem+json; charset=utf-8", false),
            ("text/html; charset=utf-8", false),
            ("text/plain", false),
            ("Application/JSON", false),
            ("", false),
            ("text/csv", true),
            ("application/zip", true),
            ("application/octet-stream", true),
        ];
        for (media_type, streams) in table {
            let headers =
                HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]);
            assert_eq!(is_file(&headers), streams, "{media_type}");
        }
        assert!(!is_file(&HeaderMap::new()));
    }
}
