use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use super::{Standing, Watch, term::Term};
use crate::{
    Error, ErrorKind, Result,
    error::{Course, excerpt},
};

/// What has been seen of one thing so far.
pub(super) struct Tracker<S> {
    /// The number of polls started.
    looks: u32,
    last: Option<S>,
    /// The last poll, if it failed.
    failed: Option<Error>,
    /// Whether it ended with a part, which is not allowed.
    is_partial: bool,
}

/// What a poll means for the wait.
pub(super) enum Seen<S> {
    /// Poll again.
    Nothing,
    /// Another state: poll again.
    Change,
    /// It succeeded.
    Success(S),
    /// It failed.
    Failure,
    /// It can't be polled.
    Error(Error),
}

impl<S> Default for Tracker<S> {
    fn default() -> Self {
        Self { looks: 0, last: None, failed: None, is_partial: false }
    }
}

impl<S: PartialEq + Send + Sync + 'static> Tracker<S> {
    pub(super) fn looks(&self) -> u32 {
        self.looks
    }

    pub(super) fn last(&self) -> Option<&S> {
        self.last.as_ref()
    }

    pub(super) fn look_begins(&mut self) {
        self.looks = self.looks.saturating_add(1);
    }

    pub(super) fn saw<K>(
        &mut self,
        seen: Result<S>,
        watch: &Watch<K, S>,
        key: &K,
        allows_partial: bool,
    ) -> Seen<S> {
        let state = match seen {
            Ok(state) => state,
            Err(error) if error.is_transient() => {
                self.failed = Some(error);
                return Seen::Nothing;
            }
            Err(error) => return Seen::Error(error),
        };
        self.failed = None;
        let standing = (watch.standing)(key, self.last.as_ref(), &state);
        if standing == Standing::Succeeded || (standing == Standing::Partial && allows_partial) {
            return Seen::Success(state);
        }
        let is_new = self.last.as_ref() != Some(&state);
        self.last = Some(state);
        match standing {
            Standing::Failed => Seen::Failure,
            Standing::Partial => {
                self.is_partial = true;
                Seen::Failure
            }
            _ if is_new => Seen::Change,
            _ => Seen::Nothing,
        }
    }

    /// Ends a poll that is running at the deadline.
    pub(super) fn is_cut_off(&mut self, operation: Option<&'static str>) {
        let mut error = Error::cut_off().of_some(operation);
        if let Some(before) = self.failed.take() {
            error = error.caused_by(before);
        }
        self.failed = Some(error);
    }
}

/// The errors that end a wait, each with the last state.
impl<S: Send + Sync + 'static> Tracker<S> {
    /// A poll failed permanently.
    pub(super) fn broken<K>(self, error: Error, watch: &Watch<K, S>) -> Error {
        with_last(error.of_some(watch.operation), self.last, watch)
    }

    /// The work failed.
    pub(super) fn ended_badly<K>(self, watch: &Watch<K, S>, key: &K, elapsed: Duration) -> Error {
        let state = excerpt(&self.last.as_ref().map_or(Cow::Borrowed(""), watch.state));
        let mut message = format!("{} ended as {state}", (watch.subject)(key));
        if let Some(advice) = self.last.as_ref().and_then(watch.advice) {
            message = format!("{message}: {advice}");
        }
        let course = self.course(watch.operation, elapsed);
        let kind = if self.is_partial { ErrorKind::Partial } else { ErrorKind::Failed };
        with_last(Error::of_wait(kind, message, course), self.last, watch)
    }

    /// The time is up, or no further poll fits in.
    pub(super) fn timed_out<K>(
        self,
        watch: &Watch<K, S>,
        key: &K,
        term: &Term,
        now: Instant,
    ) -> Error {
        let message = self.why_timed_out(watch, key, term, now);
        let course = self.course(watch.operation, term.elapsed(now));
        let mut error = Error::of_wait(ErrorKind::WaitTimedOut, message, course);
        if let Some(failed) = self.failed {
            error = error.caused_by(failed);
        }
        with_last(error, self.last, watch)
    }

    fn why_timed_out<K>(&self, watch: &Watch<K, S>, key: &K, term: &Term, now: Instant) -> String {
        let subject = (watch.subject)(key);
        let polls = match self.looks {
            1 => "1 poll".to_owned(),
            polls => format!("{polls} polls"),
        };
        let timeout = term.timeout();
        let mut message = match &self.last {
            Some(last) => {
                let state = excerpt(&(watch.state)(last));
                format!("{subject} was still {state} after {polls} within {timeout:?}")
            }
            None => format!("{subject} was not seen in {polls} within {timeout:?}"),
        };
        if let Some(advice) = self.last.as_ref().and_then(watch.advice) {
            message = format!("{message}: {advice}");
        }
        if let Some(failed) = &self.failed {
            message = format!("{message}; the last poll failed: {failed}");
        }
        let left = term.ends().saturating_duration_since(now);
        if let Some(hint) = self.hint().filter(|hint| !hint.is_zero() && *hint >= left) {
            message = format!(
                "{message}; the server asks to wait {hint:?}, longer than the wait has left"
            );
        }
        message
    }

    /// How long the server asked to wait, if the last poll failed and it did.
    pub(super) fn hint(&self) -> Option<Duration> {
        self.failed.as_ref()?.retry_after()
    }

    fn course(&self, operation: Option<&'static str>, elapsed: Duration) -> Course {
        Course { operation, looks: self.looks, elapsed, retry_after: self.hint() }
    }
}

fn with_last<K, S: Send + Sync + 'static>(
    error: Error,
    last: Option<S>,
    watch: &Watch<K, S>,
) -> Error {
    match last {
        Some(last) => {
            let name = (watch.state)(&last).into_owned();
            error.with_last_seen(name, last)
        }
        None => error,
    }
}
