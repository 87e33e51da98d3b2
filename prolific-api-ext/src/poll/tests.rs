//! Waits on a clock that only the test moves.

use std::{
    collections::HashMap,
    error::Error as _,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_core::stream::FusedStream as _;
use futures_util::{FutureExt as _, StreamExt as _};
use proptest::prelude::*;
use tokio::time::Instant;

use super::{Standing, StartAndWait, Wait, WaitMany, Watch};
use crate::{
    DatasetStatus, Error, ErrorKind, Prolific, Result,
    call::{Environment, Policy, TokioEnvironment},
};

/// What a look sees.
type Seen = fn() -> Result<DatasetStatus>;

/// Something that shows at each look what comes next; the last stays.
#[derive(Default)]
struct Scripted {
    script: Vec<Seen>,
    own: Looks,
    all: Arc<Looks>,
    takes: Takes,
}

/// How long a look takes.
#[derive(Clone, Copy, Default)]
enum Takes {
    #[default]
    NoTime,
    Time(Duration),
    /// As long as the calls of its client may take.
    AllThereIs,
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
    fn new(script: &[Seen]) -> Arc<Self> {
        Self::taking(Takes::NoTime, script)
    }

    fn taking(takes: Takes, script: &[Seen]) -> Arc<Self> {
        Arc::new(Self { script: script.to_vec(), takes, ..Self::default() })
    }

    async fn look(self: Arc<Self>, prolific: Prolific) -> Result<DatasetStatus> {
        let number = self.own.count();
        self.own.at.lock().unwrap().push(Instant::now());
        let under_way = self.all.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.all.most_under_way.fetch_max(under_way, Ordering::Relaxed);
        match self.takes {
            Takes::NoTime => {}
            Takes::Time(time) => tokio::time::sleep(time).await,
            Takes::AllThereIs => tokio::time::sleep(prolific.policy().total_timeout).await,
        }
        self.all.under_way.fetch_sub(1, Ordering::Relaxed);
        self.script[number.min(self.script.len() - 1)]()
    }
}

static SCRIPTED: Watch<Arc<Scripted>, DatasetStatus> = Watch {
    operation: Some("look"),
    subject: |_| "dataset d1".to_owned(),
    look: |prolific, scripted| Box::pin(scripted.look(prolific)),
    state: |status| status.as_str().into(),
    standing: |_, _, status| status.standing(),
    advice: |state| (*state == DatasetStatus::Uninitialised).then(|| "upload something".to_owned()),
};

/// A client of no server, on the clock of the test.
fn prolific() -> Prolific {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
    let mut policy = Policy::for_tests();
    policy.environment = Arc::new(WithoutChance);
    Prolific::assemble("http://127.0.0.1", HTTP.clone(), policy)
}

fn wait(scripted: &Arc<Scripted>) -> Wait<DatasetStatus> {
    Wait::of(prolific(), &SCRIPTED, scripted.clone())
}

/// A wait for each, identified by its position.
fn many(each: &[Arc<Scripted>]) -> WaitMany<Arc<Scripted>, DatasetStatus> {
    WaitMany::new(prolific(), &SCRIPTED, each.iter().cloned())
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
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
    let scripted = Scripted::new(&[empty, empty, processing, processing, processing, ready]);
    let changes = wait(&scripted).interval(seconds(1)..=seconds(3)).updates();
    let changes: Vec<_> = changes.map(Result::unwrap).collect().await;
    assert_eq!(changes, [empty(), processing(), ready()].map(Result::unwrap));
    assert_eq!(scripted.own.pauses(), [1_000, 1_500, 2_250, 3_000, 3_000]);
}

#[tokio::test(start_paused = true)]
async fn a_bad_end_comes_as_a_state_and_then_as_an_error() {
    let changes: Vec<_> = wait(&Scripted::new(&[processing, failed])).updates().collect().await;
    assert_eq!(changes.len(), 3);
    assert_eq!(changes[1].as_ref().unwrap(), &DatasetStatus::Error);
    let error = changes[2].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::Failed, Some("ERROR")));
    assert_eq!(error.to_string(), "dataset d1 ended as ERROR");
}

