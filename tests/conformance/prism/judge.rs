//! The server between the client and prism.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use prolific_api::OPERATIONS;
use prolific_api_ext::{NoRetry, Prolific};
use serde_json::{Value, json};

/// A request, and what prism says of it.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    /// Method and target.
    pub(crate) line: String,
    /// The operation that is at the path.
    pub(crate) operation: Option<&'static str>,
    pub(crate) violations: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct Judge {
    /// Where it listens itself.
    url: String,
    prism: String,
    http: reqwest::Client,
    judged: Arc<Mutex<Vec<Judged>>>,
}

impl Judge {
    pub(crate) async fn start(prism: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let judge = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            prism: prism.to_owned(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            judged: Arc::default(),
        };
        let app = Router::new().fallback(pass_on).with_state(judge.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        judge
    }

    /// A client that sends each request once.
    pub(crate) fn client(&self) -> Prolific {
        let builder = Prolific::builder().token("a-token").base_url(&self.url);
        builder.retry_policy(NoRetry).build().unwrap()
    }

    /// What came since the last time.
    pub(crate) fn take(&self) -> Vec<Judged> {
        std::mem::take(&mut self.judged.lock().unwrap())
    }
}

/// Passes a request on to prism and keeps what that says. A link in a response leads here, and what
/// is stored at it is taken as it is: storage is no part of the document.
async fn pass_on(State(judge): State<Judge>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if head.uri.path() == "/storage" {
        return StatusCode::OK.into_response();
    }
    let target = head.uri.path_and_query().unwrap().to_string();
    let mut headers = head.headers;
    headers.remove("host");
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let url = format!("{}{target}", judge.prism);
    let sent = judge.http.request(head.method.clone(), url).headers(headers).body(body).send();
    let response = sent.await.unwrap();
    let status = response.status();
    let headers = response.headers().clone();
    let body = response.bytes().await.unwrap();
    judge.judged.lock().unwrap().push(Judged {
        operation: operation(head.method.as_str(), head.uri.path()),
        line: format!("{} {target}", head.method),
        violations: violations(status, &headers, &body),
    });
    let content_type = headers.get("content-type").cloned();
    let mut response = Response::builder().status(status);
    if let Some(content_type) = content_type {
        response = response.header("content-type", content_type);
    }
    response.body(Body::from(leading_here(&body, &judge.url).unwrap_or(body.into()))).unwrap()
}

fn leading_here(body: &[u8], url: &str) -> Option<Vec<u8>> {
    let mut json: Value = serde_json::from_slice(body).ok()?;
    *json.get_mut("upload_url")? = json!(format!("{url}/storage"));
    Some(json.to_string().into_bytes())
}

/// What prism finds: in the header of a request that it answers, in the problem of one that it
/// refuses.
fn violations(status: reqwest::StatusCode, headers: &HeaderMap, body: &[u8]) -> Vec<String> {
    let told = headers.get("sl-violations").map(|value| value.as_bytes().to_vec());
    let told = told.and_then(|told| serde_json::from_slice::<Vec<Value>>(&told).ok());
    let place = |violation: &Value| {
        let parts = violation["location"].as_array().into_iter().flatten();
        parts.filter_map(Value::as_str).collect::<Vec<_>>().join(".")
    };
    let line = |violation: &Value| {
        format!("{}: {}", place(violation), violation["message"].as_str().unwrap_or_default())
    };
    let told: Vec<String> = told.iter().flatten().map(line).collect();
    match told.is_empty() && !status.is_success() {
        true => vec![format!("{status} {}", String::from_utf8_lossy(body))],
        false => told,
    }
}

/// The operation of a path: of several the one with the fewest variables.
fn operation(method: &str, path: &str) -> Option<&'static str> {
    let is_same = |template: &str| {
        let (template, path) = (template.split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template.zip(path).all(|(known, part)| known == part || known.starts_with('{'))
    };
    let found = OPERATIONS.iter().filter(|known| known.method == method && is_same(known.path));
    found.min_by_key(|known| known.path.matches('{').count()).map(|known| known.operation_id)
}
