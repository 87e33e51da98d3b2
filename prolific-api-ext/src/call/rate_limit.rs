//! The turns of a request-rate limit.

use std::{
    collections::VecDeque,
    future::poll_fn,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker, ready},
    time::{Duration, Instant},
};

use super::{Clock, environment::FAR_OFF};

/// How late a timer may fire without a turn being lost: at a high rate turns are closer together
/// than timers are exact.
const LATENESS: Duration = Duration::from_millis(2);

/// Spaces the requests of a client and its clones evenly, first come, first served.
///
/// A turn is a reserved instant: waiting requests get the next turns in the order in which they
/// asked. One that gives up leaves its turn to the next. One that is not polled when its turn comes
/// is passed over, and gets the first free turn when it is polled again.
#[derive(Debug)]
pub(crate) struct RateLimit {
    interval: Duration,
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    /// The first free turn.
    first: Option<Instant>,
    /// Those that wait, by when they asked.
    waiting: VecDeque<Waiting>,
    last_ticket: u64,
}

#[derive(Debug)]
struct Waiting {
    ticket: u64,
    /// None where it was woken and has not asked since.
    waker: Option<Waker>,
}

/// What there is for one that asks.
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    Now,
    At(Instant),
    TooLate,
}

impl RateLimit {
    /// At most this many requests per second; `None` if the number is not a rate.
    pub(crate) fn per_second(requests: f64) -> Option<Self> {
        let interval = Duration::try_from_secs_f64(requests.recip()).ok()?;
        let is_rate = requests.is_finite() && requests > 0.0 && interval <= FAR_OFF;
        is_rate.then(|| Self { interval, queue: Mutex::default() })
    }

    /// How long the turn of one that asks now is away.
    pub(crate) fn earliest(&self, now: Instant) -> Duration {
        let queue = self.queue();
        self.turn_at(&queue, queue.waiting.len(), now).saturating_duration_since(now)
    }

    /// Waits for a turn and takes it. `false` means that none comes within `time`.
    pub(crate) async fn turn(&self, clock: &Clock, time: Duration) -> bool {
        let ends = clock.now().checked_add(time);
        let mut place = Place { limit: self, ticket: None };
        let mut sleep = None;
        poll_fn(|context| {
            loop {
                let now = clock.environment().now();
                let left = ends.map(|ends| ends.saturating_duration_since(clock.now()));
                let deadline = left.and_then(|left| now.checked_add(left));
                let at = match place.ask(now, deadline, context.waker()) {
                    Turn::Now => return Poll::Ready(true),
                    Turn::TooLate => return Poll::Ready(false),
                    Turn::At(at) => at,
                };
                let (_, timer) = match sleep.take() {
                    Some((until, timer)) if until == at => sleep.insert((until, timer)),
                    _ => {
                        let wait = at.saturating_duration_since(now);
                        sleep.insert((at, clock.environment().sleep(wait)))
                    }
                };
                ready!(timer.as_mut().poll(context));
                sleep = None;
            }
        })
        .await
    }

    /// The turn of the call at this place in the queue. A turn that was not used in time is not
    /// made up for.
    fn turn_at(&self, queue: &Queue, place: usize, now: Instant) -> Instant {
        let is_recent = |first: &Instant| now.saturating_duration_since(*first) <= LATENESS;
        let is_queue = !queue.waiting.is_empty();
        let first = queue.first.filter(|first| is_queue || is_recent(first)).unwrap_or(now);
        let ahead = self.interval.saturating_mul(u32::try_from(place).unwrap_or(u32::MAX));
        first.checked_add(ahead).unwrap_or(now + FAR_OFF)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Takes the turn that has come to the one at this place, who is no longer in the queue.
    fn take(&mut self, place: usize, turn: Instant, now: Instant, interval: Duration) {
        let latest = now.checked_sub(LATENESS).unwrap_or(now);
        let mut first = self.first.unwrap_or(turn);
        if first < latest {
            // Calls ahead of this one had an earlier turn, but were not polled to take it.
            self.waiting.drain(..place);
            first = turn.max(latest);
        }
        self.first = first.checked_add(interval);
    }
}

/// A place in the queue, which is left when it is dropped.
struct Place<'a> {
    limit: &'a RateLimit,
    ticket: Option<u64>,
}

impl Place<'_> {
    fn ask(&mut self, now: Instant, deadline: Option<Instant>, waker: &Waker) -> Turn {
        let mut queue = self.limit.queue();
        let queue = &mut *queue;
        let ticket = *self.ticket.get_or_insert_with(|| {
            queue.last_ticket += 1;
            queue.last_ticket
        });
        let place = queue.waiting.partition_point(|waiting| waiting.ticket < ticket);
        let is_there = queue.waiting.get(place).is_some_and(|waiting| waiting.ticket == ticket);
        let turn = self.limit.turn_at(queue, place, now);
        if deadline.is_some_and(|deadline| turn.max(now) >= deadline) {
            return Turn::TooLate;
        }
        if turn <= now {
            queue.waiting.retain(|waiting| waiting.ticket != ticket);
            queue.take(place, turn, now, self.limit.interval);
            return Turn::Now;
        }
        if !is_there {
            queue.waiting.insert(place, Waiting { ticket, waker: Some(waker.clone()) });
        } else if let Some(waiting) = queue.waiting.get_mut(place) {
            let is_known = waiting.waker.as_ref().is_some_and(|known| known.will_wake(waker));
            if !is_known {
                waiting.waker = Some(waker.clone());
            }
        }
        Turn::At(turn)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let mut queue = self.limit.queue();
        let place = queue.waiting.partition_point(|waiting| waiting.ticket < ticket);
        queue.waiting.retain(|waiting| waiting.ticket != ticket);
        // The turns of all behind have become earlier ones. Each is woken once until it asks again,
        // so that thousands that go away together don't wake one another over and over.
        let behind = queue.waiting.iter_mut().skip(place);
        let wakers: Vec<Waker> = behind.filter_map(|waiting| waiting.waker.take()).collect();
        drop(queue);
        wakers.into_iter().for_each(Waker::wake);
    }
}
