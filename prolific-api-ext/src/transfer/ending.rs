use std::{pin::pin, time::Duration};

use bytes::Bytes;
use prolific_api::Operation;
use tracing::Span;

use crate::{
    Error, Result,
    call::{
        Attempted, Clock, Ending, Failure, FailureKind, Head, LastFailure, Outcome, Record,
        trace_end,
    },
};

/// The default limit for a whole transfer: long enough for any, and a bound on a misbehaving
/// storage.
pub(super) const TOTAL_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// Why an attempt did not transfer the file.
#[derive(Debug)]
pub(super) enum Stop {
    /// There was no link: requesting it failed.
    NoLink(Error),
    Failed(Error),
}

impl Stop {
    /// An end that another attempt would not change.
    pub(super) fn for_good<T>(self) -> Attempted<T, Self> {
        let (Self::NoLink(error) | Self::Failed(error)) = &self;
        let failure = Failure { status: error.status(), ..Failure::new(FailureKind::Permanent) };
        Attempted::Failure(failure, self)
    }
}

/// The outcome of an attempt, unless the time for the whole transfer is over before.
pub(super) async fn in_time_left<T>(
    clock: &Clock,
    left: Duration,
    what: &str,
    attempt: impl Future<Output = Attempted<T, Stop>>,
) -> Attempted<T, Stop> {
    let attempted = clock.timer(left).cut(pin!(attempt)).await;
    attempted.unwrap_or_else(|| {
        let message = format!("{what} took longer than its total timeout");
        let error = Error::broken_off(FailureKind::Timeout, message);
        Attempted::Failure(Failure::new(FailureKind::Timeout), Stop::Failed(error))
    })
}

/// The outcome of a transfer. Its error says how it went.
pub(super) fn conclude<T>(
    ending: Ending<T, Stop>,
    operation: &'static Operation,
    span: &Span,
) -> Result<T> {
    let Ending { attempts, elapsed, in_doubt, outcome } = ending;
    let (error, failed, kind) = match outcome {
        Outcome::Success(value) => {
            trace_end(Some(span), attempts, || None, None);
            return Ok(value);
        }
        Outcome::Failure(failure, stop, ended) => {
            let failed = Some(LastFailure { retry_after: failure.hint, ended });
            match stop {
                Stop::NoLink(error) => return Err(error),
                Stop::Failed(error) => (error, failed, failure.kind),
            }
        }
        Outcome::NotSent(_) => {
            let message = "a timeout of this client is zero: set a longer one";
            (Error::invalid_input(message), None, FailureKind::Permanent)
        }
    };
    let head = || error.status().map(|status| Head { status, request_id: None });
    trace_end(Some(span), attempts, head, Some(kind));
    let operation = Some(operation);
    Err(error.of_transfer(&Record {
        operation,
        attempts,
        elapsed,
        failed,
        in_doubt,
        body: Bytes::new(),
    }))
}
