//! The server: HTTP/1.1 on a separate thread.

use std::{
    io,
    net::SocketAddr,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt as _, StreamExt as _, future, stream};
use http::{HeaderMap, Method, Request, Response, header, request::Parts};
use http_body_util::{
    BodyExt as _, LengthLimitError, Limited, StreamBody, combinators::UnsyncBoxBody,
};
use hyper::{
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use prolific_api::Operation;
use sha2::{Digest as _, Sha256};
use tokio::{net::TcpListener, runtime, sync::oneshot};

use super::{
    answer::{Answer, Refusal},
    datasets, deliveries,
    document::Sent,
    fault::Trouble,
    record::{RecordedBody, RecordedRequest, STORAGE_DOWNLOAD, STORAGE_UPLOAD},
    route::{self, Route},
    storage::{self, Destination, Head, hex},
    world::World,
};

/// The maximum size of a request body. Prolific's limit is not documented.
const LARGEST_BODY: usize = 10 << 20;
/// How much of an unused body is received before the response is sent: a client that is still
/// sending would not see it.
const DISCARDED: usize = 32 << 20;
/// The maximum size of a file.
const LARGEST_FILE: usize = 1 << 30;

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// The state, shared by the server and the simulator.
#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_token(&self, headers: &HeaderMap) -> bool {
        let expected = format!("Token {}", self.lock().token);
        let sent = headers.get(header::AUTHORIZATION);
        sent.is_some_and(|sent| sent.as_bytes() == expected.as_bytes())
    }
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) world: Shared,
    stop: Option<oneshot::Sender<()>>,
}

impl Server {
    pub(super) fn start(address: SocketAddr) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let world = Shared(Arc::new(Mutex::new(World::new(base_url))));
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let shared = world.clone();
        thread::Builder::new().name("prolific-simulator".to_owned()).spawn(move || {
            runtime.spawn(deliveries::send_all(shared.clone()));
            runtime.block_on(future::select(pin!(accept(listener, shared)), stopped));
            // Files that are still being parsed are no longer needed.
            runtime.shutdown_background();
        })?;
        Ok(Self { world, stop: Some(stop) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

async fn accept(listener: TcpListener, world: Shared) {
    loop {
        // Accepting fails while no file descriptor is free, which is temporary.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let world = world.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| serve(request, world.clone()));
            // A broken connection is the client's concern, or was requested as a fault.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// The target of a request.
enum Target {
    Operation(Route),
    Upload,
    Download,
    Unknown(Refusal),
}

impl Target {
    fn of(method: &Method, path: &str) -> Self {
        match (path.starts_with(storage::PATH), method.as_str()) {
            (true, "PUT") => Self::Upload,
            (true, "GET" | "HEAD") => Self::Download,
            _ => match route::find(method.as_str(), path) {
                Ok(route) => Self::Operation(route),
                Err(refusal) => Self::Unknown(refusal),
            },
        }
    }

    fn operation(&self) -> Option<&'static Operation> {
        match self {
            Self::Operation((operation, _)) => Some(operation),
            Self::Upload | Self::Download | Self::Unknown(_) => None,
        }
    }

    fn name(&self) -> Option<&'static str> {
        match self {
            Self::Operation((operation, _)) => Some(operation.operation_id),
            Self::Upload => Some(STORAGE_UPLOAD),
            Self::Download => Some(STORAGE_DOWNLOAD),
            Self::Unknown(_) => None,
        }
    }

    /// Whether a request needs no token.
    fn is_public(&self) -> bool {
        // The keys are public; that Prolific returns them without a token is inferred.
        matches!(self, Self::Upload | Self::Download) || self.name() == Some("get-study-jwks")
    }
}

/// Responds to a request; an error breaks the connection.
async fn serve(request: Request<Incoming>, world: Shared) -> io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let target = Target::of(&head.method, head.uri.path());
    let (name, operation) = (target.name(), target.operation());
    let fault = name.and_then(|name| world.lock().faults.take(name));
    let trouble = fault.as_ref().map(|fault| &fault.what);
    if trouble == Some(&Trouble::Reset) {
        keep(&world, &head, name, RecordedBody::default(), None);
        return Err(broken());
    }
    if let Some(Trouble::Delay(delay)) = trouble {
        tokio::time::sleep(*delay).await;
    }
    let (answer, received) = match target {
        Target::Upload => upload(&head, body, &world, trouble).await,
        target if target.is_public() || world.has_token(&head.headers) => {
            match Limited::new(body, LARGEST_BODY).collect().await {
                Ok(body) => {
                    let body = body.to_bytes();
                    let answer = match refused_by(trouble, operation) {
                        Some(answer) => answer,
                        None => act(target, &head, &body, &world),
                    };
                    (Some(answer), RecordedBody::Whole(body))
                }
                Err(error) if error.is::<LengthLimitError>() => {
                    let refusal = Refusal::new(413, "The body is too large.");
                    (Some(refusal.into_answer(operation)), RecordedBody::default())
                }
                Err(_) => (None, RecordedBody::default()),
            }
        }
        _ => {
            let is_sent = discard(body).await;
            let answer = refused_by(trouble, operation)
                .unwrap_or_else(|| unauthorized().into_answer(operation));
            (is_sent.then_some(answer), RecordedBody::default())
        }
    };
    let answer = answer.filter(|_| trouble != Some(&Trouble::LostAnswer));
    let id = keep(&world, &head, name, received, answer.as_ref().map(|answer| answer.status));
    let answer = answer.ok_or_else(broken)?.with("x-request-id", id);
    let answer = match &fault {
        Some(fault) => fault.give_headers(answer),
        None => answer,
    };
    sent(answer, trouble == Some(&Trouble::Truncated))
}

/// Receives a body and discards it; returns whether the connection is still open.
async fn discard(body: Incoming) -> bool {
    let mut body = Limited::new(body, DISCARDED);
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(_) => {}
            Err(error) => return error.is::<LengthLimitError>(),
        }
    }
    true
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "a simulated break")
}

