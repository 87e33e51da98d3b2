use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use bytes::{Bytes, BytesMut};
use futures_util::stream::unfold;
use reqwest::Body;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    sync::Notify,
};

use super::{upload::Progress, upload_file::Opened};
use crate::call::Clock;

/// How much of a file is read at once, in bytes.
const PIECE: u64 = 64 << 10;

/// How far an attempt has come with a file, seen from outside the body that is being sent.
pub(super) struct Meter {
    clock: Arc<Clock>,
    progress: Option<Progress>,
    total: u64,
    sent: AtomicU64,
    whole: Notify,
    state: Mutex<State>,
}

struct State {
    moved: Instant,
    fault: Option<Fault>,
}

/// Why a file can't be sent to its end.
#[derive(Debug)]
pub(super) enum Fault {
    Read(io::Error),
    Shorter,
    Longer,
}

impl Meter {
    pub(super) fn new(clock: Arc<Clock>, progress: Option<Progress>, total: u64) -> Arc<Self> {
        let state = Mutex::new(State { moved: clock.now(), fault: None });
        let (sent, whole) = (AtomicU64::new(0), Notify::new());
        let meter = Self { clock, progress, total, sent, whole, state };
        meter.tell(0);
        meter.note_whole();
        Arc::new(meter)
    }

    /// When the file last went on.
    pub(super) fn moved(&self) -> Instant {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).moved
    }

    /// Whether all of the file was handed to the connection.
    pub(super) fn is_whole(&self) -> bool {
        self.sent.load(Ordering::Relaxed) == self.total
    }

    /// Waits until all of the file was handed to the connection.
    pub(super) async fn whole(&self) {
        self.whole.notified().await;
    }

    fn note_whole(&self) {
        if self.is_whole() {
            self.whole.notify_one();
        }
    }

    pub(super) fn take_fault(&self) -> Option<Fault> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).fault.take()
    }

    pub(super) fn count(&self, bytes: u64) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).moved = self.clock.now();
        let before = self.sent.fetch_add(bytes, Ordering::Relaxed);
        self.tell(before + bytes);
        self.note_whole();
    }

    fn tell(&self, sent: u64) {
        if let Some(progress) = &self.progress {
            progress(sent, self.total);
        }
    }

    /// The error that ends the body; the sender finds the fault here.
    fn fails(&self, fault: Fault) -> io::Error {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).fault = Some(fault);
        io::Error::other("the file can't be sent completely")
    }
}

/// The body that sends a file, piece by piece. Of a file that has become longer the last piece is
/// held back, so that the server does not take what was sent for all of it.
pub(super) fn body(opened: Opened, meter: Arc<Meter>) -> Body {
    let pieces = Pieces { reader: opened.reader, left: opened.length, meter };
    Body::wrap_stream(unfold(Some(pieces), |pieces| async {
        let mut pieces = pieces?;
        match pieces.next().await {
            Ok(piece) => piece.map(|piece| (Ok(piece), Some(pieces))),
            Err(fault) => Some((Err(pieces.meter.fails(fault)), None)),
        }
    }))
}

struct Pieces {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    left: u64,
    meter: Arc<Meter>,
}

impl Pieces {
    async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        if self.left == 0 {
            return Ok(None);
        }
        let most = usize::try_from(self.left.min(PIECE)).unwrap_or(usize::MAX);
        let mut piece = BytesMut::zeroed(most);
        let read = self.reader.read(&mut piece).await.map_err(Fault::Read)?;
        if read == 0 {
            return Err(Fault::Shorter);
        }
        piece.truncate(read);
        self.left -= read as u64;
        if self.left == 0 && goes_on(&mut self.reader).await? {
            return Err(Fault::Longer);
        }
        self.meter.count(read as u64);
        Ok(Some(piece.freeze()))
    }
}

/// Whether there is more to read.
pub(super) async fn goes_on(reader: &mut (impl AsyncRead + Unpin)) -> Result<bool, Fault> {
    reader.read(&mut [0]).await.map(|read| read > 0).map_err(Fault::Read)
}
