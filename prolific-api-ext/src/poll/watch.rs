use std::pin::Pin;

use crate::{Prolific, Result};

/// A look at a state.
pub(crate) type Look<S> = Pin<Box<dyn Future<Output = Result<S>> + Send>>;

/// How something that changes on the server is watched, and what its states mean: all that a
/// resource has to say for [`Wait`](super::Wait) and [`WaitMany`](super::WaitMany).
///
/// `K` is what tells one from another, mostly an id; `S` is what a look gives, as much of the
/// answer as whoever waits should have.
pub(crate) struct Watch<K, S> {
    /// The operation that is called.
    pub(crate) operation: &'static str,
    /// What a message calls it: `dataset 0199…`.
    pub(crate) subject: fn(&K) -> String,
    /// Looks once, by this client, whose calls end before the wait does.
    pub(crate) look: fn(Prolific, K) -> Look<S>,
    /// The state as the API writes it.
    pub(crate) state: fn(&S) -> &str,
    /// What the state means for this wait.
    pub(crate) standing: fn(&S) -> Standing,
    /// What to say of a wait that ended in this state, where that needs saying.
    pub(crate) advice: fn(&S) -> Option<String>,
}

/// What a state means for a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Another state follows.
    Pending,
    /// It ended, and whoever waits gets the state.
    Succeeded,
    /// It ended, and whoever waits gets an error that has the state.
    Failed,
}
