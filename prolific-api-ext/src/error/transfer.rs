use std::{io, path::Path};

use reqwest::StatusCode;

use super::{Error, ErrorKind, raw::why_it_ended};
use crate::{FailureKind, call::Record};

impl Error {
    /// A local file that can't be used.
    pub(crate) fn of_file(what: &str, path: &Path, error: io::Error) -> Self {
        let message = format!("{what} {}: {error}", path.display());
        Self::new(ErrorKind::File, message).caused_by(error)
    }

    /// A response of the storage behind a link. Its text is left out, since error responses repeat
    /// what the link signs.
    pub(crate) fn of_storage(status: StatusCode, message: String) -> Self {
        let mut error = Self::new(ErrorKind::of_status(status), message);
        error.0.is_transient =
            FailureKind::of_status(status).is_some_and(FailureKind::is_transient);
        error.0.status = Some(status);
        error
    }

    /// A file that is larger than allowed.
    pub(crate) fn file_too_large(what: &str, max_bytes: u64) -> Self {
        let message = format!(
            "{what} is larger than {max_bytes} bytes: raise `max_bytes` if this is expected"
        );
        Self::new(ErrorKind::BodyTooLarge, message)
    }

    /// A file that was cut off.
    pub(crate) fn broken_off(kind: FailureKind, message: String) -> Self {
        let kind = match kind {
            FailureKind::Timeout => ErrorKind::Timeout,
            _ => ErrorKind::Connection,
        };
        let mut error = Self::new(kind, message);
        error.0.is_transient = true;
        error
    }

    /// Adds how the transfer went.
    pub(crate) fn of_transfer(mut self, record: &Record) -> Self {
        if let Some(why) = why_it_ended(record) {
            self.add(&why);
        }
        self.recall(record);
        self
    }
}
