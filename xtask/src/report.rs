//! What the rules changed, for the person who runs them.

use std::{collections::HashSet, fmt};

use crate::{finding::Finding, printable::printable};

/// The longest change that is shown whole, in characters.
const LONGEST: usize = 80;

/// How many changes a row spells out.
const SPELLED_OUT: usize = 3;

/// What happened to a document, a row per rule, and what its reader should know.
#[derive(Clone, Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
    /// What was lost before the document came here, or what OpenAPI 3.0.3 can't say.
    pub warnings: Vec<Finding>,
}

/// What a rule did.
#[derive(Clone, Debug)]
pub struct Row {
    /// When it is applied: `repair`, `merge`, `lower`.
    pub stage: &'static str,
    /// Its name.
    pub rule: &'static str,
    /// What it changed, one after the other.
    pub changes: Vec<String>,
}

impl Report {
    /// What each rule did, in the order they were applied.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

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

    /// The rows of the rules that changed something, as a table; with `all`, those of the others
    /// too.
    pub fn table(&self, all: bool) -> impl fmt::Display + '_ {
        Table(self.rows.iter().filter(|row| all || !row.changes.is_empty()).collect())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(false).fmt(f)
    }
}

struct Table<'a>(Vec<&'a Row>);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|row| row.rule.len()).max().unwrap_or(0);
        for row in &self.0 {
            let count = row.changes.len();
            let different: HashSet<&str> = row.changes.iter().map(String::as_str).collect();
            let spelled_out = first_different(&row.changes);
            let more = different.len() - spelled_out.len();
            let spelled_out: Vec<String> =
                spelled_out.iter().map(|change| shortened(&printable(change))).collect();
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

/// A text without its middle where it is too long; what tells pointers apart is their ends.
fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= LONGEST {
        return text.to_owned();
    }
    let (head, tail) = (LONGEST / 3, LONGEST - LONGEST / 3 - 1);
    let head = text.chars().take(head);
    head.chain(['…']).chain(text.chars().skip(count - tail)).collect()
}

/// The first changes that are not the same, as many as are spelled out.
fn first_different(changes: &[String]) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for change in changes {
        if found.len() < SPELLED_OUT && !found.contains(&change.as_str()) {
            found.push(change);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_that_are_the_same_are_spelled_out_once_and_counted_each() {
        let mut report = Report::default();
        let changes = ["a", "b", "a", "c", "d", "\u{1b}"].map(str::to_owned);
        report.add("repair", "rule", changes[..3].to_vec());
        assert_eq!(report.table(false).to_string(), "repair  rule     3  a; b\n");
        report.add("repair", "rule", changes[3..].to_vec());
        assert_eq!(report.table(false).to_string(), "repair  rule     6  a; b; c; and 2 more\n");
    }

    #[test]
    fn a_long_change_is_shown_without_its_middle() {
        let mut report = Report::default();
        report.add("repair", "rule", vec!["é".repeat(50) + &"x".repeat(50)]);
        let expected = format!("repair  rule     1  {}…ééé{}\n", "é".repeat(26), "x".repeat(50));
        assert_eq!(report.to_string(), expected);
    }

    #[test]
    fn rules_that_changed_nothing_are_left_out_unless_asked_for() {
        let mut report = Report::default();
        report.add("repair", "a-rule-with-nothing-to-do", Vec::new());
        report.add("repair", "rule", vec!["a".to_owned()]);
        assert_eq!(report.table(false).to_string(), "repair  rule     1  a\n");
        let all = report.table(true).to_string();
        assert!(all.starts_with("repair  a-rule-with-nothing-to-do     0\nrepair  rule "), "{all}");
    }
}
