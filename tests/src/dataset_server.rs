//! A server whose datasets are READY at the fourth poll, in a separate process, so that it doesn't
//! affect the measurements.

use std::{
    collections::HashMap,
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

/// A dataset is READY at this look.
pub const LOOKS: usize = 4;

/// The argument that makes a program the server.
const SERVE: &str = "serve";

/// The server's process, which ends with this.
#[derive(Debug)]
pub struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Starts this program again, as the server; its `main` has to ask [`is_asked_to_serve`].
    ///
    /// # Errors
    ///
    /// Where the process can't be started, or says nothing.
    pub fn start() -> io::Result<Self> {
        let mut process = Command::new(env::current_exe()?)
            .arg(SERVE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        Ok(Self { process, url: line.trim().to_owned() })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether this program was started as the server.
pub fn is_asked_to_serve() -> bool {
    env::args().nth(1).as_deref() == Some(SERVE)
}

/// Serves until the program that started this one ends.
///
/// # Errors
///
/// Where there is no port to listen at.
pub fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    let looks = Arc::<Mutex<HashMap<String, usize>>>::default();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let looks = looks.clone();
            std::thread::spawn(move || answer(stream, &looks));
        }
    });
    // The pipe closes when the one that started this ends.
    let _ = io::stdin().read(&mut [0]);
    Ok(())
}

/// Answers PROCESSING to the first looks at a dataset, and READY then.
fn answer(mut stream: TcpStream, looks: &Mutex<HashMap<String, usize>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = [0; 4_096];
    let mut length = 0;
    while let read @ 1.. = stream.read(&mut buffer[length..])? {
        length += read;
        if !buffer[..length].ends_with(b"\r\n\r\n") {
            continue;
        }
        let head = String::from_utf8_lossy(&buffer[..length]).into_owned();
        length = 0;
        let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let look = {
            let mut looks = looks.lock().unwrap_or_else(PoisonError::into_inner);
            let look = looks.entry(target).or_default();
            *look += 1;
            *look
        };
        let status = if look >= LOOKS { "READY" } else { "PROCESSING" };
        let body = format!("{{\"status\":\"{status}\"}}");
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
        stream.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes())?;
    }
    Ok(())
}
