use std::{io, path::Path, time::Duration};

use reqwest::StatusCode;

use super::{Error, ErrorKind};
use crate::FailureKind;

impl Error {
    /// A file of this machine that can't be used.
    pub(crate) fn of_file(what: &str, path: &Path, error: io::Error) -> Self {
        let message = format!("{what} {}: {error}", path.display());
        Self::new(ErrorKind::File, message).caused_by(error)
    }

    /// An answer of the storage behind a link. What it says is left out: refusals repeat what the
    /// link signs.
    pub(crate) fn of_storage(status: StatusCode, message: String) -> Self {
        let mut error = Self::new(ErrorKind::of_status(status), message);
        error.0.is_transient =
            FailureKind::of_status(status).is_some_and(FailureKind::is_transient);
        error.0.status = Some(status);
        error
    }

    /// A file that stopped coming before it was whole.
    pub(crate) fn broken_off(kind: FailureKind, message: String) -> Self {
        let kind = match kind {
            FailureKind::Timeout => ErrorKind::Timeout,
            _ => ErrorKind::Connection,
        };
        let mut error = Self::new(kind, message);
        error.0.is_transient = true;
        error
    }

    /// Says how a transfer went.
    pub(crate) fn after(
        mut self,
        attempts: u32,
        elapsed: Duration,
        retry_after: Option<Duration>,
    ) -> Self {
        self.0.attempts = attempts;
        self.0.elapsed = elapsed;
        self.0.retry_after = retry_after;
        self
    }
}
