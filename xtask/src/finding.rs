//! What is wrong with a source, where, and what to do about it.

use std::fmt;

use crate::{
    document::{Node, Place, Pointer, subject},
    read::Sources,
};

/// Something that makes a document unacceptable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where the cause was written.
    pub place: Place,
    /// The operation or the JSON pointer that it concerns.
    pub subject: String,
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
            place,
            subject: subject(document, pointer),
            problem: problem.into(),
            remedy: remedy.into(),
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
            subject: "document".to_owned(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// The finding as one line, `file:line:column: subject: problem; remedy`.
    pub fn display<'a>(&'a self, sources: &'a Sources) -> impl fmt::Display + 'a {
        Line { finding: self, sources }
    }
}

struct Line<'a> {
    finding: &'a Finding,
    sources: &'a Sources,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { place, subject, problem, remedy } = self.finding;
        let file = self.sources.name(place.source);
        let text = format!("{subject}: {problem}; {remedy}");
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(f, "{file}:{}:{}: {one_line}", place.line, place.column)
    }
}
