use std::io;

/// A response as it would be without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status line and the headers, each with its line break, without the body's length.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// A response without headers.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { head: format!("HTTP/1.1 {status} x\r\n"), body: body.into() }
    }

    /// A response of JSON.
    pub fn json(status: u16, body: impl ToString) -> Self {
        Self::new(status, body.to_string()).header("content-type", "application/json")
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head += &format!("{name}: {value}\r\n");
        self
    }

    /// The response that a server sent to the end of its connection, whose length it said.
    pub(super) fn of_bytes(bytes: &[u8]) -> io::Result<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let Some(end) = end else { return Err(io::ErrorKind::UnexpectedEof.into()) };
        let lines = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let is_kept = |line: &&str| {
            let line = line.to_ascii_lowercase();
            !line.starts_with("content-length:") && !line.starts_with("connection:")
        };
        let head = lines.lines().filter(is_kept).map(|line| format!("{line}\r\n")).collect();
        Ok(Self { head, body: bytes[end + 4..].to_vec() })
    }

    /// The head, with a length that may be wrong.
    pub(super) fn head_bytes(&self, length: usize) -> Vec<u8> {
        let is_chunked = self.head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        match is_chunked {
            true => format!("{}\r\n", self.head),
            false => format!("{}content-length: {length}\r\n\r\n", self.head),
        }
        .into_bytes()
    }
}
