//! A CSV file in, a batch that is ready for participants, their responses out as JSON lines.

use std::{
    env,
    error::Error as StdError,
    fs::File,
    io::{BufRead as _, BufReader, IsTerminal as _, Read as _, Write as _},
    iter::successors,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use futures_util::{
    TryStreamExt as _,
    future::{Either, select},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use prolific_api_ext::{
    BatchId, DatasetId, Error, ImportId, Prolific, Result, WorkspaceId,
    batches::{BatchSetup, NewBatch, TaskDetails, layout},
    datasets::{DatasetSchema, Import, NewDataset},
    reqwest,
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

Progress is shown on stderr: as bars on a terminal, as lines otherwise.
Ctrl-C ends it and says what exists on the server by then.";

/// How long the line of the column names may be, in bytes.
const HEAD: u64 = 1 << 20;

/// How many records that were refused are shown.
const SHOWN: usize = 5;

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
    dataset: Exists<DatasetId>,
    batch: Exists<BatchId>,
}

#[derive(Default)]
enum Exists<I> {
    #[default]
    No,
    /// It was asked for, and no answer came.
    Perhaps,
    Yes(I),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let has_token = env::var_os("PROLIFIC_TOKEN").is_some_and(|token| !token.is_empty());
    let job = match (&arguments[..], has_token) {
        (["-h" | "--help"], _) => {
            // The reader of stdout may be gone.
            let _ = writeln!(std::io::stdout(), "{HELP}");
            return ExitCode::SUCCESS;
        }
        ([file, workspace], true) => real(file, workspace, "What do you see?"),
        ([file, workspace, question], true) => real(file, workspace, question),
        ([], false) => simulated(),
        ([], true) => {
            return misused("PROLIFIC_TOKEN is set, so a CSV file and a workspace are required");
        }
        (_, false) => return misused("set PROLIFIC_TOKEN to annotate your own file"),
        _ => return misused("expected a CSV file, a workspace and a question"),
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
    let columns = head(&path).and_then(|head| columns(&head));
    Ok(Job {
        prolific: Prolific::from_env()?,
        workspace: workspace.parse()?,
        name: path
            .file_stem()
            .map_or_else(|| file.to_owned(), |stem| stem.to_string_lossy().into_owned()),
        columns: columns.map_err(|why| format!("{file}: {why}"))?,
        file: UploadFile::from_path(path),
        question: question.to_owned(),
        pause: Duration::from_secs(3),
        simulator: None,
    })
}

/// The first line of a file, which may be as large as it likes.
fn head(path: &PathBuf) -> std::result::Result<String, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut line = String::new();
    let read = BufReader::new(file.take(HEAD)).read_line(&mut line);
    read.map_err(|error| error.to_string())?;
    Ok(line)
}

fn simulated() -> std::result::Result<Job, Box<dyn std::error::Error>> {
    let simulator = Simulator::start();
    eprintln!("no PROLIFIC_TOKEN: annotating birds on a simulated Prolific");
    Ok(Job {
        prolific: simulator.prolific()?,
        workspace: simulator.workspace_id()?,
        name: "birds".to_owned(),
        columns: columns(SAMPLE)?,
        file: UploadFile::from_bytes("birds.csv", SAMPLE),
        question: "Have you seen this bird?".to_owned(),
        pause: Duration::from_millis(20),
        simulator: Some(simulator),
    })
}

/// The names in the first line. A name with a comma or a quote in it is not for this example.
fn columns(csv: &str) -> std::result::Result<Vec<String>, String> {
    let head = csv.lines().next().unwrap_or_default();
    if head.starts_with('\u{feff}') {
        let why = "the file begins with a byte order mark, which may end up in the first column's \
                   name: save it without one";
        return Err(why.to_owned());
    }
    let columns: Vec<_> = head.split(',').map(|column| column.trim().to_owned()).collect();
    match columns.iter().position(String::is_empty) {
        Some(_) if columns.len() == 1 => Err("the first line has no column names".to_owned()),
        Some(at) => Err(format!("column {} has no name in the first line", at + 1)),
        None => Ok(columns),
    }
}

/// Runs the job until it ends or Ctrl-C ends it.
async fn run(job: Job) -> ExitCode {
    let mut made = Made::default();
    let ended = {
        // It is looked at first, so that Ctrl-C is heard before anything is made.
        let stopped = std::pin::pin!(tokio::signal::ctrl_c());
        let annotated = std::pin::pin!(annotate(&job, &mut made));
        match select(stopped, annotated).await {
            Either::Left((Ok(()), _)) => None,
            // There is no way to interrupt here.
            Either::Left((Err(_), annotated)) => Some(annotated.await),
            Either::Right((annotated, _)) => Some(annotated),
        }
    };
    match ended {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            tell(&made, &job.name);
            failed(&error.to_string())
        }
        None => {
            eprintln!("annotate: stopped");
            tell(&made, &job.name);
            ExitCode::from(130)
        }
    }
}

/// Says what was made and is there still.
fn tell(made: &Made, name: &str) {
    let Made { dataset, batch } = made;
    match dataset {
        Exists::Yes(dataset) => eprintln!("dataset {dataset} exists on the server"),
        Exists::Perhaps => {
            eprintln!("a dataset {name:?} may exist on the server: it was being created");
        }
        Exists::No => eprintln!("nothing exists on the server"),
    }
    match batch {
        Exists::Yes(batch) => eprintln!("batch {batch} exists on the server"),
        Exists::Perhaps => {
            eprintln!("a batch {name:?} may exist on the server: it was being created")
        }
        Exists::No => {}
    }
}

/// Whether the server may have done what failed.
fn may_have_acted(error: &Error) -> bool {
    let is_refused = error.status().is_some_and(|status| status.is_client_error());
    error.attempts() > 0 && !is_refused && !is_unreached(error)
}

/// Whether there was no connection that anything could have been sent over.
fn is_unreached(error: &Error) -> bool {
    let mut causes = successors(StdError::source(error), |cause| StdError::source(*cause));
    causes
        .any(|cause| cause.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect))
}

