//! Calls that are logged and timed.

use std::{sync::Arc, time::Duration};

use prolific_api_ext::{Error, Prolific};

use crate::log::{CALL, CALL_TIME, Failure, Log, Told};

/// How much longer than it may take a call is waited for, on a machine that has other things to do.
const GRACE: Duration = Duration::from_secs(15);

/// A client behind the proxy, whose calls are known there.
#[derive(Clone)]
pub(crate) struct Caller {
    prolific: Prolific,
    log: Arc<Log>,
}

impl Caller {
    pub(crate) fn new(prolific: Prolific, log: Arc<Log>) -> Self {
        Self { prolific, log }
    }

    /// Makes a call of one operation.
    pub(crate) async fn call<T>(
        &self,
        operation: &'static str,
        call: impl AsyncFnOnce(Prolific) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.flow(operation, CALL_TIME, call).await
    }

    /// Runs something of several calls, which may take so long.
    pub(crate) async fn flow<T, E: Failure>(
        &self,
        what: &'static str,
        time: Duration,
        flow: impl AsyncFnOnce(Prolific) -> Result<T, E>,
    ) -> Result<T, E> {
        let number = self.log.begin(what);
        let prolific = self.prolific.with_header(CALL, &number.to_string()).unwrap();
        let Ok(ended) = tokio::time::timeout(time + GRACE, flow(prolific)).await else {
            panic!("{what} did not end within {time:?}");
        };
        self.log.end(number, ended.as_ref().map_or_else(Failure::told, |_| Told::Value));
        ended
    }

    /// Makes a call of one operation until it succeeds or may have acted, as a careful program does.
    pub(crate) async fn insist<T>(
        &self,
        operation: &'static str,
        call: impl AsyncFn(Prolific) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut last = None;
        for _ in 0..60 {
            match self.call(operation, &call).await {
                Err(error) if !error.may_have_acted() => last = Some(error),
                ended => return ended,
            }
        }
        panic!("{operation} fails again and again: {last:?}");
    }

    /// Makes a call of an operation that may be repeated until it succeeds.
    pub(crate) async fn repeat<T>(
        &self,
        operation: &'static str,
        call: impl AsyncFn(Prolific) -> Result<T, Error>,
    ) -> T {
        let repeated = self.insist(operation, call).await;
        repeated.unwrap_or_else(|error| panic!("{operation} is no read: {error}"))
    }
}
