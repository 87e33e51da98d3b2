use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use annotate_snippets::{Level, Renderer};

use super::json;
use crate::{finding::Finding, printable::printable, read::Sources, report::Report, snippet};

/// How many findings a person is shown, and as many warnings. Machines are told all.
const SHOWN: usize = 50;

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// One line each: `file:line:column: subject: problem; remedy`
    Short,
    /// Each with its line of the source
    #[default]
    Full,
    /// One JSON document with everything in it
    Json,
}

/// The flag that asks for a form.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Reporting {
    /// The form of what is told on stderr.
    #[arg(long = "report", value_name = "FORM", value_enum, default_value_t)]
    form: Form,
}

/// What a run has to tell.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    pub(super) command: &'static str,
    pub(super) sources: &'a Sources,
    pub(super) report: &'a Report,
    pub(super) findings: &'a [Finding],
    pub(super) files: Vec<File>,
    /// Whether files were compared, and none was to be written: a person is told what differs.
    pub(super) is_comparison: bool,
    /// What could not be done, a line each.
    pub(super) failures: Vec<String>,
    /// The last line that a person is told.
    pub(super) conclusion: Option<String>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FileState {
    Written,
    Unchanged,
    Missing,
    Stale,
}

/// How much a finding weighs.
struct Weight {
    level: Level<'static>,
    /// What a line of the short form begins with.
    prefix: &'static str,
    name: &'static str,
}

const WARNINGS: Weight = Weight { level: Level::WARNING, prefix: "warning: ", name: "warnings" };
const FINDINGS: Weight = Weight { level: Level::ERROR, prefix: "", name: "findings" };

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
            conclusion: None,
        }
    }

    /// Tells it on stderr. The code is 2 where something could not be done, 1 where something is
    /// wrong with the sources or stale, else 0.
    pub(super) fn tell(&self, reporting: Reporting) -> io::Result<ExitCode> {
        let mut stderr = io::stderr().lock();
        match reporting.form {
            Form::Json => json::write(self, &mut stderr)?,
            form => self.tell_a_person(form, &mut stderr)?,
        }
        Ok(match self.name() {
            "accepted" => ExitCode::SUCCESS,
            "failed" => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        })
    }

    /// How it went, in a word.
    pub(super) fn name(&self) -> &'static str {
        let is_stale = |file: &File| matches!(file.state, FileState::Missing | FileState::Stale);
        match (&self.failures[..], self.findings) {
            ([_, ..], _) => "failed",
            (_, [_, ..]) => "refused",
            _ if self.files.iter().any(is_stale) => "stale",
            _ => "accepted",
        }
    }

    fn tell_a_person(&self, form: Form, to: &mut impl Write) -> io::Result<()> {
        if !self.is_comparison {
            write!(to, "{}", self.report)?;
        }
        self.tell_each(form, &self.report.warnings, &WARNINGS, to)?;
        self.tell_each(form, self.findings, &FINDINGS, to)?;
        if form == Form::Full {
            self.tell_where_to_read_on(to)?;
        }
        let is_told = |file: &&File| !self.is_comparison || file.state != FileState::Unchanged;
        self.files.iter().filter(is_told).try_for_each(|file| file.tell(to))?;
        self.failures.iter().try_for_each(|failure| writeln!(to, "error: {failure}"))?;
        self.conclusion.iter().try_for_each(|conclusion| writeln!(to, "{conclusion}"))
    }

    fn tell_each(
        &self,
        form: Form,
        findings: &[Finding],
        weight: &Weight,
        to: &mut impl Write,
    ) -> io::Result<()> {
        let Weight { level, prefix, name } = weight;
        let renderer = renderer();
        for finding in findings.iter().take(SHOWN) {
            match form {
                Form::Full => {
                    let drawn = snippet::draw(finding, level.clone(), self.sources, &renderer);
                    writeln!(to, "{drawn}")?;
                }
                _ => writeln!(to, "{prefix}{}", finding.display(self.sources))?,
            }
        }
        match findings.len().checked_sub(SHOWN) {
            Some(more @ 1..) => writeln!(to, "and {more} more {name}: --report json tells all"),
            _ => Ok(()),
        }
    }

    /// As rustc does below its errors.
    fn tell_where_to_read_on(&self, to: &mut impl Write) -> io::Result<()> {
        let all = || self.findings.iter().chain(&self.report.warnings);
        let Some(rule) = all().map(|finding| finding.rule).find(|rule| !rule.is_empty()) else {
            return Ok(());
        };
        writeln!(to, "more about one of these: `cargo xtask fix --explain {rule}`")
    }
}

impl File {
    fn tell(&self, to: &mut impl Write) -> io::Result<()> {
        let path = printable(&self.path);
        match self.state {
            FileState::Written => writeln!(to, "wrote     {path}"),
            FileState::Unchanged => writeln!(to, "unchanged {path}"),
            FileState::Missing => writeln!(to, "{path} is missing"),
            FileState::Stale => {
                writeln!(to, "{path} is stale:")?;
                let mut lines = self.diff.iter().flat_map(|diff| diff.lines());
                lines.try_for_each(|line| writeln!(to, "{}", printable(line)))
            }
        }
    }
}

/// With colours where a person looks on and has not asked for none (<https://no-color.org>).
fn renderer() -> Renderer {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match io::stderr().is_terminal() && !no_colour {
        true => Renderer::styled(),
        false => Renderer::plain(),
    }
}
