//! The driver: runs the attempts of a call, one after the other.
//!
//! Everything that is sent goes through here: calls, polls of waits, pages of lists, uploads and
//! downloads. Only the driver counts attempts, and delays them: for the turn of bonuses, for a
//! pause or the server's hint, for a turn under the request-rate limit.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use prolific_api::{Operation, RetrySafety};
use reqwest::StatusCode;
use tokio::sync::MutexGuard;

use super::{
    Clock, FailedAttempt, FailureKind, Policy, RateLimit, failure::Failure, record::Ended, trace,
};

/// The outcome of an attempt: success, or a failure with what was received instead.
#[derive(Debug)]
pub(crate) enum Attempted<T, E> {
    Success(StatusCode, T),
    Failure(Failure, E),
}

/// What is attempted.
pub(crate) trait Attempts {
    /// What a success gives.
    type Success;
    /// What accompanies a failure.
    type Failure;

    /// Makes an attempt, with this much time left.
    fn attempt(
        &mut self,
        left: Duration,
    ) -> impl Future<Output = Attempted<Self::Success, Self::Failure>> + Send;
}

/// What the driver needs to know about a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) operation: Option<&'static Operation>,
    /// Whether its body can be sent again.
    pub(crate) is_replayable: bool,
    pub(crate) bound: Bound,
}

/// The timeout of all attempts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The total timeout of the client.
    Call,
    /// A separate timeout, for a transfer. The total timeout bounds each of its pauses.
    Transfer(Duration),
}

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Ending<T, E> {
    /// The number of attempts.
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    /// Whether the server may have acted on an attempt before the last.
    pub(crate) in_doubt: bool,
    pub(crate) outcome: Outcome<T, E>,
}

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Outcome<T, E> {
    Success(T),
    /// The last failure, what accompanied it, and why no attempt followed.
    Failure(Failure, E, Ended),
    /// No attempt was made.
    NotSent(Ended),
}

impl Call {
    /// Unknown operations may not be repeated.
    fn safety(self) -> RetrySafety {
        self.operation.map_or(RetrySafety::Unsafe, |operation| operation.retry)
    }

    /// Whether repeating it would have a further effect.
    fn acts(self) -> bool {
        acts(self.safety())
    }

    /// Whether Prolific requires calls one at a time.
    fn is_bonus_request(self) -> bool {
        const ONE_AT_A_TIME: [&str; 2] = ["create-bonus-payments", "pay-bonus-payments"];
        self.operation.is_some_and(|operation| ONE_AT_A_TIME.contains(&operation.operation_id))
    }
}

/// Whether repeating an operation would have a further effect.
pub(crate) fn acts(safety: RetrySafety) -> bool {
    !matches!(safety, RetrySafety::Safe | RetrySafety::Idempotent)
}

/// Drives a call. Each attempt receives the remaining time. Must run on the clock.
///
/// Returns the outcome of the last attempt, so that no failure hides a response.
pub(crate) async fn drive<A: Attempts>(
    policy: &Policy,
    call: Call,
    clock: &Clock,
    attempts: &mut A,
) -> Ending<A::Success, A::Failure> {
    let mut course = Course::new(policy, call, clock);
    let mut last = None;
    let outcome = loop {
        let left = match course.next().await {
            Ok(left) => left,
            Err(ended) => {
                break match last.map(|last: Box<_>| *last) {
                    Some((failure, value)) => Outcome::Failure(failure, value, ended),
                    None => Outcome::NotSent(ended),
                };
            }
        };
        let began = trace::attempt_begins(clock);
        let attempted = attempts.attempt(left).await;
        trace::attempt_ended(began, clock, course.attempts, &attempted);
        match attempted {
            Attempted::Success(_, value) => {
                policy.budget.deposit(course.failed.as_deref());
                break Outcome::Success(value);
            }
            Attempted::Failure(failure, value) => {
                course.failed(&failure);
                last = Some(Box::new((failure, value)));
            }
        }
    };
    course.ended(outcome)
}

/// The progress of a call.
struct Course<'a> {
    policy: &'a Policy,
    call: Call,
    clock: &'a Clock,
    started: Instant,
    attempts: u32,
    /// The number of the last attempt, counted from the last progress.
    failed: Option<Box<FailedAttempt>>,
    /// Whether the server may have acted on the last attempt, and on an earlier one.
    in_doubt: [bool; 2],
    turn_of_bonuses: Option<MutexGuard<'a, ()>>,
}

impl<'a> Course<'a> {
    fn new(policy: &'a Policy, call: Call, clock: &'a Clock) -> Self {
        let started = clock.now();
        let (attempts, failed, in_doubt, turn_of_bonuses) = (0, None, [false; 2], None);
        Self { policy, call, clock, started, attempts, failed, in_doubt, turn_of_bonuses }
    }

    /// Waits until the next attempt may start, and returns how much time is left, or why there is
    /// none.
    async fn next(&mut self) -> Result<Duration, Ended> {
        let begins_at_once =
            self.failed.is_none() && self.rate_limit().is_none() && !self.call.is_bonus_request();
        let left = match begins_at_once {
            true => self.time_for_attempt(self.time())?,
            false => Box::pin(self.wait_for_next()).await?,
        };
        self.attempts += 1;
        Ok(left)
    }

