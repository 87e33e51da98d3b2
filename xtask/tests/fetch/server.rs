//! A server that gives one answer to each connection.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// What is longer than anything here may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An answer of the server.
pub(crate) enum Reply {
    /// These bytes, and then the connection is closed.
    Bytes(String),
    /// These bytes, and then nothing until the client gives up.
    Stall(String),
}

/// A server that gives one answer to each connection, in this order, and notes what was asked.
pub(crate) struct Server {
    port: u16,
    thread: JoinHandle<Vec<String>>,
}

impl Server {
    pub(crate) fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = std::thread::spawn(move || serve(&listener, replies));
        Self { port, thread }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/docs/page.md", self.port)
    }

    /// What was asked; the server has given all of its answers.
    pub(crate) fn requests(self) -> Vec<String> {
        self.thread.join().unwrap()
    }
}

fn serve(listener: &TcpListener, replies: Vec<Reply>) -> Vec<String> {
    let mut requests = Vec::new();
    for reply in replies {
        let Some(mut stream) = accept(listener) else {
            break;
        };
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        requests.push(head(&mut stream));
        let (Reply::Bytes(bytes) | Reply::Stall(bytes)) = &reply;
        stream.write_all(bytes.as_bytes()).unwrap();
        if matches!(reply, Reply::Stall(_)) {
            let _ = stream.read(&mut [0; 64]);
        }
    }
    requests
}

fn accept(listener: &TcpListener) -> Option<TcpStream> {
    listener.set_nonblocking(true).unwrap();
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(false).unwrap();
            return Some(stream);
        }
        std::thread::yield_now();
    }
    None
}

pub(crate) fn head(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        text.push(byte[0]);
    }
    String::from_utf8(text).unwrap().to_ascii_lowercase()
}

pub(crate) fn reply(status: &str, headers: &[&str], body: &str) -> Reply {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    Reply::Bytes(format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    ))
}
