use std::{borrow::Cow, pin::Pin};

use crate::{Prolific, Result};

/// A look at a state.
pub(crate) type Look<S> = Pin<Box<dyn Future<Output = Result<S>> + Send>>;

/// How something that changes on the server is watched, and what its states mean: all that a
/// resource has to say for [`Wait`](super::Wait) and [`WaitMany`](super::WaitMany).
///
/// `K` is what tells one from another, mostly an id; `S` is what a look gives, as much of the
/// answer as whoever waits should have.
pub(crate) struct Watch<K, S> {
    /// The operation that is called, if it is always the same.
    pub(crate) operation: Option<&'static str>,
    /// What a message calls it: `dataset 0199…`.
    pub(crate) subject: fn(&K) -> String,
    /// Looks once, by this client, whose calls end before the wait does.
    pub(crate) look: fn(Prolific, K) -> Look<S>,
    /// The state as the API writes it.
    pub(crate) state: for<'s> fn(&'s S) -> Cow<'s, str>,
    /// What the state means for this wait, after the one that was seen before it.
    pub(crate) standing: fn(&K, Option<&S>, &S) -> Standing,
    /// What to say of a wait that ended in this state, where that needs saying.
    pub(crate) advice: fn(&S) -> Option<String>,
}

/// What a state means for a [`Wait`](super::Wait): the verdict of its test.
///
/// A test that gives a `bool` says whether the wait is over: `true` is [`Succeeded`](Self::Succeeded),
/// `false` is [`Pending`](Self::Pending).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Another state follows: the wait goes on.
    Pending,
    /// The wait ends, and gives the state.
    Succeeded,
    /// The wait ends with an error of the kind [`Failed`](crate::ErrorKind::Failed) that has the
    /// state.
    Failed,
}

impl From<bool> for Standing {
    fn from(is_over: bool) -> Self {
        if is_over { Self::Succeeded } else { Self::Pending }
    }
}
