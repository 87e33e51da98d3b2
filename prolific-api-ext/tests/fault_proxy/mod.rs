//! A fault proxy for tests: a server on 127.0.0.1 that fails as its script says, connection by
//! connection.
//!
//! It forwards to another server, or responds through a closure, and records every request. Each
//! connection has a [`Script`]: which [`Fault`] to inject into which of its requests, and when to
//! close. The proxy ends when it is dropped, and with the runtime of the test.
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
//! it at once. [`unused_address`] is an address that refuses, and [`Setup::outages`] closes the
//! listener for a while.
//!
//! Faults can also be chosen for each request: [`Setup::faults`] chooses the fault, and
//! [`Setup::told`] observes the request with the server's response.

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
    time::Duration,
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
    faults: Option<Box<Choose>>,
    told: Option<Box<Told>>,
    outages: Option<(usize, Duration)>,
}

/// The fault of a request whose head has come.
type Choose = dyn Fn(&Request) -> Fault + Send + Sync;

/// Takes note of a request with its fault, and of the server's response, which it may change.
type Told = dyn Fn(&Request, &Fault, Option<&mut Response>) + Send + Sync;

/// What a request is answered by, before anything goes wrong.
enum Upstream {
    Server(Mutex<SocketAddr>),
    Closure(Box<dyn Fn(&Request) -> Response + Send + Sync>),
}

/// A server that injects faults.
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    setup: Setup,
    connections: AtomicUsize,
    open: AtomicUsize,
    requests: Mutex<Vec<Request>>,
}

/// A connection, for as long as it is open.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.open.fetch_add(1, Ordering::SeqCst);
        Self(shared.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// An address on this machine without a listener.
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
        Setup::new(Upstream::Server(Mutex::new(server)))
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

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// Stands in front of another server from now on.
    ///
    /// # Panics
    ///
    /// Panics if it answers by a closure.
    pub fn turn_to(&self, server: SocketAddr) {
        match &self.shared.setup.upstream {
            Upstream::Server(address) => *locked(address) = server,
            Upstream::Closure(_) => panic!("there is no server behind it"),
        }
    }

    /// The completely received requests, in order; empty if they are [observed](Setup::told)
    /// instead.
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
        let script = Box::new(|_| Script::default());
        Self { upstream, script, faults: None, told: None, outages: None }
    }

    /// Sets the fault of each request, instead of scripts, which still decide which connections are
    /// refused.
    pub fn faults(mut self, choose: impl Fn(&Request) -> Fault + Send + Sync + 'static) -> Self {
        self.faults = Some(Box::new(choose));
        self
    }

    /// Sets an observer of each request, instead of recording them.
    pub fn told(
        mut self,
        told: impl Fn(&Request, &Fault, Option<&mut Response>) + Send + Sync + 'static,
    ) -> Self {
        self.told = Some(Box::new(told));
        self
    }

    /// Closes the listener for this long after every so many connections, so that connecting is
    /// refused.
    pub fn outages(mut self, connections: usize, time: Duration) -> Self {
        self.outages = Some((connections, time));
        self
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
        let (connections, open, requests) = Default::default();
        let shared = Arc::new(Shared { setup: self, connections, open, requests });
        let serving = shared.clone();
        // It ends with the listener, when no more connections can be made.
        let accepting = tokio::spawn(async move { drop(accept(listener, serving).await) });
        Ok(FaultProxy { address, shared, accepting })
    }
}

async fn accept(mut listener: TcpListener, shared: Arc<Shared>) -> io::Result<()> {
    let address = listener.local_addr()?;
    loop {
        let (stream, _) = listener.accept().await?;
        let number = shared.connections.fetch_add(1, Ordering::SeqCst) + 1;
        let open = Open::new(&shared);
        tokio::spawn(async move { open.0.serve(stream, number).await });
        if let Some((connections, time)) = shared.setup.outages
            && number.is_multiple_of(connections)
        {
            drop(listener);
            tokio::time::sleep(time).await;
            listener = bound(address).await;
        }
    }
}

/// Listens at an address that it had before. Somebody else may have it for a moment.
async fn bound(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
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
            let Some(mut request) = Request::read_head(&mut stream, connection).await? else {
                return Ok(());
            };
            let fault = match &self.setup.faults {
                Some(choose) => choose(&request),
                None => script.fault(nth).clone(),
            };
            request.read_body(&mut stream, fault.upload_limit()).await?;
            let response = match fault.keeps_back() {
                true => None,
                false => Some(self.answer(&request).await?),
            };
            let response = self.note(request, &fault, response);
            if matches!(fault, Fault::ResetAfterUpload(_)) {
                return stream.get_ref().set_zero_linger();
            }
            let goes_on = fault.commit(stream.get_mut(), &response).await?;
            if !goes_on {
                return Ok(());
            }
        }
        stream.get_mut().shutdown().await
    }

    /// Takes note of a request. Gives its response, or an empty one if there is none.
    fn note(&self, request: Request, fault: &Fault, response: Option<Response>) -> Response {
        let mut response = response;
        match &self.setup.told {
            Some(told) => told(&request, fault, response.as_mut()),
            None => self.requests().push(request),
        }
        response.unwrap_or_else(|| Response::new(500, ""))
    }

    async fn answer(&self, request: &Request) -> io::Result<Response> {
        match &self.setup.upstream {
            Upstream::Closure(answer) => Ok(answer(request)),
            Upstream::Server(address) => {
                let address = *locked(address);
                let mut server = TcpStream::connect(address).await?;
                server.write_all(&request.to_bytes()).await?;
                let mut bytes = Vec::new();
                server.read_to_end(&mut bytes).await?;
                // Its end was seen; what may still be in flight need not be awaited.
                server.set_zero_linger()?;
                Response::of_bytes(&bytes)
            }
        }
    }

    fn requests(&self) -> MutexGuard<'_, Vec<Request>> {
        locked(&self.requests)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
