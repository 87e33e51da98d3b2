use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, anyhow};

use super::{Outcome, ReportForm, Reporting, command_line, regen::default_manifest};
use crate::{
    diff::{self, Class, Version},
    document::{Node, SourceId},
    finding::Finding,
    manifest::Settings,
    merge::{Difference, DifferenceKind},
    pipeline,
    printable::printable,
    read::Sources,
    report::Report,
    wrapper::{Wrapper, waiting},
};

const EXAMPLES: &str = "\
Examples:
  cargo xtask diff old.json openapi/prolific.json
  cargo xtask diff old.yaml new.yaml --fail-on breaking
  cargo xtask diff --facts";

/// The version of the crates of this repository, which this one shares.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Report how the API changed between two OpenAPI documents, from the view of the client's users.
///
/// Both documents are read and repaired as by `fix`. The changes go to stdout as Markdown for a pull
/// request, or as JSON with `--report json`: breaking changes, additions, documentation, and the
/// version step that they require. Errors and warnings about the documents go to stderr.
///
/// Exit codes: 0 whatever changed; 1 if a document has errors, or a change reaches the class of
/// `--fail-on`; 2 if the command line is invalid.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Diff {
    /// The old document: a page, YAML or JSON.
    #[arg(required_unless_present = "facts")]
    old: Option<PathBuf>,

    /// The new document.
    #[arg(required_unless_present = "facts")]
    new: Option<PathBuf>,

    /// Report where the documentation and the facts of a manifest disagree, instead of comparing two
    /// documents.
    #[arg(long, conflicts_with_all = ["old", "new", "fail_on", "version", "wrapper"])]
    facts: bool,

    /// The manifest of `--facts` [default: openapi/regen.toml].
    #[arg(long, value_name = "FILE", requires = "facts")]
    manifest: Option<PathBuf>,

    /// The source folder of a wrapper crate around the client: also report which of its methods
    /// breaking changes affect.
    #[arg(long, value_name = "FOLDER")]
    wrapper: Option<PathBuf>,

    #[command(flatten)]
    reporting: Reporting,

    /// Exit with 1 if a change is of this class or a more severe one.
    #[arg(long, value_name = "CLASS")]
    fail_on: Option<Class>,

    /// The current version, which the step starts from [default: that of this repository's crates].
    #[arg(long, value_name = "VERSION")]
    version: Option<Version>,
}

impl Diff {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Returns an error if stdout can't be written.
    pub fn run(self) -> Result<ExitCode> {
        let (Some(old), Some(new)) = (&self.old, &self.new) else {
            return self.tell_of_facts();
        };
        let mut sources = Sources::default();
        let mut report = Report::default();
        let next = format!("correct the errors, then run `{}`", command(old, new));
        let old = document(&mut sources, old, &mut report);
        let new = document(&mut sources, new, &mut report);
        let (old, new) = match (old, new) {
            (Ok(old), Ok(new)) => (old, new),
            (old, new) => {
                let findings: Vec<Finding> =
                    [old, new].into_iter().filter_map(Result::err).flatten().collect();
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
            ReportForm::Json => {
                let json = diff::to_json(&changes, version);
                serde_json::to_string_pretty(&json).context("the report")? + "\n"
            }
            _ => diff::to_markdown(&changes, version) + &self.waiting(&changes, (&old, &new))?,
        };
        std::io::stdout().lock().write_all(text.as_bytes())?;
        let fails = self.fail_on.is_some_and(|class| changes.class() >= Some(class));
        Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// The methods of the wrapper crate that need a decision, if its source was given.
    fn waiting(&self, changes: &diff::Diff, documents: (&Node, &Node)) -> Result<String> {
        let Some(folder) = &self.wrapper else {
            return Ok(String::new());
        };
        let mut sources = Sources::default();
        let wrapper = Wrapper::read(&mut sources, folder)
            .map_err(|finding| anyhow!("{}: {}", folder.display(), finding.problem))?;
        Ok(waiting(&wrapper, changes, documents, &sources))
    }

    /// Where the sources of a manifest disagree, as Markdown: what is to be decided first.
    fn tell_of_facts(self) -> Result<ExitCode> {
        let manifest = self.manifest.unwrap_or_else(default_manifest);
        let mut sources = Sources::default();
        let one = match pipeline::merged(&mut sources, &manifest) {
            Ok(one) => one,
            Err(findings) => {
                let report = Report::default();
                let outcome = Outcome::new("diff", &sources, &report);
                return Ok(Outcome { findings: &findings, ..outcome }.tell(self.reporting)?);
            }
        };
        let text = differences(&one.differences, &sources);
        std::io::stdout().lock().write_all(text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}

fn differences(all: &[Difference], sources: &Sources) -> String {
    let mut text = String::from("## Documentation and facts\n");
    for kind in DifferenceKind::ALL {
        let of_kind: Vec<&Difference> =
            all.iter().filter(|difference| difference.kind == kind).collect();
        let Some(title) = of_kind.first().map(|_| kind.rule()) else {
            continue;
        };
        let open = if kind.is_open() { ", needs a decision" } else { "" };
        text += &format!("\n### {title}: {}{open}\n\n", of_kind.len());
        for difference in of_kind {
            let place = difference.documented;
            let file = sources.name(place.source);
            let line = format!(
                "- {} ({file}:{}:{})",
                difference.in_words(sources),
                place.line,
                place.column
            );
            text += &printable(&line.replace(['\n', '\r'], " "));
            text.push('\n');
        }
    }
    if all.is_empty() {
        text += "\nThey agree.\n";
    }
    text
}

fn command(old: &Path, new: &Path) -> String {
    let files = [old, new].map(|file| file.to_string_lossy());
    command_line(&["cargo", "xtask", "diff", &files[0], &files[1]])
}

/// Reads and repairs a document. What was lost before can't show up as a change, so it is a
/// warning.
fn document(sources: &mut Sources, path: &Path, report: &mut Report) -> Result<Node, Vec<Finding>> {
    let id = sources.load(path).map_err(|finding| vec![finding])?;
    let (document, repairs) = pipeline::fix(sources, id, &Settings::default())?;
    report.warnings.extend(repairs.warnings);
    Ok(document)
}

fn fixed(sources: &Sources, id: SourceId) -> Result<Node, Vec<Finding>> {
    pipeline::fix(sources, id, &Settings::default()).map(|(document, _)| document)
}

/// The changes from the committed document to the new one, as Markdown, with the methods of the
/// wrapper crate that need a decision; a single line if there is nothing to compare with.
/// `is_own` says that the client has this repository's version.
pub(super) fn summary(
    path: &Path,
    made: &str,
    wrapper: Option<&Wrapper>,
    sources: &Sources,
    is_own: bool,
) -> String {
    match since_commit(path, made) {
        Err(reason) => format!("no summary of changes: {}: {reason}\n", path.display()),
        Ok((old, new)) => {
            let changes = diff::compare(&old, &new);
            let version = VERSION.parse().ok().filter(|_| is_own);
            let waiting = wrapper.map(|it| waiting(it, &changes, (&old, &new), sources));
            format!("\n{}{}", diff::to_markdown(&changes, version), waiting.unwrap_or_default())
        }
    }
}

/// The committed document, and the one that was made.
fn since_commit(path: &Path, made: &str) -> Result<(Node, Node), String> {
    let mut sources = Sources::default();
    let was = crate::committed::committed(path)?;
    let (old, new) = (sources.add("old", was), sources.add("new", made));
    let read = |id| fixed(&sources, id).map_err(|_| "the committed document has errors".to_owned());
    Ok((read(old)?, read(new)?))
}
