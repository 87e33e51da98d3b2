//! Converts errors of the raw client into [`Error`].

use std::error;

use bytes::Bytes;
use prolific_api::{Error as Raw, Undecodable};
use reqwest::{Response, StatusCode, header::LOCATION};

use super::{Error, ErrorKind, excerpt, marked, refusal::Refusal};
use crate::{
    FailureKind,
    call::{CallFailure, Cause, Ended, Head, Record, encoding, is_turned_down, request_id},
};

impl From<Raw> for Error {
    fn from(error: Raw) -> Self {
        match error {
            Raw::UnexpectedResponse(mut response) => {
                let record = Record::take(&mut response);
                let undecodable = response.extensions_mut().remove();
                Self::of_answer(&response, record.as_ref(), undecodable)
            }
            Raw::CommunicationError(error) | Raw::ResponseBodyError(error) => {
                Self::from_transport(error)
            }
            Raw::InvalidRequest(message) => Self::invalid_input(message),
        }
    }
}

impl Error {
    /// Finds the error of a call in a boxed error: an error of this client, or one that `?` created
    /// from an error of [`Prolific::api`](crate::Prolific::api). `None` for a request that could
    /// not be built.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{Error, Prolific};
    ///
    /// async fn name(prolific: &Prolific, id: &str) -> Result<(), Box<dyn std::error::Error>> {
    ///     let study = prolific.api().get_study().id(id).send().await?;
    ///     println!("{:?}", study.name);
    ///     Ok(())
    /// }
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let boxed = name(&prolific, "no-such-study").await.unwrap_err();
    /// let error = Error::within(&*boxed).unwrap();
    /// assert_eq!((error.title(), error.attempts()), (Some("Not Found"), 1));
    /// assert_eq!(boxed.to_string(), error.to_string());
    /// # Ok(())
    /// # });
    /// ```
    pub fn within<'a>(error: &'a (dyn error::Error + 'static)) -> Option<&'a Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            let explained = error.downcast_ref().and_then(Raw::explained);
            let of_failure = || explained?.downcast_ref().map(CallFailure::error);
            let of_answer = || explained?.downcast_ref();
            let found = error.downcast_ref().or_else(of_answer).or_else(of_failure);
            if found.is_some() {
                return found;
            }
            cause = error.source();
        }
        None
    }

    /// Explains a response that is not a documented success, or can't be decoded.
    pub(crate) fn of_answer(
        response: &Response,
        record: Option<&Record>,
        undecodable: Option<Undecodable>,
    ) -> Self {
        let status = response.status();
        let body = record.map(|record| record.body.clone()).unwrap_or_default();
        let refusal = if status.is_success() { Refusal::default() } else { Refusal::read(&body) };
        let mut message = what_is_wrong(response, undecodable.as_ref(), &refusal, &body);
        if let Some(why) = record.and_then(why_it_ended) {
            message = format!("{}; {why}", message.trim_end_matches('.'));
        }
        let mut error = Self::new(ErrorKind::of_status(status), message);
        error.0.is_transient =
            FailureKind::of_status(status).is_some_and(FailureKind::is_transient);
        error.0.status = Some(status);
        error.0.refusal = refusal;
        error.0.body = body;
        error.0.request_id = request_id(response.headers()).map(str::to_owned);
        error.0.headers = marked(response.headers().clone());
        error.0.attempts = 1;
        record.iter().for_each(|record| error.recall(record));
        error.judge(record, !is_turned_down(status));
        match undecodable {
            Some(undecodable) => error.caused_by(undecodable),
            None => error,
        }
    }

    fn from_transport(error: reqwest::Error) -> Self {
        if let Some(failure) = CallFailure::within(&error) {
            return Self::of_failure(failure);
        }
        let mut made = Self::new(
            ErrorKind::of_transport(&error),
            transport_message(&error, error.url().and_then(authority)),
        );
        made.0.is_transient = FailureKind::of_error(&error).is_transient();
        made.judge(None, !error.is_builder() && !error.is_connect());
        made.caused_by(error.without_url())
    }

    /// Explains a call without a whole response.
    pub(crate) fn of_failure(failure: &CallFailure) -> Self {
        let CallFailure { record, cause, head, server, .. } = failure;
        let message = match cause {
            Cause::Transport(error) => transport_message(error, server.clone()),
            // A call that was to tell the cost failed, and is named with its status.
            Cause::NotAdmitted(error) if error.operation().is_some() => {
                format!("its cost is not known: {error}")
            }
            Cause::NoToken(error) | Cause::NotAdmitted(error) => error.0.message.clone(),
            cause => cause.to_string(),
        };
        let message = match why_it_ended(record) {
            Some(why) => format!("{message}; {why}"),
            None => message,
        };
        let mut made = Self::new(kind_of(cause), message);
        made.0.is_transient = cause.failure_kind().is_transient();
        if let Some(Head { status, request_id }) = head {
            made.0.status = Some(*status);
            made.0.request_id.clone_from(request_id);
        }
        made.recall(record);
        made.judge(Some(record), cause.may_have_been_sent());
        match cause {
            Cause::Transport(error) => made.caused_by_shared(error.clone()),
            Cause::TimedOut(error) => made.caused_by_shared(error.clone()),
            // `made` says all that they say, so that its cause is theirs.
            Cause::NoToken(error) | Cause::NotAdmitted(error) => {
                made.0.expense.clone_from(&error.0.expense);
                made.0.retry_after = error.0.retry_after.or(made.0.retry_after);
                made.0.source.clone_from(&error.0.source);
                made
            }
            _ => made,
        }
    }

    /// A body that exceeds the limit, of a response that is streamed.
    pub(crate) fn body_too_large(limit: usize) -> Self {
        let cause = Cause::BodyTooLarge { limit };
        let mut made = Self::new(kind_of(&cause), cause.to_string());
        made.0.attempts = 1;
        made
    }

    pub(super) fn recall(&mut self, record: &Record) {
        self.0.operation = record.operation.map(|operation| operation.operation_id);
        self.0.attempts = record.attempts;
        self.0.elapsed = record.elapsed;
        self.0.retry_after = record.failed.and_then(|failed| failed.retry_after);
    }
}

