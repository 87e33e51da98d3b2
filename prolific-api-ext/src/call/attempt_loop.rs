use std::{
    future::Future,
    time::{Duration, Instant},
};

use prolific_api::RetrySafety;

use super::{FailedAttempt, FailureKind, Policy, failure::Failure, record::Ended, trace};

/// What came of an attempt: success, or a failure with whatever came in its place.
#[derive(Debug)]
pub(super) enum Attempted<T, E> {
    Success(T),
    Failure(Failure, E),
}

/// What the loop has to know of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) safety: RetrySafety,
    /// Whether its body can be sent again.
    pub(super) is_replayable: bool,
}

/// How a call ended.
#[derive(Debug)]
pub(super) struct Ending<T, E> {
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
    pub(super) outcome: Result<T, Failed<E>>,
}

/// The last failure of a call, and why no attempt followed it.
#[derive(Debug)]
pub(super) struct Failed<E> {
    pub(super) failure: Failure,
    pub(super) ended: Ended,
    pub(super) value: E,
}

/// Attempts a call, telling each attempt how much time is left, until an attempt succeeds, or the policy, the deadline or the budget ends it.
/// What came of the last attempt is what comes out: no failure hides an answer.
pub(super) async fn run<T, E, F: Future<Output = Attempted<T, E>>>(
    policy: &Policy,
    call: Call,
    mut attempt: impl FnMut(Duration) -> F,
) -> Ending<T, E> {
    let started = policy.environment.now();
    let mut retried = None;
    let mut number = 1;
    let mut left = policy.total_timeout;
    loop {
        trace::attempt(number);
        let attempted = attempt(left).await;
        let elapsed = elapsed(policy, started);
        let (failure, value) = match attempted {
            Attempted::Failure(failure, value) => (failure, value),
            Attempted::Success(value) => {
                policy.budget.deposit(retried);
                return Ending { attempts: number, elapsed, outcome: Ok(value) };
            }
        };
        match delay_before_next(policy, call, number, failure, elapsed) {
            Err(ended) => {
                let outcome = Err(Failed { failure, ended, value });
                return Ending { attempts: number, elapsed, outcome };
            }
            Ok(delay) => {
                trace::retry(number, delay, failure.kind);
                policy.environment.sleep(delay).await;
                retried = Some(failure.kind);
                number += 1;
                left = policy.total_timeout.saturating_sub(self::elapsed(policy, started));
            }
        }
    }
}

fn elapsed(policy: &Policy, started: Instant) -> Duration {
    policy.environment.now().saturating_duration_since(started)
}

/// How long to wait before the next attempt, or why there is none.
fn delay_before_next(
    policy: &Policy,
    call: Call,
    number: u32,
    failure: Failure,
    elapsed: Duration,
) -> Result<Duration, Ended> {
    let Failure { kind, hint } = failure;
    let failed = FailedAttempt { number, kind, safety: call.safety, elapsed };
    let was_acted_on = !matches!(kind, FailureKind::NotSent | FailureKind::RateLimited);
    let must_not = call.safety == RetrySafety::Never && was_acted_on;
    if must_not || !policy.retry.should_retry(&failed) {
        return Err(Ended::ByPolicy);
    }
    if !call.is_replayable {
        return Err(Ended::NotReplayable);
    }
    let delay = policy.backoff.delay(number, policy.environment.random());
    let delay = delay.max(hint.unwrap_or_default());
    if delay >= policy.total_timeout.saturating_sub(elapsed) {
        return Err(Ended::Deadline);
    }
    if !policy.budget.withdraw(kind) {
        return Err(Ended::Budget);
    }
    Ok(delay)
}

#[cfg(test)]
mod tests {
    use std::{
        future::ready,
        sync::{
            Arc, Mutex,
            atomic::{AtomicU64, Ordering},
        },
        time::SystemTime,
    };

    use super::*;
    use crate::call::{
        Backoff, Environment, FullJitter, NoRetry, RetryBudget, RetryPolicy, StandardRetry,
        TokenBucket, Unlimited, environment::Sleep,
    };

    const CLASSES: [RetrySafety; 5] = [
        RetrySafety::Safe,
        RetrySafety::Idempotent,
        RetrySafety::Conditional,
        RetrySafety::Unsafe,
        RetrySafety::Never,
    ];

