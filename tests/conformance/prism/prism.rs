//! Runs prism in a separate process.

use std::{
    env,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use prolific_tests::repository;

pub(crate) struct Prism {
    process: Child,
    url: String,
}

impl Prism {
    /// Starts the program that `PRISM` names, and waits until it listens.
    pub(crate) fn start() -> Self {
        let program = env::var_os("PRISM").unwrap_or_else(|| {
            panic!("PRISM names no program of prism: run tests/conformance/prism.sh")
        });
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = Command::new(program)
            .args(["mock", "--errors", "-h", "127.0.0.1", "-p", &free.port().to_string()])
            .arg(repository().join("openapi/prolific.json"))
            .stdout(Stdio::piped())
            .spawn();
        let mut prism = Self { process: process.unwrap(), url: format!("http://{free}") };
        let mut lines = BufReader::new(prism.process.stdout.take().unwrap()).lines();
        while !lines.next().unwrap().unwrap().contains("is listening") {}
        // An unread pipe would block it.
        std::thread::spawn(move || lines.for_each(drop));
        prism
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
