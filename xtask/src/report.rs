//! What the rules changed, for the person who runs them.

use std::fmt;

use crate::finding::Finding;

/// How many changes a row spells out.
const SPELLED_OUT: usize = 3;

/// What happened to a document, a row per rule, and what its reader should know.
#[derive(Clone, Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
    /// What was lost before the document came here, or what OpenAPI 3.0.3 can't say.
    pub warnings: Vec<Finding>,
}

#[derive(Clone, Debug)]
struct Row {
    stage: &'static str,
    rule: &'static str,
    changes: Vec<String>,
}

impl Report {
    /// Adds what a rule changed; changes of one rule share a row.
    pub fn add(&mut self, stage: &'static str, rule: &'static str, changes: Vec<String>) {
        match self.rows.iter_mut().find(|row| (row.stage, row.rule) == (stage, rule)) {
            Some(row) => row.changes.extend(changes),
            None => self.rows.push(Row { stage, rule, changes }),
        }
    }

    /// Adds the rows of another report.
    pub fn extend(&mut self, other: Report) {
        for row in other.rows {
            self.add(row.stage, row.rule, row.changes);
        }
        self.warnings.extend(other.warnings);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.rule.len()).max().unwrap_or(0);
        for row in &self.rows {
            let count = row.changes.len();
            let mut spelled_out: Vec<&str> = Vec::new();
            for change in &row.changes {
                if !spelled_out.contains(&change.as_str()) {
                    spelled_out.push(change);
                }
            }
            let more = spelled_out.len().saturating_sub(SPELLED_OUT);
            spelled_out.truncate(SPELLED_OUT);
            let text = spelled_out.join("; ");
            let stage = row.stage;
            write!(f, "{stage:<7} {:width$} {count:>5}", row.rule)?;
            match (text.is_empty(), more) {
                (true, _) => writeln!(f)?,
                (false, 0) => writeln!(f, "  {text}")?,
                (false, more) => writeln!(f, "  {text}; and {more} more")?,
            }
        }
        Ok(())
    }
}
