use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::{FullJitter, Prolific, ProlificBuilder};

/// A server on a real socket that records requests and sends prepared responses. It ends with the
/// test's runtime.
pub(crate) struct RecordingServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// A request as it was received.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// What to do with a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Takes all of it and answers with a status, headers and a body.
    Answer(u16, &'static str, String),
    /// Receives this many bytes of its body and resets the connection.
    ResetAfter(usize),
    /// Takes all of it and never answers.
    Silence,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::Answer(status, "content-type: application/json\r\n", body.to_string())
    }
}

impl Seen {
    /// Method and target.
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap().trim_end_matches(" HTTP/1.1")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl RecordingServer {
    /// Answers by method and target, the address of the server, and how many requests of the same
    /// method came before.
    pub(crate) async fn start(
        reply: impl Fn(&str, SocketAddr, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let (kept, reply) = (seen.clone(), Arc::new(reply));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, address, reply.clone(), kept.clone()));
            }
        });
        Self { address, seen }
    }

    /// Answers everything the same.
    pub(crate) async fn answering(status: u16, body: serde_json::Value) -> Self {
        Self::start(move |_, _, _| Reply::json(status, &body)).await
    }

    pub(crate) fn prolific(&self) -> Prolific {
        self.builder().build().unwrap()
    }

    pub(crate) fn builder(&self) -> ProlificBuilder {
        Prolific::builder()
            .token("sesame")
            .base_url(format!("http://{}", self.address))
            .backoff(FullJitter::new(Duration::from_millis(1), Duration::from_millis(2)))
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Those of a method.
    pub(crate) fn seen_of(&self, method: &str) -> Vec<Seen> {
        let mut seen = self.seen();
        seen.retain(|request| request.line().starts_with(method));
        seen
    }
}

async fn serve(
    mut stream: TcpStream,
    address: SocketAddr,
    reply: Arc<impl Fn(&str, SocketAddr, usize) -> Reply + Send + Sync>,
    seen: Arc<Mutex<Vec<Seen>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let request = Seen { head: String::from_utf8(head).unwrap(), body: Vec::new() };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    let line = request.line().to_owned();
    let (index, before) = {
        let mut seen = seen.lock().unwrap();
        let method = line.split(' ').next().unwrap();
        let before = seen.iter().filter(|seen| seen.line().starts_with(method)).count();
        seen.push(request);
        (seen.len() - 1, before)
    };
    let reply = reply(&line, address, before);
    let wanted = match reply {
        Reply::ResetAfter(bytes) => bytes.min(length),
        _ => length,
    };
    let mut piece = vec![0; 16 << 10];
    let mut left = wanted;
    while left > 0 {
        let most = piece.len().min(left);
        match stream.read(&mut piece[..most]).await {
            Ok(read @ 1..) => {
                left -= read;
                seen.lock().unwrap()[index].body.extend_from_slice(&piece[..read]);
            }
            _ => return,
        }
    }
    match reply {
        Reply::ResetAfter(_) => stream.set_zero_linger().unwrap(),
        Reply::Silence => std::future::pending().await,
        Reply::Answer(status, headers, body) => {
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status} x\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    }
}
