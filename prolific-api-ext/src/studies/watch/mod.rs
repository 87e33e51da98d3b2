//! Watching a study: reports each change of it and of its submissions once.

mod course;
mod event;
mod feed;
mod hints;
mod position;
mod progress;

pub use event::StudyEvent;
pub use feed::{FeedError, WatchFeed};
pub use position::WatchPosition;

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_core::{Stream, stream::FusedStream};
use futures_util::stream::{self, StreamExt as _, unfold};
use tokio::sync::mpsc;

use self::{
    course::{Course, Plan, Shared, locked},
    feed::CAPACITY,
    position::Told,
};
use crate::{Error, Prolific, Result, StudyId, call::Clock, poll::PollInterval, webhooks::Event};

/// How many times longer the interval of a watch is than that of a wait.
const SLOWER: u32 = 6;
/// How long a watch keeps trying while nothing succeeds.
const PATIENCE: Duration = Duration::from_secs(3_600);

type Items = Pin<Box<dyn FusedStream<Item = Result<StudyEvent>> + Send>>;

/// The changes of a study and its submissions, a [`Stream`]. Returned by
/// [`Studies::watch`](super::Studies::watch), which describes what it reports.
///
/// Returns `None` when polled after its end.
#[must_use = "a stream does nothing until it is polled"]
pub struct StudyWatch {
    told: Shared,
    /// `None` once it has started.
    plan: Option<Plan>,
    sender: Option<mpsc::Sender<Event>>,
    weak_sender: mpsc::WeakSender<Event>,
    items: Items,
}

impl StudyWatch {
    pub(super) fn new(prolific: Prolific, study_id: StudyId) -> Self {
        let (sender, feed) = mpsc::channel(CAPACITY);
        let told = Arc::new(Mutex::new(Arc::new(Told::nothing(study_id.clone()))));
        let interval = prolific.policy().poll_interval.times(SLOWER);
        let (polls, patience) = (true, PATIENCE);
        let plan = Plan { prolific, study_id, interval, polls, patience, told: told.clone(), feed };
        let weak_sender = sender.downgrade();
        let items = Box::pin(stream::empty());
        Self { told, plan: Some(plan), sender: Some(sender), weak_sender, items }
    }

    /// Resumes from a position, stored by this process or another: reports what has changed since,
    /// and nothing that was reported before.
    ///
    /// For a position of another study, the stream's only item is an
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) error.
    pub fn resume_from(mut self, position: WatchPosition) -> Self {
        let error = self.plan.as_ref().and_then(|plan| {
            let (other, own) = (position.study_id(), &plan.study_id);
            (other != own).then(|| {
                let message = format!("the position belongs to study {other}, not to {own}");
                Error::invalid_input(message)
            })
        });
        match error {
            Some(error) => {
                (self.plan, self.sender) = (None, None);
                self.items = Box::pin(stream::iter([Err(error)]).fuse());
            }
            None => *locked(&self.told) = position.0,
        }
        self
    }

    /// Sets the pause between polls: a range, `shortest..=longest`, or one [`Duration`]. The pause
    /// grows while nothing changes, and starts again at the shortest after a change. Default: six
    /// times that of the [client](crate::ProlificBuilder::poll_interval), 6 to 60 seconds. A poll
    /// takes one request for the study and one for each 100 submissions. Prolific asks for webhooks
    /// instead of frequent polling; if you pass in events too, a pause of some minutes is enough.
    pub fn interval(mut self, interval: impl Into<PollInterval>) -> Self {
        if let Some(plan) = &mut self.plan {
            plan.interval = interval.into();
        }
        self
    }

    /// Turns polling off: reads everything at the start and once more before the end, and in
    /// between only what events name. An event that is never delivered is missed. It ends when no
    /// [feed](Self::feed) is left.
    pub fn events_only(mut self) -> Self {
        if let Some(plan) = &mut self.plan {
            plan.polls = false;
        }
        self
    }

    /// Sets how long it keeps trying while the server is unreachable or failing. If nothing has
    /// succeeded for that long, it ends with the last error. Default: one hour. Individual calls
    /// are retried under the [`RetryPolicy`](crate::RetryPolicy); zero ends the watch with the
    /// first call that fails after its retries.
    pub fn patience(mut self, patience: Duration) -> Self {
        if let Some(plan) = &mut self.plan {
            plan.patience = patience;
        }
        self
    }

    /// Returns a handle for passing in webhook events. Create it before the watch is first polled;
    /// its clones feed the same watch.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{studies::StudyEvent, webhooks::Event};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let mut watch = prolific.studies().watch(&id).events_only();
    /// let feed = watch.feed();
    /// assert!(matches!(watch.next().await, Some(Ok(StudyEvent::StudyChanged { .. }))));
    ///
    /// # let submission = simulator.submit(&id)?;
    /// # let body = format!(r#"{{"event_type":"submission.status.change","resource_id":"{submission}"}}"#);
    /// // In the handler of the webhook, once the signature was verified:
    /// feed.send(Event::from_body(body.as_bytes())?).await?;
    ///
    /// assert!(matches!(watch.next().await, Some(Ok(StudyEvent::SubmissionNew { .. }))));
    /// # Ok(())
    /// # });
    /// ```
    pub fn feed(&self) -> WatchFeed {
        let sender = self.sender.clone().or_else(|| self.weak_sender.upgrade());
        // A new channel has no listener, as if it were closed.
        WatchFeed(sender.unwrap_or_else(|| mpsc::channel(1).0))
    }

    /// Returns the position after the last returned item. Store it to [resume](Self::resume_from).
    pub fn position(&self) -> WatchPosition {
        WatchPosition(locked(&self.told).clone())
    }

    /// Returns the next change, or `None` at the end, without importing a stream trait. Cancel
    /// safe: dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<StudyEvent>> {
        stream::StreamExt::next(self).await
    }

    fn begin(&mut self, plan: Plan) {
        self.sender = None;
        let clock = Clock::new(plan.prolific.policy().environment.clone());
        let course = Course::new(plan, clock.clone());
        let mut items = Box::pin(unfold(course, |mut course| async move {
            let item = course.next().await?;
            Some((item, course))
        }));
        let by_clock = stream::poll_fn(move |context| {
            let polled = clock.poll(context, |context| items.as_mut().poll_next(context));
            if polled.is_ready() {
                // The caller may take time for each item.
                clock.pause();
            }
            polled
        });
        self.items = Box::pin(by_clock.fuse());
    }

    fn was_told(&self, event: &StudyEvent) {
        Arc::make_mut(&mut locked(&self.told)).take(event);
    }

    /// Stores the position, and what was last seen, in an error.
    fn placed(&self, error: Error) -> Error {
        let position = self.position();
        let status = position.study_status().map_or("", |status| status.as_str()).to_owned();
        error.with_last_seen(status, position)
    }
}

impl Stream for StudyWatch {
    type Item = Result<StudyEvent>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(plan) = self.plan.take() {
            self.begin(plan);
        }
        Poll::Ready(match ready!(self.items.as_mut().poll_next(context)) {
            Some(Ok(event)) => {
                self.was_told(&event);
                Some(Ok(event))
            }
            Some(Err(error)) => Some(Err(self.placed(error))),
            None => None,
        })
    }
}

impl FusedStream for StudyWatch {
    fn is_terminated(&self) -> bool {
        self.plan.is_none() && self.items.is_terminated()
    }
}

impl fmt::Debug for StudyWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StudyWatch").field("position", &self.position()).finish_non_exhaustive()
    }
}
