use std::{
    future::Future,
    time::{Duration, Instant},
};

use prolific_api::{Operation, RetrySafety};

use super::{FailedAttempt, FailureKind, Policy, failure::Failure, record::Ended, trace};

/// What came of an attempt: success, or a failure with whatever came in its place.
#[derive(Debug)]
pub(crate) enum Attempted<T, E> {
    Success(T),
    Failure(Failure, E),
}

/// What the loop has to know of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) operation: Option<&'static Operation>,
    /// Whether its body can be sent again.
    pub(crate) is_replayable: bool,
}

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Ending<T, E> {
    /// How many attempts were made.
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) outcome: Outcome<T, E>,
}

/// What a call ended with.
#[derive(Debug)]
pub(crate) enum Outcome<T, E> {
    Success(T),
    Failure(Failed<E>),
    /// The request-rate limit left no turn for a first attempt.
    NoTurn,
}

/// The last failure of a call, and why no attempt followed it.
#[derive(Debug)]
pub(crate) struct Failed<E> {
    pub(crate) failure: Failure,
    pub(crate) ended: Ended,
    pub(crate) value: E,
}

impl Call {
    /// What is not known may not be repeated.
    fn safety(self) -> RetrySafety {
        self.operation.map_or(RetrySafety::Unsafe, |operation| operation.retry)
    }

    fn failed(self, number: u32, failure: Failure, elapsed: Duration) -> FailedAttempt {
        let mut failed = FailedAttempt::new(failure.kind, self.safety());
        failed.number = number;
        failed.operation_id = self.operation.map(|operation| operation.operation_id);
        failed.status = failure.status;
        failed.retry_after = failure.hint;
        failed.elapsed = elapsed;
        failed
    }
}

/// Attempts a call, telling each attempt how much time is left, until an attempt succeeds, or the
/// policy, the deadline or the budget ends it.
/// What came of the last attempt is what comes out: no failure hides an answer.
pub(crate) async fn run<T, E, F: Future<Output = Attempted<T, E>>>(
    policy: &Policy,
    call: Call,
    mut attempt: impl FnMut(Duration) -> F,
) -> Ending<T, E> {
    let started = policy.environment.now();
    let mut left = policy.total_timeout;
    if policy.rate_limit.is_some() {
        if !Box::pin(turn(policy, left)).await {
            let elapsed = elapsed(policy, started);
            return Ending { attempts: 0, elapsed, outcome: Outcome::NoTurn };
        }
        left = time_left(policy, started);
    }
    let mut retried: Option<Box<FailedAttempt>> = None;
    let mut number = 1;
    loop {
        trace::attempt(number);
        let attempted = attempt(left).await;
        let elapsed = elapsed(policy, started);
        let (failure, value) = match attempted {
            Attempted::Failure(failure, value) => (failure, value),
            Attempted::Success(value) => {
                policy.budget.deposit(retried.as_deref());
                return Ending { attempts: number, elapsed, outcome: Outcome::Success(value) };
            }
        };
        let failed = Box::new(call.failed(number, failure, elapsed));
        match Box::pin(before_next(policy, call, &failed, started)).await {
            Err(ended) => {
                let outcome = Outcome::Failure(Failed { failure, ended, value });
                let elapsed = self::elapsed(policy, started);
                return Ending { attempts: number, elapsed, outcome };
            }
            Ok(time) => left = time,
        }
        retried = Some(failed);
        number += 1;
    }
}

fn elapsed(policy: &Policy, started: Instant) -> Duration {
    policy.environment.now().saturating_duration_since(started)
}

fn time_left(policy: &Policy, started: Instant) -> Duration {
    policy.total_timeout.saturating_sub(elapsed(policy, started))
}

/// Waits for a turn under the request-rate limit, if there is one. `false` where none comes in
/// time.
async fn turn(policy: &Policy, left: Duration) -> bool {
    match &policy.rate_limit {
        None => true,
        Some(limit) => limit.turn(&*policy.environment, left).await,
    }
}

