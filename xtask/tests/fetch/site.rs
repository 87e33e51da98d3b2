//! A server that behaves like the documentation's site: HTML at the address of a page and Markdown
//! after appending `.md`, versions, and a notice with status 200 in place of a deleted page.

use std::{
    collections::BTreeMap,
    io::{ErrorKind, Write as _},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

use crate::server::{PATIENCE, head};

const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// What is at an address.
#[derive(Clone)]
pub(crate) enum Resource {
    /// With an entity tag and a time, by which it is known.
    Versioned(String),
    /// With a time alone.
    Dated(String),
    /// Elsewhere.
    Redirect(String),
    /// Nothing, with this status.
    Status(u16),
}

type Resources = BTreeMap<String, Resource>;

pub(crate) struct Site {
    pub(crate) origin: String,
    resources: Arc<Mutex<Resources>>,
    requests: Arc<Mutex<Vec<String>>>,
    is_closed: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let resources = Arc::new(Mutex::new(Resources::new()));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let is_closed = Arc::new(AtomicBool::new(false));
        let shared = (resources.clone(), requests.clone(), is_closed.clone());
        let thread = std::thread::spawn(move || serve(&listener, &shared.0, &shared.1, &shared.2));
        Self { origin, resources, requests, is_closed, thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Publishes a text, in which `ORIGIN` is the site's own.
    pub(crate) fn publish(&self, path: &str, text: &str) {
        let text = text.replace("ORIGIN", &self.origin);
        self.put(path, Resource::Versioned(text));
    }

    pub(crate) fn put(&self, path: &str, resource: Resource) {
        self.resources.lock().unwrap().insert(path.to_owned(), resource);
    }

    /// The requests since the last time, a path each, or the head of each.
    pub(crate) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        let requests = self.requests();
        requests.iter().map(|head| head.split(' ').nth(1).unwrap().to_owned()).collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.is_closed.store(true, Ordering::SeqCst);
        self.thread.take().map(JoinHandle::join);
    }
}

fn serve(
    listener: &TcpListener,
    resources: &Mutex<Resources>,
    requests: &Mutex<Vec<String>>,
    is_closed: &AtomicBool,
) {
    while !is_closed.load(Ordering::SeqCst) {
        let mut stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                std::thread::yield_now();
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = head(&mut stream);
        let path = request.split(' ').nth(1).unwrap().to_owned();
        let response = response(&resources.lock().unwrap(), &path, &request);
        requests.lock().unwrap().push(request);
        // The client hangs up when it has received enough.
        let _ = stream.write_all(response.as_bytes());
    }
}

fn response(resources: &Resources, path: &str, request: &str) -> String {
    let is_page = resources.contains_key(&format!("{path}.md"));
    match resources.get(path) {
        Some(Resource::Versioned(text)) => {
            let etag = format!("\"v{}\"", text.len());
            let is_known = request.contains(&format!("if-none-match: {etag}\r\n"));
            let versions = format!("etag: {etag}\r\nlast-modified: {MODIFIED}\r\n");
            conditional(is_known, &versions, text)
        }
        Some(Resource::Dated(text)) => {
            let known = format!("if-modified-since: {}\r\n", MODIFIED.to_lowercase());
            conditional(request.contains(&known), &format!("last-modified: {MODIFIED}\r\n"), text)
        }
        Some(Resource::Redirect(to)) => http("302 Found", &format!("location: {to}\r\n"), ""),
        Some(Resource::Status(status)) => http(&format!("{status} Oops"), "", ""),
        None if is_page => {
            http("200 OK", "content-type: text/html\r\n", "<!DOCTYPE html><html><body>Page</body>")
        }
        None => http("200 OK", "", "Page Not Found\n\nSimilar pages:\n\n- [Get](/api/get)\n"),
    }
}

fn conditional(is_known: bool, versions: &str, text: &str) -> String {
    match is_known {
        true => http("304 Not Modified", versions, ""),
        false => http("200 OK", versions, text),
    }
}

fn http(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
}
