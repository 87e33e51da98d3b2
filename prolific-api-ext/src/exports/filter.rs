use crate::{StudyId, Timestamp};

/// Which answers an export has. All of them where nothing is said.
///
/// Some documentation pages have these filters and the specification of July 2026 has not: a
/// server that does not know them may leave them unheeded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExportFilter {
    pub(super) study_id: Option<StudyId>,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

impl ExportFilter {
    /// All answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only those of a study.
    #[must_use]
    pub fn study_id(mut self, study_id: StudyId) -> Self {
        self.study_id = Some(study_id);
        self
    }

    /// Only those at this time or after it: RFC 3339, which a
    /// [`SystemTime`](std::time::SystemTime) is written as.
    #[must_use]
    pub fn since(mut self, since: impl Into<Timestamp>) -> Self {
        self.since = Some(since.into());
        self
    }

    /// Only those before this time, written like [`since`](Self::since).
    #[must_use]
    pub fn until(mut self, until: impl Into<Timestamp>) -> Self {
        self.until = Some(until.into());
        self
    }
}
