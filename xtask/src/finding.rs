//! What is wrong with a source, where, and what to do about it.

use std::fmt;

use crate::{
    document::{Node, Place, Pointer, operation_at},
    printable::printable,
    read::Sources,
};

/// Something that makes a document unacceptable, or, as a warning, that its reader should know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where the cause was written.
    pub place: Place,
    /// The id of the operation that it is in.
    pub operation: Option<Box<str>>,
    /// The value that it concerns; `None` without a document to point into.
    pub pointer: Option<Pointer>,
    /// The rule, the check or the stage that found it: what `--explain` knows it by.
    pub rule: &'static str,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl Finding {
    /// A finding about the value at `pointer` of `document`.
    pub fn at(
        document: &Node,
        pointer: &Pointer,
        place: Place,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            operation: operation_at(document, pointer).map(Box::from),
            pointer: Some(pointer.clone()),
            ..Self::about_source(place, problem, remedy)
        }
    }

    /// A finding about a source that has no document to point into.
    pub fn about_source(
        place: Place,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            place,
            operation: None,
            pointer: None,
            rule: "",
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// The same, found by a stage, unless a rule or a check of it is named already.
    pub fn found_by(self, stage: &'static str) -> Self {
        let rule = if self.rule.is_empty() { stage } else { self.rule };
        Self { rule, ..self }
    }

    /// What it concerns: a pointer, preceded by its operation, or the document.
    pub fn subject(&self) -> String {
        let pointer = self.pointer.as_ref().filter(|pointer| **pointer != Pointer::root());
        match (&self.operation, pointer) {
            (Some(operation), Some(pointer)) => format!("{operation} ({pointer})"),
            (_, Some(pointer)) => pointer.to_string(),
            (_, None) => "document".to_owned(),
        }
    }

    /// The finding as one line, `file:line:column: subject: problem; remedy`.
    pub fn display<'a>(&'a self, sources: &'a Sources) -> impl fmt::Display + 'a {
        Line { finding: self, sources }
    }

    /// The finding as a short line, `file:line:column: problem`.
    pub fn brief(&self, sources: &Sources) -> String {
        let Place { source, line, column } = self.place;
        let words: Vec<&str> = self.problem.split_whitespace().collect();
        let (file, problem) = (printable(sources.name(source)), words.join(" "));
        format!("{file}:{line}:{column}: {}", printable(&problem))
    }
}

struct Line<'a> {
    finding: &'a Finding,
    sources: &'a Sources,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { place, problem, remedy, .. } = self.finding;
        let file = printable(self.sources.name(place.source));
        let text = format!("{}: {problem}; {remedy}", self.finding.subject());
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(f, "{file}:{}:{}: {}", place.line, place.column, printable(&one_line))
    }
}
