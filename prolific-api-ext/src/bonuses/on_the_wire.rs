//! What bonuses send, and what is known of the money when a payment fails, on a real socket.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt as _;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::Bonus;
use crate::{
    BonusPaymentsId, Error, ErrorKind, FailedAttempt, FullJitter, Minor, Money, Prolific,
    RetryPolicy, StudyId, SubmissionId,
    money::Currency,
    transfer::{RecordingServer, Reply},
};

const CREATE: &str = "POST /api/v1/submissions/bonus-payments/";
const PAY: &str = "POST /api/v1/bulk-bonus-payments/b1/pay/";

fn id() -> BonusPaymentsId {
    BonusPaymentsId::new("b1").unwrap()
}

fn study() -> StudyId {
    StudyId::new("s1").unwrap()
}

fn bonus(id: &str, major: &str) -> Bonus {
    let amount = Money::from_major(major, Currency::Gbp).unwrap();
    Bonus::new(SubmissionId::new(id).unwrap(), amount)
}

async fn answering(reply: Reply) -> RecordingServer {
    RecordingServer::start(move |_, _, _| reply.clone()).await
}

#[tokio::test]
async fn bonuses_are_sent_in_major_and_read_in_minor_units() {
    let answer = json!({
        "id": "b1", "study": "s1", "amount": 425, "fees": 141.67, "vat": 28.34,
        "total_amount": 595.01,
    });
    let server = answering(Reply::json(201, &answer)).await;
    let bonuses = [bonus("a", "4.25"), bonus("b", "30")];
    let payments = server.prolific().bonuses().create(&study(), bonuses).await.unwrap();
    let minor = |text: &str| Some(text.parse::<Minor>().unwrap());
    assert_eq!((payments.id, payments.study_id), (id(), Some(study())));
    assert_eq!((payments.amount, payments.fees), (minor("425"), minor("141.67")));
    assert_eq!((payments.vat, payments.total), (minor("28.34"), minor("595.01")));
    let [seen] = server.seen().try_into().unwrap();
    assert_eq!(seen.line(), CREATE);
    let expected = json!({ "study_id": "s1", "csv_bonuses": "a,4.25\nb,30.00" });
    assert_eq!(seen.json(), expected);
}

#[tokio::test]
async fn what_can_not_be_paid_is_not_sent() {
    let server = answering(Reply::json(201, &json!({ "id": "b1" }))).await;
    let bonuses = server.prolific().bonuses();
    for refused in [vec![], vec![bonus("a", "0.001")], vec![bonus("a", "1"); 201]] {
        let error = bonuses.create(&study(), refused).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0), "{error}");
        assert_eq!(error.operation(), Some("create-bonus-payments"));
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn bonuses_are_prepared_once_whatever_comes_of_it() {
    let server = answering(Reply::json(503, &json!({}))).await;
    let bonuses = server.prolific().bonuses();
    let error = bonuses.create(&study(), [bonus("a", "1")]).await.unwrap_err();
    assert_eq!((error.kind(), server.seen().len()), (ErrorKind::Server, 1));
    assert!(!error.may_have_been_paid());
}

#[tokio::test]
async fn loose_amounts_and_missing_ones_lose_no_payments() {
    let answer = json!({ "id": "b1", "amount": 283.34000000000003, "fees": 1e300, "vat": null });
    let server = answering(Reply::json(201, &answer)).await;
    let bonuses = server.prolific().bonuses();
    let payments = bonuses.create(&study(), [bonus("a", "1")]).await.unwrap();
    assert_eq!(payments.amount.unwrap().to_string(), "283.34");
    assert_eq!((payments.fees, payments.vat, payments.total), (None, None, None));
    let server = answering(Reply::json(201, &json!({ "total_amount": 1 }))).await;
    let error = server.prolific().bonuses().create(&study(), [bonus("a", "1")]).await.unwrap_err();
    let says = "create-bonus-payments: 201 Created: the response has no `id`; it may have taken \
                effect: check with get-submissions (GET /api/v1/submissions/) before repeating it";
    assert_eq!(error.to_string(), says);
    assert!(error.may_have_acted() && !error.may_have_been_paid());
}

#[tokio::test]
async fn any_success_is_accepted() {
    let server = answering(Reply::json(202, &json!("Paying"))).await;
    server.prolific().bonuses().pay(&id()).await.unwrap();
    let [seen] = server.seen().try_into().unwrap();
    assert_eq!((seen.line(), &*seen.body), (PAY, &b""[..]));
    for (status, body) in [(200, ""), (202, ""), (202, "{\"a\":"), (204, ""), (201, "{}")] {
        let server = answering(Reply::Answer(status, "", body.to_owned())).await;
        server.prolific().bonuses().pay(&id()).await.unwrap();
        assert_eq!(server.seen().len(), 1, "{status} {body:?}");
    }
}

/// A server that answers each request with these bytes and closes the connection; its address, and
/// how many requests it has seen.
async fn closing_after(answer: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::<AtomicUsize>::default();
    let count = seen.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (url, seen)
}

fn client(url: &str) -> Prolific {
    let backoff = FullJitter::new(Duration::from_millis(1), Duration::from_millis(2));
    let builder = Prolific::builder().token("sesame").base_url(url).backoff(backoff);
    builder.build().unwrap()
}

#[tokio::test]
async fn a_success_whose_body_breaks_off_is_accepted() {
    let (url, seen) = closing_after("HTTP/1.1 202 x\r\ncontent-length: 50\r\n\r\n\"Pay").await;
    client(&url).bonuses().pay(&id()).await.unwrap();
    assert_eq!(seen.load(Ordering::SeqCst), 1);
}

