//! Secrets: whatever a server sends or repeats, none shows in an error.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use prolific_api_ext::{Error, ErrorKind, Prolific, transfer::UploadFile};
use reqwest::{Method, header::HeaderMap};
use serde_json::{Value, json};

use crate::{
    client,
    fault_proxy::{Fault, FaultProxy, Request, Response, Script},
    id, server, shown,
};

const TOKEN: &str = "sesame/quince+medlars";

/// Everything that a caller can see of an error without asking for the body of a success.
fn seen(error: &Error) -> String {
    format!(
        "{} {:?} {:?} {:?} {:?}",
        shown(error),
        error.title(),
        error.detail(),
        error.code(),
        error.request_id()
    )
}

async fn refused(answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Error {
    let server = server(move |request, _| answer(request)).await;
    let prolific = client(server.url()).token(TOKEN).build().unwrap();
    prolific.users().me().await.unwrap_err()
}

#[tokio::test]
async fn nothing_of_the_body_of_a_success_is_in_an_error() {
    let link = "https://s3.example/f?X-Amz-Signature=0badcafe";
    let cases: [(u16, Value); 7] = [
        (203, json!({ "status": "complete", "url": link, "upload_url": link, "x": 0 })),
        (200, json!({ "expires_at": 5, "status": "complete", "url": link, "upload_url": link })),
        (201, json!({ "http_method": 7, "upload_url": link, "expires_at": 5, "status": 1 })),
        (200, json!({ "status": { "0badcafe": 1 }, "expires_at": [link], "upload_url": [link] })),
        (200, json!([link])),
        (200, json!(link)),
        (299, json!({ "title": "0badcafe", "detail": "0badcafe", "error_code": "0badcafe" })),
    ];
    for (status, body) in cases {
        let body = body.to_string();
        let answer = body.clone();
        let server = server(move |_, _| Response::json(status, &answer)).await;
        let prolific = client(server.url()).build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let export = prolific.batches().export_to_file(&id("b"), folder.path().join("x.zip"));
        let upload = prolific.datasets().upload(&id("d"), UploadFile::from_bytes("a.csv", "a"));
        let secrets = prolific.hooks().secrets(&id("w"));
        let errors = [
            export.await.err(),
            upload.await.err(),
            { secrets }.next().await.and_then(Result::err),
            prolific.users().me().await.err(),
        ];
        for error in errors.into_iter().flatten() {
            assert!(!seen(&error).contains("0badcafe"), "{status} {body}: {error:?}");
        }
    }
}

#[tokio::test]
async fn an_undocumented_success_keeps_its_body_for_who_asks() {
    let error = refused(|_| Response::json(299, json!({ "id": "u1" }))).await;
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert_eq!(error.body(), r#"{"id":"u1"}"#);
}

#[tokio::test]
async fn a_token_that_the_server_repeats_is_masked_however_it_is_spelled() {
    let spelled = [
        TOKEN.to_owned(),
        TOKEN.to_ascii_uppercase(),
        "sesame%2Fquince%2Bmedlars".to_owned(),
        "sesame%252fquince%252bmedlars".to_owned(),
        "sesame\\/quince\\u002bmedlars".to_owned(),
        "sesame&#x2F;quince&#43;medlars".to_owned(),
    ];
    for token in spelled {
        for body in [
            format!("bad request: authorization: Token {token}|accept"),
            format!("<p>{token}</p>"),
            format!(
                r#"{{"error":{{"title":"No {token}","detail":["{token}"],"error_code":"{token}"}}}}"#
            ),
            format!(r#"{{"headers":{{"Authorization":"Token {token}"}}}}"#),
            format!("{}{token}", " ".repeat(790)),
            token[..token.len() - 2].to_owned(),
        ] {
            let error = refused(move |_| Response::new(400, body.clone())).await;
            let seen = format!("{} {:?}", seen(&error), error.body()).to_ascii_lowercase();
            for part in ["sesame", "quince", "medl"] {
                assert!(!seen.contains(part), "{token}: {seen}");
            }
        }
    }
}

#[tokio::test]
async fn a_token_that_the_server_repeats_in_base64_is_masked() {
    for before in ["", "m:", "me:", "Token "] {
        let encoded = STANDARD.encode(format!("{before}{TOKEN}"));
        let body = format!(r#"{{"detail":"Unknown: Basic {encoded}","title":"{encoded}"}}"#);
        let id = encoded.clone();
        let error = refused(move |_| Response::json(401, &body).header("x-request-id", &id)).await;
        let seen = format!("{} {:?} {:?}", seen(&error), error.body(), error.headers());
        // The first and the last bytes of the token may be halved, and those in between are gone.
        let end = encoded.trim_end_matches('=').len() - 2;
        let part = &encoded[end - 12..end];
        assert!(encoded.contains(part) && !seen.contains(part), "{encoded}: {seen}");
        assert!(seen.contains("[redacted]"), "{encoded}: {seen}");
    }
}

#[tokio::test]
async fn a_token_in_a_header_is_masked() {
    for status in [200, 302, 401, 500] {
        let error = refused(move |request| {
            let token = request.header("authorization").unwrap_or_default().to_owned();
            Response::json(status, "7")
                .header("x-request-id", &token)
                .header("location", &format!("/{token}?a={token}"))
                .header("www-authenticate", &token)
        })
        .await;
        assert!(!seen(&error).contains("sesame"), "{status}: {error:?}");
        assert!(error.request_id().is_some(), "{status}");
        assert!(!values(error.headers()).contains("sesame"), "{status}: {:?}", error.headers());
        assert_eq!(error.headers()["content-type"], "application/json");
    }
}

/// The values of headers, those that `Debug` does not show included.
fn values(headers: &HeaderMap) -> String {
    let values = headers.values().map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_secret_in_a_header_of_a_success_is_not_shown() {
    let server = server(|request, _| {
        let token = request.header("authorization").unwrap_or_default().to_owned();
        let repeated = request.header("x-key").unwrap_or_default().to_owned();
        Response::json(200, "{}")
            .header("authorization", &token)
            .header("x-echo", &token)
            .header("x-repeated", &repeated)
            .header("set-cookie", "session=0badcafe")
            .header("x-amz-security-token", "0badcafe")
            .header("location", "https://s3.example/f?X-Amz-Signature=0badcafe")
    })
    .await;
    let builder = client(server.url()).token(TOKEN).default_header("x-key", "sesame-header");
    let prolific = builder.default_header("x-format", "application/json").build().unwrap();
    let lacking = prolific.studies().duplicate(&id("s1"), None).await.unwrap_err();
    let raw = prolific.request(Method::GET, "/api/v1/unheard-of/").send().await.unwrap();
    let undecodable = raw.json::<u8>().unwrap_err();
    let of_api = prolific.api().get_user().send().await.unwrap();
    for headers in [lacking.headers(), raw.headers(), undecodable.headers(), of_api.headers()] {
        assert!(headers.contains_key("x-echo"), "{headers:?}");
        assert!(!values(headers).contains("sesame"), "{headers:?}");
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["set-cookie"], "session=0badcafe");
    }
    for shown in [
        format!("{lacking:?} {:?}", lacking.headers()),
        format!("{undecodable:?} {:?}", undecodable.headers()),
        format!("{raw:?} {:?} {:?}", raw.head(), raw.headers()),
    ] {
        assert!(!shown.contains("0badcafe"), "{shown}");
    }
    let shown = format!("{:?}", of_api.headers());
    assert!(!shown.contains("session="), "{shown}");
}

#[tokio::test]
async fn a_raw_response_does_not_show_its_body() {
    let server = server(|_, _| Response::json(200, r#"{"value":"0badcafe"}"#)).await;
    let prolific = client(server.url()).build().unwrap();
    let raw = prolific.request(Method::GET, "/api/v1/unheard-of/").send().await.unwrap();
    assert!(!format!("{raw:?}").contains("0badcafe"), "{raw:?}");
}

#[tokio::test]
async fn a_token_that_comes_in_pieces_or_half_is_masked() {
    let body = format!(r#"{{"detail":"Token {TOKEN} is bad"}}"#);
    for fault in [
        Fault::Drip { bytes: 5, pause: Duration::from_millis(1) },
        Fault::HalfBody,
        Fault::WrongLength(9),
    ] {
        let answer = body.clone();
        let server = FaultProxy::answering(move |_| Response::json(400, &answer))
            .script(move |_| Script::always(fault.clone()))
            .start()
            .await
            .unwrap();
        let prolific = client(server.url()).token(TOKEN).build().unwrap();
        let error = prolific.users().me().await.unwrap_err();
        let seen = format!("{} {:?}", seen(&error), error.body());
        assert!(!seen.contains("sesame"), "{seen}");
    }
}

#[tokio::test]
async fn provided_tokens_and_added_headers_are_masked() {
    let server = server(|request, _| Response::new(400, request.head.clone())).await;
    let prolific = Prolific::builder()
        .token_provider(|| async { Ok::<_, std::io::Error>("sesame-provided".to_owned()) })
        .default_header("x-key", "sesame-header")
        .base_url(server.url())
        .build()
        .unwrap();
    let error = prolific.users().me().await.unwrap_err();
    assert!(server.requests()[0].head.contains("sesame-provided"));
    assert!(!format!("{} {:?}", seen(&error), error.body()).contains("sesame"), "{error:?}");
}

#[tokio::test]
async fn links_and_named_secrets_of_a_refusal_are_masked() {
    for said in [
        "expired: https://s3.example/f?X-Amz-Signature=0badcafe",
        "expired: https:\\/\\/s3.example\\/f?sig=0badcafe",
        "expired: https%3A%2F%2Fs3.example%2Ff%3Fsig%3D0badcafe",
        "see https://me:0badcafe@s3.example/f",
        "X-Hook-Secret: 0badcafe",
        "signature=0badcafe",
    ] {
        let body = format!(r#"{{"detail":"{said}"}}"#);
        let error = refused(move |_| Response::json(400, &body)).await;
        assert!(!seen(&error).contains("0badcafe"), "{said}: {error:?}");
        let error = refused(move |_| Response::new(400, said)).await;
        assert!(!seen(&error).contains("0badcafe"), "{said}: {error:?}");
    }
}

#[tokio::test]
async fn an_encoding_that_was_not_requested_is_named() {
    for status in [200, 400, 503] {
        let zipped = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xabV\xca,R\xb2R*5T\xaa\x05\0".to_vec();
        let error = refused(move |_| {
            Response::new(status, zipped.clone()).header("content-encoding", "gzip")
        })
        .await;
        assert!(error.to_string().contains("encoded as gzip"), "{error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    }
    let plain = server(|_, _| crate::json(r#"{"id":"u1"}"#).header("content-encoding", "identity"));
    client(plain.await.url()).build().unwrap().users().me().await.unwrap();
}

#[tokio::test]
async fn an_encoded_response_of_what_acts_may_have_acted() {
    let server =
        server(|_, _| Response::new(201, vec![0x1f, 0x8b]).header("content-encoding", "gzip"))
            .await;
    let prolific = client(server.url()).build().unwrap();
    let error = prolific.studies().duplicate(&id("s1"), None).await.unwrap_err();
    assert!(error.may_have_acted() && !error.is_transient(), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}
