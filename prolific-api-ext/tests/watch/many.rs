//! 200 submissions that change at random.

use prolific_api_ext::{
    simulator::Fault,
    studies::{StudyWatch, WatchFeed},
    webhooks::Event,
};

use crate::{
    record::{Told, World, catch_up, next},
    seed::seed,
};

const SUBMISSIONS: usize = 200;

/// Tells how it went; `cargo test -- --nocapture` shows it.
fn report(how: &str, seed: u64, world: &World, told: &Told) -> String {
    let requests = world.simulator.requests().len();
    let (changes, told) = (world.changes(), told.changes());
    let line = format!("{how}: seed {seed}, {changes} changes, {told} told, {requests} requests");
    println!("{line}");
    line
}

/// Lets submissions begin and moves open ones on, each at most once if `once`.
async fn round(world: &mut World, once: bool) {
    let mut open = world.open();
    for _ in 0..world.rng.usize(0..25) {
        if world.submissions.len() < SUBMISSIONS {
            world.reserve();
        }
    }
    world.rng.shuffle(&mut open);
    if once {
        open.truncate(30);
        for id in &open {
            world.move_on(id).await;
        }
        return;
    }
    for _ in 0..world.rng.usize(0..60) {
        let open = world.open();
        let Some(id) = world.rng.choice(&open).cloned() else { return };
        world.move_on(&id).await;
    }
}

fn has_rounds(world: &World) -> bool {
    world.submissions.len() < SUBMISSIONS || !world.open().is_empty()
}

/// Ends the study and everything in it.
async fn wind_up(world: &mut World) {
    world.stop().await;
    while let Some(id) = world.open().first() {
        world.move_on(id).await;
    }
}

/// Collects the reported changes until the end.
async fn to_the_end(watch: &mut StudyWatch, told: &mut Told) {
    while let Some(event) = next(watch).await {
        told.take(event.unwrap());
    }
    assert!(watch.next().await.is_none(), "it may be polled after its end");
}

/// Hands events in, shuffled and some of them twice, and some of older ones again.
fn hand_in(feed: &WatchFeed, world: &mut World, events: Vec<Event>) {
    let mut events = events;
    for _ in 0..world.rng.usize(0..30) {
        let all = std::mem::take(&mut world.events);
        events.extend(world.rng.choice(&all).cloned());
        world.events = all;
    }
    world.rng.shuffle(&mut events);
    for event in events {
        feed.try_send(event).unwrap();
    }
}

#[tokio::test]
async fn polling_tells_each_change_that_a_look_can_see() {
    let seed = seed();
    let mut world = World::new(seed, 200).await;
    let mut watch = world.prolific.studies().watch(&world.study);
    let mut told = Told::default();
    catch_up(&mut watch, &world, &mut told).await;
    while has_rounds(&world) {
        round(&mut world, true).await;
        catch_up(&mut watch, &world, &mut told).await;
    }
    wind_up(&mut world).await;
    to_the_end(&mut watch, &mut told).await;
    let line = report("polling, a look after each change", seed, &world, &told);
    told.assert_all(&world, &line);
}

#[tokio::test]
async fn events_alone_tell_each_change_though_they_come_twice_and_out_of_order() {
    let seed = seed();
    let mut world = World::new(seed, 200).await;
    let mut watch = world.prolific.studies().watch(&world.study).events_only();
    let (feed, mut told) = (watch.feed(), Told::default());
    catch_up(&mut watch, &world, &mut told).await;
    while has_rounds(&world) {
        let before = world.events.len();
        round(&mut world, false).await;
        let events = world.events[before..].to_vec();
        hand_in(&feed, &mut world, events);
        catch_up(&mut watch, &world, &mut told).await;
    }
    let before = world.events.len();
    wind_up(&mut world).await;
    let events = world.events[before..].to_vec();
    hand_in(&feed, &mut world, events);
    to_the_end(&mut watch, &mut told).await;
    let line = report("events alone, twice and out of order", seed, &world, &told);
    told.assert_all(&world, &line);
}

#[tokio::test]
async fn events_and_polling_tell_each_change_once() {
    let seed = seed();
    let mut world = World::new(seed, 200).await;
    let mut watch = world.prolific.studies().watch(&world.study);
    let (feed, mut told) = (watch.feed(), Told::default());
    catch_up(&mut watch, &world, &mut told).await;
    while has_rounds(&world) {
        let before = world.events.len();
        round(&mut world, false).await;
        let events = world.events[before..].to_vec();
        hand_in(&feed, &mut world, events);
        catch_up(&mut watch, &world, &mut told).await;
    }
    wind_up(&mut world).await;
    let events = world.events.clone();
    hand_in(&feed, &mut world, events);
    to_the_end(&mut watch, &mut told).await;
    let line = report("events and polling", seed, &world, &told);
    told.assert_all(&world, &line);
}

/// What goes wrong with a request, at random.
fn break_something(world: &mut World) {
    let operations = ["get-study", "get-submissions", "get-submission"];
    let faults = [
        Fault::status(500).times(5),
        Fault::status(503).times(5),
        Fault::status(429),
        Fault::reset(),
        Fault::truncated(),
        Fault::lost_answer(),
    ];
    if world.rng.bool() {
        let operation = operations[world.rng.usize(..operations.len())];
        let fault = faults[world.rng.usize(..faults.len())].clone();
        world.simulator.fault(operation, fault).unwrap();
    }
}

/// One that is begun again at random, whose events come late or never, and whose server fails.
#[tokio::test]
async fn nothing_is_told_twice_and_the_last_change_always_whatever_happens() {
    for how in ["polling", "events and polling"] {
        let seed = seed();
        let mut world = World::new(seed, 200).await;
        let mut watch = world.prolific.studies().watch(&world.study);
        let mut feed = watch.feed();
        let (mut told, mut restarts, mut round_number) = (Told::default(), 0, 0);
        while has_rounds(&world) {
            round_number += 1;
            round(&mut world, false).await;
            break_something(&mut world);
            if world.rng.u8(..) < 60 {
                world.unreject().await;
            }
            if world.rng.u8(..) < 60 {
                world.pause_and_start().await;
            }
            if how != "polling" && world.rng.bool() {
                let (end, count) = (world.events.len(), world.rng.usize(0..200));
                let late = world.events[end.saturating_sub(count)..].to_vec();
                hand_in(&feed, &mut world, late);
            }
            for _ in 0..world.rng.usize(0..60) {
                if world.is_known_to(&watch.position()) {
                    break;
                }
                told.take(next(&mut watch).await.unwrap().unwrap());
            }
            if world.rng.bool() {
                let stored = serde_json::to_string(&watch.position()).unwrap();
                let position = serde_json::from_str(&stored).unwrap();
                watch = world.prolific.studies().watch(&world.study).resume_from(position);
                feed = watch.feed();
                restarts += 1;
            }
            if round_number % 5 == 0 {
                catch_up(&mut watch, &world, &mut told).await;
            }
        }
        wind_up(&mut world).await;
        to_the_end(&mut watch, &mut told).await;
        let how = format!("{how}, {restarts} restarts, failures, late events");
        let line = report(&how, seed, &world, &told);
        told.assert_in_order(&world, &line);
        assert!(world.is_known_to(&watch.position()), "{line}");
    }
}