/// Waits until the next attempt may begin and gives how much time is left for it, or says why
/// there is none. What the budget gave for an attempt that is not made goes back.
async fn before_next(
    policy: &Policy,
    call: Call,
    failed: &FailedAttempt,
    started: Instant,
) -> Result<Duration, Ended> {
    let delay = delay_before_next(policy, call, failed)?;
    let withdrawal = Withdrawal::of(policy, failed).ok_or(Ended::Budget)?;
    trace::retry(failed, delay);
    policy.environment.sleep(delay).await;
    if !turn(policy, time_left(policy, started)).await {
        return Err(Ended::NoTurn);
    }
    let left = time_left(policy, started);
    if left.is_zero() {
        return Err(Ended::Deadline);
    }
    withdrawal.spend();
    Ok(left)
}

/// How long to wait before the next attempt, or why there is none.
fn delay_before_next(
    policy: &Policy,
    call: Call,
    failed: &FailedAttempt,
) -> Result<Duration, Ended> {
    let was_acted_on = !matches!(failed.kind, FailureKind::NotSent | FailureKind::RateLimited);
    let must_not = failed.safety == RetrySafety::Never && was_acted_on;
    if must_not || !policy.retry.should_retry(failed) {
        return Err(Ended::ByPolicy);
    }
    if !call.is_replayable {
        return Err(Ended::NotReplayable);
    }
    let left = policy.total_timeout.saturating_sub(failed.elapsed);
    let backoff = policy.backoff.delay(failed, policy.environment.random());
    let delay = backoff.max(failed.retry_after.unwrap_or_default());
    if delay >= left {
        return Err(Ended::Deadline);
    }
    let earliest = |limit: &super::RateLimit| limit.earliest(policy.environment.now());
    let turn = policy.rate_limit.as_deref().map_or(Duration::ZERO, earliest);
    if turn >= left {
        return Err(Ended::NoTurn);
    }
    Ok(delay.max(turn))
}

