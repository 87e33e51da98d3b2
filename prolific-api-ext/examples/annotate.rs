//! A CSV file in, a batch that is ready for participants, their responses out as JSON lines.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::{
    env,
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use futures_util::{
    TryStreamExt as _,
    future::{Either, select},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use prolific_api_ext::{
    BatchId, DatasetId, Prolific, Result, WorkspaceId,
    batches::{BatchSetup, NewBatch, TaskDetails, layout},
    datasets::{DatasetSchema, ImportOutcome, UploadOutcome},
    simulator::Simulator,
    transfer::UploadFile,
};

const HELP: &str = "\
Has participants answer a question about each row of a CSV file: makes a dataset
of the file and a batch of it, waits until the batch is ready, and prints the
responses that there are as JSON lines.

Usage: cargo run --example annotate [-- FILE.csv WORKSPACE_ID [QUESTION]]

With PROLIFIC_TOKEN set, it works on https://api.prolific.com, or on the server
that PROLIFIC_URL names. Without, it annotates a few birds of its own on a
simulated Prolific that runs inside this program.

What goes on is told on stderr: as bars on a terminal, as lines otherwise.
Ctrl-C ends it and says what exists on the server by then.";

const SAMPLE: &str = "bird,place\nrobin,garden\nkingfisher,river\ngannet,cliff\n";

/// What is to be annotated, and where.
struct Job {
    prolific: Prolific,
    workspace: WorkspaceId,
    name: String,
    columns: Vec<String>,
    file: UploadFile,
    question: String,
    /// How long to pause between looks at what takes its time.
    pause: Duration,
    simulator: Option<Simulator>,
}

/// What exists on the server so far.
#[derive(Default)]
struct Made {
    dataset: Option<DatasetId>,
    batch: Option<BatchId>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let has_token = env::var_os("PROLIFIC_TOKEN").is_some_and(|token| !token.is_empty());
    let job = match (&arguments[..], has_token) {
        (["-h" | "--help"], _) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ([file, workspace], true) => real(file, workspace, "What do you see?"),
        ([file, workspace, question], true) => real(file, workspace, question),
        ([], false) => simulated(),
        ([], true) => return misused("PROLIFIC_TOKEN is set: name a CSV file and a workspace"),
        (_, false) => return misused("set PROLIFIC_TOKEN to annotate a file of your own"),
        _ => return misused("a CSV file, a workspace and a question are expected"),
    };
    match job {
        Ok(job) => run(job).await,
        Err(error) => failed(&error.to_string()),
    }
}

fn misused(why: &str) -> ExitCode {
    eprintln!("annotate: {why}; see --help");
    ExitCode::from(2)
}

fn failed(why: &str) -> ExitCode {
    eprintln!("annotate: {why}");
    ExitCode::FAILURE
}

fn real(
    file: &str,
    workspace: &str,
    question: &str,
) -> std::result::Result<Job, Box<dyn std::error::Error>> {
    let path = PathBuf::from(file);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
    Ok(Job {
        prolific: Prolific::from_env()?,
        workspace: workspace.parse()?,
        name: path
            .file_stem()
            .map_or_else(|| file.to_owned(), |stem| stem.to_string_lossy().into_owned()),
        columns: columns(&text),
        file: UploadFile::from_path(path),
        question: question.to_owned(),
        pause: Duration::from_secs(3),
        simulator: None,
    })
}

fn simulated() -> std::result::Result<Job, Box<dyn std::error::Error>> {
    let simulator = Simulator::start();
    eprintln!("no PROLIFIC_TOKEN: annotating birds on a simulated Prolific");
    Ok(Job {
        prolific: simulator.prolific()?,
        workspace: simulator.workspace_id()?,
        name: "birds".to_owned(),
        columns: columns(SAMPLE),
        file: UploadFile::from_bytes("birds.csv", SAMPLE),
        question: "Have you seen this bird?".to_owned(),
        pause: Duration::from_millis(20),
        simulator: Some(simulator),
    })
}

/// The names in the first line. A name with a comma or a quote in it is not for this example.
fn columns(csv: &str) -> Vec<String> {
    let head = csv.lines().next().unwrap_or_default();
    head.split(',').map(|column| column.trim().to_owned()).collect()
}

/// Runs the job until it ends or Ctrl-C ends it.
async fn run(job: Job) -> ExitCode {
    let mut made = Made::default();
    let ended = {
        let annotated = std::pin::pin!(annotate(&job, &mut made));
        let stopped = std::pin::pin!(tokio::signal::ctrl_c());
        match select(annotated, stopped).await {
            Either::Left((annotated, _)) => Some(annotated),
            Either::Right(_) => None,
        }
    };
    match ended {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            tell(&made);
            failed(&error.to_string())
        }
        None => {
            eprintln!("annotate: stopped");
            tell(&made);
            ExitCode::from(130)
        }
    }
}

