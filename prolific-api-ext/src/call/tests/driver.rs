use std::{
    future::ready,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use prolific_api::Operation;
use reqwest::StatusCode;

use crate::{
    FailedAttempt, FailureKind, RetrySafety,
    call::{
        Attempted, Attempts, Backoff, Bound, Call, Clock, Ended, Ending, Environment, Failure,
        FullJitter, NoRetry, Outcome, Policy, RateLimit, RetryBudget, RetryPolicy, Sleep,
        StandardRetry, TokenBucket, Unlimited, drive,
    },
};

static OPERATIONS: [Operation; 5] = [
    operation(RetrySafety::Safe),
    operation(RetrySafety::Idempotent),
    operation(RetrySafety::Conditional),
    operation(RetrySafety::Unsafe),
    operation(RetrySafety::Never),
];

/// An operation of this safety.
pub(super) fn operation_of(safety: RetrySafety) -> &'static Operation {
    OPERATIONS.iter().find(|operation| operation.retry == safety).unwrap()
}

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
    Call { operation: Some(operation_of(safety)), is_replayable: true, bound: Bound::Call }
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
        match failures.get(number as usize - 1) {
            Some(failure) => Attempted::Failure(*failure, number),
            None => Attempted::Success(StatusCode::OK, number),
        }
    })
    .await
}

/// Attempts that end at once.
struct AtOnce<F>(F);

impl<T, E, F> Attempts for AtOnce<F>
where
    F: FnMut(Duration) -> Attempted<T, E> + Send,
    T: Send,
    E: Send,
{
    type Success = T;
    type Failure = E;

    async fn attempt(&mut self, left: Duration) -> Attempted<T, E> {
        (self.0)(left)
    }
}

async fn run<T: Send, E: Send>(
    policy: &Policy,
    call: Call,
    attempt: impl FnMut(Duration) -> Attempted<T, E> + Send,
) -> Ending<T, E> {
    let clock = Clock::new(policy.environment.clone());
    clock.run(pin!(drive(policy, call, &clock, &mut AtOnce(attempt)))).await
}

fn value(ending: &Ending<u32, u32>) -> Result<u32, u32> {
    match &ending.outcome {
        Outcome::Success(value) => Ok(*value),
        Outcome::Failure(_, value, _) => Err(*value),
        Outcome::NotSent(_) => Err(0),
    }
}

fn ended(ending: &Ending<u32, u32>) -> Option<Ended> {
    match &ending.outcome {
        Outcome::Failure(_, _, ended) | Outcome::NotSent(ended) => Some(*ended),
        Outcome::Success(_) => None,
    }
}

#[tokio::test]
async fn the_matrix_of_failure_and_retry_safety() {
    use FailureKind::{Broken, NotSent, Permanent, RateLimited, Status, Timeout, Tls};
    // Safe, Idempotent, Conditional, Unsafe, Never: whether there is a second attempt.
    let matrix = [
        (NotSent, [true, true, true, true, true]),
        (RateLimited, [true, true, true, true, true]),
        (Status, [true, true, false, false, false]),
        (Timeout, [true, true, false, false, false]),
        (Broken, [true, true, false, false, false]),
        (Tls, [false, false, false, false, false]),
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
        let ending = run_failing(&policy, &environment, call(RetrySafety::Safe), &failures).await;
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
        let ending = run_failing(&policy, &environment, call(RetrySafety::Safe), &[failure]).await;
        assert_eq!(environment.slept.lock().unwrap().first().copied(), slept, "{hint}");
        assert_eq!(ended(&ending), slept.is_none().then_some(Ended::Deadline), "{hint}");
    }
}

#[tokio::test]
async fn every_attempt_receives_the_remaining_time() {
    let environment = Simulated::new(0.0);
    let mut policy = policy(&environment);
    policy.total_timeout = Duration::from_millis(2_500);
    let left = Mutex::new(Vec::new());
    run(&policy, call(RetrySafety::Safe), |time| {
        left.lock().unwrap().push(time.as_millis());
        environment.advance(1_000);
        Attempted::<(), ()>::Failure(Failure::new(FailureKind::Timeout), ())
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
    assert!(matches!(second.outcome, Outcome::NotSent(Ended::NoTurn)), "{second:?}");
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
            Attempted::<u32, u32>::Failure(Failure::new(FailureKind::Status), 7)
        })
    };
    let dropped = tokio::time::timeout(Duration::from_secs(3), fails()).await;
    assert!(dropped.is_err());
    assert_eq!(bucket.tokens(), 500);
    // Both want the turn at 10 seconds; the second would be sent after its deadline.
    let (one, other) = futures_util::future::join(fails(), fails()).await;
    assert_eq!([value(&one), value(&other)], [Err(7), Err(7)]);
    assert_eq!([ended(&one), ended(&other)], [Some(Ended::NoTurn); 2]);
    let retries = one.attempts + other.attempts - 2;
    assert_eq!(bucket.tokens(), 500 - 5 * retries);
}

