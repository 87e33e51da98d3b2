//! A fault proxy for tests: a server on 127.0.0.1 that fails as its script says, connection by
//! connection.
//!
//! It stands in front of another server, or answers by a closure, and keeps every request. Each
//! connection has a [`Script`]: which [`Fault`] to commit at which of its requests, and when to
//! close. It ends when it is dropped, and with the runtime of the test.
//!
//! ```ignore
//! // The first connection is reset in the middle of the head; the others are served well.
//! let proxy = FaultProxy::answering(|_| Response::json(200, r#"{"id":"u1"}"#))
//!     .script(|connection| match connection {
//!         1 => Script::always(Fault::ResetInHead),
//!         _ => Script::default(),
//!     })
//!     .start()
//!     .await?;
//! let prolific = Prolific::builder().token("t").base_url(proxy.url()).build()?;
//! prolific.users().me().await?;
//! assert_eq!(proxy.connections(), 2);
//! ```
//!
//! A listener can't refuse one connection and take the next: [`Fault::Refuse`] takes it and resets
//! it at once. [`unused_address`] is an address that refuses.

mod fault;
mod request;
mod response;

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

pub use fault::{Fault, Script};
pub use request::Request;
pub use response::Response;

/// The parts of a [`FaultProxy`] that is not started yet.
pub struct Setup {
    upstream: Upstream,
    script: Box<dyn Fn(usize) -> Script + Send + Sync>,
}

/// What a request is answered by, before anything goes wrong.
enum Upstream {
    Server(SocketAddr),
    Closure(Box<dyn Fn(&Request) -> Response + Send + Sync>),
}

/// A server that fails as it is told.
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    setup: Setup,
    connections: AtomicUsize,
    requests: Mutex<Vec<Request>>,
}

/// An address of this machine that nobody listens at.
///
/// # Errors
///
/// Returns an error if there is no free port.
pub fn unused_address() -> io::Result<SocketAddr> {
    std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()
}

impl FaultProxy {
    /// A proxy in front of a server of HTTP/1.1.
    pub fn in_front_of(server: SocketAddr) -> Setup {
        Setup::new(Upstream::Server(server))
    }

    /// A server that answers by a closure.
    pub fn answering(answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Setup {
        Setup::new(Upstream::Closure(Box::new(answer)))
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as a base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections it has taken.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// The requests that came whole, in the order in which they came.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests().clone()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Setup {
    fn new(upstream: Upstream) -> Self {
        Self { upstream, script: Box::new(|_| Script::default()) }
    }

    /// Sets the script of each connection, by its number from 1 on. Default: nothing goes wrong.
    pub fn script(mut self, script: impl Fn(usize) -> Script + Send + Sync + 'static) -> Self {
        self.script = Box::new(script);
        self
    }

    /// Starts it on a free port.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no free port.
    pub async fn start(self) -> io::Result<FaultProxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (connections, requests) = (AtomicUsize::new(0), Mutex::default());
        let shared = Arc::new(Shared { setup: self, connections, requests });
        let serving = shared.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = serving.connections.fetch_add(1, Ordering::SeqCst) + 1;
                let shared = serving.clone();
                tokio::spawn(async move { shared.serve(stream, number).await });
            }
        });
        Ok(FaultProxy { address, shared, accepting })
    }
}

impl Shared {
    /// Serves a connection until either side ends it.
    async fn serve(&self, stream: TcpStream, connection: usize) -> io::Result<()> {
        let script = (self.setup.script)(connection);
        stream.set_nodelay(true)?;
        if script.fault(0) == &Fault::Refuse {
            return stream.set_zero_linger();
        }
        let mut stream = BufReader::new(stream);
        for nth in 0..script.requests() {
            let fault = script.fault(nth);
            let Some(request) =
                Request::read(&mut stream, connection, fault.upload_limit()).await?
            else {
                return Ok(());
            };
            self.requests().push(request.clone());
            if matches!(fault, Fault::ResetAfterUpload(_)) {
                return stream.get_ref().set_zero_linger();
            }
            let response = self.answer(&request).await?;
            let goes_on = fault.commit(stream.get_mut(), &response).await?;
            if !goes_on {
                return Ok(());
            }
        }
        stream.get_mut().shutdown().await
    }

    async fn answer(&self, request: &Request) -> io::Result<Response> {
        match &self.setup.upstream {
            Upstream::Closure(answer) => Ok(answer(request)),
            Upstream::Server(address) => {
                let mut server = TcpStream::connect(address).await?;
                server.write_all(&request.to_bytes()).await?;
                let mut bytes = Vec::new();
                server.read_to_end(&mut bytes).await?;
                Response::of_bytes(&bytes)
            }
        }
    }

    fn requests(&self) -> MutexGuard<'_, Vec<Request>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
