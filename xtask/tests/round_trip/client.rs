//! A program that reads values as the types of a generated client and writes them again. It is a
//! package with a unique name, so that Cargo doesn't mix its build with others.

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;
use xtask::{output::Output, pipeline::Made};

use crate::{repository, round::Row};

/// The client of a document, at work.
pub(crate) struct Client<'a> {
    made: &'a Made,
    process: Child,
    values: ChildStdin,
    results: BufReader<ChildStdout>,
}

impl<'a> Client<'a> {
    /// Builds the program, and starts it.
    pub(crate) fn build(name: &str, made: &'a Made) -> Self {
        let folder = repository().join("target/round-trip").join(name);
        let lock = fs::read_to_string(repository().join("Cargo.lock")).unwrap();
        write(&folder.join("Cargo.lock"), &lock);
        write(&folder.join("Cargo.toml"), &manifest(name));
        let is_of_library = name == "prolific";
        match is_of_library {
            true => write_library(&folder, made),
            false => write_module(&folder.join("src").join(name), name, made),
        }
        let types = if is_of_library { "client" } else { "client::client" };
        let table = &output(made, "schemas.rs")
            .or_else(|| output(made, "round_trip/table.rs"))
            .unwrap()
            .content;
        write(&folder.join("src/table.rs"), table);
        write(&folder.join("src/main.rs"), &PROGRAM.replace("TYPES", types));
        let target = repository().join("target/fern/target");
        let cargo = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--offline", "--target-dir"])
            .arg(&target)
            .current_dir(&folder)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&cargo.stderr);
        assert!(cargo.status.success(), "{}", told.chars().take(8000).collect::<String>());
        let mut process = Command::new(target.join("debug").join(format!("round-trip-{name}")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let values = process.stdin.take().unwrap();
        let results = BufReader::new(process.stdout.take().unwrap());
        Self { made, process, values, results }
    }

    /// The document that the client is of.
    pub(crate) fn document(&self) -> Value {
        let document =
            output(self.made, "document.json").or_else(|| output(self.made, "prolific.json"));
        serde_json::from_str(&document.unwrap().content).unwrap()
    }

    /// The schemas that have a type.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let table = output(self.made, "schemas.rs")
            .or_else(|| output(self.made, "round_trip/table.rs"))
            .unwrap();
        let row = |line: &str| {
            let (role, rest) = line.trim().strip_suffix(';')?.split_once(' ')?;
            let (name, pointer) = rest.split_once(' ')?;
            let pointer = serde_json::from_str(pointer).unwrap();
            Some(Row { role: role.to_owned(), name: name.to_owned(), pointer })
        };
        table.content.lines().filter_map(row).collect()
    }

    /// Reads a value as the type of this name and writes it again.
    pub(crate) fn turn(&mut self, name: &str, json: &str) -> Result<String, String> {
        let line = serde_json::to_string(&(name, json)).unwrap();
        writeln!(self.values, "{line}").unwrap();
        let mut result = String::new();
        self.results.read_line(&mut result).unwrap();
        serde_json::from_str(&result).unwrap_or_else(|error| panic!("{name} {json}: {error}"))
    }
}

impl Drop for Client<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn output<'a>(made: &'a Made, file: &str) -> Option<&'a Output> {
    made.outputs.iter().find(|output| output.path.ends_with(file))
}

/// The code of the client, below this folder.
fn write_generated(folder: &Path, client: &str, made: &Made) {
    for output in
        made.outputs.iter().filter(|output| output.path.extension().is_some_and(|e| e == "rs"))
    {
        let components: Vec<_> = output.path.components().collect();
        let Some(at) = components.iter().rposition(|part| part.as_os_str() == client) else {
            continue;
        };
        let file = folder.join(components[at..].iter().collect::<PathBuf>());
        write(&file, &output.content);
    }
}

/// The crate of the raw client, with another client in its place.
fn write_library(folder: &Path, made: &Made) {
    for part in ["src", "examples", "README.md"] {
        copy(&repository().join("prolific-api").join(part), &folder.join(part));
    }
    write_generated(&folder.join("src"), "generated", made);
}

/// A library with the client in a module, as its manifest says.
fn write_module(folder: &Path, name: &str, made: &Made) {
    write_generated(folder, "client", made);
    let runtime = repository().join("prolific-api/src/runtime/mod.rs");
    let library = format!(
        "#![allow(warnings)]\npub mod {name} {{\n    pub mod client;\n    #[path = {runtime:?}]\n    pub mod runtime;\n}}\npub use {name}::client;\n"
    );
    write(&folder.parent().unwrap().join("lib.rs"), &library);
}

/// Copies a file, or what is in a folder but a generated client.
fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        return write(to, &fs::read_to_string(from).unwrap());
    }
    for entry in fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        if name != "generated" {
            copy(&from.join(&name), &to.join(&name));
        }
    }
}

/// Writes a file that is another than before, as Cargo builds what was written.
fn write(path: &Path, content: &str) {
    if fs::read_to_string(path).is_ok_and(|there| there == content) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Takes a line with the name of a type and a value, and writes one with what comes of it.
const PROGRAM: &str = "#![allow(warnings)]
use std::io::{self, BufRead, Write};

macro_rules! schemas {
    ($($role:ident $name:ident $pointer:literal;)+) => {
        pub fn turn(name: &str, json: &str) -> Result<String, String> {
            match name {
                $(stringify!($name) => crate::round::<TYPES::types::$name>(json),)+
                _ => Err(format!(\"there is no type {name}\")),
            }
        }
    };
}

mod table;

fn round<T: serde::de::DeserializeOwned + serde::Serialize>(json: &str) -> Result<String, String> {
    let read: T = serde_json::from_str(json).map_err(|error| error.to_string())?;
    serde_json::to_string(&read).map_err(|error| error.to_string())
}

fn main() {
    let mut results = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let (name, json): (String, String) = serde_json::from_str(&line.unwrap()).unwrap();
        let result = serde_json::to_string(&table::turn(&name, &json)).unwrap();
        writeln!(results, \"{result}\").unwrap();
        results.flush().unwrap();
    }
}
";

/// The dependencies of a generated client, as the workspace has them.
fn manifest(name: &str) -> String {
    let workspace = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let mut package = format!(
        "[workspace]\n\n[package]\nname = \"round-trip-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\nautoexamples = false\n\n[lib]\nname = \"client\"\n\n[features]\nhttpmock = []\nschemars = []\nchrono = []\njiff = []\n\n[profile.dev]\ndebug = false\n\n[dependencies]\n"
    );
    for name in [
        "bytes",
        "futures-core",
        "http",
        "jiff",
        "progenitor-client",
        "regex",
        "reqwest",
        "serde",
        "serde_json",
    ] {
        let line = workspace.lines().find(|line| line.starts_with(&format!("{name} = ")));
        writeln!(package, "{}", line.unwrap()).unwrap();
    }
    let runtime = repository().join("prolific-api");
    writeln!(package, "prolific-api = {{ path = {runtime:?}, default-features = false }}").unwrap();
    package
}
