use crate::{StudyId, Timestamp};

/// Which answers an export has. All of them where nothing is said.
///
/// Some documentation pages have these filters and the specification of July 2026 has not: a
/// server that does not know them may leave them unheeded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExportFilter {
    pub(super) study: Option<StudyId>,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
}

impl ExportFilter {
    /// All answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only those of a study.
    #[must_use]
    pub fn study(mut self, study: StudyId) -> Self {
        self.study = Some(study);
        self
    }

    /// Only those at this time or after it: RFC 3339, which a
    /// [`SystemTime`](std::time::SystemTime) is written as.
    #[must_use]
    pub fn from(mut self, from: impl Into<Timestamp>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// Only those before this time, written like [`from`](Self::from).
    #[must_use]
    pub fn to(mut self, to: impl Into<Timestamp>) -> Self {
        self.to = Some(to.into());
        self
    }
}
