use std::{fmt::Write as _, path::PathBuf, process::ExitCode};

use anyhow::Result;

use super::{File, FileState, Outcome, Reporting, command_line, counted, regen::default_manifest};
use crate::{
    fetch::{Address, Fetched, FetchedSource, Limits, State, Survey, fetch},
    manifest::Manifest,
    printable::printable,
    read::Sources,
    report::Report,
};

const EXAMPLES: &str = "\
Examples:
  cargo xtask fetch
  cargo xtask fetch --manifest birds/regen.toml
  cargo --quiet xtask fetch --report json";

/// The maximum number of addresses of an index that are listed.
const LISTED: usize = 10;

/// Download the documentation: the sources with a `url` in the manifest.
///
/// Files are stored byte for byte. A download replaces the local file only if `fix` would accept it.
/// Versions and digests are kept in `<manifest>.lock.toml`, to download only what changed. For a
/// page, its Markdown is downloaded (`…/page.md`).
///
/// An `[[index]]` in the manifest names the `url` of an `llms.txt`: documents and pages that the
/// index names and the manifest doesn't are listed, and sources that the index lacks are warnings.
///
/// The report goes to stderr, in the same form as that of `cargo xtask fix`. The `state` of a file is
/// "unchanged", "updated", "refused" or "failed".
///
/// Exit codes: 0 if every source is up to date; 1 if one was refused or failed; 2 if the lock file
/// can't be read or written.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Fetch {
    /// The manifest with the sources [default: openapi/regen.toml].
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,

    #[command(flatten)]
    reporting: Reporting,
}

impl Fetch {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Returns an error if the lock file can't be read or written.
    pub fn run(self) -> Result<ExitCode> {
        let mut sources = Sources::default();
        let path = self.manifest.clone().unwrap_or_else(default_manifest);
        let manifest = match Manifest::load(&mut sources, &path) {
            Ok(manifest) => manifest,
            Err(finding) => {
                let report = Report::default();
                let outcome = Outcome::new("fetch", &sources, &report);
                let next =
                    Some(format!("correct the manifest, then run `{}`", self.command("fetch")));
                let findings = &[finding.found_by("manifest")];
                return Ok(Outcome { findings, next, ..outcome }.tell(self.reporting)?);
            }
        };
        let limits = Limits::default();
        let fetched = fetch(&mut sources, &manifest, &limits, &mut std::thread::sleep)?;
        let next = self.next(&fetched);
        let Fetched { sources: fetched, surveys, mut findings, warnings } = fetched;
        findings.extend(fetched.iter().flat_map(|source| source.state.findings()).cloned());
        let mut notes: Vec<String> =
            surveys.iter().map(|survey| told(survey, self.reporting.is_complete())).collect();
        if fetched.is_empty() {
            notes.push(format!("no source in {} has a `url`", path.display()));
        }
        let mut report = Report::default();
        report.warnings = warnings;
        let outcome = Outcome {
            findings: &findings,
            files: fetched.iter().map(file).collect(),
            notes,
            next,
            ..Outcome::new("fetch", &sources, &report)
        };
        Ok(outcome.tell(self.reporting)?)
    }

    fn next(&self, fetched: &Fetched) -> Option<String> {
        let states = || fetched.sources.iter().map(|source| &source.state);
        let is_updated = states().any(|state| matches!(state, State::Updated));
        let is_good = states().all(State::is_good) && fetched.findings.is_empty();
        let (fetch, regen) = (self.command("fetch"), self.command("regen"));
        match (is_updated, is_good) {
            (true, true) => Some(format!("run `{regen}`")),
            (true, false) => Some(format!(
                "run `{regen}`; to download the rest, correct the errors and run `{fetch}`"
            )),
            (false, false) => Some(format!("correct the errors, then run `{fetch}`")),
            (false, true) => None,
        }
    }

    /// A command for the same manifest.
    fn command(&self, name: &str) -> String {
        let mut words = vec!["cargo", "xtask", name];
        let path = self.manifest.as_ref().map(|path| path.to_string_lossy());
        if let Some(path) = &path {
            words.extend(["--manifest", path]);
        }
        command_line(&words)
    }
}

fn file(source: &FetchedSource) -> File {
    let state = match &source.state {
        State::Unchanged => FileState::Unchanged,
        State::Updated => FileState::Updated,
        State::Refused(_) => FileState::Refused,
        State::Failed(_) => FileState::Failed,
    };
    File { path: source.file.display().to_string(), state, diff: None }
}

/// What an index names that the manifest doesn't.
fn told(survey: &Survey, is_complete: bool) -> String {
    let Survey { address, index, unnamed_documents, unnamed_pages, covered_pages, unread } = survey;
    let address = address.to_string();
    let mut text = format!(
        "index     {}: {}, {}",
        printable(&address),
        counted(index.documents.len(), "document"),
        counted(index.pages.len(), "page")
    );
    if !index.guides.is_empty() {
        let _ = write!(text, " of the API, {}", counted(index.guides.len(), "other page"));
    }
    if *covered_pages > 0 {
        let pages = counted(*covered_pages, "page");
        let _ = write!(text, "\n  covered by a document in the manifest: {pages}");
    }
    list(&mut text, "document", unnamed_documents, is_complete);
    list(&mut text, "page", unnamed_pages, is_complete);
    for unread in unread {
        let _ = write!(text, "\n  not read: {}", printable(unread));
    }
    text
}

fn list(text: &mut String, noun: &str, addresses: &[Address], is_complete: bool) {
    if addresses.is_empty() {
        return;
    }
    let _ = write!(text, "\n  not in the manifest: {}", counted(addresses.len(), noun));
    let limit = if is_complete { usize::MAX } else { LISTED };
    for address in addresses.iter().take(limit) {
        let _ = write!(text, "\n    {}", printable(&address.to_string()));
    }
    if let Some(more @ 1..) = addresses.len().checked_sub(limit) {
        let _ = write!(text, "\n    and {more} more (`--all` lists them)");
    }
}