    async fn wait_for_next(&mut self) -> Result<Duration, Ended> {
        let mut withdrawal = None;
        match &self.failed {
            None if self.call.is_bonus_request() => {
                self.turn_of_bonuses = Some(self.turn_of_bonuses().await?);
            }
            None => {}
            Some(failed) => {
                let pause = self.pause_after(failed)?;
                withdrawal = Some(Withdrawal::of(self.policy, failed).ok_or(Ended::Budget)?);
                trace::retry(failed, pause);
                self.clock.sleep(pause).await;
            }
        }
        self.turn().await?;
        let left = self.time_for_attempt(self.time_left())?;
        if let Some(withdrawal) = withdrawal {
            withdrawal.spend();
        }
        Ok(left)
    }

    async fn turn_of_bonuses(&self) -> Result<MutexGuard<'a, ()>, Ended> {
        let time = self.time_left().saturating_sub(self.least_time());
        let mut deadline = self.clock.timer(time);
        deadline.cut(pin!(self.policy.bonus_turn.lock())).await.ok_or(Ended::NoBonusTurn)
    }

    async fn turn(&self) -> Result<(), Ended> {
        let Some(limit) = self.rate_limit() else { return Ok(()) };
        let asked = trace::asks_for_turn(self.clock);
        // No turn is taken that leaves too little time.
        let time = self.time_left().saturating_sub(self.least_time());
        let has_turn = limit.turn(self.clock, time).await;
        trace::waited_for_turn(asked, self.clock, has_turn);
        if has_turn { Ok(()) } else { Err(Ended::NoTurn) }
    }

    /// The limit is the API's, and does not apply to the storage of files.
    fn rate_limit(&self) -> Option<&'a RateLimit> {
        self.policy.rate_limit.as_deref().filter(|_| self.call.bound == Bound::Call)
    }

    /// How long to wait before the next attempt, or why there is none.
    fn pause_after(&self, failed: &FailedAttempt) -> Result<Duration, Ended> {
        let was_turned_away =
            matches!(failed.kind, FailureKind::NotSent | FailureKind::RateLimited);
        let must_not = failed.safety == RetrySafety::Never && !was_turned_away;
        if must_not || !self.policy.retry.should_retry(failed) {
            return Err(Ended::ByPolicy);
        }
        if !self.call.is_replayable {
            return Err(Ended::NotReplayable);
        }
        let backoff = self.policy.backoff.delay(failed, self.policy.environment.random());
        let pause = backoff.max(failed.retry_after.unwrap_or_default());
        let left = self.time_left();
        self.time_for_attempt(left.min(self.policy.total_timeout).saturating_sub(pause))?;
        let now = self.policy.environment.now();
        let turn = self.rate_limit().map_or(Duration::ZERO, |limit| limit.earliest(now));
        self.time_for_attempt(left.saturating_sub(turn)).map_err(|_| Ended::NoTurn)?;
        Ok(pause)
    }

    /// The time for an attempt, if it is enough to start one.
    fn time_for_attempt(&self, left: Duration) -> Result<Duration, Ended> {
        match left {
            Duration::ZERO => Err(Ended::Deadline),
            left if left < self.least_time() => Err(Ended::TooLittleTime),
            left => Ok(left),
        }
    }

    /// How much time has to be left for an attempt: one with side effects is not started only to be
    /// cut off.
    fn least_time(&self) -> Duration {
        if self.call.acts() { self.policy.least_time_to_act() } else { Duration::ZERO }
    }

    fn time(&self) -> Duration {
        match self.call.bound {
            Bound::Call => self.policy.total_timeout,
            Bound::Transfer(time) => time,
        }
    }

    fn time_left(&self) -> Duration {
        self.time().saturating_sub(self.time_spent())
    }

    /// How much of its time the call has used, counting only time in which it was polled.
    fn time_spent(&self) -> Duration {
        self.clock.now().saturating_duration_since(self.started)
    }

    fn failed(&mut self, failure: &Failure) {
        let before = self.failed.take().filter(|_| !failure.made_progress);
        let mut failed = FailedAttempt::new(failure.kind, self.call.safety());
        failed.number = before.map_or(0, |before| before.number) + 1;
        let documented = self.call.operation.filter(|operation| !operation.path.is_empty());
        failed.operation_id = documented.map(|operation| operation.operation_id);
        failed.status = failure.status;
        failed.retry_after = failure.hint;
        failed.elapsed = self.time_spent();
        self.failed = Some(Box::new(failed));
        self.in_doubt = [failure.in_doubt, self.in_doubt[0] || self.in_doubt[1]];
    }

    fn ended<T, E>(self, outcome: Outcome<T, E>) -> Ending<T, E> {
        let elapsed = self.policy.environment.now().saturating_duration_since(self.started);
        let earlier = if let Outcome::Success(_) = outcome { false } else { self.in_doubt[1] };
        Ending { attempts: self.attempts, elapsed, in_doubt: earlier, outcome }
    }
}

/// A withdrawal from the budget, refunded unless it is used.
struct Withdrawal<'a> {
    policy: &'a Policy,
    failed: &'a FailedAttempt,
    is_spent: bool,
}

impl<'a> Withdrawal<'a> {
    fn of(policy: &'a Policy, failed: &'a FailedAttempt) -> Option<Self> {
        let is_granted = policy.budget.withdraw(failed);
        is_granted.then(|| Self { policy, failed, is_spent: false })
    }

    fn spend(mut self) {
        self.is_spent = true;
    }
}

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        if !self.is_spent {
            self.policy.budget.refund(self.failed);
        }
    }
}
