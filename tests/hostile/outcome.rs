//! The outcome of a list, compared with what its server said. The fuzzer of lists uses it too.

use std::collections::BTreeSet;

use prolific_api_ext::ErrorKind;

#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) ids: Vec<String>,
    pub(crate) unreadable: u64,
    pub(crate) ended: Option<ErrorKind>,
}

impl Outcome {
    /// Panics if a row came twice, or if fewer rows than the least count came without an error.
    pub(crate) fn hold(&self, least: u64, of: &str) {
        let distinct: BTreeSet<&String> = self.ids.iter().collect();
        assert_eq!(distinct.len(), self.ids.len(), "{of}: a row came twice: {self:?}");
        let rows = self.ids.len() as u64 + self.unreadable;
        assert!(
            self.ended.is_some() || rows >= least,
            "{of}: {rows} rows of {least}, and no error"
        );
    }
}

/// Reads a list to its end.
macro_rules! read {
    ($list:expr) => {{
        let (mut list, mut outcome) = ($list, $crate::outcome::Outcome::default());
        while let Some(row) = list.next().await {
            match row {
                Ok(row) => outcome.ids.push(row.id.to_string()),
                Err(error) if error.kind() == prolific_api_ext::ErrorKind::UnreadableRow => {
                    outcome.unreadable += 1;
                }
                Err(error) => outcome.ended = Some(error.kind()),
            }
        }
        outcome
    }};
}

pub(crate) use read;
