//! Watching a study: each change of it and of its submissions, once.

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

/// How much more seldom a watch polls than a wait.
const SLOWER: u32 = 6;
/// How long nothing has to succeed for a watch to end.
const PATIENCE: Duration = Duration::from_secs(3_600);

type Items = Pin<Box<dyn FusedStream<Item = Result<StudyEvent>> + Send>>;

/// The changes of a study and of its submissions, a [`Stream`]. Made by
/// [`Studies::watch`](super::Studies::watch); see [there](super::Studies::watch) what it tells.
///
/// It may be polled after its end, and then gives nothing.
#[must_use = "a stream does nothing until it is polled"]
pub struct StudyWatch {
    told: Shared,
    /// None once it has begun.
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

    /// Goes on from what was told before, in this process or another: what changed since is told, and
    /// nothing that was told before.
    ///
    /// A position of another study is [`InvalidInput`](crate::ErrorKind::InvalidInput), as the
    /// stream's only item.
    pub fn from(mut self, position: WatchPosition) -> Self {
        let error = self.plan.as_ref().and_then(|plan| {
            let (other, own) = (position.study_id(), &plan.study_id);
            (other != own).then(|| {
                let message = format!("the position is one of study {other}, and not of {own}");
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

    /// Sets how long to pause between polls, `shortest..=longest` or one [`Duration`]. It grows while
    /// nothing changes and is the shortest again after a change. Default: six times that of the
    /// [client](crate::ProlificBuilder::poll_interval), 6 to 60 seconds. A poll takes a request for the
    /// study and one for each 100 submissions. Prolific asks for webhooks in the place of frequent
    /// polls: beside events a pause of some minutes will do.
    pub fn interval(mut self, interval: impl Into<PollInterval>) -> Self {
        if let Some(plan) = &mut self.plan {
            plan.interval = interval.into();
        }
        self
    }

    /// Doesn't poll: it reads everything at its beginning and once more before it ends, and in between
    /// what events name alone. An event that is never delivered is not made up for. Without any
    /// [feed](Self::feed) left it ends.
    pub fn events_only(mut self) -> Self {
        if let Some(plan) = &mut self.plan {
            plan.polls = false;
        }
        self
    }

    /// Sets how long it outlasts a server that can't be reached or fails: if nothing has succeeded for
    /// so long, it ends with the last error. Default: an hour. Calls are retried inside as the
    /// [`RetryPolicy`](crate::RetryPolicy) says; zero ends it with the first call that fails after that.
    pub fn patience(mut self, patience: Duration) -> Self {
        if let Some(plan) = &mut self.plan {
            plan.patience = patience;
        }
        self
    }

    /// A handle that webhook events are handed in by. Make it before the watch is first polled; its
    /// clones feed the same watch.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{studies::StudyEvent, webhooks::Event};
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
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
    /// # }
    /// ```
    pub fn feed(&self) -> WatchFeed {
        let sender = self.sender.clone().or_else(|| self.weak_sender.upgrade());
        // Nobody listens to a new channel, as to one that was closed.
        WatchFeed(sender.unwrap_or_else(|| mpsc::channel(1).0))
    }

    /// What was told so far: all items that were given, and nothing that was not. Store it to go on
    /// [from](Self::from) it.
    pub fn position(&self) -> WatchPosition {
        WatchPosition(locked(&self.told).clone())
    }

    /// The next change, or none after the end, without a trait of another crate. Dropped before it is
    /// ready, it loses nothing.
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
                // Whoever gets an item may take their time.
                clock.pause();
            }
            polled
        });
        self.items = Box::pin(by_clock.fuse());
    }

    fn was_told(&self, event: &StudyEvent) {
        Arc::make_mut(&mut locked(&self.told)).take(event);
    }

    /// Keeps the position in an error, and with it what was seen last.
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
