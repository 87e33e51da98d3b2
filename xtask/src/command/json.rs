use std::io::{self, Write};

use serde::Serialize;

use super::outcome::{File, Outcome};
use crate::{finding::Finding, read::Sources};

/// The report for machines. Its fields may get company, but keep their names and meanings.
#[derive(Serialize)]
struct Report<'a> {
    command: &'static str,
    /// `accepted`, `refused` (there are findings), `stale` (files are not what they should be), or
    /// `failed` (something could not be done).
    outcome: &'static str,
    findings: Vec<Told<'a>>,
    warnings: Vec<Told<'a>>,
    rules: Vec<RuleRow<'a>>,
    files: &'a [File],
    failures: &'a [String],
    /// Further notes, as Markdown.
    notes: &'a [String],
    next: Option<&'a str>,
}

#[derive(Serialize)]
struct Told<'a> {
    level: &'static str,
    /// What `--explain` knows it by.
    rule: Option<&'static str>,
    file: &'a str,
    line: u32,
    column: u32,
    pointer: Option<String>,
    operation: Option<&'a str>,
    problem: &'a str,
    remedy: &'a str,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    stage: &'static str,
    name: &'static str,
    count: usize,
    changes: &'a [String],
}

/// Writes the report as one JSON document.
pub(super) fn write(outcome: &Outcome<'_>, to: &mut impl Write) -> io::Result<()> {
    let sources = outcome.sources;
    let rows = outcome.report.rows().map(|row| RuleRow {
        stage: row.stage,
        name: row.rule,
        count: row.changes.len(),
        changes: &row.changes,
    });
    let report = Report {
        command: outcome.command,
        outcome: outcome.name(),
        findings: all(outcome.findings, "error", sources),
        warnings: all(&outcome.report.warnings, "warning", sources),
        rules: rows.collect(),
        files: &outcome.files,
        failures: &outcome.failures,
        notes: &outcome.notes,
        next: outcome.next.as_deref(),
    };
    serde_json::to_writer_pretty(&mut *to, &report)?;
    writeln!(to)
}

fn all<'a>(findings: &'a [Finding], level: &'static str, sources: &'a Sources) -> Vec<Told<'a>> {
    let told = findings.iter().map(|finding| Told {
        level,
        rule: Some(finding.rule).filter(|rule| !rule.is_empty()),
        file: sources.name(finding.place.source),
        line: finding.place.line,
        column: finding.place.column,
        pointer: finding.pointer.as_ref().map(ToString::to_string),
        operation: finding.operation.as_deref(),
        problem: &finding.problem,
        remedy: &finding.remedy,
    });
    told.collect()
}
