//! A proxy that holds a request before it is sent on, or its response.

use std::{
    io::{self, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

/// Where requests are held, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hold {
    Nothing,
    /// This one is received, and not sent on.
    Request(usize),
    /// The response to this one is received, and not handed on.
    Response(usize),
    /// The first one after the file of the ledger was begun is not sent on.
    AfterHeader,
}

/// A proxy for one run of a program.
pub(crate) struct Proxy {
    pub(crate) url: String,
    /// Notified when a request is held.
    pub(crate) held: Receiver<()>,
    count: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

struct Course {
    upstream: String,
    hold: Hold,
    ledger: PathBuf,
    held: Sender<()>,
    count: Arc<AtomicUsize>,
}

impl Proxy {
    pub(crate) fn start(upstream: &str, hold: Hold, ledger: PathBuf) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let (held, is_held) = channel();
        let (count, is_over) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let course = Arc::new(Course { upstream, hold, ledger, held, count: count.clone() });
        let over = is_over.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let course = course.clone();
                // A program that is killed breaks its connections.
                thread::spawn(move || course.serve(client).is_ok());
            }
        });
        Ok(Self { url, held: is_held, count, is_over })
    }

    pub(crate) fn requests(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

impl Course {
    /// Serves the one request of a connection.
    fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        let Some(request) = read_request(&mut client)? else { return Ok(()) };
        let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        let has_header = || self.ledger.metadata().is_ok_and(|ledger| ledger.len() > 0);
        if self.hold == Hold::Request(number) || (self.hold == Hold::AfterHeader && has_header()) {
            self.stop(&client);
            return Ok(());
        }
        let mut server = TcpStream::connect(&self.upstream)?;
        server.write_all(&request)?;
        let mut response = Vec::new();
        server.read_to_end(&mut response)?;
        if self.hold == Hold::Response(number) {
            self.stop(&client);
            return Ok(());
        }
        client.write_all(&response)
    }

    /// Tells that a request is held, until its client is gone.
    fn stop(&self, mut client: &TcpStream) {
        let _ = self.held.send(());
        let _ = client.read(&mut [0]);
    }
}

/// A request marked as the last of its connection.
fn read_request(client: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = client.read(&mut chunk)?;
        if read == 0 {
            return Ok(None);
        }
        request.extend_from_slice(&chunk[..read]);
        let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0_usize);
        if request.len() >= end + 4 + length {
            request.splice(end..end, *b"\r\nconnection: close");
            return Ok(Some(request));
        }
    }
}
