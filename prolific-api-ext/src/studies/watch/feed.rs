use std::{error, fmt};

use tokio::sync::mpsc;

use crate::webhooks::Event;

/// The number of events that can wait; senders wait for room.
pub(super) const CAPACITY: usize = 1_024;

/// Passes webhook events to a [`StudyWatch`](super::StudyWatch). Returned by
/// [`StudyWatch::feed`](super::StudyWatch::feed).
///
/// Clones feed the same watch. Up to 1,024 events are queued. Events of other studies, old ones and
/// duplicates do no harm.
#[derive(Clone, Debug)]
pub struct WatchFeed(pub(super) mpsc::Sender<Event>);

impl WatchFeed {
    /// Passes an event, waiting for room in the queue. Cancel safe: if dropped before it is ready,
    /// nothing was passed.
    ///
    /// # Errors
    ///
    /// Returns [`FeedError::Ended`] if the watch has ended or was dropped.
    pub async fn send(&self, event: Event) -> Result<(), FeedError> {
        self.0.send(event).await.map_err(|refused| FeedError::Ended(refused.0))
    }

    /// Passes an event if there is room in the queue.
    ///
    /// # Errors
    ///
    /// Returns [`FeedError::Full`] if there is no room: a watch that also polls will find the
    /// change, so the event can be dropped. [`FeedError::Ended`] if the watch has ended or was
    /// dropped.
    pub fn try_send(&self, event: Event) -> Result<(), FeedError> {
        self.0.try_send(event).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(event) => FeedError::Full(event),
            mpsc::error::TrySendError::Closed(event) => FeedError::Ended(event),
        })
    }
}

/// Why a [`WatchFeed`] did not accept an event, with the event.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FeedError {
    /// The queue is full.
    Full(Event),
    /// The watch has ended or was dropped.
    Ended(Event),
}

impl fmt::Display for FeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "the watch's buffer of events is full",
            Self::Ended(_) => "the watch has ended",
        })
    }
}

impl error::Error for FeedError {}