    /// A clock that only sleeping and attempts move.
    #[derive(Debug)]
    struct Simulated {
        start: Instant,
        elapsed: AtomicU64,
        slept: Mutex<Vec<u64>>,
        random: f64,
    }

    impl Simulated {
        fn new(random: f64) -> Arc<Self> {
            let slept = Mutex::default();
            Arc::new(Self { start: Instant::now(), elapsed: AtomicU64::new(0), slept, random })
        }

        fn advance(&self, milliseconds: u64) {
            self.elapsed.fetch_add(milliseconds, Ordering::Relaxed);
        }
    }

    impl Environment for Simulated {
        fn now(&self) -> Instant {
            self.start + Duration::from_millis(self.elapsed.load(Ordering::Relaxed))
        }

        fn time_of_day(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }

        fn sleep(&self, duration: Duration) -> Sleep {
            let milliseconds = u64::try_from(duration.as_millis()).unwrap();
            self.slept.lock().unwrap().push(milliseconds);
            self.advance(milliseconds);
            Box::pin(ready(()))
        }

        fn random(&self) -> f64 {
            self.random
        }
    }

    fn policy(environment: &Arc<Simulated>) -> Policy {
        let mut policy = Policy::for_tests();
        policy.environment = environment.clone();
        policy
    }

    fn call(safety: RetrySafety) -> Call {
        Call { safety, is_replayable: true }
    }

    /// Runs a call whose attempts fail as listed and then succeed; each takes a second. An
    /// attempt is worth its number.
    async fn run_failing(
        policy: &Policy,
        environment: &Arc<Simulated>,
        call: Call,
        failures: &[Failure],
    ) -> Ending<u32, u32> {
        let mut number = 0;
        run(policy, call, |_| {
            number += 1;
            environment.advance(1_000);
            ready(match failures.get(number as usize - 1) {
                Some(failure) => Attempted::Failure(*failure, number),
                None => Attempted::Success(number),
            })
        })
        .await
    }

    fn value(ending: &Ending<u32, u32>) -> Result<u32, u32> {
        ending.outcome.as_ref().map(|value| *value).map_err(|failed| failed.value)
    }

    fn ended(ending: &Ending<u32, u32>) -> Option<Ended> {
        ending.outcome.as_ref().err().map(|failed| failed.ended)
    }

    #[tokio::test]
    async fn the_matrix_of_failure_and_retry_safety() {
        use FailureKind::{Broken, NotSent, Permanent, RateLimited, Status, Timeout};
        // Safe, Idempotent, Conditional, Unsafe, Never: whether there is a second attempt.
        let matrix = [
            (NotSent, [true, true, true, true, true]),
            (RateLimited, [true, true, true, true, true]),
            (Status, [true, true, false, false, false]),
            (Timeout, [true, true, false, false, false]),
            (Broken, [true, true, false, false, false]),
            (Permanent, [false, false, false, false, false]),
        ];
        assert_eq!(matrix.map(|(kind, _)| kind), FailureKind::ALL);
        for (kind, row) in matrix {
            for (safety, retried) in CLASSES.into_iter().zip(row) {
                let environment = Simulated::new(0.5);
                let failures = [Failure::new(kind)];
                let policy = policy(&environment);
                let ending = run_failing(&policy, &environment, call(safety), &failures).await;
                let expected = if retried { Ok(2) } else { Err(1) };
                assert_eq!(value(&ending), expected, "{kind:?} {safety:?}");
            }
        }
    }

    #[tokio::test]
    async fn there_are_four_attempts_with_growing_jittered_delays() {
        for (random, slept) in [(0.5, [250, 500, 1_000]), (0.0, [0, 0, 0])] {
            let environment = Simulated::new(random);
            let failures = [Failure::new(FailureKind::Status); 9];
            let policy = policy(&environment);
            let ending =
                run_failing(&policy, &environment, call(RetrySafety::Safe), &failures).await;
            assert_eq!((value(&ending), ending.attempts), (Err(4), 4));
            assert_eq!(*environment.slept.lock().unwrap(), slept);
            assert_eq!(ending.elapsed.as_millis() as u64, 4_000 + slept.iter().sum::<u64>());
        }
    }

