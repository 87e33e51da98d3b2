//! Settings of a client, and of single calls.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use prolific_api_ext::{ErrorKind, NoRetry, Prolific};
use serde_json::json;

use crate::{
    client,
    fault_proxy::{FaultProxy, Response},
    json, server,
};

/// Refuses the first request.
async fn refusing_once() -> FaultProxy {
    server(|_, before| match before {
        0 => Response::json(503, "{}"),
        _ => json(json!({ "id": "u1" })),
    })
    .await
}

fn provided<F, E>(server: &FaultProxy, provider: impl Fn() -> F + Send + Sync + 'static) -> Prolific
where
    F: Future<Output = Result<String, E>> + Send + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    let builder = Prolific::builder().base_url(server.url()).token_provider(provider);
    builder.attempt_timeout(Duration::from_millis(300)).build().unwrap()
}

#[tokio::test]
async fn a_provider_is_asked_for_a_token_before_every_attempt() {
    let server = refusing_once().await;
    let asked = Arc::<AtomicUsize>::default();
    let count = asked.clone();
    let prolific = provided(&server, move || {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        async move { Ok::<_, io::Error>(format!("sesame-{number}")) }
    });
    prolific.users().me().await.unwrap();
    prolific.users().me().await.unwrap();
    let sent: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(sent, ["Token sesame-1", "Token sesame-2", "Token sesame-3"]);
    assert!(!format!("{prolific:?}").contains("sesame"));
}

#[tokio::test]
async fn a_provider_that_fails_sends_nothing_and_shows_nothing() {
    let server = server(|_, _| json("{}")).await;
    let failing = provided(&server, || async { Err::<String, _>(io::Error::other("sesame")) });
    let odd = provided(&server, || async { Ok::<_, io::Error>("sesame\n".to_owned()) });
    let slow = provided(&server, std::future::pending::<Result<String, io::Error>>);
    let error = failing.users().me().await.unwrap_err();
    let source = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(source.as_deref(), Some("sesame"), "what the provider said is the source alone");
    for (prolific, says) in [
        (failing, "the token provider failed"),
        (odd, "the token from the provider contains a line break"),
        (slow, "no token within 300ms"),
    ] {
        let error = prolific.users().me().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert!(!error.to_string().contains("sesame") && !error.may_have_acted(), "{error}");
        let paid = prolific.bonuses().pay(&"b1".parse().unwrap()).await.unwrap_err();
        assert!(!paid.may_have_been_paid(), "{paid}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_token_and_a_provider_are_too_much() {
    let provider = || async { Ok::<_, io::Error>(String::new()) };
    let error = Prolific::builder().token("sesame").token_provider(provider).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn headers_of_the_client_and_of_a_call_go_to_the_api() {
    let server = server(|_, _| json(json!({ "id": "u1" }))).await;
    let builder = client(server.url()).default_header("x-team", "birds");
    let prolific = builder.default_header("x-run", "0").build().unwrap();
    prolific.users().me().await.unwrap();
    prolific.with_header("X-Run", "7").unwrap().users().me().await.unwrap();
    let sent: Vec<_> = server
        .requests()
        .iter()
        .map(|request| ["x-team", "x-run"].map(|name| request.header(name).map(str::to_owned)))
        .collect();
    let expected = |run: &str| [Some("birds".to_owned()), Some(run.to_owned())];
    assert_eq!(sent, [expected("0"), expected("7")]);
    assert!(!format!("{prolific:?}").contains("birds"), "{prolific:?}");
    let error = client(server.url()).default_header("authorization", "sesame").build();
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn timeouts_and_the_retry_policy_can_be_those_of_a_single_call() {
    let server = refusing_once().await;
    let prolific = client(server.url()).build().unwrap();
    let error = prolific.with_retry_policy(NoRetry).users().me().await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
    prolific.with_total_timeout(Duration::from_secs(9)).users().me().await.unwrap();
}
