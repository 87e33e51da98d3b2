use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result};

use super::{Form, Outcome, Reporting, command_line};
use crate::{
    diff::{self, Class, Diff as Changes, Version},
    document::{Node, SourceId},
    finding::Finding,
    manifest::Settings,
    pipeline,
    read::Sources,
    report::Report,
};

/// The version of the crates of this repository, which this one shares.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Tell what changed from one OpenAPI document to another, for whoever uses the client.
///
/// Both are read and repaired as `fix` does it. What changed goes to stdout, as Markdown that fits
/// a pull request: breaking changes, additions, documentation, and the step of the client's version
/// that follows; with `--report json`, as JSON. Findings and warnings go to stderr as those of `fix`
/// do.
///
/// Exit codes: 0 whatever changed; 1 if a document is not accepted, or if something changed that
/// `--fail-on` names; 2 if the command is not understood.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// The document as it was: a page, YAML or JSON.
    old: PathBuf,

    /// The document as it is.
    new: PathBuf,

    #[command(flatten)]
    reporting: Reporting,

    /// Fail where a change is of this class or graver.
    #[arg(long, value_name = "CLASS")]
    fail_on: Option<Class>,

    /// The version that the step starts from [default: that of this repository's crates].
    #[arg(long, value_name = "VERSION")]
    version: Option<Version>,
}

impl Diff {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Where stdout can't be written.
    pub fn run(self) -> Result<ExitCode> {
        let mut sources = Sources::default();
        let mut report = Report::default();
        let old = document(&mut sources, &self.old, &mut report);
        let new = document(&mut sources, &self.new, &mut report);
        let (old, new) = match (old, new) {
            (Ok(old), Ok(new)) => (old, new),
            (old, new) => {
                let findings: Vec<Finding> =
                    [old, new].into_iter().filter_map(Result::err).flatten().collect();
                let next = format!("mend the findings, then run `{}`", self.command());
                let outcome = Outcome::new("diff", &sources, &report);
                let outcome = Outcome { findings: &findings, next: Some(next), ..outcome };
                return Ok(outcome.tell(self.reporting)?);
            }
        };
        if !report.warnings.is_empty() {
            Outcome::new("diff", &sources, &report).tell(self.reporting)?;
        }
        let changes = diff::compare(&old, &new);
        let version = self.version.or_else(|| VERSION.parse().ok());
        let text = match self.reporting.form {
            Form::Json => {
                let json = diff::to_json(&changes, version);
                serde_json::to_string_pretty(&json).context("the report")? + "\n"
            }
            _ => diff::to_markdown(&changes, version),
        };
        std::io::stdout().lock().write_all(text.as_bytes())?;
        let fails = self.fail_on.is_some_and(|class| changes.class() >= Some(class));
        Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    fn command(&self) -> String {
        let files = [&self.old, &self.new].map(|file| file.to_string_lossy());
        command_line(&["cargo", "xtask", "diff", &files[0], &files[1]])
    }
}

/// Reads and repairs a document. What it lost before it came here can't show in what changed, and
/// so is told.
fn document(sources: &mut Sources, path: &Path, report: &mut Report) -> Result<Node, Vec<Finding>> {
    let id = sources.load(path).map_err(|finding| vec![finding])?;
    let (document, repairs) = pipeline::fix(sources, id, &Settings::default())?;
    report.warnings.extend(repairs.warnings);
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
