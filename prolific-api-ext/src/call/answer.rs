use std::{
    future::Future,
    pin::{Pin, pin},
};

use bytes::{Bytes, BytesMut};
use prolific_api::{AnswerKind, Operation};
use reqwest::{
    Response, ResponseBuilderExt as _, StatusCode,
    header::{CONTENT_ENCODING, HeaderMap},
};

use super::{
    Attempted, Policy,
    clock::Timer,
    failure::{Failure, FailureKind},
    hint,
    record::{Cause, Head},
    shape,
};
use crate::error::{excerpt, masked_body};

/// How much of the body of a refusal is read, in bytes.
const MOST_OF_A_REFUSAL: usize = 64 << 10;

/// An answer whose body has been read, or is left to its reader.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) response: Response,
    pub(super) body: Option<Bytes>,
}

/// Why there is no complete response, and what was received of it.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) cause: Cause,
    pub(super) head: Option<Head>,
}

impl Lost {
    pub(super) fn before_any_answer(cause: Cause) -> Box<Self> {
        Box::new(Self { cause, head: None })
    }
}

/// Waits for an answer and reads it, its body included, so that one that breaks off is a failed
/// attempt like any other. Only the success of an operation that is documented to answer with a
/// file is left unread.
pub(super) async fn receive(
    answer: Pin<&mut impl Future<Output = reqwest::Result<Response>>>,
    policy: &Policy,
    operation: Option<&'static Operation>,
    deadline: &mut Timer<'_>,
) -> Attempted<Answer, Result<Answer, Box<Lost>>> {
    let mut response = match deadline.cut(answer).await {
        Some(Ok(response)) => response,
        Some(Err(error)) => return lost(Lost::before_any_answer(Cause::transport(error))),
        None => return lost(Lost::before_any_answer(no_whole_answer(deadline))),
    };
    policy.conceal(response.headers_mut());
    policy.observed(operation, &response);
    let status = response.status();
    if status.is_success()
        && let Some(encoding) = encoding(response.headers())
    {
        let head = Some(Head::of(&response));
        return lost(Box::new(Lost { cause: Cause::Encoded(encoding), head }));
    }
    // What is not in the table is read whole, under the limit.
    let kind = operation.map_or(AnswerKind::Json, |operation| operation.answer);
    let is_documented = operation.is_some_and(|operation| operation.is_success(status.as_u16()));
    if is_documented && kind == AnswerKind::Bytes {
        return Attempted::Success(status, Answer { response, body: None });
    }
    let limit = match operation.and_then(|operation| operation.pagination) {
        _ if !status.is_success() => MOST_OF_A_REFUSAL,
        Some(_) => policy.list_body_limit,
        None => policy.body_limit,
    };
    let (body, stopped) = read(&mut response, limit, deadline).await;
    let failure = FailureKind::of_status(status).map(|kind| {
        let hint = hint::of(response.headers(), policy.environment.time_of_day());
        Failure::of_status(kind, status, hint)
    });
    if let Some(failure) = failure {
        // What is left of the body of a refusal says more than why it broke off.
        let body = masked_body(body, &policy.secrets());
        return Attempted::Failure(failure, Ok(whole(response, body, None)));
    }
    let stopped = stopped.or_else(|| not_readable(&body, kind, policy));
    if let Some(cause) = stopped.filter(|_| kind != AnswerKind::Empty) {
        return lost(Box::new(Lost { cause, head: Some(Head::of(&response)) }));
    }
    // What the raw client decodes is passed on together with its response. If no body is
    // documented, ignoring one loses nothing.
    let answer = match is_decoded(operation, status) {
        true => Answer { response, body: Some(body) },
        false => {
            let documented = taken_for(operation, status, &body);
            whole(response, body, documented)
        }
    };
    Attempted::Success(status, answer)
}

