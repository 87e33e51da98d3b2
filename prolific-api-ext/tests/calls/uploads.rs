//! Uploads: which files are sent, and how long a storage may take.

use std::{io, time::Duration};

use prolific_api_ext::{ErrorKind, Prolific, Result, datasets::Uploaded, transfer::UploadFile};

use crate::{
    client,
    fault_proxy::{Fault, FaultProxy, Request, Response, Script},
    id, link_to, with_storage,
};

async fn upload(prolific: &Prolific, file: UploadFile) -> Result<Uploaded> {
    prolific.datasets().upload(&id("d1"), file).await
}

fn puts(server: &FaultProxy) -> Vec<Request> {
    let mut requests = server.requests();
    requests.retain(|request| request.line().starts_with("PUT"));
    requests
}

#[tokio::test]
async fn a_file_that_says_it_is_empty_and_is_not_is_not_sent() {
    let server = with_storage(|_| Response::new(200, "")).await;
    let prolific = client(server.url()).build().unwrap();
    let file = UploadFile::from_reader("birds.csv", || async { Ok((&b"bird\nrobin\n"[..], 0)) });
    let error = upload(&prolific, file).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::File, 1));
    assert!(error.to_string().contains("reports a size of zero"), "{error}");
    assert!(server.requests().is_empty(), "no import is opened for nothing");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_of_the_kernels_is_not_taken_for_an_empty_one() {
    let server = with_storage(|_| Response::new(200, "")).await;
    let prolific = client(server.url()).build().unwrap();
    for path in ["/proc/self/status", "/sys/kernel/mm/transparent_hugepage/enabled"] {
        if !std::path::Path::new(path).exists() {
            continue;
        }
        let error =
            upload(&prolific, UploadFile::from_path(path).named("a.csv")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File, "{path}: {error}");
    }
    assert!(puts(&server).iter().all(|put| put.body.is_empty()));
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_regular_file_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let socket = folder.path().join("socket.csv");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let link = folder.path().join("link.csv");
    std::os::unix::fs::symlink(&pipe, &link).unwrap();
    let server = with_storage(|_| Response::new(200, "")).await;
    let prolific = client(server.url()).build().unwrap();
    for path in [pipe.as_path(), &socket, &link, "/dev/zero".as_ref(), folder.path()] {
        let error =
            upload(&prolific, UploadFile::from_path(path).named("a.csv")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File, "{path:?}: {error}");
    }
    assert!(server.requests().is_empty());
}

/// A storage that commits a fault at every upload. The API is another connection.
async fn faulty(fault: Fault) -> FaultProxy {
    let storage = FaultProxy::answering(|_| Response::new(200, ""))
        .script(move |_| Script::always(fault.clone()));
    storage.start().await.unwrap()
}

async fn api_of(storage: &FaultProxy) -> FaultProxy {
    let url = format!("{}/file", storage.url());
    FaultProxy::answering(move |request| link_to(request, &url)).start().await.unwrap()
}

#[tokio::test]
async fn a_storage_has_its_own_time_to_respond_to_a_whole_file() {
    let storage = faulty(Fault::Delay(Duration::from_millis(900))).await;
    let api = api_of(&storage).await;
    let prolific = client(api.url()).attempt_timeout(Duration::from_millis(250)).build().unwrap();
    let sent = upload(&prolific, UploadFile::from_bytes("a.csv", vec![7; 3 << 20])).await.unwrap();
    assert_eq!(sent.bytes, 3 << 20);
    assert_eq!(puts(&storage).len(), 1, "it is sent once");
}

#[tokio::test]
async fn a_storage_that_never_responds_to_a_whole_file_is_a_timeout() {
    let storage = faulty(Fault::Silence).await;
    let api = api_of(&storage).await;
    let prolific = client(api.url()).retry_policy(prolific_api_ext::NoRetry).build().unwrap();
    let file = UploadFile::from_bytes("a.csv", "a");
    let upload = prolific.datasets().upload(&id("d1"), file);
    let error = upload.response_timeout(Duration::from_millis(100)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        error.is_transient() && error.to_string().contains("did not respond within 100ms"),
        "{error}"
    );
}

/// Gives zeros without end, slowly.
struct Slow(tokio::time::Interval);

impl tokio::io::AsyncRead for Slow {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::task::ready!(self.0.poll_tick(context));
        buffer.put_slice(&[0]);
        std::task::Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn an_upload_that_always_moves_ends_with_its_total_timeout() {
    let server = with_storage(|_| Response::new(200, "")).await;
    let prolific =
        client(server.url()).attempt_timeout(Duration::from_millis(400)).build().unwrap();
    let file = UploadFile::from_reader("a.csv", || async {
        Ok((Slow(tokio::time::interval(Duration::from_millis(20))), 1 << 20))
    });
    let upload = prolific.datasets().upload(&id("d1"), file);
    let error = upload.total_timeout(Duration::from_millis(600)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1), "{error}");
    assert!(error.to_string().contains("took longer than its total timeout"), "{error}");
}
