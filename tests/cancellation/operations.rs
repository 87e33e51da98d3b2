//! Every operation of the API, dropped at every await: while it waits for its turn, for the token, for
//! the response of an attempt, in the pause before another, and while a body comes.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use prolific_api::{AnswerKind, OPERATIONS};
use prolific_api_ext::{FailedAttempt, FullJitter, Prolific, RetryBudget};
use prolific_tests::fault_proxy::{Fault, FaultProxy, Response};

use crate::{
    MOST_POLLS,
    interrupted::interrupted,
    samples::{answer_of, whole},
    table::ROWS,
};

/// What retries took and gave back.
#[derive(Debug, Default)]
struct Ledger {
    attempts: AtomicU64,
    withdrawn: AtomicU64,
    refunded: AtomicU64,
}

#[derive(Debug)]
struct Budget(Arc<Ledger>);

impl RetryBudget for Budget {
    fn withdraw(&self, _: &FailedAttempt) -> bool {
        self.0.withdrawn.fetch_add(1, SeqCst);
        true
    }

    fn refund(&self, _: &FailedAttempt) {
        self.0.refunded.fetch_add(1, SeqCst);
    }

    fn deposit(&self, _: Option<&FailedAttempt>) {}
}

impl Ledger {
    fn reset(&self) {
        for count in [&self.attempts, &self.withdrawn, &self.refunded] {
            count.store(0, SeqCst);
        }
    }

    /// A retry is paid for if it has begun, and if it has not, what it took has come back.
    fn check(&self, what: &str) {
        let retries = self.attempts.load(SeqCst).saturating_sub(1);
        let paid = self.withdrawn.load(SeqCst) - self.refunded.load(SeqCst);
        assert_eq!(paid, retries, "{what}: retries paid for and begun");
    }
}

/// What the server answers.
#[derive(Default)]
struct Script {
    /// The user if there is none.
    answer: Mutex<Option<Response>>,
    /// How often it refuses first.
    refusals: AtomicU64,
}

impl Script {
    fn answer(&self) -> Response {
        let Some(answer) = self.answer.lock().unwrap().clone() else {
            return Response::json(200, r#"{"id":"u1"}"#);
        };
        let left = self.refusals.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
        match left {
            Ok(_) => Response::json(429, "{}").header("retry-after-ms", "3"),
            Err(_) => answer,
        }
    }
}

#[tokio::test]
async fn an_operation_that_is_dropped_at_any_await_leaves_the_client_as_it_was() {
    let script = Arc::<Script>::default();
    let answering = script.clone();
    // The body comes in two pieces, so that it is waited for.
    let server = FaultProxy::answering(move |_| answering.answer())
        .faults(|_| Fault::Drip { bytes: 200, pause: Duration::from_millis(1) })
        .start()
        .await
        .unwrap();
    let ledger = Arc::<Ledger>::default();
    let prolific = client(server.url(), &ledger);
    let (mut drops, mut ends) = (0, 0);
    for row in ROWS {
        let operation = OPERATIONS.iter().find(|known| known.id == row.id).unwrap();
        *script.answer.lock().unwrap() = Some(documented(operation));
        for polls in 0.. {
            assert!(polls < MOST_POLLS, "{} does not end", row.id);
            script.refusals.store(1, SeqCst);
            ledger.reset();
            let ended = interrupted((row.call)(prolific.api()), polls).await;
            ledger.check(row.id);
            let Some(ended) = ended else {
                drops += 1;
                continue;
            };
            assert!(ended.is_ok(), "{}: {ended:?}", row.id);
            assert_eq!(ledger.attempts.load(SeqCst), 2, "{}", row.id);
            ends += 1;
            break;
        }
        *script.answer.lock().unwrap() = None;
        let me = tokio::time::timeout(Duration::from_secs(5), prolific.users().me()).await;
        assert!(me.is_ok_and(|me| me.is_ok()), "the client can't be used after {}", row.id);
    }
    assert_eq!(ends, ROWS.len());
    assert!(drops > 5 * ROWS.len(), "{drops} drops of {} operations", ROWS.len());
    drop(prolific);
    let began = std::time::Instant::now();
    while server.open_connections() > 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "a connection is left");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn client(url: String, ledger: &Arc<Ledger>) -> Prolific {
    let begun = ledger.clone();
    let token = move || {
        begun.attempts.fetch_add(1, SeqCst);
        async {
            tokio::task::yield_now().await;
            Ok::<_, io::Error>("t".to_owned())
        }
    };
    Prolific::builder()
        .token_provider(token)
        .base_url(url)
        .backoff(FullJitter::new(Duration::ZERO, Duration::ZERO))
        .retry_budget(Budget(ledger.clone()))
        .requests_per_second(2_000.0)
        .build()
        .unwrap()
}

/// A success with everything in it that is documented.
fn documented(operation: &prolific_api::Operation) -> Response {
    let (status, schema) = answer_of(operation.method, operation.path);
    match (operation.answer, schema) {
        (AnswerKind::Json, Some(schema)) => Response::json(status, whole(schema)),
        (AnswerKind::Bytes, _) => {
            Response::new(status, "a,b\n1,2\n").header("content-type", "text/csv")
        }
        _ => Response::new(status, ""),
    }
}

/// Eight calls that are dropped while they wait leave no gap: the turn that is free next is had next.
#[tokio::test]
async fn unused_turns_hold_up_no_other_call() {
    let server =
        FaultProxy::answering(|_| Response::json(200, r#"{"id":"u1"}"#)).start().await.unwrap();
    let prolific =
        Prolific::builder().token("t").base_url(server.url()).requests_per_second(4.0).build();
    let prolific = prolific.unwrap();
    prolific.users().me().await.unwrap();
    let began = std::time::Instant::now();
    for _ in 0..8 {
        for polls in 1..3 {
            assert!(interrupted(prolific.users().me(), polls).await.is_none());
            if began.elapsed() > Duration::from_millis(200) {
                break;
            }
        }
    }
    prolific.users().me().await.unwrap();
    // Sixteen turns would take four seconds.
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}
