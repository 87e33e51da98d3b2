//! A server that sends what a case prescribes, on separate threads, so that it may block.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

/// Answers a request on its connection; an error ends that.
pub(crate) type Serve = fn(&mut Exchange<'_>) -> io::Result<()>;

/// A request, and where its response goes.
pub(crate) struct Exchange<'a> {
    pub(crate) stream: &'a mut TcpStream,
    /// The request line and the headers.
    pub(crate) head: String,
    /// How many requests came before it.
    pub(crate) nth: usize,
    pub(crate) own: SocketAddr,
    pub(crate) elsewhere: SocketAddr,
}

#[derive(Default)]
struct Shared {
    connections: AtomicUsize,
    requests: AtomicUsize,
    is_over: AtomicBool,
    elsewhere: OnceLock<SocketAddr>,
}

pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    pub(crate) fn start(serve: Serve) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, shared) = (listener.local_addr().unwrap(), Arc::<Shared>::default());
        let serving = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if serving.is_over.load(SeqCst) {
                    return;
                }
                serving.connections.fetch_add(1, SeqCst);
                let serving = serving.clone();
                thread::spawn(move || drop(serving.converse(stream, address, serve)));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Tells it where requests must not go.
    pub(crate) fn knows(&self, elsewhere: &Self) {
        self.shared.elsewhere.get_or_init(|| elsewhere.address);
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(SeqCst)
    }

    pub(crate) fn requests(&self) -> usize {
        self.shared.requests.load(SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn converse(&self, mut stream: TcpStream, own: SocketAddr, serve: Serve) -> io::Result<()> {
        // The client hangs up when it has received enough; an aborted test is not waited for.
        stream.set_write_timeout(Some(Duration::from_secs(10)))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.set_nodelay(true)?;
        while let Some(head) = read_request(&mut stream)? {
            let nth = self.requests.fetch_add(1, SeqCst);
            let elsewhere = self.elsewhere.get().copied().unwrap_or(own);
            serve(&mut Exchange { stream: &mut stream, head, nth, own, elsewhere })?;
        }
        Ok(())
    }
}

fn read_request(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let (mut request, mut chunk) = (Vec::new(), [0; 4_096]);
    loop {
        if let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request[..end]).into_owned();
            let lower = head.to_ascii_lowercase();
            let length = lower.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
            if request.len() >= end + 4 + length {
                return Ok(Some(head));
            }
        }
        match stream.read(&mut chunk)? {
            0 => return Ok(None),
            read => request.extend_from_slice(&chunk[..read]),
        }
    }
}

/// Answers nothing.
pub(crate) fn nothing(exchange: &mut Exchange<'_>) -> io::Result<()> {
    exchange.close()
}

impl Exchange<'_> {
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// A whole response of JSON, with further headers.
    pub(crate) fn json(
        &mut self,
        status: &str,
        headers: &str,
        body: impl AsRef<[u8]>,
    ) -> io::Result<()> {
        let body = body.as_ref();
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        );
        self.send([head.as_bytes(), body].concat())
    }

    /// A beginning, and then the same for ever.
    pub(crate) fn endless(&mut self, beginning: impl AsRef<[u8]>, unit: &str) -> io::Result<()> {
        self.send(beginning)?;
        let block = unit.repeat(65_536_usize.div_ceil(unit.len()));
        loop {
            self.send(&block)?;
        }
    }

    /// A response of JSON of some megabytes of the same, made as it is sent.
    pub(crate) fn big(
        &mut self,
        status: &str,
        [beginning, unit, end]: [&str; 3],
        megabytes: usize,
    ) -> io::Result<()> {
        let block = unit.repeat(65_536_usize.div_ceil(unit.len()));
        let blocks = (megabytes << 20) / block.len();
        let length = beginning.len() + blocks * block.len() + end.len();
        self.send(format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{beginning}"
        ))?;
        (0..blocks).try_for_each(|_| self.send(&block))?;
        self.send(end)
    }

    /// A beginning, and then a byte now and then.
    pub(crate) fn drip(&mut self, beginning: &str, byte: u8) -> io::Result<()> {
        self.send(beginning)?;
        loop {
            thread::sleep(Duration::from_millis(200));
            self.send([byte])?;
        }
    }

    pub(crate) fn close(&mut self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Both)
    }

    /// Whether a file is asked for or sent, and not the API.
    pub(crate) fn is_for_storage(&self) -> bool {
        self.head.split(' ').nth(1).is_some_and(|target| target.starts_with("/file"))
    }

    /// The response with a link, to whichever operation asks for one.
    pub(crate) fn link(&mut self, url: &str) -> io::Result<()> {
        let is_upload = self.head.contains("/upload-url/");
        let status = if is_upload { "201 x" } else { "200 x" };
        let url = url.replace('"', "\\\"");
        let body = format!(
            r#"{{"status":"complete","export_id":"e","url":"{url}","upload_url":"{url}","import_id":"i"}}"#
        );
        self.json(status, "", body)
    }
}