    #[tokio::test]
    async fn a_hint_is_a_lower_bound_and_one_beyond_the_deadline_ends_the_call_at_once() {
        // hint in ms, what is slept in ms (none: the call ends)
        let table = [
            (100, Some(250)),
            (3_000, Some(3_000)),
            (58_999, Some(58_999)),
            (59_000, None),
            (3_600_000, None),
        ];
        for (hint, slept) in table {
            let environment = Simulated::new(0.5);
            let mut policy = policy(&environment);
            policy.total_timeout = Duration::from_secs(60);
            let failure =
                Failure { kind: FailureKind::RateLimited, hint: Some(Duration::from_millis(hint)) };
            let ending =
                run_failing(&policy, &environment, call(RetrySafety::Unsafe), &[failure]).await;
            assert_eq!(environment.slept.lock().unwrap().first().copied(), slept, "{hint}");
            assert_eq!(ended(&ending), slept.is_none().then_some(Ended::Deadline), "{hint}");
        }
    }

    #[tokio::test]
    async fn every_attempt_is_told_how_much_time_is_left() {
        let environment = Simulated::new(0.0);
        let mut policy = policy(&environment);
        policy.total_timeout = Duration::from_millis(2_500);
        let left = Mutex::new(Vec::new());
        run(&policy, call(RetrySafety::Safe), |time| {
            left.lock().unwrap().push(time.as_millis());
            environment.advance(1_000);
            ready(Attempted::<(), ()>::Failure(Failure::new(FailureKind::Timeout), ()))
        })
        .await;
        assert_eq!(*left.lock().unwrap(), [2_500, 1_500, 500]);
    }

    #[tokio::test]
    async fn what_can_not_be_sent_again_is_not_whatever_the_policy_says() {
        #[derive(Debug)]
        struct Always;
        impl RetryPolicy for Always {
            fn should_retry(&self, _: &FailedAttempt) -> bool {
                true
            }
        }
        let environment = Simulated::new(0.0);
        let mut policy = policy(&environment);
        policy.retry = Arc::new(Always);
        let failures = [Failure::new(FailureKind::Status)];
        let streamed = Call { safety: RetrySafety::Safe, is_replayable: false };
        let ending = run_failing(&policy, &environment, streamed, &failures).await;
        assert_eq!((ending.attempts, ended(&ending)), (1, Some(Ended::NotReplayable)));
        let ending = run_failing(&policy, &environment, call(RetrySafety::Never), &failures).await;
        assert_eq!((ending.attempts, ended(&ending)), (1, Some(Ended::ByPolicy)));
        let ending = run_failing(&policy, &environment, call(RetrySafety::Unsafe), &failures).await;
        assert_eq!(value(&ending), Ok(2));
    }

    #[tokio::test]
    async fn an_outage_is_not_multiplied_beyond_the_budget_of_the_clones() {
        let environment = Simulated::new(0.0);
        let mut policy = policy(&environment);
        let bucket = Arc::new(TokenBucket::new(20));
        policy.budget = bucket.clone();
        let clone = policy.clone();
        let failures = [Failure::new(FailureKind::Status); 9];
        let first = run_failing(&policy, &environment, call(RetrySafety::Safe), &failures).await;
        assert_eq!((first.attempts, bucket.tokens()), (4, 5));
        let second = run_failing(&clone, &environment, call(RetrySafety::Safe), &failures).await;
        assert_eq!((second.attempts, ended(&second)), (2, Some(Ended::Budget)));
        let third = run_failing(&clone, &environment, call(RetrySafety::Safe), &[]).await;
        assert_eq!((third.attempts, bucket.tokens()), (1, 1));
    }

    #[tokio::test]
    async fn every_part_of_the_policy_can_be_replaced() {
        let environment = Simulated::new(0.0);
        let mut policy = policy(&environment);
        policy.retry = Arc::new(NoRetry);
        let failures = [Failure::new(FailureKind::NotSent); 9];
        let attempts = async |policy: &Policy| {
            run_failing(policy, &environment, call(RetrySafety::Safe), &failures).await.attempts
        };
        assert_eq!(attempts(&policy).await, 1);
        policy.retry = Arc::new(StandardRetry::max_attempts(7));
        policy.budget = Arc::new(Unlimited);
        assert_eq!(attempts(&policy).await, 7);

        let backoff: Arc<dyn Backoff> = Arc::new(FullJitter::new(Duration::MAX, Duration::MAX));
        policy.backoff = backoff;
        let budget: Arc<dyn RetryBudget> = Arc::new(TokenBucket::new(0));
        policy.budget = budget;
        assert_eq!(attempts(&policy).await, 1);
    }
}