/// Says what was made and is there still.
fn tell(made: &Made) {
    let Made { dataset, batch } = made;
    match dataset {
        Some(dataset) => eprintln!("dataset {dataset} exists on the server"),
        None => eprintln!("nothing exists on the server"),
    }
    if let Some(batch) = batch {
        eprintln!("batch {batch} exists on the server");
    }
}

async fn annotate(job: &Job, made: &mut Made) -> Result<()> {
    let dataset = make_dataset(job, made).await?;
    upload(job, &dataset).await?;
    let batch = make_batch(job, &dataset, made).await?;
    set_up(job, &batch).await?;
    if let Some(simulator) = &job.simulator {
        simulator.answer(&batch, 2)?;
    } else {
        eprintln!("batch {batch} is ready: attach it to a study and publish that");
    }
    print_responses(job, &batch).await
}

async fn make_dataset(job: &Job, made: &mut Made) -> Result<DatasetId> {
    let schema =
        job.columns.iter().fold(DatasetSchema::new(), |schema, column| schema.text(column));
    let dataset = job.prolific.datasets().create(&job.name, &job.workspace, schema).await?;
    eprintln!("dataset {} made", dataset.id);
    made.dataset = Some(dataset.id.clone());
    Ok(dataset.id)
}

async fn upload(job: &Job, dataset: &DatasetId) -> Result<()> {
    let bar = bar("sent");
    let progress = bar.clone();
    let upload = job.prolific.datasets().upload_and_wait(dataset, job.file.clone());
    let upload = upload.interval(job.pause).on_progress(move |sent, total| {
        progress.set_length(total);
        progress.set_position(sent);
    });
    let outcome = upload.await?;
    bar.finish();
    match outcome {
        UploadOutcome::Imported(outcome @ ImportOutcome::Complete(_)) => {
            eprintln!("{} records taken in", outcome.import().new_records().unwrap_or_default());
        }
        UploadOutcome::Imported(outcome) => {
            let import = outcome.import();
            eprintln!("the import is {}, with {} refusals", import.status, import.errors.len());
        }
        _ => eprintln!("the file is taken in"),
    }
    Ok(())
}

async fn make_batch(job: &Job, dataset: &DatasetId, made: &mut Made) -> Result<BatchId> {
    let shown = job.columns.iter().map(layout::dataset_field).collect();
    let asked = vec![layout::free_text(&job.question)];
    let pages = layout::Layout::from_iter([layout::page([layout::row([shown, asked])])]);
    let details = TaskDetails::new(&job.name, &job.question, "Look, then answer.");
    let batch = NewBatch::new(&job.name, job.workspace.clone(), details);
    let batch = batch.dataset(dataset.clone()).layout(pages);
    let batch = job.prolific.batches().create(batch).await?;
    eprintln!("batch {} made", batch.id);
    made.batch = Some(batch.id.clone());
    Ok(batch.id)
}

async fn set_up(job: &Job, batch: &BatchId) -> Result<()> {
    let batches = job.prolific.batches();
    batches.setup(batch, BatchSetup::new()).await?;
    let mut changes = batches.wait_until_ready(batch).interval(job.pause).updates();
    while let Some(status) = changes.next().await.transpose()? {
        eprintln!("batch is {status}");
    }
    Ok(())
}

async fn print_responses(job: &Job, batch: &BatchId) -> Result<()> {
    let mut responses = job.prolific.batches().responses(batch);
    let mut count = 0;
    let mut out = std::io::stdout().lock();
    while let Some(response) = responses.try_next().await? {
        let line = serde_json::to_string(&response).unwrap_or_default();
        if writeln!(out, "{line}").is_err() {
            break;
        }
        count += 1;
    }
    eprintln!("{count} responses");
    Ok(())
}

/// A bar on a terminal; anywhere else there is none, and the lines say enough.
fn bar(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes} {msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(what)
}