/// Explains what is wrong with a response. Shows nothing of the body of a success.
fn what_is_wrong(
    response: &Response,
    undecodable: Option<&Undecodable>,
    refusal: &Refusal,
    body: &Bytes,
) -> String {
    let status = response.status();
    match undecodable {
        Some(undecodable) => undecodable.to_string(),
        None if status.is_success() => {
            format!("this success status is not documented; its body has {} bytes", body.len())
        }
        None => match (encoding(response.headers()), redirect(response)) {
            (_, Some(redirect)) if status.is_redirection() => redirect,
            (Some(encoding), _) => {
                format!("its body is encoded as {encoding}, which was not requested")
            }
            (None, _) => without_reason(refusal.describe(body), status),
        },
    }
}

/// What the API says, without the name of the status if it begins with that: it is shown with its number.
fn without_reason(said: String, status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    match said.strip_prefix(reason).and_then(|said| said.strip_prefix(": ")) {
        Some(detail) => detail.to_owned(),
        None => said,
    }
}

/// The target of a redirect, without what may be secret in it.
fn redirect(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let mut to = response.url().join(location).ok()?;
    to.set_query(None);
    to.set_fragment(None);
    let _ = to.set_username("");
    let _ = to.set_password(None);
    Some(format!("it points to {}, but redirects are not followed", excerpt(to.as_str())))
}

fn kind_of(cause: &Cause) -> ErrorKind {
    match cause {
        Cause::Transport(error) => ErrorKind::of_transport(error),
        Cause::TimedOut(_) | Cause::NotBegun(_) => ErrorKind::Timeout,
        Cause::NoToken(_) => ErrorKind::Configuration,
        Cause::NotAdmitted(error) => error.kind(),
        Cause::BodyTooLarge { .. } | Cause::TooManyValues(_) => ErrorKind::BodyTooLarge,
        Cause::Encoded(_) => ErrorKind::UnexpectedAnswer,
        Cause::NoTime | Cause::NotReplayable | Cause::NoFields(_) => ErrorKind::InvalidInput,
    }
}

/// Why the call was not retried, where that is not obvious.
pub(super) fn why_it_ended(record: &Record) -> Option<String> {
    let failed = record.failed?;
    match (failed.ended, failed.retry_after) {
        (Ended::ByPolicy, _) => None,
        (Ended::Deadline, Some(hint)) if !hint.is_zero() => Some(format!(
            "the server asks to wait {hint:?}, which is longer than the call may take"
        )),
        (Ended::Deadline, _) => Some("no time was left for another attempt".to_owned()),
        (Ended::NotReplayable, _) => Some("the request body can't be sent again".to_owned()),
        (Ended::Budget, _) => Some("the retry budget of this client is exhausted".to_owned()),
        (Ended::TooLittleTime, Some(hint)) if !hint.is_zero() => Some(format!(
            "the server asks to wait {hint:?}, which leaves too little time for another attempt"
        )),
        (Ended::TooLittleTime, _) => {
            Some("too little time was left for another attempt".to_owned())
        }
        (Ended::NoTurn, _) => {
            Some("the request-rate limit left no slot for another attempt".to_owned())
        }
        // It is had before the first attempt, and kept.
        (Ended::NoBonusTurn, _) => None,
    }
}

pub(super) fn transport_message(error: &reqwest::Error, server: Option<String>) -> String {
    let server = server.unwrap_or_else(|| "the server".to_owned());
    let what = if error.is_builder() {
        "the request can't be built".to_owned()
    } else if error.is_redirect() {
        format!("the redirects of {server} can't be followed")
    } else if FailureKind::of_error(error) == FailureKind::Tls {
        format!("no secure connection to {server}: TLS failed")
    } else if error.is_connect() {
        format!("no connection to {server}")
    } else if error.is_timeout() {
        format!("no complete response from {server} in time")
    } else {
        format!("the connection to {server} broke")
    };
    format!("{what}: {}", excerpt(&innermost(error)))
}

/// Host and port, which tell the server apart without repeating what was asked.
pub(crate) fn authority(url: &reqwest::Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// The last cause of a chain, which says what happened.
fn innermost(error: &dyn error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use prolific_api::Error as Raw;
    use reqwest::StatusCode;

    use super::without_reason;
    use crate::{Error, ErrorKind};

    #[test]
    fn the_name_of_a_status_is_not_said_twice() {
        let said = |text: &str| without_reason(text.to_owned(), StatusCode::NOT_FOUND);
        assert_eq!(said("Not Found: There is no such study"), "There is no such study");
        assert_eq!(said("Not Found"), "Not Found");
        assert_eq!(said("No such study"), "No such study");
    }

    #[test]
    fn a_request_that_can_not_be_built_is_no_broken_connection() {
        let failed = reqwest::Client::new().get("http://[").build().unwrap_err();
        let error = Error::from(Raw::from(failed));
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0));
        assert!(error.to_string().starts_with("the request can't be built: "), "{error}");
        assert!(!error.is_transient());
    }
}
