use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;

use super::{Error, ErrorKind, excerpt, marked};
use crate::{
    call::{Record, request_id},
    pages::Position,
};

/// How far a list came that an error is of.
pub(super) struct Extent {
    pub(super) received: u64,
    pub(super) expected: Option<u64>,
    pub(super) position: Option<Position>,
}

impl Error {
    /// How many rows of a list came before this error; none of what is no error of a list.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{Error, ErrorKind};
    ///
    /// let error = Error::builder(ErrorKind::Incomplete).rows(2, Some(9)).build();
    /// assert_eq!((error.rows_received(), error.rows_expected()), (Some(2), Some(9)));
    /// assert_eq!(error.to_string(), "the list is incomplete: 2 of 9 rows were received");
    /// ```
    pub fn rows_received(&self) -> Option<u64> {
        self.0.extent.as_ref().map(|extent| extent.received)
    }

    /// How many rows a list has by the last count of the server, if it counts.
    pub fn rows_expected(&self) -> Option<u64> {
        self.0.extent.as_ref()?.expected
    }

    /// The position in a list at which the error occurred, to resume with
    /// [`Pages::resume_from`](crate::pages::Pages::resume_from). For a row that can't be read, it is
    /// the position after that row.
    pub fn position(&self) -> Option<&Position> {
        self.0.extent.as_ref()?.position.as_ref()
    }

    /// A list that ended before all of it came.
    pub(crate) fn incomplete(received: u64, expected: Option<u64>) -> Self {
        let mut error = Self::new(ErrorKind::Incomplete, incomplete(received, expected));
        error.0.extent = Some(Box::new(Extent { received, expected, position: None }));
        error
    }

    /// A row that can't be decoded; its JSON is kept.
    pub(crate) fn unreadable_row(at: usize, why: &Self, json: &str) -> Self {
        let message = format!("row {at} of the page can't be read: {}", excerpt(&why.0.message));
        let mut error = Self::new(ErrorKind::UnreadableRow, message);
        error.0.body = Bytes::copy_from_slice(json.as_bytes());
        error.0.attempts = 1;
        error
    }

    /// A page that holds too much.
    pub(crate) fn too_large(why: String) -> Self {
        Self::new(ErrorKind::BodyTooLarge, why)
    }

    /// A page that was not parsed before the deadline.
    pub(crate) fn not_parsed_within(left: Duration) -> Self {
        Self::new(ErrorKind::Timeout, format!("the response was not parsed within {left:?}"))
    }

    /// Says which response it is about.
    pub(crate) fn of_response(mut self, response: &Response, record: &Record) -> Self {
        self.0.status = Some(response.status());
        self.0.request_id = request_id(response.headers()).map(str::to_owned);
        self.0.headers = marked(response.headers().clone());
        self.0.body = record.body.clone();
        (self.0.attempts, self.0.elapsed) = (record.attempts, record.elapsed);
        self
    }

    pub(crate) fn saying(mut self, message: String) -> Self {
        self.0.message = message;
        self
    }

    /// Says how far the list came that it is of.
    pub(crate) fn in_list(
        mut self,
        received: u64,
        expected: Option<u64>,
        position: Position,
    ) -> Self {
        let position = Some(position);
        self.0.extent = Some(Box::new(Extent { received, expected, position }));
        self
    }
}

pub(super) fn incomplete(received: u64, expected: Option<u64>) -> String {
    match expected {
        Some(expected) if received >= expected => format!(
            "the list changed while it was read: {received} rows were received, and some may be \
             missing"
        ),
        Some(expected) => {
            format!("the list is incomplete: {received} of {expected} rows were received")
        }
        None => format!(
            "the list is incomplete: {received} rows were received, but the server says that there \
             are more"
        ),
    }
}
