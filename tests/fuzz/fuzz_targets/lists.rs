//! Any responses to a list: it ends, well only if it has the rows that were counted, and gives each row
//! once.
//!
//! The first byte chooses the list. Each line of the rest is the body of a response; one that begins with `!`
//! is a 404.
#![no_main]

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use libfuzzer_sys::fuzz_target;
use prolific_api_ext::{FullJitter, NoRetry, Prolific, StudyId};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};

#[path = "../../hostile/outcome.rs"]
mod outcome;

use outcome::read;

type Bodies = Arc<Mutex<VecDeque<Vec<u8>>>>;

/// A server on this machine, which has the bodies of one run at a time, and its client.
struct World {
    runtime: Runtime,
    bodies: Bodies,
    prolific: Prolific,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let bodies = Bodies::default();
    let served = bodies.clone();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, served.clone()));
        }
    });
    let prolific = Prolific::builder().token("t").base_url(url).retry_policy(NoRetry);
    let prolific = prolific.backoff(FullJitter::new(Duration::ZERO, Duration::ZERO));
    let prolific = prolific.page_ahead(false).build().unwrap();
    World { runtime, bodies, prolific }
});

/// Answers requests without a body. When the bodies are used up, pages are empty.
async fn serve(stream: TcpStream, bodies: Bodies) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if line != "\r\n" {
            continue;
        }
        let body = bodies.lock().unwrap().pop_front();
        let body = body.unwrap_or_else(|| br#"{"results":[]}"#.to_vec());
        let status = if body.first() == Some(&b'!') { "404 Not Found" } else { "200 OK" };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), &body].concat()).await?;
        stream.flush().await?;
    }
}

/// The least count that any body has, as far as it is a plain number.
fn least_count(bodies: &[&[u8]]) -> u64 {
    let count = |body: &&[u8]| {
        // Characters that are none are read as replacement characters.
        let body: Value = serde_json::from_str(&String::from_utf8_lossy(body)).ok()?;
        body["meta"]["count"].as_u64()
    };
    bodies.iter().filter_map(count).min().unwrap_or_default()
}

fuzz_target!(|data: &[u8]| {
    let Some((list, rest)) = data.split_first() else { return };
    let bodies: Vec<&[u8]> = rest.split(|byte| *byte == b'\n').take(40).collect();
    let World { runtime, bodies: served, prolific } = &*WORLD;
    *served.lock().unwrap() = bodies.iter().map(|body| body.to_vec()).collect();
    let study = StudyId::new("s1").unwrap();
    let outcome = runtime.block_on(async {
        match list % 3 {
            0 => read!(prolific.submissions().list(&study)),
            1 => read!(prolific.studies().submissions(&study)),
            _ => read!(prolific.conversations().list()),
        }
    });
    // A body that was not asked for says nothing.
    let answered = bodies.len() - served.lock().unwrap().len();
    outcome.hold(least_count(&bodies[..answered]), "the list");
});
