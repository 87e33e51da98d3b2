use std::{
    io::{self, Write},
    process::ExitCode,
};

use super::{
    json,
    listing::{FINDINGS, Listing, WARNINGS, count_of_causes},
};
use crate::{finding::Finding, printable::printable, read::Sources, report::Report};

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ReportForm {
    /// One line each: `file:line:column: subject: problem; remedy`
    Short,
    /// Each with its line of the source
    #[default]
    Full,
    /// One JSON document with everything in it
    Json,
}

/// The flags for the amount and the format of the output.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Reporting {
    /// The format of the report.
    #[arg(long = "report", value_name = "FORM", value_enum, default_value_t)]
    pub(super) form: ReportForm,

    /// Leave nothing out of the report: rules that changed nothing, every error, every place.
    #[arg(long)]
    all: bool,
}

impl Reporting {
    /// Whether nothing is to be left out.
    pub(super) fn is_complete(self) -> bool {
        self.all
    }
}

/// The result of a run, to be reported.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    pub(super) command: &'static str,
    pub(super) sources: &'a Sources,
    pub(super) report: &'a Report,
    pub(super) findings: &'a [Finding],
    pub(super) files: Vec<File>,
    /// Whether files were compared and not written: the report shows how they differ.
    pub(super) is_comparison: bool,
    /// Failures, one line each.
    pub(super) failures: Vec<String>,
    /// Further notes, one paragraph each.
    pub(super) notes: Vec<String>,
    /// What to do next.
    pub(super) next: Option<String>,
}

/// A file of the result.
#[derive(Debug, serde::Serialize)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) state: FileState,
    /// The first lines that differ.
    pub(super) diff: Option<String>,
}

/// How a file of the result was found or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FileState {
    Written,
    Removed,
    Updated,
    Unchanged,
    Missing,
    Stale,
    Obsolete,
    Refused,
    Failed,
}

impl FileState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Written => "wrote",
            Self::Removed => "removed",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Obsolete => "obsolete",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// The participle for counts of files in this state.
    fn participle(self) -> &'static str {
        match self {
            Self::Written => "written",
            state => state.as_str(),
        }
    }
}

impl<'a> Outcome<'a> {
    pub(super) fn new(command: &'static str, sources: &'a Sources, report: &'a Report) -> Self {
        Self {
            command,
            sources,
            report,
            findings: &[],
            files: Vec::new(),
            is_comparison: false,
            failures: Vec::new(),
            notes: Vec::new(),
            next: None,
        }
    }

    /// Tells it on stderr. The code is 2 where something could not be done, 1 where something is
    /// wrong with the sources or stale, else 0.
    pub(super) fn tell(&self, reporting: Reporting) -> io::Result<ExitCode> {
        let mut stderr = io::stderr().lock();
        match reporting.form {
            ReportForm::Json => json::write(self, &mut stderr)?,
            _ => self.tell_a_person(reporting, &mut stderr)?,
        }
        Ok(match self.name() {
            "accepted" => ExitCode::SUCCESS,
            "failed" => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        })
    }

    /// How it went, in a word.
    pub(super) fn name(&self) -> &'static str {
        let is_stale = |file: &File| {
            matches!(file.state, FileState::Missing | FileState::Stale | FileState::Obsolete)
        };
        match (&self.failures[..], self.findings) {
            ([_, ..], _) => "failed",
            (_, [_, ..]) => "refused",
            _ if self.files.iter().any(is_stale) => "stale",
            _ => "accepted",
        }
    }

    fn tell_a_person(&self, reporting: Reporting, to: &mut impl Write) -> io::Result<()> {
        let Reporting { form, all } = reporting;
        if !self.is_comparison {
            write!(to, "{}", self.report.table(all))?;
        }
        let mut listing = Listing::new(self.sources, form, all);
        listing.tell(&self.report.warnings, &WARNINGS, to)?;
        listing.tell(self.findings, &FINDINGS, to)?;
        if form == ReportForm::Full {
            self.tell_where_to_read_on(to)?;
        }
        let is_told =
            |file: &&File| all || !self.is_comparison || file.state != FileState::Unchanged;
        self.files.iter().filter(is_told).try_for_each(|file| file.tell(to))?;
        self.failures.iter().try_for_each(|failure| writeln!(to, "error: {failure}"))?;
        self.notes.iter().try_for_each(|note| writeln!(to, "{note}"))?;
        writeln!(to, "{}", self.counts())?;
        self.next.iter().try_for_each(|next| writeln!(to, "next: {}", printable(next)))
    }

    /// How much there was of each, in a line.
    pub(super) fn counts(&self) -> String {
        let changes: usize = self.report.rows().map(|row| row.changes.len()).sum();
        let rules = self.report.rows().filter(|row| !row.changes.is_empty()).count();
        let mut counts = Vec::new();
        if changes > 0 && !self.is_comparison {
            counts.push(format!("{} by {}", counted(changes, "change"), counted(rules, "rule")));
        }
        counts.push(with_causes(self.findings, "error"));
        counts.push(with_causes(&self.report.warnings, "warning"));
        if !self.failures.is_empty() {
            counts.push(counted(self.failures.len(), "failure"));
        }
        let mut states: Vec<FileState> = self.files.iter().map(|file| file.state).collect();
        states.sort();
        for files in states.chunk_by(|one, other| one == other) {
            counts.push(format!("{} {}", counted(files.len(), "file"), files[0].participle()));
        }
        counts.join(", ")
    }

    /// As rustc does below its errors.
    fn tell_where_to_read_on(&self, to: &mut impl Write) -> io::Result<()> {
        let all = || self.findings.iter().chain(&self.report.warnings);
        let Some(rule) = all().map(|finding| finding.rule).find(|rule| !rule.is_empty()) else {
            return Ok(());
        };
        writeln!(to, "to learn more about the first: `cargo xtask fix --explain {rule}`\n")
    }
}

/// A number and its noun: `no findings`, `1 finding`, `2 findings`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

fn with_causes(findings: &[Finding], noun: &str) -> String {
    let causes = count_of_causes(findings);
    let count = counted(findings.len(), noun);
    if causes == findings.len() {
        count
    } else {
        format!("{count} with {}", counted(causes, "cause"))
    }
}

/// A command as it can be pasted into a shell.
pub(super) fn command_line(words: &[&str]) -> String {
    let quoted = words.iter().map(|word| shlex::try_quote(word).unwrap_or((*word).into()));
    quoted.collect::<Vec<_>>().join(" ")
}

impl File {
    fn tell(&self, to: &mut impl Write) -> io::Result<()> {
        let path = printable(&self.path);
        writeln!(to, "{:<9} {path}", self.state.as_str())?;
        let mut lines = self.diff.iter().flat_map(|diff| diff.lines());
        lines.try_for_each(|line| writeln!(to, "{}", printable(line)))
    }
}