/// The response of a fault that replaces an operation.
fn refused_by(trouble: Option<&Trouble>, operation: Option<&Operation>) -> Option<Answer> {
    match trouble {
        Some(Trouble::Status(status, Some(body))) => Some(Answer::json(*status, body)),
        Some(Trouble::Status(status, None)) => {
            Some(Refusal::new(*status, "A simulated fault.").into_answer(operation))
        }
        _ => None,
    }
}

fn act(target: Target, head: &Parts, body: &Bytes, world: &Shared) -> Answer {
    let mut world = world.lock();
    world.move_on();
    let (operation, parameters) = match target {
        Target::Download => {
            let moment = world.moment();
            return world.storage.download(&storage_head(head), moment);
        }
        Target::Operation(route) => route,
        Target::Unknown(refusal) => return refusal.into_answer(None),
        Target::Upload => return unauthorized().into_answer(None),
    };
    let content_type = text(&head.headers, header::CONTENT_TYPE);
    let (path, query) = (format!("{}{}", world.base_url, head.uri.path()), query_of(head));
    let sent = Sent { query: &query, content_type: content_type.as_deref(), body };
    let reply = route::answer(&mut world, operation, parameters, path, sent);
    reply.unwrap_or_else(|refusal| refusal.into_answer(Some(operation)))
}

fn unauthorized() -> Refusal {
    Refusal::new(401, "The token is missing or unknown.")
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn storage_head(head: &Parts) -> Head<'_> {
    Head {
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
    }
}

/// The parameters of the query, decoded.
fn query_of(head: &Parts) -> Vec<(String, String)> {
    let query = head.uri.query().unwrap_or_default().replace('+', " ");
    let decoded =
        |text| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

/// Receives a file to its end even if it is refused: a client that is still sending would not see
/// the response. Returns `None` if the connection broke.
async fn upload(
    head: &Parts,
    mut body: Incoming,
    world: &Shared,
    trouble: Option<&Trouble>,
) -> (Option<Answer>, RecordedBody) {
    let mut destination = match refused_by(trouble, None) {
        Some(answer) => Err(answer),
        None => {
            let world = world.lock();
            world.storage.destination(&storage_head(head), world.moment())
        }
    };
    let mut file = BytesMut::new();
    let (mut hash, mut length, mut is_whole) = (Sha256::new(), 0_u64, true);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            is_whole = false;
            break;
        };
        let Some(data) = frame.data_ref() else { continue };
        hash.update(data);
        length += data.len() as u64;
        if file.len() + data.len() > LARGEST_FILE {
            file.clear();
            destination = Err(storage::too_large());
        } else if destination.is_ok() {
            file.extend_from_slice(data);
        }
    }
    let sha256 = hex(&hash.finalize());
    let answer = match destination {
        _ if !is_whole => None,
        Err(refusal) => Some(refusal),
        Ok(destination) => {
            receive(world, destination, file.freeze());
            Some(datasets::received(&sha256))
        }
    };
    (answer, RecordedBody::Upload { length, sha256 })
}

/// Stores a file. A large one is parsed while the response is being sent.
fn receive(world: &Shared, destination: Destination, file: Bytes) {
    let unread = datasets::receive(&mut world.lock(), destination, file);
    let Some(unread) = unread else { return };
    let world = world.clone();
    let is_large = unread.is_large();
    let read = move || {
        let (destination, parsed) = unread.read();
        datasets::was_read(&mut world.lock(), &destination, parsed);
    };
    if is_large {
        tokio::task::spawn_blocking(read);
    } else {
        read();
    }
}

fn keep(
    world: &Shared,
    head: &Parts,
    operation: Option<&'static str>,
    body: RecordedBody,
    status: Option<u16>,
) -> String {
    let has_token = world.has_token(&head.headers);
    let mut world = world.lock();
    let request_id = format!("simulated-{:08}", world.requests.len() + 1);
    let is_link = head.uri.path().starts_with(storage::PATH);
    let request = RecordedRequest {
        operation,
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().filter(|_| !is_link).unwrap_or_default().to_owned(),
        content_type: text(&head.headers, header::CONTENT_TYPE),
        has_token,
        body,
        status,
        request_id: request_id.clone(),
    };
    world.requests.push(request);
    request_id
}

/// Sends a response, complete or truncated in the middle of the body.
fn sent(answer: Answer, is_truncated: bool) -> io::Result<Response<Body>> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name.as_ref(), value);
    }
    let mut body = Bytes::from(answer.body);
    if answer.status != 204 {
        response = response.header(header::CONTENT_LENGTH, body.len());
    }
    let end = if is_truncated {
        body.truncate(body.len() / 2);
        // The first part has to be sent before the connection breaks.
        tokio::task::yield_now().map(|()| Some(Err(broken()))).left_future()
    } else {
        future::ready(None).right_future()
    };
    let first = stream::iter((!body.is_empty()).then(|| Ok(Frame::data(body))));
    let parts = first.chain(stream::once(end).filter_map(future::ready));
    response.body(StreamBody::new(parts).boxed_unsync()).map_err(io::Error::other)
}
