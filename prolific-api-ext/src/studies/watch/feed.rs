use std::{error, fmt};

use tokio::sync::mpsc;

use crate::webhooks::Event;

/// How many events wait to be looked at; whoever hands in more waits.
pub(super) const CAPACITY: usize = 1_024;

/// Hands webhook events to a [`StudyWatch`](super::StudyWatch). Made by
/// [`StudyWatch::feed`](super::StudyWatch::feed).
///
/// Clones feed the same watch. At most 1,024 events wait for it. What belongs to other studies may be
/// handed in too, and so may be what came before or came twice.
#[derive(Clone, Debug)]
pub struct WatchFeed(pub(super) mpsc::Sender<Event>);

impl WatchFeed {
    /// Hands an event in, as soon as there is room for it. Dropped before it is ready, it has handed
    /// nothing in.
    ///
    /// # Errors
    ///
    /// [`FeedError::Ended`] if the watch has ended or was dropped.
    pub async fn send(&self, event: Event) -> Result<(), FeedError> {
        self.0.send(event).await.map_err(|refused| FeedError::Ended(refused.0))
    }

    /// Hands an event in if there is room for it.
    ///
    /// # Errors
    ///
    /// [`FeedError::Full`] if there is none: a watch that also polls will find the change, so that the
    /// event may be dropped. [`FeedError::Ended`] if the watch has ended or was dropped.
    pub fn try_send(&self, event: Event) -> Result<(), FeedError> {
        self.0.try_send(event).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(event) => FeedError::Full(event),
            mpsc::error::TrySendError::Closed(event) => FeedError::Ended(event),
        })
    }
}

/// Why a [`WatchFeed`] did not take an event, with the event.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FeedError {
    /// As many events as there is room for wait to be looked at.
    Full(Event),
    /// The watch has ended or was dropped.
    Ended(Event),
}

impl fmt::Display for FeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "the watch has no room for another event",
            Self::Ended(_) => "the watch has ended",
        })
    }
}

impl error::Error for FeedError {}
