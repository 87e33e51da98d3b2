use std::io;

use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _},
    time::Instant,
};

/// A request as it was received.
#[derive(Clone, Debug)]
pub struct Request {
    /// The number of its connection, from 1 on.
    pub connection: usize,
    /// When it had come.
    pub at: Instant,
    /// The request line and the headers, without the blank line behind them.
    pub head: String,
    /// The body. It has to have a `content-length`.
    pub body: Vec<u8>,
}

impl Request {
    /// Reads the next request of a connection, without its body. `None` if the connection ends.
    pub(super) async fn read_head(
        stream: &mut (impl AsyncBufRead + Unpin),
        connection: usize,
    ) -> io::Result<Option<Self>> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read_until(b'\n', &mut head).await? == 0 {
                return Ok(None);
            }
        }
        let head = String::from_utf8_lossy(&head).trim_end().to_owned();
        Ok(Some(Self { connection, at: Instant::now(), head, body: Vec::new() }))
    }

    /// Reads of its body no more than `limit`.
    pub(super) async fn read_body(
        &mut self,
        stream: &mut (impl AsyncBufRead + Unpin),
        limit: usize,
    ) -> io::Result<()> {
        let length = self.header("content-length").and_then(|length| length.parse().ok());
        self.body = vec![0; length.unwrap_or(0).min(limit)];
        stream.read_exact(&mut self.body).await?;
        self.at = Instant::now();
        Ok(())
    }

    /// Method and target.
    pub fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap_or_default();
        line.trim_end_matches(" HTTP/1.1")
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The host and the port that it was sent to.
    pub fn host(&self) -> &str {
        self.header("host").unwrap_or_default()
    }

    /// The same request, for a connection that ends behind it.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{}\r\nconnection: close\r\n\r\n", self.head).into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}
