use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result};

use super::{refuse, warn};
use crate::{
    diff::{self, Class, Diff as Changes, Version},
    document::{Node, SourceId},
    finding::Finding,
    manifest::Settings,
    pipeline,
    read::Sources,
};

/// The version of the crates of this repository, which this one shares.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Tell what changed from one OpenAPI document to another, for whoever uses the client.
///
/// Both are read and repaired as `fix` does it. What changed goes to stdout, as Markdown that fits
/// a pull request: breaking changes, additions, documentation, and the step of the client's version
/// that follows. Findings and warnings go to stderr.
///
/// Exit codes: 0 whatever changed; 1 where a document is not accepted, or where something changed
/// that `--fail-on` names; 2 where a file can't be read or the command is not understood.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// The document as it was: a page, YAML or JSON.
    old: PathBuf,

    /// The document as it is.
    new: PathBuf,

    /// The form of what is told: `text` is Markdown, `json` is for machines.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    report: Form,

    /// Fail where a change is of this class or graver.
    #[arg(long, value_name = "CLASS")]
    fail_on: Option<Class>,

    /// The version that the step starts from [default: that of this repository's crates].
    #[arg(long, value_name = "VERSION")]
    version: Option<Version>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Text,
    Json,
}

impl Diff {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Where stdout can't be written.
    pub fn run(self) -> Result<ExitCode> {
        let mut sources = Sources::default();
        let old = document(&mut sources, &self.old);
        let new = document(&mut sources, &self.new);
        let (old, new) = match (old, new) {
            (Ok(old), Ok(new)) => (old, new),
            (old, new) => {
                let found: Vec<Finding> =
                    [old, new].into_iter().filter_map(Result::err).flatten().collect();
                return Ok(refuse(&sources, &found));
            }
        };
        let changes = diff::compare(&old, &new);
        let version = self.version.or_else(|| VERSION.parse().ok());
        let text = match self.report {
            Form::Text => diff::to_markdown(&changes, version),
            Form::Json => {
                let json = diff::to_json(&changes, version);
                serde_json::to_string_pretty(&json).context("the report")? + "\n"
            }
        };
        std::io::stdout().lock().write_all(text.as_bytes())?;
        let fails = self.fail_on.is_some_and(|class| changes.class() >= Some(class));
        Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// Reads and repairs a document. What it lost before it came here can't show in what changed, and
/// so is told.
fn document(sources: &mut Sources, path: &Path) -> Result<Node, Vec<Finding>> {
    let id = sources.load(path).map_err(|finding| vec![finding])?;
    let (document, report) = pipeline::fix(sources, id, &Settings::default())?;
    warn(sources, &report.warnings);
    Ok(document)
}

fn fixed(sources: &Sources, id: SourceId) -> Result<Node, Vec<Finding>> {
    pipeline::fix(sources, id, &Settings::default()).map(|(document, _)| document)
}

/// What changed from the committed document to the one that was made, as Markdown; a line where
/// there is nothing to compare with. `is_own` says that the client has this repository's version.
pub(super) fn summary(path: &Path, made: &str, is_own: bool) -> String {
    match changes_since_commit(path, made) {
        Err(reason) => format!("no summary of changes: {}: {reason}\n", path.display()),
        Ok(changes) => {
            let version = VERSION.parse().ok().filter(|_| is_own);
            format!("\n{}", diff::to_markdown(&changes, version))
        }
    }
}

fn changes_since_commit(path: &Path, made: &str) -> Result<Changes, String> {
    let mut sources = Sources::default();
    let was = crate::committed::committed(path)?;
    let (old, new) = (sources.add("old", was), sources.add("new", made));
    let read = |id| fixed(&sources, id).map_err(|_| "the committed one is not accepted".to_owned());
    Ok(diff::compare(&read(old)?, &read(new)?))
}