#[tokio::test(start_paused = true)]
async fn awaiting_gives_the_end_alone() {
    assert_eq!(wait(&Scripted::new(&[processing, ready])).await.unwrap(), DatasetStatus::Ready);
    let error = wait(&Scripted::new(&[failed])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Failed);
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_wait_knows_how_the_wait_went() {
    let scripted = Scripted::new(&[processing, told_to_wait, failed]);
    let error = wait(&scripted).interval(seconds(1)).await.unwrap_err();
    assert_eq!((error.operation(), error.attempts()), (Some("look"), 3));
    assert_eq!((error.elapsed(), error.retry_after()), (seconds(31), None));
    assert_eq!(error.last_seen(), Some(&DatasetStatus::Error));
    assert_eq!(error.last_seen::<String>(), None);
}

#[tokio::test(start_paused = true)]
async fn a_wait_looks_once_more_before_its_deadline_and_says_how_it_stood() {
    for (script, said) in [
        (
            empty as fn() -> _,
            "dataset d1 was still UNINITIALISED after 4 polls within 25s: upload something",
        ),
        (processing, "dataset d1 was still PROCESSING after 4 polls within 25s"),
        (unavailable, "dataset d1 was not seen in 4 polls within 25s; the last poll failed: made"),
    ] {
        let scripted = Scripted::new(&[script]);
        let started = Instant::now();
        let wait = wait(&scripted).interval(seconds(10)).timeout(seconds(25));
        let error = wait.await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::WaitTimedOut, 4));
        assert_eq!(scripted.own.pauses(), [10_000, 10_000, 4_500]);
        assert_eq!(started.elapsed(), Duration::from_millis(24_500));
        assert!(error.to_string().starts_with(said), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_ready_between_two_looks_is_seen_by_the_last_one() {
    let scripted = Scripted::new(&[processing, processing, processing, ready]);
    let wait = wait(&scripted).interval(seconds(10)).timeout(seconds(25));
    assert_eq!(wait.await.unwrap(), DatasetStatus::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_hint_beyond_the_deadline_ends_a_wait_at_once_and_is_in_the_error() {
    let scripted = Scripted::new(&[processing, told_to_wait]);
    let started = Instant::now();
    let wait = wait(&scripted).interval(seconds(1)).timeout(seconds(31));
    let error = wait.await.unwrap_err();
    assert_eq!(started.elapsed(), seconds(1));
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::WaitTimedOut, Some(seconds(30))));
    assert_eq!(error.last_state(), Some("PROCESSING"));
    let said = "the server asks to wait 30s, longer than the wait has left";
    assert!(error.to_string().ends_with(said), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_hint_is_honoured_though_it_leaves_less_time_for_the_last_look() {
    let scripted = Scripted::new(&[told_to_wait, ready]);
    let wait = wait(&scripted).timeout(Duration::from_millis(30_010));
    assert_eq!(wait.await.unwrap(), DatasetStatus::Ready);
    assert_eq!(scripted.own.pauses(), [30_000]);
}

#[tokio::test(start_paused = true)]
async fn a_look_that_takes_too_long_is_left_at_the_deadline_and_the_error_says_so() {
    let scripted = Scripted::taking(Takes::Time(seconds(3_600)), &[processing]);
    for error in [
        wait(&scripted).timeout(seconds(5)).await.unwrap_err(),
        many(&[scripted]).timeout(seconds(5)).settled().next().await.unwrap().1.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::WaitTimedOut, 1));
        assert_eq!(error.elapsed(), seconds(5));
        let said = "the last poll failed: look: cut off at the deadline of the wait";
        assert!(error.to_string().ends_with(said), "{error}");
        let look = error.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!((look.kind(), look.operation()), (ErrorKind::Timeout, Some("look")));
    }
}

#[tokio::test(start_paused = true)]
async fn calls_of_a_look_end_before_the_deadline_so_that_what_they_fail_with_is_known() {
    let scripted = Scripted::taking(Takes::AllThereIs, &[unavailable]);
    let error = wait(&scripted).timeout(seconds(5)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::WaitTimedOut, 1));
    let look = error.source().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!(look.kind(), ErrorKind::Server);
}

#[tokio::test(start_paused = true)]
async fn a_transient_failure_does_not_end_a_wait_and_its_hint_is_honoured() {
    let scripted = Scripted::new(&[processing, unavailable, told_to_wait, ready]);
    assert_eq!(wait(&scripted).interval(seconds(1)).await.unwrap(), DatasetStatus::Ready);
    assert_eq!(scripted.own.pauses(), [1_000, 1_000, 30_000]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_will_not_pass_ends_a_wait_with_the_last_state() {
    let scripted = Scripted::new(&[processing, gone]);
    let error = wait(&scripted).await.unwrap_err();
    assert_eq!((error.kind(), error.last_state()), (ErrorKind::NotFound, Some("PROCESSING")));
    assert_eq!(error.last_seen(), Some(&DatasetStatus::Processing));
    assert_eq!(scripted.own.count(), 2);
    assert_eq!(wait(&Scripted::new(&[gone])).await.unwrap_err().last_state(), None);
}

#[tokio::test(start_paused = true)]
async fn a_wait_may_be_without_end() {
    let each = [(); 2].map(|()| Scripted::new(&[processing, ready]));
    assert!(wait(&Scripted::new(&[processing, ready])).timeout(Duration::MAX).await.is_ok());
    let settled = many(&each).timeout(Duration::MAX).settled();
    assert_eq!(settled.filter(|(_, end)| std::future::ready(end.is_ok())).count().await, 2);
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_any_time_ends_without_a_look() {
    let scripted = Scripted::new(&[ready]);
    for error in [
        wait(&scripted).timeout(Duration::ZERO).await.unwrap_err(),
        wait(&scripted).timeout(Duration::ZERO).updates().next().await.unwrap().unwrap_err(),
        many(std::slice::from_ref(&scripted))
            .timeout(Duration::ZERO)
            .settled()
            .next()
            .await
            .unwrap()
            .1
            .unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::WaitTimedOut, 0));
    }
    assert_eq!(scripted.own.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_next_may_be_given_up_and_asked_for_again() {
    let scripted = Scripted::taking(Takes::Time(seconds(2)), &[empty, processing, ready]);
    let mut updates = wait(&scripted).interval(seconds(2)).updates();
    let mut seen = Vec::new();
    for _ in 0..100 {
        if let Ok(next) = tokio::time::timeout(seconds(1), updates.next()).await {
            let Some(state) = next else { break };
            seen.push(state);
        }
    }
    let seen: Vec<_> = seen.into_iter().map(Result::unwrap).collect();
    assert_eq!(seen, [empty(), processing(), ready()].map(Result::unwrap));
    assert_eq!(scripted.own.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_wait_ends_it() {
    let scripted = Scripted::new(&[processing]);
    let wait = wait(&scripted).interval(seconds(1)).into_future();
    assert!(tokio::time::timeout(Duration::from_millis(3_500), wait).await.is_err());
    tokio::time::sleep(seconds(60)).await;
    assert_eq!(scripted.own.count(), 4);
}

#[test]
fn no_runtime_is_needed_before_the_first_poll() {
    let scripted = Scripted::new(&[ready]);
    drop((
        wait(&scripted).updates(),
        many(std::slice::from_ref(&scripted)).settled(),
        wait(&scripted),
    ));
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_a_wait_starts_at_its_first_poll() {
    let scripts = [(); 3].map(|()| Scripted::new(&[processing, processing, ready]));
    let updates = wait(&scripts[0]).interval(seconds(4)).timeout(seconds(10)).updates();
    let settled = many(&scripts[1..2]).interval(seconds(4)).timeout(seconds(10)).settled();
    let ended = wait(&scripts[2]).interval(seconds(4)).timeout(seconds(10)).into_future();
    tokio::time::sleep(seconds(3_600)).await;
    assert!(updates.collect::<Vec<_>>().await.iter().all(Result::is_ok));
    assert!(settled.collect::<Vec<_>>().await.iter().all(|(_, end)| end.is_ok()));
    assert!(ended.await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_stream_gives_nothing_after_its_end() {
    let mut updates = wait(&Scripted::new(&[ready])).updates();
    let mut settled = many(&[Scripted::new(&[ready])]).settled();
    assert!(!updates.is_terminated() && !settled.is_terminated());
    assert!(updates.next().await.is_some() && settled.next().await.is_some());
    for _ in 0..3 {
        assert!(updates.next().await.is_none() && settled.next().await.is_none());
    }
    assert!(updates.is_terminated() && settled.is_terminated());
}

#[tokio::test(start_paused = true)]
async fn slow_handling_of_items_does_not_count_towards_the_timeout() {
    let each: Vec<_> = (0..20).map(|_| Scripted::new(&[processing, ready])).collect();
    let wait = many(&each).timeout(seconds(60)).concurrency(2);
    let ends: Vec<_> = wait.settled().then(away_for_an_hour).map(|(_, end)| end).collect().await;
    assert_eq!(ends.len(), 20);
    assert!(ends.iter().all(Result::is_ok), "{ends:?}");

    let scripted = Scripted::new(&[empty, processing, processing, ready]);
    let changes = self::wait(&scripted).timeout(seconds(60)).updates().then(away_for_an_hour);
    assert!(changes.collect::<Vec<_>>().await.iter().all(Result::is_ok));
}

async fn away_for_an_hour<T>(item: T) -> T {
    tokio::time::sleep(seconds(3_600)).await;
    item
}

#[tokio::test(start_paused = true)]
async fn an_item_not_polled_before_the_deadline_is_polled_once_more() {
    let each = [(); 3].map(|()| Scripted::new(&[processing, processing, ready]));
    let mut settled = many(&each).interval(seconds(40)).timeout(seconds(60)).settled();
    assert!(settled.next().now_or_never().is_none());
    tokio::time::sleep(seconds(1)).await;
    assert!(settled.next().now_or_never().is_none());
    tokio::time::sleep(seconds(3_600)).await;
    let ends: Vec<_> = settled.map(|(_, end)| end).collect().await;
    assert!(ends.len() == 3 && ends.iter().all(Result::is_ok), "{ends:?}");
}

#[tokio::test(start_paused = true)]
async fn looks_that_end_at_the_deadline_together_all_count() {
    let takes = Takes::Time(seconds(10));
    let each: Vec<_> = (0..10).map(|_| Scripted::taking(takes, &[ready])).collect();
    let settled = many(&each).timeout(seconds(10)).settled();
    let ends: Vec<_> = settled.map(|(_, end)| end).collect().await;
    assert!(ends.len() == 10 && ends.iter().all(Result::is_ok), "{ends:?}");
}

#[tokio::test(start_paused = true)]
async fn everything_is_looked_at_once_more_before_the_deadline() {
    let takes = Takes::Time(Duration::from_millis(100));
    let each: Vec<_> = (0..100).map(|_| Scripted::taking(takes, &[processing, ready])).collect();
    let wait = many(&each).interval(seconds(600)).timeout(seconds(60)).concurrency(4);
    let ends: Vec<_> = wait.settled().map(|(_, end)| end).collect().await;
    assert!(ends.len() == 100 && ends.iter().all(Result::is_ok), "{ends:?}");
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_settle_each_once_with_its_own_end() {
    let scripts: [&[Seen]; 4] =
        [&[processing, ready], &[unavailable, processing, failed], &[gone], &[processing]];
    let each: Vec<_> = (0..10_000).map(|key: usize| Scripted::new(scripts[key % 4])).collect();
    let keys: HashMap<_, _> =
        each.iter().enumerate().map(|(key, scripted)| (Arc::as_ptr(scripted), key)).collect();
    let settled: Vec<_> = many(&each).timeout(seconds(60)).settled().collect().await;
    let ends: HashMap<usize, _> = settled
        .into_iter()
        .map(|(scripted, end)| (keys[&Arc::as_ptr(&scripted)], end.map_err(|error| error.kind())))
        .collect();
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
    assert_eq!(many(&[]).settled().count().await, 0);
}

#[tokio::test(start_paused = true)]
async fn those_that_can_not_be_looked_at_again_settle_by_the_deadline() {
    let started = Instant::now();
    let takes = Takes::Time(seconds(1));
    let each: Vec<_> = (0..100).map(|_| Scripted::taking(takes, &[processing])).collect();
    let settled = many(&each).timeout(seconds(7)).settled();
    let ends: Vec<_> = settled.map(|(_, end)| end.unwrap_err()).collect().await;
    assert!(started.elapsed() <= seconds(7));
    assert_eq!(ends.len(), 100);
    assert!(ends.iter().all(|end| end.last_state() == Some("PROCESSING")));
    assert!(ends.iter().all(|end| end.kind() == ErrorKind::WaitTimedOut));
}

/// What an import, say, may come to: the answer as data, of which more than one sort is an end.
#[derive(Clone, Debug, PartialEq)]
enum Import {
    Processing { rows: u32 },
    Partial { refused: Vec<String> },
    Failed { why: String },
}

static IMPORT: Watch<(u32, Vec<Import>), Import> = Watch {
    operation: Some("get-import"),
    subject: |(id, _)| format!("import {id}"),
    look: |_, (_, course)| {
        // The course is followed by time, a step a second.
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        let step = START.elapsed().as_secs() as usize;
        Box::pin(async move { Ok(course[step.min(course.len() - 1)].clone()) })
    },
    state: |import| match import {
        Import::Processing { .. } => "processing".into(),
        Import::Partial { .. } => "partial".into(),
        Import::Failed { .. } => "failed".into(),
    },
    standing: |_, _, import| match import {
        Import::Processing { .. } => Standing::Pending,
        Import::Partial { .. } => Standing::Succeeded,
        Import::Failed { .. } => Standing::Failed,
    },
    advice: |import| match import {
        Import::Failed { why } => Some(why.clone()),
        _ => None,
    },
};

#[tokio::test(start_paused = true)]
async fn a_state_may_be_data_and_its_end_is_what_the_watch_says() {
    let rows = [1, 2].map(|rows| Import::Processing { rows });
    let partial = Import::Partial { refused: vec!["row 7".to_owned()] };
    let course = rows.iter().cloned().chain([partial.clone()]).collect::<Vec<_>>();
    let wait = Wait::of(prolific(), &IMPORT, (1, course.clone())).interval(seconds(1));
    let seen: Vec<_> = wait.updates().map(Result::unwrap).collect().await;
    assert_eq!(seen, course);

    let failed = Import::Failed { why: "no header".to_owned() };
    let error = Wait::of(prolific(), &IMPORT, (2, vec![failed.clone()])).await.unwrap_err();
    assert_eq!(error.to_string(), "import 2 ended as failed: no header");
    assert_eq!(error.last_seen(), Some(&failed));
}

/// Of which a part is done at once.
static IN_PART: Watch<u8, u8> = Watch {
    operation: None,
    subject: |id| format!("import {id}"),
    look: |_, id| Box::pin(async move { Ok(id) }),
    state: |id| id.to_string().into(),
    standing: |_, _, _| Standing::Partial,
    advice: |_| None,
};

#[tokio::test(start_paused = true)]
async fn a_part_is_allowed_alike_by_each_kind_of_wait() {
    let one = || Wait::of(prolific(), &IN_PART, 1);
    let many = || WaitMany::new(prolific(), &IN_PART, [1]);
    let started = || {
        let wait = one();
        StartAndWait::new("import 1".to_owned(), async { Ok(wait) })
    };
    let settled = |many: WaitMany<u8, u8>| async move { many.settled().next().await.unwrap().1 };
    for refused in [one().await, started().await, settled(many()).await] {
        let error = refused.unwrap_err();
        assert_eq!((error.kind(), error.last_seen()), (ErrorKind::Partial, Some(&1_u8)));
    }
    for allowed in [
        one().allow_partial().await,
        started().allow_partial().await,
        settled(many().allow_partial()).await,
    ] {
        assert_eq!(allowed.unwrap(), 1);
    }
    for shown in [
        format!("{:?}", one().allow_partial()),
        format!("{:?}", started().allow_partial()),
        format!("{:?}", many().allow_partial()),
    ] {
        assert!(shown.contains("allows_partial: true"), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_and_a_test_of_ones_own_are_waited_for_like_any_other() {
    let counting = |ends_as: fn(u32) -> Standing| {
        let looks = Arc::new(AtomicUsize::new(0));
        let look = move |_| {
            let count = looks.fetch_add(1, Ordering::Relaxed) as u32;
            async move { Ok(count) }
        };
        Wait::new(&prolific(), "the count", look, move |count| ends_as(*count))
            .interval(seconds(1))
            .timeout(seconds(5))
    };
    assert_eq!(counting(|count| (count == 3).into()).await.unwrap(), 3);
    let seen: Vec<_> = counting(|count| (count == 2).into()).updates().collect().await;
    assert_eq!(seen.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [0, 1, 2]);

    let error = counting(|_| Standing::Failed).await.unwrap_err();
    assert_eq!(error.to_string(), "the count ended as 0");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Failed, None));
    let error = counting(|_| false.into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimedOut);
    assert!(error.to_string().starts_with("the count was still 5 after 6 polls"), "{error}");
    assert_eq!(error.last_seen(), Some(&5_u32));
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
        const SCRIPT: [Seen; 5] = [processing, processing, processing, processing, ready];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let all = Arc::<Looks>::default();
            let takes = Duration::from_millis(takes);
            let scripted = || Scripted {
                script: SCRIPT.to_vec(),
                all: all.clone(),
                takes: Takes::Time(takes),
                own: Looks::default(),
            };
            let each: Vec<_> = (0..count).map(|_| Arc::new(scripted())).collect();
            let settled: Vec<_> = many(&each)
                .interval(Duration::from_millis(pause))
                .concurrency(concurrency)
                .timeout(seconds(3_600))
                .settled()
                .collect()
                .await;
            assert_eq!(settled.len(), count);
            assert!(settled.iter().all(|(_, end)| end.is_ok()));
            assert!(all.most_under_way.load(Ordering::Relaxed) <= concurrency);
            let turns = count.div_ceil(concurrency) as u128 + 1;
            let latest = u128::from(pause) + turns * takes.as_millis();
            for scripted in &each {
                let pauses = scripted.own.pauses();
                assert_eq!(scripted.own.count(), SCRIPT.len());
                assert!(pauses.iter().all(|between| *between <= latest), "{pauses:?} > {latest}");
            }
        });
    }
}