async fn annotate(job: &Job, made: &mut Made) -> Result<()> {
    let dataset = make_dataset(job, made).await?;
    upload(job, &dataset).await?;
    let batch = make_batch(job, &dataset, made).await?;
    set_up(job, &batch).await?;
    if let Some(simulator) = &job.simulator {
        simulator.answer(&batch, 2)?;
    } else {
        eprintln!("batch {batch} is ready: attach it to a study, and publish the study");
    }
    print_responses(job, &batch).await
}

async fn make_dataset(job: &Job, made: &mut Made) -> Result<DatasetId> {
    let schema =
        job.columns.iter().fold(DatasetSchema::new(), |schema, column| schema.text(column));
    eprintln!("creating a dataset for {}", job.name);
    let datasets = job.prolific.datasets();
    let dataset = NewDataset::new(&job.name, job.workspace.clone()).schema(schema);
    let dataset = datasets.create(dataset);
    let dataset = noted(&mut made.dataset, dataset, |dataset| dataset.id).await?;
    eprintln!("created dataset {dataset}");
    Ok(dataset)
}

/// Creates something, and records what is known about it in the meantime.
async fn noted<T, I: Clone>(
    exists: &mut Exists<I>,
    made: impl Future<Output = Result<T>>,
    id: fn(T) -> I,
) -> Result<I> {
    *exists = Exists::Perhaps;
    match made.await {
        Ok(made) => {
            let id = id(made);
            *exists = Exists::Yes(id.clone());
            Ok(id)
        }
        Err(error) => {
            if !may_have_acted(&error) {
                *exists = Exists::No;
            }
            Err(error)
        }
    }
}

async fn upload(job: &Job, dataset: &DatasetId) -> Result<()> {
    let stage = Stage::bar();
    let progress = stage.clone();
    let upload = job.prolific.datasets().upload(dataset, job.file.clone());
    let told = AtomicU64::new(0);
    let uploaded = upload.on_progress(move |sent, total| progress.sent(sent, total, &told)).await?;
    stage.end();
    match &uploaded.import_id {
        Some(import) => take_in(job, dataset, import).await,
        None => Ok(()),
    }
}