#[tokio::test]
async fn an_operation_that_acts_is_not_begun_without_the_time_for_it() {
    // Timeouts of an attempt and of all, the hint after a second, and whether it is repeated.
    let table = [(30, 120, 88, true), (30, 120, 90, false), (60, 10, 3, true), (60, 10, 5, false)];
    for (attempt, total, hint, is_repeated) in table {
        for safety in [RetrySafety::Conditional, RetrySafety::Unsafe, RetrySafety::Never] {
            let environment = Simulated::new(0.0);
            let mut policy = policy(&environment);
            policy.attempt_timeout = Duration::from_secs(attempt);
            policy.total_timeout = Duration::from_secs(total);
            let mut failure = Failure::new(FailureKind::RateLimited);
            failure.hint = Some(Duration::from_secs(hint));
            let ending = run_failing(&policy, &environment, call(safety), &[failure]).await;
            assert_eq!(value(&ending).is_ok(), is_repeated, "{attempt} {total} {hint} {safety:?}");
            let why = (!is_repeated).then_some(Ended::TooLittleTime);
            assert_eq!((ended(&ending), ending.in_doubt), (why, false));
            let reads = call(RetrySafety::Idempotent);
            let ending = run_failing(&policy, &environment, reads, &[failure]).await;
            assert_eq!(value(&ending), Ok(2));
        }
    }
    let environment = Simulated::new(0.0);
    let mut policy = policy(&environment);
    policy.least_time_to_act = Some(Duration::from_secs(121));
    let ending = run_failing(&policy, &environment, call(RetrySafety::Unsafe), &[]).await;
    assert_eq!((ending.attempts, ended(&ending)), (0, Some(Ended::TooLittleTime)));
}

#[tokio::test]
async fn a_doubt_about_an_earlier_attempt_stays() {
    #[derive(Debug)]
    struct Always;
    impl RetryPolicy for Always {
        fn should_retry(&self, failed: &FailedAttempt) -> bool {
            failed.number < 2
        }
    }
    let environment = Simulated::new(0.0);
    let mut policy = policy(&environment);
    policy.retry = Arc::new(Always);
    let [lost, refused] = [FailureKind::Timeout, FailureKind::RateLimited].map(Failure::new);
    for (failures, in_doubt) in [([lost, refused], true), ([refused, lost], false)] {
        let ending = run_failing(&policy, &environment, call(RetrySafety::Unsafe), &failures).await;
        assert_eq!((ending.attempts, ending.in_doubt), (2, in_doubt));
    }
}

#[tokio::test]
async fn a_transfer_counts_its_failures_from_the_last_progress_and_is_bound_by_its_pauses() {
    let environment = Simulated::new(1.0);
    let mut policy = policy(&environment);
    policy.total_timeout = Duration::from_secs(5);
    policy.rate_limit = RateLimit::per_second(0.001).map(Arc::new);
    let stuck = Failure::new(FailureKind::Broken);
    let moved = Failure { made_progress: true, ..stuck };
    let transfer =
        Call { bound: Bound::Transfer(Duration::from_secs(86_400)), ..call(RetrySafety::Safe) };
    let failures = [stuck, stuck, moved, stuck, stuck, stuck];
    let ending = run_failing(&policy, &environment, transfer, &failures).await;
    assert_eq!((ending.attempts, ended(&ending)), (6, Some(Ended::ByPolicy)));
    assert!(ending.elapsed > policy.total_timeout);
    let asked = Failure { hint: Some(policy.total_timeout), ..stuck };
    let ending = run_failing(&policy, &environment, transfer, &[asked]).await;
    assert_eq!(ended(&ending), Some(Ended::Deadline));
}
