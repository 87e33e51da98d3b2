//! Links to files: where they may lead, and what is sent to them.

use std::net::SocketAddr;

use prolific_api_ext::{ErrorKind, Prolific, Result, datasets::Uploaded, transfer::UploadFile};
use serde_json::json;

use crate::{
    client,
    fault_proxy::{FaultProxy, Response},
    id, link_to, server, shown, with_storage,
};

/// An API that gives out one link, and a client that knows it and the storage by names.
async fn remote(
    link: impl Fn(SocketAddr) -> String + Send + Sync + 'static,
) -> (FaultProxy, Prolific) {
    let api = server(move |request, _| match request.line().starts_with("PUT") {
        true => Response::new(200, ""),
        false => link_to(
            request,
            &link(request.host().replace("api.test", "127.0.0.1").parse().unwrap()),
        ),
    })
    .await;
    let own = reqwest::Client::builder()
        .resolve("api.test", api.address())
        .resolve("storage.test", api.address())
        .build()
        .unwrap();
    let url = format!("http://api.test:{}", api.address().port());
    let prolific = client(url).allow_plain_http().http_client(own).build().unwrap();
    (api, prolific)
}

async fn upload(prolific: &Prolific) -> Result<Uploaded> {
    prolific.datasets().upload(&id("d1"), UploadFile::from_bytes("a.csv", "a\n")).await
}

#[tokio::test]
async fn a_link_leads_to_this_machine_only_if_the_api_is_on_it() {
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "localhost",
        "localhost.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "169.254.169.254",
    ] {
        let (api, prolific) =
            remote(move |server| format!("http://{host}:{}/x?sig=0badcafe", server.port())).await;
        let error = upload(&prolific).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{host}");
        assert!(!shown(&error).contains("0badcafe"), "{error}");
        assert_eq!(api.requests().len(), 1, "{host}");
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("a.csv");
        let error = prolific.batches().report_to_file(&id("b1"), to).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{host}");
        assert_eq!(api.requests().len(), 2, "{host}");
    }
}

#[tokio::test]
async fn plain_http_that_is_allowed_for_the_api_is_allowed_for_its_files() {
    let (api, prolific) = remote(|server| format!("http://storage.test:{}/x", server.port())).await;
    upload(&prolific).await.unwrap();
    assert_eq!(api.requests()[1].line(), "PUT /x");
}

#[tokio::test]
async fn a_link_is_followed_by_its_documented_method_alone() {
    for method in ["PATCH", "DELETE", "GET", "POST", "CONNECT", "PURGE", "put", ""] {
        let api = server(move |request, _| {
            let url = format!("http://{}/file", request.host());
            Response::json(
                201,
                json!({ "upload_url": url, "http_method": method, "import_id": "i" }),
            )
        })
        .await;
        let error = upload(&client(api.url()).build().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{method}: {error}");
        assert_eq!(api.requests().len(), 1, "{method}");
    }
}

#[tokio::test]
async fn a_link_with_a_user_name_is_not_followed() {
    let api = server(|request, _| {
        link_to(request, &format!("http://user:pa55word@{}/file", request.host()))
    })
    .await;
    let prolific = client(api.url()).build().unwrap();
    let error = upload(&prolific).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(!shown(&error).contains("pa55word"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let report = prolific.batches().report_to_file(&id("b1"), folder.path().join("a.csv"));
    assert!(!shown(&report.await.unwrap_err()).contains("pa55word"));
    assert_eq!(api.requests().len(), 2, "nothing is sent to the link");
}

#[tokio::test]
async fn a_storage_that_redirects_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let other = server(|_, _| Response::new(200, "other")).await;
        let to = format!("{}/?X-Amz-Signature=0badcafe", other.url());
        let api = with_storage(move |_| Response::new(status, "").header("location", &to)).await;
        let prolific = client(api.url()).build().unwrap();
        let error = upload(&prolific).await.unwrap_err();
        assert!(!shown(&error).contains("0badcafe"), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let report = prolific.batches().report_to_file(&id("b1"), folder.path().join("a.csv"));
        assert!(!shown(&report.await.unwrap_err()).contains("0badcafe"));
        assert!(other.requests().is_empty(), "{status}");
    }
}

#[tokio::test]
async fn an_upload_that_an_http_client_of_ones_own_redirects_is_no_success() {
    let other = server(|_, _| Response::new(200, "a page")).await;
    let to = other.url();
    let api = with_storage(move |_| Response::new(303, "").header("location", &to)).await;
    let prolific = client(api.url()).http_client(reqwest::Client::new()).build().unwrap();
    let error = upload(&prolific).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{error}");
    assert!(error.to_string().contains("redirected the upload"), "{error}");
}