async fn take_in(job: &Job, dataset: &DatasetId, import: &ImportId) -> Result<()> {
    // A rejected record is printed, but doesn't stop the program.
    let wait = job.prolific.datasets().wait_for_import(dataset, import).allow_partial();
    let wait = wait.interval(job.pause);
    let (stage, mut states, mut last) = (Stage::spinner(), wait.updates(), None);
    while let Some(import) = states.next().await.transpose()? {
        stage.say(&format!("import is {}", import.status));
        last = Some(import);
    }
    stage.end();
    last.iter().for_each(tell_import);
    Ok(())
}

fn tell_import(import: &Import) {
    eprintln!("{} records imported", import.new_records().unwrap_or_default());
    if import.errors.is_empty() {
        return;
    }
    eprintln!("{} refusals:", import.errors.len());
    for error in import.errors.iter().take(SHOWN) {
        let record = error.record.map_or_else(String::new, |record| format!(" {record}"));
        let field = error.field.as_deref().unwrap_or("the whole");
        eprintln!("record{record}: {field}: {}", error.reason.as_deref().unwrap_or("no reason"));
    }
}

async fn make_batch(job: &Job, dataset: &DatasetId, made: &mut Made) -> Result<BatchId> {
    let shown = job.columns.iter().map(layout::dataset_field).collect();
    let asked = vec![layout::free_text(&job.question)];
    let pages = layout::Layout::from_iter([layout::page([layout::row([shown, asked])])]);
    let details = TaskDetails::new(&job.name, &job.question, "Look, then answer.");
    let batch = NewBatch::new(&job.name, job.workspace.clone(), details);
    let batch = batch.dataset_id(dataset.clone()).layout(pages);
    let batches = job.prolific.batches();
    let batch = noted(&mut made.batch, batches.create(batch), |batch| batch.id).await?;
    eprintln!("created batch {batch}");
    Ok(batch)
}

async fn set_up(job: &Job, batch: &BatchId) -> Result<()> {
    let batches = job.prolific.batches();
    batches.setup(batch, BatchSetup::new()).await?;
    let stage = Stage::spinner();
    let mut changes = batches.wait_until_ready(batch).interval(job.pause).updates();
    while let Some(status) = changes.next().await.transpose()? {
        stage.say(&format!("batch is {status}"));
    }
    stage.end();
    Ok(())
}

async fn print_responses(job: &Job, batch: &BatchId) -> Result<()> {
    let mut responses = job.prolific.batches().responses(batch);
    let mut count = 0;
    let mut out = std::io::stdout().lock();
    while let Some(response) = responses.try_next().await? {
        // The reader of stderr may be gone.
        if serde_json::to_writer(&mut out, &response).is_err() || writeln!(out).is_err() {
            break;
        }
        count += 1;
    }
    eprintln!("{count} responses");
    Ok(())
}

/// Shows the progress of something that takes time: a bar on a terminal, lines anywhere else.
#[derive(Clone)]
struct Stage(ProgressBar);

impl Stage {
    fn bar() -> Self {
        Self::new(ProgressBar::new(0), "{bar:40} {bytes} of {total_bytes} sent")
    }

    fn spinner() -> Self {
        let spinner = Self::new(ProgressBar::new_spinner(), "{spinner} {msg}, since {elapsed}");
        if !spinner.0.is_hidden() {
            spinner.0.enable_steady_tick(Duration::from_millis(100));
        }
        spinner
    }

    fn new(bar: ProgressBar, template: &str) -> Self {
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let style = ProgressStyle::with_template(template);
        Self(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    fn say(&self, what: &str) {
        match self.0.is_hidden() {
            true => eprintln!("{what}"),
            false => self.0.set_message(what.to_owned()),
        }
    }

    /// Prints a line for every tenth of the file if there is no bar; `told` is the last one.
    fn sent(&self, sent: u64, total: u64, told: &AtomicU64) {
        self.0.set_length(total);
        self.0.set_position(sent);
        let tenth = sent.saturating_mul(10).checked_div(total).unwrap_or(10);
        if told.swap(tenth, Ordering::Relaxed) != tenth && self.0.is_hidden() {
            eprintln!("{sent} of {total} bytes sent");
        }
    }

    /// What it said stays.
    fn end(&self) {
        self.0.abandon();
    }
}
