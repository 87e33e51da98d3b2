//! Connections that fail, that go stale, and what a client makes of them.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use prolific_api_ext::{ErrorKind, Prolific, simulator::Simulator};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs::default_provider, pki_types::PrivateKeyDer},
};

use crate::{
    client,
    fault_proxy::{Fault, FaultProxy, Response, Script, unused_address},
};

/// A fatal alert of TLS: the handshake failed.
const HANDSHAKE_FAILURE: [u8; 7] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28];

/// A server that always sends these bytes, and the number of connections it has accepted.
struct Babbler {
    port: u16,
    taken: Arc<AtomicUsize>,
}

impl Babbler {
    fn start(bytes: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::<AtomicUsize>::default();
        let count = taken.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4_096]);
                let _ = stream.write_all(&bytes);
            }
        });
        Self { port, taken }
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_failure_of_tls_is_no_passing_fault_and_ends_a_call_and_a_wait_at_once() {
    let plain = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".to_vec();
    for bytes in [plain, HANDSHAKE_FAILURE.to_vec()] {
        let server = Babbler::start(bytes);
        let prolific = client(format!("https://localhost:{}", server.port)).build().unwrap();
        let id = "d1".parse().unwrap();
        let error = prolific.datasets().status(&id).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error:?}");
        assert!(!error.is_transient(), "{error}");
        assert!(error.to_string().contains("TLS failed"), "{error}");
        assert_eq!(server.taken(), 1);

        let wait = prolific.datasets().wait_until_ready(&id).timeout(Duration::from_secs(60));
        let error = wait.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
        assert_eq!(server.taken(), 2);

        let study = prolific.studies().publish(&"s1".parse().unwrap()).await.unwrap_err();
        assert!(!study.may_have_acted() && !study.is_transient(), "{study}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_during_the_handshake_may_pass() {
    for bytes in [&[], &HANDSHAKE_FAILURE[..3]] {
        let server = Babbler::start(bytes.to_vec());
        let prolific = client(format!("https://localhost:{}", server.port)).build().unwrap();
        let error = prolific.users().me().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 4), "{error:?}");
        assert!(error.is_transient(), "{error}");
        assert_eq!(server.taken(), 4);
    }
}

/// A TLS server with an untrusted certificate.
async fn self_signed() -> (u16, Arc<AtomicUsize>) {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, taken) = (listener.local_addr().unwrap().port(), Arc::<AtomicUsize>::default());
    let count = taken.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let _ = acceptor.accept(stream).await;
        }
    });
    (port, taken)
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_ends_a_call_at_once_and_is_named() {
    let (port, taken) = self_signed().await;
    let prolific = client(format!("https://localhost:{port}")).build().unwrap();
    let error = prolific.datasets().status(&"d1".parse().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error:?}");
    assert!(!error.is_transient() && error.to_string().contains("certificate"), "{error}");
    assert_eq!(taken.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_that_is_not_there_and_a_name_that_is_not_resolved_may_pass() {
    for url in
        [format!("http://{}", unused_address().unwrap()), "https://no-such-host.invalid".to_owned()]
    {
        let error = client(url).build().unwrap().users().me().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 4), "{error}");
        assert!(error.is_transient(), "{error}");
    }
}

/// A server that answers with the number of the connection.
async fn numbered(script: Script) -> FaultProxy {
    let answer = FaultProxy::answering(|request| {
        Response::json(200, format!(r#"{{"id":"u{}"}}"#, request.connection))
    });
    answer.script(move |_| script.clone()).start().await.unwrap()
}

#[tokio::test]
async fn a_connection_is_not_used_again_once_it_was_idle_for_too_long() {
    let server = numbered(Script::default()).await;
    let prolific =
        client(server.url()).pool_idle_timeout(Duration::from_millis(50)).build().unwrap();
    for (pause, connection) in [(0, 1), (0, 1), (200, 2)] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        prolific.users().me().await.unwrap();
        assert_eq!(server.requests().last().unwrap().connection, connection);
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closed_while_it_was_idle_is_not_used_again() {
    let server = numbered(Script::default().close_after(1)).await;
    let prolific = client(server.url()).build().unwrap();
    for connection in 1..=3 {
        prolific.users().me().await.unwrap();
        assert_eq!(server.requests().last().unwrap().connection, connection);
        // The close has to arrive.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn connection_settings_are_refused_with_the_callers_own_http_client() {
    let builder = client("http://127.0.0.1:9").http_client(reqwest::Client::new());
    let error = builder.pool_idle_timeout(Duration::from_secs(1)).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("ClientBuilder::pool_idle_timeout"), "{error}");
    let error = client("http://127.0.0.1:9").pool_idle_timeout(Duration::ZERO).build();
    assert!(error.unwrap_err().to_string().contains("the pool idle timeout is zero"));
}

#[tokio::test]
async fn what_is_refused_reset_or_cut_off_once_is_asked_for_again() {
    for fault in [
        Fault::Refuse,
        Fault::ResetBeforeHead,
        Fault::ResetInHead,
        Fault::ResetInBody,
        Fault::HalfBody,
        Fault::WrongLength(7),
        Fault::Silence,
        Fault::SilentBody,
        Fault::Drip { bytes: 1, pause: Duration::from_millis(100) },
        Fault::Delay(Duration::from_secs(60)),
    ] {
        let scripted = fault.clone();
        let server = FaultProxy::answering(|_| Response::json(200, r#"{"id":"user-1"}"#))
            .script(move |connection| match connection {
                1 => Script::always(scripted.clone()),
                _ => Script::default(),
            })
            .start()
            .await
            .unwrap();
        let prolific =
            client(server.url()).attempt_timeout(Duration::from_millis(400)).build().unwrap();
        let began = Instant::now();
        let me = prolific.users().me().await.unwrap();
        assert_eq!((me.id.as_str(), server.connections()), ("user-1", 2), "{fault:?}");
        assert!(began.elapsed() < Duration::from_secs(10), "{fault:?}");
    }
}

#[tokio::test]
async fn a_proxy_in_front_of_the_simulator_is_one_more_server() {
    let simulator = Simulator::start();
    let address = simulator.base_url().trim_start_matches("http://").parse().unwrap();
    let server = FaultProxy::in_front_of(address)
        .script(|connection| match connection {
            1 => Script::of([Fault::None, Fault::HalfBody]),
            _ => Script::default(),
        })
        .start()
        .await
        .unwrap();
    let builder = Prolific::builder().token(simulator.token()).base_url(server.url());
    let prolific = builder.build().unwrap();
    for _ in 0..2 {
        prolific.users().me().await.unwrap();
    }
    assert_eq!(simulator.requests().len(), 3);
}
