use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};

use super::Response;

/// What goes wrong with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The connection is taken and reset at once. It has to be the first of its connection.
    Refuse,
    /// The connection is reset after this many bytes of the request body.
    ResetAfterUpload(usize),
    /// The request is taken, and never answered.
    Silence,
    /// The request is not forwarded, and gets this response instead.
    Instead(Response),
    /// The request is forwarded, but gets this response instead of the server's.
    After(Response),
    /// The response comes late.
    Delay(Duration),
    /// The connection is reset instead of responding.
    ResetBeforeHead,
    /// It is reset in the middle of the head.
    ResetInHead,
    /// It is reset in the middle of the body.
    ResetInBody,
    /// The head is sent, and never a body.
    SilentBody,
    /// Half of the body is sent, and then the connection is closed.
    HalfBody,
    /// The body is sent in pieces of this many bytes, with a pause before each.
    Drip {
        /// How many bytes at a time.
        bytes: usize,
        /// How long it pauses.
        pause: Duration,
    },
    /// So many bytes at the beginning of the body come twice.
    Duplicate(usize),
    /// The length is said to be so much more or less than it is. What is too long is closed.
    WrongLength(isize),
    /// The connection is closed behind the response, which does not say so.
    CloseBehind,
    /// These bytes are sent instead of a response, and the connection is closed.
    Bytes(Vec<u8>),
}

/// What goes wrong on a connection, request by request.
#[derive(Clone, Debug, Default)]
pub struct Script {
    faults: Vec<Fault>,
    close_after: Option<usize>,
}

impl Script {
    /// Commits a fault at every request.
    pub fn always(fault: Fault) -> Self {
        Self::of([fault])
    }

    /// Commits one fault after the other; the last one stays.
    pub fn of(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self { faults: faults.into_iter().collect(), close_after: None }
    }

    /// Closes the connection after this many responses, without announcing it.
    #[must_use]
    pub fn close_after(mut self, requests: usize) -> Self {
        self.close_after = Some(requests);
        self
    }

    pub(super) fn fault(&self, nth: usize) -> &Fault {
        self.faults.get(nth).or(self.faults.last()).unwrap_or(&Fault::None)
    }

    pub(super) fn requests(&self) -> usize {
        self.close_after.unwrap_or(usize::MAX)
    }
}

impl Fault {
    /// Whether a request is kept from the server.
    pub(super) fn keeps_back(&self) -> bool {
        matches!(self, Self::ResetAfterUpload(_) | Self::Instead(_) | Self::Refuse)
    }

    /// How much of the body of a request is read.
    pub(super) fn upload_limit(&self) -> usize {
        match self {
            Self::ResetAfterUpload(bytes) => *bytes,
            _ => usize::MAX,
        }
    }

    /// Sends a response with the fault. Returns whether the connection stays open.
    pub(super) async fn commit(
        &self,
        stream: &mut TcpStream,
        response: &Response,
    ) -> io::Result<bool> {
        let Response { body, .. } = response;
        let (head, half) = (response.head_bytes(body.len()), body.len() / 2);
        match self {
            Self::None => stream.write_all(&[head, body.clone()].concat()).await?,
            Self::Silence => return hold(stream).await,
            Self::Instead(other) | Self::After(other) => {
                let head = other.head_bytes(other.body.len());
                stream.write_all(&[head, other.body.clone()].concat()).await?;
            }
            Self::Delay(time) => {
                sleep(*time).await;
                stream.write_all(&[head, body.clone()].concat()).await?;
            }
            Self::Refuse | Self::ResetAfterUpload(_) | Self::ResetBeforeHead => {
                return reset(stream, b"").await;
            }
            Self::ResetInHead => return reset(stream, &head[..head.len() / 2]).await,
            Self::ResetInBody => return reset(stream, &[&head, &body[..half]].concat()).await,
            Self::SilentBody => {
                stream.write_all(&head).await?;
                return hold(stream).await;
            }
            Self::HalfBody => return close(stream, &[&head, &body[..half]].concat()).await,
            Self::Drip { bytes, pause } => {
                stream.write_all(&head).await?;
                for piece in body.chunks((*bytes).max(1)) {
                    sleep(*pause).await;
                    stream.write_all(piece).await?;
                }
            }
            Self::Duplicate(bytes) => {
                let twice = &body[..(*bytes).min(body.len())];
                let head = response.head_bytes(body.len() + twice.len());
                stream.write_all(&[&head, twice, body].concat()).await?;
            }
            Self::WrongLength(more) => {
                let head = response.head_bytes(body.len().saturating_add_signed(*more));
                return close(stream, &[&head, &body[..]].concat()).await;
            }
            Self::CloseBehind => return close(stream, &[head, body.clone()].concat()).await,
            Self::Bytes(bytes) => return close(stream, bytes).await,
        }
        Ok(true)
    }
}

/// Sends nothing more until the client hangs up.
async fn hold(stream: &mut TcpStream) -> io::Result<bool> {
    while stream.read(&mut [0; 512]).await? > 0 {}
    Ok(false)
}

async fn close(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<bool> {
    stream.write_all(bytes).await?;
    stream.shutdown().await?;
    Ok(false)
}

/// What was sent has time to arrive: a reset throws away what was not read.
async fn reset(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<bool> {
    if !bytes.is_empty() {
        stream.write_all(bytes).await?;
        sleep(Duration::from_millis(20)).await;
    }
    stream.set_zero_linger()?;
    Ok(false)
}
