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

    /// Only those from then on. The form of the time is not documented; it is sent as it is
    /// written, a [`SystemTime`](std::time::SystemTime) as RFC 3339.
    #[must_use]
    pub fn from(mut self, from: impl Into<Timestamp>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// Only those until then, written like [`from`](Self::from).
    #[must_use]
    pub fn to(mut self, to: impl Into<Timestamp>) -> Self {
        self.to = Some(to.into());
        self
    }
}
