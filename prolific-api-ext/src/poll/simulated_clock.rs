//! Waits on a clock that only the test moves.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt as _;
use proptest::prelude::*;
use tokio::time::Instant;

use super::{Look, Wait, WaitMany, Waiting};
use crate::{
    DatasetStatus, Error, ErrorKind, Result,
    call::{Environment, TokioEnvironment},
};

/// What a look sees.
type Seen = fn() -> Result<DatasetStatus>;

/// Something that shows at each look what comes next; the last stays. Looks take time.
struct Scripted {
    script: Vec<Seen>,
    looks: Arc<Looks>,
    takes: Duration,
}

#[derive(Default)]
struct Looks {
    at: Mutex<Vec<Instant>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

impl Looks {
    fn count(&self) -> usize {
        self.at.lock().unwrap().len()
    }

    /// Milliseconds between one look and the next.
    fn pauses(&self) -> Vec<u128> {
        let at = self.at.lock().unwrap();
        at.windows(2).map(|pair| (pair[1] - pair[0]).as_millis()).collect()
    }
}

impl Scripted {
    fn new(script: &[Seen]) -> (Self, Arc<Looks>) {
        let looks = Arc::<Looks>::default();
        (Self { script: script.to_vec(), looks: looks.clone(), takes: Duration::ZERO }, looks)
    }
}

impl Waiting for Scripted {
    type State = DatasetStatus;

    fn look(&self) -> Look<DatasetStatus> {
        let number = self.looks.count();
        self.looks.at.lock().unwrap().push(Instant::now());
        let under_way = self.looks.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.looks.most_under_way.fetch_max(under_way, Ordering::Relaxed);
        let (looks, takes) = (self.looks.clone(), self.takes);
        let next = self.script[number.min(self.script.len() - 1)];
        Box::pin(async move {
            tokio::time::sleep(takes).await;
            looks.under_way.fetch_sub(1, Ordering::Relaxed);
            next()
        })
    }

    fn subject(&self) -> String {
        "dataset d1".to_owned()
    }

    fn advice(&self, last: &DatasetStatus) -> Option<&'static str> {
        (*last == DatasetStatus::Uninitialised).then_some("upload something")
    }

    fn environment(&self) -> Arc<dyn Environment> {
        Arc::new(WithoutChance)
    }
}

/// The clock of tokio, and no jitter.
#[derive(Debug)]
struct WithoutChance;

impl Environment for WithoutChance {
    fn now(&self) -> std::time::Instant {
        TokioEnvironment.now()
    }

    fn time_of_day(&self) -> std::time::SystemTime {
        TokioEnvironment.time_of_day()
    }

    fn sleep(&self, duration: Duration) -> crate::call::Sleep {
        TokioEnvironment.sleep(duration)
    }

    fn random(&self) -> f64 {
        0.0
    }
}

fn empty() -> Result<DatasetStatus> {
    Ok(DatasetStatus::Uninitialised)
}

fn processing() -> Result<DatasetStatus> {
    Ok(DatasetStatus::Processing)
}

fn ready() -> Result<DatasetStatus> {
    Ok(DatasetStatus::Ready)
}

fn failed() -> Result<DatasetStatus> {
    Ok(DatasetStatus::Error)
}

fn unavailable() -> Result<DatasetStatus> {
    Err(Error::for_tests(ErrorKind::Server, None))
}

fn told_to_wait() -> Result<DatasetStatus> {
    Err(Error::for_tests(ErrorKind::RateLimited, Some(Duration::from_secs(30))))
}

fn gone() -> Result<DatasetStatus> {
    Err(Error::for_tests(ErrorKind::NotFound, None))
}

#[tokio::test(start_paused = true)]
async fn each_change_comes_once_and_the_pauses_grow() {
    let (scripted, looks) =
        Scripted::new(&[empty, empty, processing, processing, processing, ready]);
    let wait = Wait::new(scripted).interval(Duration::from_secs(1)..=Duration::from_secs(3));
    let changes: Vec<_> = wait.updates().map(Result::unwrap).collect().await;
    assert_eq!(changes, [empty(), processing(), ready()].map(Result::unwrap));
    assert_eq!(looks.pauses(), [1_000, 1_500, 2_250, 3_000, 3_000]);
}