/// What the budget gave for a retry. It goes back unless it is spent.
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
        Backoff, Environment, FullJitter, NoRetry, RateLimit, RetryBudget, RetryPolicy,
        StandardRetry, TokenBucket, Unlimited, environment::Sleep,
    };

    static OPERATIONS: [Operation; 5] = [
        operation(RetrySafety::Safe),
        operation(RetrySafety::Idempotent),
        operation(RetrySafety::Conditional),
        operation(RetrySafety::Unsafe),
        operation(RetrySafety::Never),
    ];

    const fn operation(retry: RetrySafety) -> Operation {
        Operation::new("test", "GET", "/test").with_retry(retry)
    }

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
        let operation = OPERATIONS.iter().find(|operation| operation.retry == safety);
        Call { operation, is_replayable: true }
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
        match &ending.outcome {
            Outcome::Success(value) => Ok(*value),
            Outcome::Failure(failed) => Err(failed.value),
            Outcome::NoTurn => Err(0),
        }
    }

    fn ended(ending: &Ending<u32, u32>) -> Option<Ended> {
        match &ending.outcome {
            Outcome::Failure(failed) => Some(failed.ended),
            _ => None,
        }
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
            for (safety, retried) in OPERATIONS.iter().map(|operation| operation.retry).zip(row) {
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
            let mut failure = Failure::new(FailureKind::RateLimited);
            failure.hint = Some(Duration::from_millis(hint));
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
        let streamed = Call { is_replayable: false, ..call(RetrySafety::Safe) };
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

    #[tokio::test]
    async fn every_part_of_the_policy_sees_what_is_known_of_the_attempt() {
        #[derive(Debug, Default)]
        struct Seen(Mutex<Vec<FailedAttempt>>);
        impl Seen {
            fn note(&self, failed: &FailedAttempt) {
                self.0.lock().unwrap().push(*failed);
            }
        }
        impl RetryPolicy for Seen {
            fn should_retry(&self, failed: &FailedAttempt) -> bool {
                self.note(failed);
                true
            }
        }
        impl Backoff for Seen {
            fn delay(&self, failed: &FailedAttempt, _: f64) -> Duration {
                self.note(failed);
                Duration::ZERO
            }
        }
        impl RetryBudget for Seen {
            fn withdraw(&self, failed: &FailedAttempt) -> bool {
                self.note(failed);
                true
            }
            fn deposit(&self, retried: Option<&FailedAttempt>) {
                self.note(retried.unwrap());
            }
        }
        let environment = Simulated::new(0.0);
        let seen = Arc::new(Seen::default());
        let mut policy = policy(&environment);
        // Shared, as a user would give it to look into it later.
        policy.retry = Arc::new(seen.clone());
        policy.backoff = Arc::new(seen.clone());
        policy.budget = Arc::new(seen.clone());
        let mut failure = Failure::new(FailureKind::Status);
        failure.status = Some(reqwest::StatusCode::BAD_GATEWAY);
        failure.hint = Some(Duration::from_millis(5));
        run_failing(&policy, &environment, call(RetrySafety::Safe), &[failure]).await;
        let mut expected = FailedAttempt::new(FailureKind::Status, RetrySafety::Safe);
        expected.operation_id = Some("test");
        expected.status = failure.status;
        expected.retry_after = failure.hint;
        expected.elapsed = Duration::from_secs(1);
        assert_eq!(*seen.0.lock().unwrap(), [expected; 4]);
    }

    fn limited(environment: &Arc<Simulated>, seconds: u64, bucket: &Arc<TokenBucket>) -> Policy {
        let mut policy = policy(environment);
        policy.total_timeout = Duration::from_secs(seconds);
        policy.rate_limit = RateLimit::per_second(0.1).map(Arc::new);
        policy.budget = bucket.clone();
        policy
    }

    #[tokio::test]
    async fn every_attempt_waits_for_its_turn_by_the_injected_clock() {
        let environment = Simulated::new(0.5);
        let bucket = Arc::new(TokenBucket::default());
        let policy = limited(&environment, 60, &bucket);
        let failures = [Failure::new(FailureKind::Status); 2];
        let ending = run_failing(&policy, &environment, call(RetrySafety::Safe), &failures).await;
        assert_eq!(value(&ending), Ok(3));
        // Attempts at 0, 10 and 20 seconds, each of which takes one.
        assert_eq!(ending.elapsed, Duration::from_secs(21));
    }

    #[tokio::test]
    async fn without_a_turn_the_last_answer_comes_out_and_only_what_was_sent_is_counted() {
        let environment = Simulated::new(0.5);
        let bucket = Arc::new(TokenBucket::default());
        let policy = limited(&environment, 10, &bucket);
        let failures = [Failure::new(FailureKind::Status); 9];
        let safe = call(RetrySafety::Safe);
        let first = run_failing(&policy, &environment, safe, &failures).await;
        assert_eq!((value(&first), first.attempts), (Err(1), 1));
        assert_eq!(ended(&first), Some(Ended::NoTurn));
        assert_eq!((first.elapsed, bucket.tokens()), (Duration::from_secs(1), 500));
        let mut hurried = policy.clone();
        hurried.total_timeout = Duration::from_secs(9);
        let second = run_failing(&hurried, &environment, safe, &failures).await;
        assert!(matches!(second.outcome, Outcome::NoTurn), "{second:?}");
        assert_eq!((second.attempts, bucket.tokens()), (0, 500));
    }

    #[tokio::test(start_paused = true)]
    async fn a_retry_that_loses_its_turn_or_its_caller_costs_nothing() {
        let bucket = Arc::new(TokenBucket::default());
        let mut policy = Policy::for_tests();
        policy.total_timeout = Duration::from_secs(10);
        policy.rate_limit = RateLimit::per_second(0.2).map(Arc::new);
        policy.budget = bucket.clone();
        policy.backoff = Arc::new(FullJitter::new(Duration::ZERO, Duration::ZERO));
        let fails = || {
            run(&policy, call(RetrySafety::Safe), |_| {
                ready(Attempted::<u32, u32>::Failure(Failure::new(FailureKind::Status), 7))
            })
        };
        let dropped = tokio::time::timeout(Duration::from_secs(3), fails()).await;
        assert!(dropped.is_err());
        assert_eq!(bucket.tokens(), 500);
        // Both want the turn at 10 seconds; whoever is second would come after the deadline.
        let (one, other) = futures_util::future::join(fails(), fails()).await;
        assert_eq!([value(&one), value(&other)], [Err(7), Err(7)]);
        assert_eq!([ended(&one), ended(&other)], [Some(Ended::NoTurn); 2]);
        let retries = one.attempts + other.attempts - 2;
        assert_eq!(bucket.tokens(), 500 - 5 * retries);
    }
}
