use std::{io, time::Duration};

use reqwest::StatusCode;

use super::{Error, ErrorKind, raw::transport_message, refusal::Refusal};
use crate::FailureKind;

/// The storage's error, without anything that the link signs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StorageRefusal {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
}

impl Error {
    /// A file that can't be read, or has changed during the upload.
    pub(crate) fn unreadable(message: String, source: Option<io::Error>) -> Self {
        let error = Self::new(ErrorKind::File, message);
        match source {
            Some(source) => error.caused_by(source),
            None => error,
        }
    }

    /// No response from the storage, as the connection failed.
    pub(crate) fn of_storage_connection(error: reqwest::Error, host: &str) -> Self {
        let error = error.without_url();
        let message = transport_message(&error, Some(host.to_owned()));
        let mut made = Self::new(ErrorKind::of_transport(&error), message);
        made.0.is_transient = FailureKind::of_error(&error).is_transient();
        made.caused_by(error)
    }

    /// The upload stalled for as long as an attempt may take.
    pub(crate) fn stalled(host: &str, idle: Duration) -> Self {
        let message = format!("the upload to {host} stalled for {idle:?}");
        let mut error = Self::new(ErrorKind::Timeout, message);
        error.0.is_transient = true;
        error
    }

    /// The storage received the whole file, and sent no response.
    pub(crate) fn unanswered(host: &str, timeout: Duration) -> Self {
        let message =
            format!("{host} received the whole file, but did not respond within {timeout:?}");
        let mut error = Self::new(ErrorKind::Timeout, message);
        error.0.is_transient = true;
        error
    }

    /// The storage responded before it received the whole file.
    pub(crate) fn answered_early(host: &str, status: StatusCode) -> Self {
        let message = format!("{host} responded before it received the whole file");
        let mut error = Self::new(ErrorKind::Connection, message);
        error.0.is_transient = true;
        error.0.status = Some(status);
        error
    }

    /// The storage responded with an error.
    pub(crate) fn of_storage_refusal(
        status: StatusCode,
        host: &str,
        refusal: StorageRefusal,
    ) -> Self {
        let StorageRefusal { code, message: detail, request_id } = refusal;
        let said = match (&code, &detail) {
            (Some(code), Some(detail)) => format!("{code}: {detail}"),
            (Some(said), None) | (None, Some(said)) => said.clone(),
            (None, None) => "it does not say why".to_owned(),
        };
        let message = format!("{host} refused the file: {said}");
        let mut error = Self::new(ErrorKind::of_status(status), message);
        error.0.is_transient =
            FailureKind::of_status(status).is_some_and(FailureKind::is_transient);
        error.0.status = Some(status);
        error.0.request_id = request_id;
        error.0.refusal = Refusal { title: None, detail, code };
        error
    }
}
