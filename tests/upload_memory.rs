//! A large upload, and how much memory it takes. Alone in its program, as memory is counted for
//! the whole process.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips and measures"
)]

use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    time::Instant,
};

use prolific_api_ext::{
    Prolific,
    datasets::{DatasetSchema, NewDataset, UploadOutcome},
    transfer::UploadFile,
};

const RECORDS: usize = 1_000_000;
const BAR: u64 = 64 << 20;

/// A simulator in another process.
struct Simulated {
    program: Child,
    url: String,
    token: String,
}

impl Simulated {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_simulator"));
        let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut setting = || lines.next().unwrap().split_once('=').unwrap().1.to_owned();
        let (url, token) = (setting(), setting());
        Self { program, url, token }
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        drop(self.program.stdin.take());
        let _ = self.program.wait();
    }
}

fn write_records(path: &Path) -> u64 {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let filler = "x".repeat(150);
    for number in 0..RECORDS {
        writeln!(file, r#"{{"number": "{number}", "text": "{filler}"}}"#).unwrap();
    }
    file.into_inner().unwrap().metadata().unwrap().len()
}

/// The most memory that this process has had so far, in bytes.
fn peak_resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes << 10)
}

#[tokio::test]
async fn a_million_records_are_uploaded_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.jsonl");
    let length = write_records(&path);
    let simulated = Simulated::start();
    let prolific =
        Prolific::builder().token(&simulated.token).base_url(&simulated.url).build().unwrap();
    let workspace = prolific.workspaces().list().next().await.unwrap().unwrap().id;
    let schema = DatasetSchema::new().text("number").text("text");
    let datasets = prolific.datasets();
    let dataset = NewDataset::new("A million", workspace).schema(schema);
    let dataset = datasets.create(dataset).await.unwrap();

    let began = Instant::now();
    let outcome =
        datasets.upload_and_wait(&dataset.id, UploadFile::from_path(&path)).await.unwrap();
    let UploadOutcome::Imported(import) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(import.new_records(), Some(RECORDS as u64));
    let Some(peak) = peak_resident() else {
        println!("memory is not measured: /proc/self/status is not there");
        return;
    };
    println!("{length} bytes in {:?}, at most {peak} bytes resident", began.elapsed());
    assert!(peak < BAR, "{peak} bytes resident, of {length} uploaded");
}