#[tokio::test(start_paused = true)]
async fn a_bad_end_comes_as_a_state_and_then_as_an_error() {
    let (scripted, _) = Scripted::new(&[processing, failed]);
    let changes: Vec<_> = Wait::new(scripted).updates().collect().await;
    assert_eq!(changes.len(), 3);
    assert_eq!(changes[1].as_ref().unwrap(), &DatasetStatus::Error);
    let error = changes[2].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::Failed, Some("ERROR")));
    assert_eq!(error.to_string(), "dataset d1 ended as ERROR");
}

#[tokio::test(start_paused = true)]
async fn awaiting_gives_the_end_alone() {
    let (scripted, _) = Scripted::new(&[processing, ready]);
    assert_eq!(Wait::new(scripted).await.unwrap(), DatasetStatus::Ready);
    let (scripted, _) = Scripted::new(&[failed]);
    assert_eq!(Wait::new(scripted).await.unwrap_err().kind(), ErrorKind::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_at_its_deadline_and_says_how_it_stood() {
    for (script, said) in [
        ([empty as fn() -> _], "dataset d1 was still UNINITIALISED after 25s: upload something"),
        ([processing], "dataset d1 was still PROCESSING after 25s"),
        ([unavailable], "dataset d1 was not seen within 25s; the last look failed: "),
    ] {
        let (scripted, _) = Scripted::new(&script);
        let started = Instant::now();
        let error = Wait::new(scripted).timeout(Duration::from_secs(25)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitTimedOut);
        assert_eq!(started.elapsed(), Duration::from_secs(25));
        assert!(error.to_string().starts_with(said), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_that_takes_too_long_is_left_at_the_deadline() {
    let (mut scripted, _) = Scripted::new(&[processing]);
    scripted.takes = Duration::from_secs(3_600);
    let started = Instant::now();
    let error = Wait::new(scripted).timeout(Duration::from_secs(5)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimedOut);
    assert_eq!(started.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_transient_failure_does_not_end_a_wait_and_its_hint_is_honoured() {
    let (scripted, looks) = Scripted::new(&[processing, unavailable, told_to_wait, ready]);
    let wait = Wait::new(scripted).interval(Duration::from_secs(1));
    assert_eq!(wait.await.unwrap(), DatasetStatus::Ready);
    assert_eq!(looks.pauses(), [1_000, 1_000, 30_000]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_will_not_pass_ends_a_wait() {
    let (scripted, looks) = Scripted::new(&[processing, gone]);
    assert_eq!(Wait::new(scripted).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(looks.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_wait_may_be_without_end() {
    let (scripted, _) = Scripted::new(&[processing, ready]);
    assert!(Wait::new(scripted).timeout(Duration::MAX).await.is_ok());
    let settled = many(2, &[processing, ready]).timeout(Duration::MAX).settled();
    assert_eq!(settled.count().await, 2);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_wait_ends_it() {
    let (scripted, looks) = Scripted::new(&[processing]);
    let wait = Wait::new(scripted).interval(Duration::from_secs(1)).into_future();
    assert!(tokio::time::timeout(Duration::from_millis(3_500), wait).await.is_err());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(looks.count(), 4);
}

fn many(count: usize, script: &[Seen]) -> WaitMany<usize, DatasetStatus> {
    let wait = |key| (key, Box::new(Scripted::new(script).0) as _);
    WaitMany::new((0..count).map(wait).collect())
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_settle_each_once_with_its_own_end() {
    let scripts: [&[Seen]; 4] =
        [&[processing, ready], &[unavailable, processing, failed], &[gone], &[processing]];
    let wait = |key: usize| (key, Box::new(Scripted::new(scripts[key % 4]).0) as _);
    let wait = WaitMany::new((0..10_000).map(wait).collect()).timeout(Duration::from_secs(60));
    let settled: Vec<_> = wait.settled().collect().await;
    let ends: HashMap<usize, _> =
        settled.into_iter().map(|(key, end)| (key, end.map_err(|error| error.kind()))).collect();
    assert_eq!(ends.len(), 10_000);
    for (key, end) in ends {
        let expected = match key % 4 {
            0 => Ok(DatasetStatus::Ready),
            1 => Err(ErrorKind::Failed),
            2 => Err(ErrorKind::NotFound),
            _ => Err(ErrorKind::WaitTimedOut),
        };
        assert_eq!(end, expected, "{key}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_to_wait_for_is_settled_at_once() {
    assert_eq!(many(0, &[ready]).settled().count().await, 0);
}

#[tokio::test(start_paused = true)]
async fn those_that_are_left_at_the_deadline_settle_then() {
    let started = Instant::now();
    let settled = many(100, &[processing]).timeout(Duration::from_secs(7)).settled();
    let ends: Vec<_> = settled.collect().await;
    assert_eq!(started.elapsed(), Duration::from_secs(7));
    assert_eq!(ends.len(), 100);
    assert!(
        ends.iter()
            .all(|(_, end)| end.as_ref().is_err_and(|e| e.last_state() == Some("PROCESSING")))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    /// With room for `concurrency` looks of a fixed length, a look that falls due begins at the
    /// latest when every other wait has had its turn once.
    #[test]
    fn no_wait_starves_and_no_more_looks_are_under_way_than_allowed(
        count in 1..120_usize,
        concurrency in 1..9_usize,
        takes in 1..400_u64,
        pause in 1..2_000_u64,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let looks = Arc::<Looks>::default();
            let each: Vec<Arc<Looks>> = (0..count).map(|_| Arc::default()).collect();
            let waits = each.iter().enumerate().map(|(key, own)| {
                let waiting = Turn { own: own.clone(), all: looks.clone(), takes: Duration::from_millis(takes) };
                (key, Box::new(waiting) as _)
            });
            let settled: Vec<_> = WaitMany::new(waits.collect())
                .interval(Duration::from_millis(pause))
                .concurrency(concurrency)
                .timeout(Duration::from_secs(3_600))
                .settled()
                .collect()
                .await;
            assert_eq!(settled.len(), count);
            assert!(settled.iter().all(|(_, end)| end.is_ok()));
            assert!(looks.most_under_way.load(Ordering::Relaxed) <= concurrency);
            let turns = count.div_ceil(concurrency) as u128 + 1;
            let latest = u128::from(pause) + turns * u128::from(takes);
            for own in &each {
                assert_eq!(own.count(), TURNS);
                assert!(own.pauses().iter().all(|between| *between <= latest), "{:?} > {latest}", own.pauses());
            }
        });
    }
}

/// How often a [`Turn`] is looked at.
const TURNS: usize = 5;

/// A wait that ends at its fifth look.
struct Turn {
    own: Arc<Looks>,
    all: Arc<Looks>,
    takes: Duration,
}

impl Waiting for Turn {
    type State = DatasetStatus;

    fn look(&self) -> Look<DatasetStatus> {
        self.own.at.lock().unwrap().push(Instant::now());
        let is_last = self.own.count() == TURNS;
        let under_way = self.all.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.all.most_under_way.fetch_max(under_way, Ordering::Relaxed);
        let (all, takes) = (self.all.clone(), self.takes);
        Box::pin(async move {
            tokio::time::sleep(takes).await;
            all.under_way.fetch_sub(1, Ordering::Relaxed);
            if is_last { ready() } else { processing() }
        })
    }

    fn subject(&self) -> String {
        "turn".to_owned()
    }

    fn advice(&self, _: &DatasetStatus) -> Option<&'static str> {
        None
    }

    fn environment(&self) -> Arc<dyn Environment> {
        Arc::new(WithoutChance)
    }
}
