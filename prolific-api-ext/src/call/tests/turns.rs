//! The turns of calls under a request-rate limit, in every order of polling.

use std::{
    pin::pin,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use proptest::prelude::*;
use reqwest::StatusCode;

use super::{
    driver::operation_of,
    manual_clock::{Held, ManualClock},
};
use crate::{
    FailureKind, FullJitter, RetrySafety,
    call::{
        Attempted, Attempts, Bound, Call, Clock, Failure, Outcome, Policy, RateLimit,
        TokioEnvironment, Unlimited, drive,
    },
};

const INTERVAL: Duration = Duration::from_millis(100);
/// What a turn may be early by, as timers are not exact.
const LATENESS: Duration = Duration::from_millis(2);

/// Which call was sent when.
type Log = Arc<Mutex<Vec<(usize, Duration)>>>;

/// A call that fails so often before it succeeds.
struct Logged {
    call: usize,
    failures: usize,
    environment: Arc<ManualClock>,
    log: Log,
}

impl Attempts for Logged {
    type Success = ();
    type Failure = ();

    async fn attempt(&mut self, _: Duration) -> Attempted<(), ()> {
        self.log.lock().unwrap().push((self.call, self.environment.elapsed()));
        if self.failures == 0 {
            return Attempted::Success(StatusCode::OK, ());
        }
        self.failures -= 1;
        Attempted::Failure(Failure::new(FailureKind::Status), ())
    }
}

struct World {
    clock: Arc<ManualClock>,
    policy: Policy,
    log: Log,
    calls: Vec<Option<Held<bool>>>,
    prompt: Vec<bool>,
    /// Polls of calls that are not prompt, each of which may take a turn before others.
    late_polls: usize,
    bounds: Vec<Duration>,
}

impl World {
    fn new() -> Self {
        let clock = ManualClock::new();
        let mut policy = Policy::for_tests();
        policy.environment = clock.clone();
        policy.rate_limit = RateLimit::per_second(10.0).map(Arc::new);
        policy.total_timeout = Duration::from_secs(100_000);
        policy.backoff = Arc::new(FullJitter::new(Duration::ZERO, Duration::ZERO));
        policy.budget = Arc::new(Unlimited);
        let (log, calls, prompt, bounds) = (Log::default(), vec![], vec![], vec![]);
        Self { clock, policy, log, calls, prompt, late_polls: 0, bounds }
    }

    /// Makes a call and polls it once. If it is prompt, it is polled whenever it is woken.
    fn call(&mut self, is_prompt: bool, failures: usize) {
        let (call, policy) = (self.calls.len(), self.policy.clone());
        let (environment, log) = (self.clock.clone(), self.log.clone());
        let mut attempts = Logged { call, failures, environment, log };
        let operation = Some(operation_of(RetrySafety::Safe));
        let what = Call { operation, is_replayable: true, bound: Bound::Call };
        let clock = Clock::new(self.clock.clone());
        self.calls.push(Some(Held::new(async move {
            let ending = clock.run(pin!(drive(&policy, what, &clock, &mut attempts))).await;
            matches!(ending.outcome, Outcome::Success(()))
        })));
        let ahead = u32::try_from(self.calls.iter().flatten().count()).unwrap();
        self.prompt.push(is_prompt);
        self.bounds.push(self.clock.elapsed() + INTERVAL * ahead);
        self.poll(call);
        self.settle();
    }

    fn poll(&mut self, call: usize) {
        let Some(Some(held)) = self.calls.get_mut(call) else { return };
        if !self.prompt[call] {
            self.late_polls += 1;
        }
        if let Poll::Ready(is_success) = held.poll() {
            assert!(is_success);
            self.calls[call] = None;
        }
    }

    /// Polls the prompt calls that were woken, until nothing more happens.
    fn settle(&mut self) {
        let mut goes_on = true;
        while goes_on {
            goes_on = false;
            for call in 0..self.calls.len() {
                let Some(held) = self.calls[call].as_mut().filter(|_| self.prompt[call]) else {
                    continue;
                };
                if let Poll::Ready(is_success) = held.poll_if_woken() {
                    assert!(is_success);
                    self.calls[call] = None;
                    goes_on = true;
                }
            }
        }
    }

    /// Advances timer by timer, so that prompt calls are polled on time.
    fn advance(&mut self, by: Duration) {
        let until = self.clock.elapsed() + by;
        while let Some(next) = self.clock.next_timer().filter(|next| *next <= until) {
            self.clock.advance_to(next);
            self.settle();
        }
        self.clock.advance_to(until);
        self.settle();
    }
}

#[derive(Clone, Debug)]
enum Step {
    Call { is_prompt: bool, failures: usize },
    Drop(usize),
    PollLate(usize),
    Advance(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<bool>(), 0..2_usize)
            .prop_map(|(is_prompt, failures)| Step::Call { is_prompt, failures }),
        2 => (0..40_usize).prop_map(Step::Drop),
        2 => (0..40_usize).prop_map(Step::PollLate),
        3 => (0..400_u64).prop_map(Step::Advance),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    /// With futures that are dropped, kept unpolled and polled late among them: turns are never
    /// sooner than the rate allows, prompt calls have theirs in the order of asking and by when
    /// those before them can have had theirs, and no turn is lost for good.
    #[test]
    fn no_call_waits_for_the_poll_of_another(steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::new();
        let mut dropped = vec![];
        for step in steps {
            match step {
                Step::Call { is_prompt, failures } => world.call(is_prompt, failures),
                Step::Drop(call) => {
                    if let Some(held) = world.calls.get_mut(call) {
                        dropped.push(call);
                        *held = None;
                    }
                    world.settle();
                }
                Step::PollLate(call) => {
                    if world.prompt.get(call) == Some(&false) {
                        world.poll(call);
                    }
                    world.settle();
                }
                Step::Advance(milliseconds) => world.advance(Duration::from_millis(milliseconds)),
            }
        }
        let left = world.calls.iter().flatten().count() + 2;
        world.advance(INTERVAL * 4 * u32::try_from(left).unwrap());

        let log = world.log.lock().unwrap().clone();
        for (from, (_, began)) in log.iter().enumerate() {
            for (more, (_, sent)) in log[from..].iter().enumerate() {
                let least = INTERVAL * u32::try_from(more).unwrap();
                prop_assert!(*sent + LATENESS >= *began + least, "{:?}", log);
            }
        }
        let mut first_sent: Vec<Option<Duration>> = vec![None; world.calls.len()];
        for (call, at) in &log {
            first_sent[*call].get_or_insert(*at);
        }
        let prompt = (0..world.calls.len()).filter(|call| world.prompt[*call]);
        let sent: Vec<_> = prompt.clone().filter_map(|call| first_sent[call]).collect();
        prop_assert!(sent.is_sorted(), "not in the order of asking: {:?}", sent);
        for call in prompt {
            prop_assert!(world.calls[call].is_none(), "{} waits for ever: {:?}", call, log);
            let late = INTERVAL * u32::try_from(world.late_polls + log.len()).unwrap();
            if let Some(sent) = first_sent[call] {
                prop_assert!(sent <= world.bounds[call] + late, "{} of {:?}", call, log);
            } else {
                prop_assert!(dropped.contains(&call), "{} was lost", call);
            }
        }
    }
}

#[test]
fn a_call_kept_unpolled_holds_up_no_other() {
    let mut world = World::new();
    world.call(true, 0);
    for _ in 0..10 {
        world.call(false, 0);
    }
    world.advance(INTERVAL * 20);
    world.call(true, 0);
    assert_eq!(*world.log.lock().unwrap(), [(0, Duration::ZERO), (11, INTERVAL * 20)]);
}

#[test]
fn one_behind_those_that_went_away_keeps_its_place_before_later_ones() {
    let mut world = World::new();
    for _ in 0..7 {
        world.call(false, 0);
    }
    world.call(true, 0);
    world.calls[1] = None;
    world.calls[2] = None;
    world.settle();
    world.call(true, 0);
    world.advance(INTERVAL * 20);
    let order: Vec<_> = world.log.lock().unwrap().iter().map(|(call, _)| *call).collect();
    assert_eq!(order, [0, 7, 8]);
}

#[test]
fn what_was_kept_unpolled_is_sent_no_sooner_than_the_rate_allows() {
    let mut world = World::new();
    world.call(true, 0);
    for _ in 0..3 {
        world.call(false, 0);
    }
    world.advance(INTERVAL * 20);
    for _ in 0..3 {
        (1..4).for_each(|call| world.poll(call));
        world.advance(INTERVAL);
    }
    let at: Vec<_> = world.log.lock().unwrap().iter().map(|(_, at)| *at).collect();
    assert_eq!(at, [0, 20, 21, 22].map(|turns| INTERVAL * turns));
}

#[test]
fn a_turn_that_is_given_up_goes_to_the_one_behind() {
    let mut world = World::new();
    (0..5).for_each(|_| world.call(true, 0));
    world.calls[1] = None;
    world.calls[3] = None;
    world.settle();
    world.advance(INTERVAL * 10);
    let sent = [(0, 0), (2, 1), (4, 2)].map(|(call, turns)| (call, INTERVAL * turns));
    assert_eq!(*world.log.lock().unwrap(), sent);
}

/// Calls that are given up in order leave no hole behind, so that those who come later get a turn.
#[test]
fn calls_dropped_early_starve_no_other() {
    let mut world = World::new();
    for round in 0..200 {
        world.call(true, 0);
        world.call(true, 0);
        if round >= 5 {
            world.calls[2 * (round - 5)] = None;
            world.calls[2 * (round - 5) + 1] = None;
            world.settle();
        }
        world.advance(INTERVAL);
    }
    // A turn was there for every interval, and somebody had it.
    assert!(world.log.lock().unwrap().len() >= 195, "{}", world.log.lock().unwrap().len());
}

/// A limit by the paused clock of tokio.
fn limit(requests: f64) -> (RateLimit, Arc<Clock>) {
    (RateLimit::per_second(requests).unwrap(), Clock::new(Arc::new(TokioEnvironment)))
}

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn turns_are_spaced_evenly_and_a_pause_is_not_made_up_for() {
    let ((limit, clock), started) = (limit(10.0), tokio::time::Instant::now());
    let mut at = Vec::new();
    for pause in [0, 0, 50, 1_000, 0] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        assert!(limit.turn(&clock, PATIENCE).await);
        at.push(started.elapsed().as_millis());
    }
    assert_eq!(at, [0, 100, 200, 1_200, 1_300]);
}

