//! From what the raw client makes of a call to an [`Error`].

use std::error;

use bytes::Bytes;
use prolific_api::Error as Raw;
use reqwest::Response;

use super::{Error, ErrorKind, refusal::Refusal};
use crate::call::{CallFailure, Cause, Ended, Record, request_id};

impl<E> From<Raw<E>> for Error {
    fn from(error: Raw<E>) -> Self {
        match error {
            Raw::UnexpectedResponse(response) => Self::from_response(&response),
            Raw::CommunicationError(error)
            | Raw::ResponseBodyError(error)
            | Raw::InvalidUpgrade(error) => Self::from_transport(error),
            Raw::InvalidResponsePayload(body, error) => Self::from_payload(body, error),
            Raw::InvalidRequest(message) => Self::invalid_input(message),
            Raw::ErrorResponse(response) => {
                let mut error = Self::unexpected("a documented refusal");
                error.0.kind = ErrorKind::of_status(response.status());
                error.0.status = Some(response.status());
                error
            }
            Raw::Custom(message) => Self::invalid_input(message),
        }
    }
}

impl Error {
    fn from_response(response: &Response) -> Self {
        let status = response.status();
        let record = response.extensions().get::<Record>();
        let body = record.map(|record| record.body.clone()).unwrap_or_default();
        let refusal = Refusal::read(&body);
        let mut message = refusal.describe(&body);
        if let Some(why) = record.and_then(why_it_ended) {
            message = format!("{message}; {why}");
        }
        let mut error = Self::new(ErrorKind::of_status(status), message);
        error.0.status = Some(status);
        error.0.refusal = refusal;
        error.0.body = body;
        error.0.request_id = request_id(response.headers()).map(str::to_owned);
        error.0.attempts = 1;
        record.into_iter().for_each(|record| error.recall(record));
        error
    }

    fn from_transport(error: reqwest::Error) -> Self {
        let Some(CallFailure { record, cause }) = CallFailure::within(&error) else {
            let message = format!("the connection broke: {}", innermost(&error));
            return Self::new(ErrorKind::Connection, message).caused_by(error.without_url());
        };
        let (kind, message) = match cause {
            Cause::Transport(error) => {
                (ErrorKind::of_failure(record.failure), transport_message(error))
            }
            Cause::TimedOut(_) => (ErrorKind::Timeout, cause.to_string()),
            Cause::BodyTooLarge { .. } => (ErrorKind::BodyTooLarge, cause.to_string()),
            Cause::NoTurn => (ErrorKind::Timeout, cause.to_string()),
            Cause::NotReplayable => (ErrorKind::InvalidInput, cause.to_string()),
        };
        let message = match why_it_ended(record) {
            Some(why) => format!("{message}; {why}"),
            None => message,
        };
        let mut made = Self::new(kind, message);
        made.recall(record);
        made.caused_by(error)
    }

    fn from_payload(body: Bytes, error: serde_json::Error) -> Self {
        let message = format!("the answer is not of the documented form: {error}");
        let mut unexpected = Self::unexpected(message);
        unexpected.0.body = body;
        unexpected.caused_by(error)
    }

    fn recall(&mut self, record: &Record) {
        self.0.operation = record.operation.map(|operation| operation.operation_id);
        self.0.attempts = record.attempts;
        self.0.elapsed = record.elapsed;
        self.0.retry_after = record.retry_after;
    }
}

/// What kept the call from being repeated, where that is no matter of course.
fn why_it_ended(record: &Record) -> Option<String> {
    match (record.ended, record.retry_after) {
        (Ended::ByPolicy, _) => None,
        (Ended::Deadline, Some(hint)) if !hint.is_zero() => {
            Some(format!("the server asks to wait {hint:?}, longer than the call may take"))
        }
        (Ended::Deadline, _) => Some("no time was left for another attempt".to_owned()),
        (Ended::NotReplayable, _) => Some("the body can't be sent again".to_owned()),
        (Ended::Budget, _) => Some("the retry budget of this client is used up".to_owned()),
    }
}

fn transport_message(error: &reqwest::Error) -> String {
    let server = error.url().and_then(authority).unwrap_or_else(|| "the server".to_owned());
    let what = if error.is_connect() {
        format!("no connection to {server}")
    } else {
        format!("the connection to {server} broke")
    };
    format!("{what}: {}", innermost(error))
}

/// Host and port, which tell the server apart without repeating what was asked.
fn authority(url: &reqwest::Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// The last cause of a chain is the one that says what happened.
fn innermost(error: &dyn error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
