//! Proxies of the environment: what goes to this machine does not go through them.

use std::time::Duration;

use prolific_api_ext::{NoRetry, Prolific, transfer::UploadFile};

use crate::{
    client,
    fault_proxy::{FaultProxy, Response},
    id, json, link_to, process, server,
};

const VARIABLES: [&str; 6] =
    ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"];

/// What switches proxies off: of another's environment, and not of this test's.
const EXCEPTIONS: [&str; 3] = ["NO_PROXY", "no_proxy", "REQUEST_METHOD"];

/// Calls the API, and follows a link of it each way.
async fn call_and_follow_links(prolific: &Prolific) {
    prolific.users().me().await.unwrap();
    prolific.datasets().upload(&id("d1"), UploadFile::from_bytes("a.csv", "a\n")).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a.csv");
    prolific.batches().report_to_file(&id("b1"), &to).await.unwrap();
}

/// Calls the APIs at the URLs, of which one that is not on this machine is out of reach.
async fn call(urls: &str) {
    for url in urls.split(' ') {
        let prolific = client(url).allow_plain_http().retry_policy(NoRetry).build().unwrap();
        match url.contains("api.test") {
            true => drop(prolific.users().me().await.unwrap_err()),
            false => call_and_follow_links(&prolific).await,
        }
    }
}

async fn run_with_proxy(variables: &[&str], proxy: &FaultProxy, urls: &str) {
    let mut command = process::of_test(TEST, urls);
    for name in VARIABLES.iter().chain(&EXCEPTIONS) {
        command.env_remove(name);
    }
    command.envs(variables.iter().map(|name| (name, proxy.url())));
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{variables:?}: {shown}{errors}");
}

const TEST: &str =
    "proxies::nothing_that_goes_to_this_machine_goes_through_a_proxy_of_the_environment";

#[tokio::test]
async fn nothing_that_goes_to_this_machine_goes_through_a_proxy_of_the_environment() {
    if let Some(urls) = process::told() {
        return tokio::time::timeout(Duration::from_secs(60), call(&urls)).await.unwrap();
    }
    let storage = server(|_, _| Response::new(200, "bird\n")).await;
    let link = format!("{}/file?X-Amz-Signature=0badcafe", storage.url());
    let api = server(move |request, _| match request.line().contains("/users/me/") {
        true => json(r#"{"id":"u1"}"#),
        false => link_to(request, &link),
    })
    .await;
    let here = format!("{} http://localhost:{}", api.url(), api.address().port());
    let everything: &[&str] = &VARIABLES;
    let http: Vec<&[&str]> = VARIABLES[..4].chunks(1).chain([everything]).collect();
    for variables in &http {
        let proxy = server(|_, _| Response::new(503, "")).await;
        let (calls, links) = (api.requests().len(), storage.requests().len());
        run_with_proxy(variables, &proxy, &format!("{here} http://api.test")).await;
        let seen: Vec<_> = proxy.requests().iter().map(|seen| seen.line().to_owned()).collect();
        // The one that is elsewhere shows that the variable is heeded.
        assert_eq!(seen, ["GET http://api.test/api/v1/users/me/"], "{variables:?}");
        assert_eq!(storage.requests().len() - links, 4, "{variables:?}");
        assert!(api.requests().len() - calls >= 6, "{variables:?}");
    }
}
