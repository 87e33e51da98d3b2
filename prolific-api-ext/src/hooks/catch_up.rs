use futures_util::{StreamExt as _, TryStreamExt as _, future};

use super::Hooks;
use crate::{Result, SubscriptionId, Timestamp, webhooks::Event};

impl Hooks {
    /// Lists the events of a subscription since a point in time, delivered or not, oldest first:
    /// what a receiver missed while it was down. Prolific lists deliveries that it gave up, but
    /// does not repeat them. Events without a time are included.
    ///
    /// Events that were already handled are included too; [`Dedupe`](crate::webhooks::Dedupe) drops
    /// them. Up to 1,000,000 events are held in memory.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if a page can't be read; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(prolific: prolific_api_ext::Prolific, id: prolific_api_ext::SubscriptionId)
    /// # -> prolific_api_ext::Result<()> {
    /// use std::time::{Duration, SystemTime};
    ///
    /// let yesterday = SystemTime::now() - Duration::from_secs(24 * 3600);
    /// for event in prolific.hooks().catch_up(&id, yesterday).await? {
    ///     println!("{:?}", event.change());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn catch_up(
        &self,
        id: &SubscriptionId,
        since: impl Into<Timestamp>,
    ) -> Result<Vec<Event>> {
        let since = since.into().to_system_time();
        let is_missed = |event: &Event| {
            let time = event.sent_at().and_then(Timestamp::to_system_time);
            time.is_none() || since.is_none() || time >= since
        };
        let events = self.events(id).try_filter_map(|delivery| {
            let event = delivery.event().filter(is_missed);
            future::ready(Ok(event))
        });
        let mut events: Vec<Event> = events.boxed().try_collect().await?;
        // Prolific lists the newest first, and the times of some are the same.
        events.reverse();
        events.sort_by_key(|event| event.sent_at().and_then(Timestamp::to_system_time));
        Ok(events)
    }
}
