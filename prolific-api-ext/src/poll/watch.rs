use std::{borrow::Cow, pin::Pin};

use crate::{Prolific, Result};

/// A poll of a state.
pub(crate) type Look<S> = Pin<Box<dyn Future<Output = Result<S>> + Send>>;

/// How a resource is polled and what its states mean: all that [`Wait`](super::Wait) and
/// [`WaitMany`](super::WaitMany) need.
///
/// `K` identifies the thing, usually an id; `S` is what a poll returns.
pub(crate) struct Watch<K, S> {
    /// The operation of the poll, if it is always the same.
    pub(crate) operation: Option<&'static str>,
    /// The name in messages: `dataset 0199…`.
    pub(crate) subject: fn(&K) -> String,
    /// Polls once, with a client whose calls end before the wait does.
    pub(crate) look: fn(Prolific, K) -> Look<S>,
    /// The state as the API writes it.
    pub(crate) state: for<'s> fn(&'s S) -> Cow<'s, str>,
    /// What the state means for this wait, given the previous one.
    pub(crate) standing: fn(&K, Option<&S>, &S) -> Standing,
    /// What to add to the message of a wait that ended in this state. Of a part it is how much was
    /// done and how much was not.
    pub(crate) advice: fn(&S) -> Option<String>,
}

/// What a state means for a [`Wait`](super::Wait): the verdict of its test.
///
/// A test that returns a `bool` says whether the wait is over: `true` is
/// [`Succeeded`](Self::Succeeded), `false` is [`Pending`](Self::Pending).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The wait continues.
    Pending,
    /// The wait ends and returns the state.
    Succeeded,
    /// Only a part was done. The wait ends with a [`Partial`](crate::ErrorKind::Partial) error that
    /// has the state, or returns the state if that is [allowed](super::Wait::allow_partial).
    Partial,
    /// The wait ends with a [`Failed`](crate::ErrorKind::Failed) error that has the state.
    Failed,
}

impl From<bool> for Standing {
    fn from(is_over: bool) -> Self {
        if is_over { Self::Succeeded } else { Self::Pending }
    }
}