#[tokio::test(start_paused = true)]
async fn a_rate_beyond_the_exactness_of_timers_is_reached_and_not_passed() {
    for at_once in [1, 50] {
        let ((limit, clock), started) = (limit(10_000.0), tokio::time::Instant::now());
        for round in 0..1_000 / at_once {
            let turns = (0..at_once).map(|_| limit.turn(&clock, PATIENCE));
            let turns = futures_util::future::join_all(turns).await;
            assert!(turns.iter().all(|has_turn| *has_turn));
            let allowed = (started.elapsed() + LATENESS).as_secs_f64() * 10_000.0;
            assert!(f64::from(round * at_once) <= allowed, "{round}");
        }
        assert!(started.elapsed() <= Duration::from_millis(103), "{:?}", started.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_comes_too_late_is_refused_at_once_and_left_to_others() {
    let ((limit, clock), started) = (limit(1.0), tokio::time::Instant::now());
    let turn = |patience| limit.turn(&clock, Duration::from_millis(patience));
    assert!(!turn(0).await);
    assert!(turn(1).await);
    assert!(!turn(999).await);
    assert!(!turn(1_000).await);
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert!(turn(1_001).await);
    assert_eq!(started.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_call_too_far_back_in_the_queue_is_refused_at_once() {
    let (limit, clock) = limit(1.0);
    let ask = |_| limit.turn(&clock, Duration::from_millis(2_500));
    let started = tokio::time::Instant::now();
    let turns = futures_util::future::join_all((0..5).map(ask)).await;
    assert_eq!(turns, [true, true, true, false, false]);
    assert_eq!(started.elapsed(), Duration::from_secs(2));
}

#[test]
fn a_rate_that_says_nothing_is_none() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-19, 1e-300] {
        assert!(RateLimit::per_second(rate).is_none(), "{rate}");
    }
}
