use bytes::Bytes;
use prolific_api::Operation;
use tracing::Span;

use crate::{
    Error, Result,
    call::{
        Attempted, Ending, Failure, FailureKind, Head, LastFailure, Outcome, Record, trace_end,
    },
};

/// Why an attempt did not transfer the file.
#[derive(Debug)]
pub(super) enum Stop {
    /// There was no link: a call of its own failed.
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
