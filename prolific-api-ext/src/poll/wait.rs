use std::{
    fmt,
    future::IntoFuture,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_core::{Stream, stream::FusedStream};
use futures_util::StreamExt;

use super::{
    Pace, Standing, Watch,
    own::Own,
    paced,
    schedule::{Event, Items, Plan},
};
use crate::{Error, Prolific, Result};

/// A wait for work on the server to succeed. Await it for the final state, or stream
/// [`updates`](Self::updates); dropping it ends it. Most waits are returned by methods such as
/// [`wait_until_ready`](crate::datasets::Datasets::wait_until_ready); [`new`](Self::new) builds
/// your own.
///
/// Nothing starts before it is first polled, including its clock. Transient failures don't end a
/// wait: it polls again until its time is up. It polls once more shortly before its deadline, and
/// ends if no further poll fits in. The error that ends a wait has the last state
/// ([`last_state`](Error::last_state), [`last_seen`](Error::last_seen)).
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<S> {
    subject: String,
    pub(super) pace: Pace,
    allows_partial: bool,
    start: Box<dyn FnOnce(Pace, bool) -> Items<Change<S>> + Send + Sync>,
}

/// The result of one wait.
enum Change<S> {
    State(S),
    End(Result<S>),
}

impl<S: Clone + PartialEq + Send + Sync + 'static> Wait<S> {
    /// Waits for a state of your own: `look` reads it, `test` says what it means.
    ///
    /// `look` is called with a client whose calls are single attempts that end before the wait
    /// does; the wait does the repeating. Return only what matters, since
    /// [`updates`](Self::updates) emits each state that differs from the last, and the error of the
    /// wait shows the last one with its `Debug`. `test` returns a `bool` or a [`Standing`].
    /// `subject` is the name in error messages.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::poll::Wait;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # simulator.submit(&study)?;
    /// let finished = Wait::new(
    ///     &prolific,
    ///     format!("the first submission of study {study}"),
    ///     move |prolific| {
    ///         let study = study.clone();
    ///         async move { Ok(prolific.studies().submission_counts(&study).await?.awaiting_review) }
    ///     },
    ///     |waiting| *waiting >= Some(1),
    /// );
    /// assert_eq!(finished.await?, Some(1));
    /// # Ok(())
    /// # });
    /// ```
    pub fn new<Looking, Verdict>(
        prolific: &Prolific,
        subject: impl Into<String>,
        look: impl Fn(Prolific) -> Looking + Send + Sync + 'static,
        test: impl Fn(&S) -> Verdict + Send + Sync + 'static,
    ) -> Self
    where
        S: fmt::Debug,
        Looking: Future<Output = Result<S>> + Send + 'static,
        Verdict: Into<Standing>,
    {
        let own = Own {
            subject: subject.into(),
            look: Box::new(move |prolific| Box::pin(look(prolific))),
            test: Box::new(move |state| test(state).into()),
        };
        Self::of(prolific.clone(), const { &Own::WATCH }, Arc::new(own))
    }

    pub(crate) fn of<K>(prolific: Prolific, watch: &'static Watch<K, S>, key: K) -> Self
    where
        K: Clone + Send + Sync + 'static,
    {
        let subject = (watch.subject)(&key);
        let start = |pace, allows_partial| {
            let keys = vec![key];
            let plan = Plan { prolific, watch, keys, pace, allows_partial, concurrency: 1 };
            plan.items(|event| {
                Some(match event {
                    Event::Change(state) => Change::State(state.clone()),
                    Event::Settled(_, end) => Change::End(end),
                })
            })
        };
        Self { subject, pace: Pace::default(), allows_partial: false, start: Box::new(start) }
    }
}

impl<S> Wait<S> {
    paced! { this => this.pace;
        /// Sets the timeout, from the first poll. Default: 10 minutes. Time in which it is ready
        /// and nobody polls it does not count.
        timeout;
        /// Sets the pause between polls: a range, `shortest..=longest`, or one
        /// [`Duration`](std::time::Duration). Default: 1 to 10 seconds. If a server refuses a poll
        /// and asks for a longer pause, that is used; if the wait would be over by then, it ends at
        /// once, and [`Error::retry_after`] has what was asked for.
        interval;
    }

    /// Returns the state even if only a part was done, instead of a
    /// [`Partial`](crate::ErrorKind::Partial) error. It makes no difference to what can't be done in
    /// part.
    pub fn allow_partial(mut self) -> Self {
        self.allows_partial = true;
        self
    }

    pub(crate) fn at(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    pub(crate) fn allowing(mut self, allows_partial: bool) -> Self {
        self.allows_partial = allows_partial;
        self
    }

    /// Streams the states as they change, each once. The last item is the final state, or the error
    /// that ended the wait; a final state that is a failure, or a part that is not allowed, comes as
    /// a state first, then as the error.
    pub fn updates(self) -> Updates<S> {
        Updates((self.start)(self.pace, self.allows_partial))
    }
}

impl<S: Send + 'static> IntoFuture for Wait<S> {
    type Output = Result<S>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<S>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { subject, pace, allows_partial, start } = self;
        Box::pin(async move {
            let mut changes = start(pace, allows_partial);
            while let Some(change) = changes.next().await {
                if let Change::End(end) = change {
                    return end;
                }
            }
            Err(Error::unexpected(format!("the wait for {subject} had no end")))
        })
    }
}

impl<S> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("for", &self.subject)
            .field("pace", &self.pace)
            .field("allows_partial", &self.allows_partial)
            .finish_non_exhaustive()
    }
}

/// The changes of a state, a [`Stream`]. Returned by [`Wait::updates`].
///
/// Returns `None` when polled after its end.
#[must_use = "a stream does nothing until it is polled"]
pub struct Updates<S>(Items<Change<S>>);

impl<S> Updates<S> {
    /// Returns the next change, or `None` at the end, without importing a stream trait. Cancel
    /// safe: dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<S>> {
        StreamExt::next(self).await
    }
}

impl<S> Stream for Updates<S> {
    type Item = Result<S>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let change = ready!(self.0.as_mut().poll_next(context));
        Poll::Ready(change.map(|change| match change {
            Change::State(state) => Ok(state),
            Change::End(end) => end,
        }))
    }
}

impl<S> FusedStream for Updates<S> {
    fn is_terminated(&self) -> bool {
        self.0.is_terminated()
    }
}

impl<S> fmt::Debug for Updates<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Updates")
    }
}
