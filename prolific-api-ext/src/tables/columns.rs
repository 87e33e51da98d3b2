use std::collections::HashMap;

use csv::StringRecord;

/// The columns of a table: their names, and where they are.
#[derive(Debug, PartialEq)]
pub(super) struct Columns {
    names: StringRecord,
    by_name: HashMap<Box<str>, usize>,
    submission: Option<usize>,
    participant: Option<usize>,
}

impl Columns {
    pub(super) fn new(names: StringRecord) -> Self {
        let (mut by_name, submission) = (HashMap::new(), alike(&names, "submissionid"));
        let participant = alike(&names, "participantid");
        for (at, name) in names.iter().enumerate() {
            by_name.entry(name.into()).or_insert(at);
        }
        Self { names, by_name, submission, participant }
    }

    pub(super) fn names(&self) -> &StringRecord {
        &self.names
    }

    /// Where the first column of a name is.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Where the column `submission_id`, `Submission id` or the like is.
    pub(super) fn submission(&self) -> Option<usize> {
        self.submission
    }

    /// Where the column `participant_id`, `Participant id` or the like is.
    pub(super) fn participant(&self) -> Option<usize> {
        self.participant
    }
}

/// The index of the first column with this name, ignoring case, spaces and underscores.
fn alike(names: &StringRecord, name: &str) -> Option<usize> {
    names.iter().position(|column| {
        let letters = column.chars().filter(|letter| letter.is_ascii_alphabetic());
        letters.map(|letter| letter.to_ascii_lowercase()).eq(name.chars())
    })
}
