use prolific_api::{OPERATIONS, Operation, RetrySafety};

use super::{Error, payment::PAY};
use crate::call::{Record, acts};

impl Error {
    /// Returns `true` if the server may have acted although the call failed: the request may have
    /// been sent, and no response says that it was refused. **Check before you repeat the call**;
    /// the message says where.
    ///
    /// Only set for operations with side effects that are neither
    /// [`Safe`](crate::RetrySafety::Safe) nor [`Idempotent`](crate::RetrySafety::Idempotent):
    /// creating, paying, sending, changing the status of a study. Such an error is never
    /// [transient](Self::is_transient).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{Error, ErrorKind};
    ///
    /// /// What to do with a study that could not be created.
    /// fn advice(error: &Error) -> &'static str {
    ///     match error {
    ///         error if error.may_have_acted() => "look whether it is there",
    ///         error if error.is_transient() => "try again later",
    ///         _ => "correct the request",
    ///     }
    /// }
    ///
    /// let lost = Error::builder(ErrorKind::Timeout).may_have_acted(true).build();
    /// assert_eq!(advice(&lost), "look whether it is there");
    /// ```
    pub fn may_have_acted(&self) -> bool {
        self.0.may_have_acted
    }

    /// Marks the error: the operation may have acted. Adds where to check.
    pub(super) fn may_have(&mut self, operation: &'static Operation) {
        self.0.may_have_acted = true;
        if operation.operation_id == PAY {
            return;
        }
        self.add(&match shows_at(operation) {
            Some(read) => format!(
                "it may have taken effect: check with {} ({} {}) before repeating it",
                read.operation_id, read.method, read.path
            ),
            None => "it may have taken effect: check before repeating it".to_owned(),
        });
    }

    /// Carries over that this many of the calls that it covers may have acted.
    pub(crate) fn having_in_doubt(mut self, count: usize) -> Self {
        if count > 0 {
            self.0.may_have_acted = true;
            self.add(&format!("{count} of them may have taken effect"));
        }
        self
    }

    /// Decides from the record and the last attempt of a call.
    pub(super) fn judge(&mut self, record: Option<&Record>, last_in_doubt: bool) {
        let is_in_doubt = last_in_doubt || record.is_some_and(|record| record.in_doubt);
        if !is_in_doubt {
            return;
        }
        match record.map(|record| record.operation) {
            Some(Some(operation)) if acts(operation.retry) => self.may_have(operation),
            Some(Some(_)) => {}
            // What is not known may have acted.
            Some(None) | None => {
                self.0.may_have_acted = true;
                self.add("it may have taken effect: check before repeating it");
            }
        }
    }
}

/// An operation with side effects, by its id in the document.
pub(super) fn acting(operation_id: &str) -> Option<&'static Operation> {
    let operation = OPERATIONS.iter().copied().find(|known| known.operation_id == operation_id)?;
    acts(operation.retry).then_some(operation)
}

/// The operation that reads what another wrote: on the same path, or the nearest one above.
fn shows_at(operation: &Operation) -> Option<&'static Operation> {
    let mut path = operation.path.trim_end_matches('/');
    loop {
        let is_read = |known: &&Operation| {
            known.retry == RetrySafety::Safe
                && known.method == "GET"
                && known.path.trim_end_matches('/') == path
        };
        if let Some(read) = OPERATIONS.iter().copied().find(is_read) {
            return Some(read);
        }
        path = path.rsplit_once('/')?.0;
    }
}
