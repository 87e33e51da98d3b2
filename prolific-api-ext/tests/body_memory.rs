//! Bodies that are made to take much memory. Alone in its program, as memory is counted for the
//! whole process.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    io::{self, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
};

use peak_alloc::PeakAlloc;
use prolific_api_ext::{Error, ErrorKind, NoRetry, Prolific};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// A response whose body is `unit` over and over, between a beginning and an end.
#[derive(Clone, Copy, Debug)]
struct Hostile {
    status: u16,
    beginning: &'static str,
    unit: &'static str,
    end: &'static str,
    size: usize,
    /// What it comes to, as a list.
    kind: ErrorKind,
    /// How much memory it may take, in bytes.
    most: usize,
}

/// Some six megabytes that are read whole, and not parsed.
const fn small(beginning: &'static str, unit: &'static str, end: &'static str) -> Hostile {
    let (size, kind, most) = (6 * MIB, ErrorKind::BodyTooLarge, 32 * MIB);
    Hostile { status: 200, beginning, unit, end, size, kind, most }
}

const TABLE: [Hostile; 6] = [
    small("[", "0,", "0]"),
    small(r#"{"results":["#, "{},", "{}]}"),
    small(r#"{"results":["#, "1,", "1]}"),
    // More than a page may have.
    Hostile { size: 62 * MIB, most: 96 * MIB, ..small(r#"{"results":["#, "1,", "1]}") },
    Hostile {
        status: 400,
        size: 62 * MIB,
        kind: ErrorKind::BadRequest,
        most: 4 * MIB,
        ..small(r#"{"detail":["#, r#""a","#, r#""b"]}"#)
    },
    Hostile {
        status: 400,
        size: 62 * MIB,
        kind: ErrorKind::BadRequest,
        most: 4 * MIB,
        ..small("[", "[],", "0]")
    },
];

/// Answers a request block by block, so that the server takes no room for the body.
fn answer(mut stream: TcpStream, hostile: Hostile) -> io::Result<()> {
    let Hostile { status, beginning, unit, end, size, .. } = hostile;
    let _ = stream.read(&mut [0; 4_096])?;
    let block = unit.repeat(65_536 / unit.len());
    let blocks = size / block.len();
    let length = beginning.len() + blocks * block.len() + end.len();
    write!(
        stream,
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n\
         {beginning}"
    )?;
    (0..blocks).try_for_each(|_| stream.write_all(block.as_bytes()))?;
    stream.write_all(end.as_bytes())
}

async fn list(hostile: Hostile) -> Result<(), Error> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // A client that has enough hangs up.
    thread::spawn(move || drop(answer(listener.accept().unwrap().0, hostile)));
    let builder = Prolific::builder().token("t").base_url(url).retry_policy(NoRetry);
    let prolific = builder.build().unwrap();
    prolific.submissions().list(&"s".parse().unwrap()).collect_all().await.map(|_| ())
}

#[tokio::test]
async fn no_body_takes_much_more_memory_than_it_has_bytes() {
    for hostile in TABLE {
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let error = list(hostile).await.unwrap_err();
        let took = MEMORY.peak_usage().saturating_sub(before);
        assert_eq!(error.kind(), hostile.kind, "{hostile:?}: {error}");
        assert!(took < hostile.most, "{hostile:?} took {} MiB", took / MIB);
    }
}
