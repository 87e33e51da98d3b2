use std::{pin::pin, sync::Arc, task::Poll, time::Duration};

use proptest::prelude::*;

use super::manual_clock::{Held, ManualClock};
use crate::call::{Clock, Environment as _, Sleep};

const LIMIT: Duration = Duration::from_secs(10);

/// A server that needs so long for each step, whether or not anybody polls.
fn steps(clock: &Arc<ManualClock>, lengths: &[u64]) -> Held<Option<()>> {
    let environment = clock.clone();
    let lengths: Vec<_> = lengths.iter().copied().map(Duration::from_millis).collect();
    let call = Clock::new(clock.clone());
    Held::new(async move {
        let work = async {
            for length in lengths {
                let step: Sleep = environment.sleep(length);
                step.await;
            }
        };
        let inner = call.clone();
        call.run(pin!(async move { inner.timer(LIMIT).cut(pin!(work)).await })).await
    })
}

/// Polls this much later than each time at which it could continue.
fn run_late(clock: &ManualClock, mut held: Held<Option<()>>, lateness: &[u64]) -> Option<()> {
    for round in 0..10_000 {
        if let Poll::Ready(output) = held.poll_if_woken() {
            return output;
        }
        let next = clock.next_timer().expect("it waits for a timer");
        let late = lateness.get(round % lateness.len().max(1)).copied().unwrap_or(0);
        clock.advance_to(next);
        clock.advance_to(next + Duration::from_millis(late));
    }
    panic!("it never ends");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    /// However late it is polled, what counts is what the server took. What is ready when it is
    /// polled at last counts too.
    #[test]
    fn only_the_time_of_the_server_counts(
        lengths in prop::collection::vec(1..3_000_u64, 1..12),
        lateness in prop::collection::vec(prop_oneof![0..20_u64, 0..600_000_u64], 0..5),
    ) {
        let clock = ManualClock::new();
        let total: u64 = lengths.iter().sum();
        let output = run_late(&clock, steps(&clock, &lengths), &lateness);
        let latest = lateness.iter().max().copied().unwrap_or(0);
        if total < 10_000 {
            prop_assert!(output.is_some());
        }
        if total > 10_000 + latest {
            prop_assert!(output.is_none());
        }
    }
}

#[test]
fn what_is_ready_is_taken_before_the_timer_is_looked_at() {
    let clock = ManualClock::new();
    let mut held = steps(&clock, &[9_999]);
    assert!(held.poll().is_pending());
    clock.advance_to(Duration::from_secs(3_600));
    assert_eq!(held.poll(), Poll::Ready(Some(())));
}

#[test]
fn a_timer_that_fires_on_time_cuts_off() {
    let clock = ManualClock::new();
    assert_eq!(run_late(&clock, steps(&clock, &[10_001]), &[]), None);
    assert_eq!(clock.elapsed(), LIMIT);
}

#[test]
fn time_behind_an_item_that_was_handed_out_does_not_count() {
    let manual = ManualClock::new();
    let clock = Clock::new(manual.clone());
    let began = clock.now();
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    clock.poll(&mut context, |_| ());
    clock.pause();
    manual.advance_to(Duration::from_secs(60));
    clock.poll(&mut context, |_| ());
    assert_eq!(clock.now(), began);
}

#[test]
fn a_stalled_transfer_is_cut_off_and_a_moving_one_is_not() {
    let manual = ManualClock::new();
    let clock = Clock::new(manual.clone());
    let (environment, call) = (manual.clone(), clock.clone());
    let mut held = Held::new(async move {
        let moved = std::cell::Cell::new(call.now());
        let work = async {
            for _ in 0..10 {
                environment.sleep(Duration::from_secs(9)).await;
                moved.set(call.now());
            }
            std::future::pending::<()>().await;
        };
        call.run(pin!(call.while_moving(LIMIT, || moved.get(), pin!(work)))).await
    });
    let mut output = held.poll_if_woken();
    while output.is_pending() {
        manual.advance_to(manual.next_timer().unwrap());
        output = held.poll_if_woken();
    }
    assert_eq!(output, Poll::Ready(None));
    assert_eq!(manual.elapsed(), Duration::from_secs(90) + LIMIT);
}