/// A policy that would repeat anything.
#[derive(Debug)]
struct Always;

impl RetryPolicy for Always {
    fn should_retry(&self, failed: &FailedAttempt) -> bool {
        failed.number < 4
    }
}

fn assert_in_doubt(error: &Error, context: &str) {
    assert!(error.may_have_been_paid() && !error.is_transient(), "{context}: {error:?}");
    assert_eq!((error.attempts(), error.operation()), (1, Some("pay-bonus-payments")), "{context}");
    let says = "bonus payments b1 may have been paid: before paying again, read `bonus_payments`";
    assert!(error.to_string().contains(says), "{context}: {error}");
}

#[tokio::test]
async fn a_connection_that_closes_after_the_request_is_not_paid_again() {
    for retries in [false, true] {
        let (url, seen) = closing_after("").await;
        let prolific = client(&url);
        let prolific = if retries { prolific.with_retry_policy(Always) } else { prolific };
        let error = prolific.bonuses().pay(&id()).await.unwrap_err();
        assert_in_doubt(&error, "closed");
        assert_eq!((error.kind(), seen.load(Ordering::SeqCst)), (ErrorKind::Connection, 1));
    }
}

#[tokio::test]
async fn an_answer_that_does_not_say_leaves_the_payment_in_doubt() {
    let redirect = "location: https://elsewhere.example/\r\n";
    let replies =
        [(500, ""), (502, ""), (503, ""), (504, ""), (501, ""), (408, ""), (302, redirect)];
    for (status, headers) in replies {
        let server = answering(Reply::Answer(status, headers, String::new())).await;
        let prolific = server.prolific().with_retry_policy(Always);
        let error = prolific.bonuses().pay(&id()).await.unwrap_err();
        assert_in_doubt(&error, &status.to_string());
        assert_eq!(server.seen().len(), 1, "{status}");
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_leaves_the_payment_in_doubt() {
    let server = answering(Reply::Silence).await;
    // Long enough for the request to arrive on a machine that has much else to do.
    let prolific = server.prolific().with_attempt_timeout(Duration::from_secs(1));
    let error = prolific.with_retry_policy(Always).bonuses().pay(&id()).await.unwrap_err();
    assert_in_doubt(&error, "silence");
    assert_eq!((error.kind(), server.seen().len()), (ErrorKind::Timeout, 1));
}

fn assert_not_paid(error: &Error, context: &str) {
    assert!(!error.may_have_been_paid(), "{context}: {error:?}");
    assert!(error.to_string().contains("this call paid nothing"), "{context}: {error}");
}

#[tokio::test]
async fn what_the_server_turns_down_is_not_paid() {
    for status in [400, 401, 403, 404, 409, 422] {
        let server = answering(Reply::json(status, &json!({ "detail": "No" }))).await;
        let error = server.prolific().bonuses().pay(&id()).await.unwrap_err();
        assert_not_paid(&error, &status.to_string());
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn too_many_requests_are_repeated() {
    let server = RecordingServer::start(|_, _, before| {
        Reply::json(if before < 2 { 429 } else { 202 }, &json!("Paying"))
    })
    .await;
    server.prolific().bonuses().pay(&id()).await.unwrap();
    assert_eq!(server.seen().len(), 3);
    let server = answering(Reply::json(429, &json!({}))).await;
    let error = server.prolific().bonuses().pay(&id()).await.unwrap_err();
    assert_not_paid(&error, "429");
    assert!(error.is_transient() && error.attempts() == 4);
}

#[tokio::test]
async fn a_failed_connection_is_retried_and_pays_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&url).bonuses().pay(&id()).await.unwrap_err();
    assert_not_paid(&error, "refused");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 4));
}

#[tokio::test]
async fn a_call_without_time_pays_nothing() {
    let server = answering(Reply::json(202, &json!("Paying"))).await;
    let prolific = server.prolific().with_total_timeout(Duration::ZERO);
    let error = prolific.bonuses().pay(&id()).await.unwrap_err();
    assert_not_paid(&error, "no time");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_bonus_request_that_gets_no_turn_ends_with_its_timeout_and_pays_nothing() {
    let server = answering(Reply::json(202, &json!("Paying"))).await;
    let prolific = server.prolific();
    let turn = prolific.policy().bonus_turn.clone();
    let _turn = turn.lock().await;
    let hurried = prolific.with_total_timeout(Duration::from_millis(20));
    let error = hurried.bonuses().pay(&id()).await.unwrap_err();
    assert_not_paid(&error, "no turn");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(error.to_string().contains("another bonus request"), "{error}");
    assert!(server.seen().is_empty() && error.is_transient());
}

#[tokio::test]
async fn bonus_requests_of_a_client_and_its_clones_do_not_run_at_the_same_time() {
    let server = answering(Reply::json(202, &json!("Paying"))).await;
    let prolific = server.prolific();
    let turn = prolific.policy().bonus_turn.clone();
    let turn = turn.lock().await;
    let other = prolific.with_attempt_timeout(Duration::from_secs(5)).bonuses();
    let (id, study) = (id(), study());
    let mut pay = Box::pin(other.pay(&id));
    let mut create = Box::pin(other.create(&study, [bonus("a", "1")]));
    // Each has come as far as it can once the other tasks have run.
    for _ in 0..100 {
        assert!((&mut pay).now_or_never().is_none());
        assert!((&mut create).now_or_never().is_none());
        tokio::task::yield_now().await;
    }
    assert!(server.seen().is_empty());
    drop(turn);
    pay.await.unwrap();
    assert_eq!(server.seen().len(), 1);
    let _ = create.await;
    assert_eq!(server.seen().len(), 2);
}