/// How a body is encoded that should not be.
pub(crate) fn encoding(headers: &HeaderMap) -> Option<String> {
    let encoding = String::from_utf8_lossy(headers.get(CONTENT_ENCODING)?.as_bytes()).into_owned();
    (!matches!(&*encoding.trim().to_ascii_lowercase(), "" | "identity")).then(|| excerpt(&encoding))
}

/// Whether the raw client decodes a response of this status.
pub(super) fn is_decoded(operation: Option<&Operation>, status: StatusCode) -> bool {
    operation.is_some_and(|operation| {
        operation.answer == AnswerKind::Json && operation.success.contains(&status.as_u16())
    })
}

/// Why the body of a success can't be read, if that shows before it is parsed.
fn not_readable(body: &[u8], kind: AnswerKind, policy: &Policy) -> Option<Cause> {
    if kind != AnswerKind::Json {
        return None;
    }
    // A body that is left to the caller is checked there.
    let checked = if policy.leaves_bodies { Ok(()) } else { shape::check(body) };
    checked.err().map(Cause::TooManyValues)
}

/// The documented status that another success status is treated as, if the operation acts: it has
/// taken effect, and the body may say how.
fn taken_for(operation: Option<&Operation>, status: StatusCode, body: &[u8]) -> Option<StatusCode> {
    let operation = operation?;
    let is_another = operation.method != "GET"
        && matches!(status.as_u16(), 200..=204)
        && !operation.is_success(status.as_u16());
    let has_value = match operation.answer {
        AnswerKind::Json => !body.is_empty(),
        AnswerKind::Empty => true,
        _ => false,
    };
    let documented = operation.success.first().filter(|_| is_another && has_value)?;
    StatusCode::from_u16(*documented).ok()
}

fn lost<T>(lost: Box<Lost>) -> Attempted<T, Result<Answer, Box<Lost>>> {
    let mut failure = Failure::new(lost.cause.failure_kind());
    failure.in_doubt = lost.cause.may_have_been_sent();
    failure.status = lost.head.as_ref().map(|head| head.status);
    Attempted::Failure(failure, Err(lost))
}

fn no_whole_answer(deadline: &Timer<'_>) -> Cause {
    Cause::timed_out(format!("no complete response within {:?}", deadline.duration()))
}

/// The body as far as it was received, and why no more was received.
async fn read(
    response: &mut Response,
    limit: usize,
    deadline: &mut Timer<'_>,
) -> (Bytes, Option<Cause>) {
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    let stopped = loop {
        match deadline.cut(pin!(response.chunk())).await {
            None => break Some(no_whole_answer(deadline)),
            Some(Ok(None)) => break None,
            Some(Err(error)) => break Some(Cause::transport(error)),
            Some(Ok(Some(chunk))) => {
                let room = limit.saturating_sub(first.len() + more.len());
                if chunk.len() > room {
                    more.extend_from_slice(&chunk[..room]);
                    break Some(Cause::BodyTooLarge { limit });
                }
                match first.is_empty() {
                    true => first = chunk,
                    false => more.extend_from_slice(&chunk),
                }
            }
        }
    };
    (joined(first, more), stopped)
}

/// Most bodies come in one piece, which then is not copied.
#[inline]
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
fn whole(mut response: Response, body: Bytes, status: Option<StatusCode>) -> Answer {
    let mut head = head(&mut response);
    if let Some(status) = status {
        *head.status_mut() = status;
    }
    let response = head.map(|()| body.clone()).into();
    Answer { response, body: Some(body) }
}

/// All of an answer but its body.
pub(super) fn head(response: &mut Response) -> http::Response<()> {
    // Only the builder of responses can keep their URL.
    let mut carrier = http::Response::builder();
    if let Some(extensions) = carrier.extensions_mut() {
        *extensions = std::mem::take(response.extensions_mut());
    }
    let mut head = carrier.url(response.url().clone()).body(()).unwrap_or_default();
    *head.status_mut() = response.status();
    *head.version_mut() = response.version();
    *head.headers_mut() = std::mem::take(response.headers_mut());
    head
}
