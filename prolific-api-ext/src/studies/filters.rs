use super::StudyStatus;
use crate::{WorkspaceId, pages::Pages};

/// Filters of [`Studies::list`](super::Studies::list).
#[derive(Debug)]
#[non_exhaustive]
pub struct StudyFilters {}

impl<T: Send + 'static> Pages<T, StudyFilters> {
    /// Lists only studies with one of these statuses.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyStatus;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let open = prolific.studies().list().state([StudyStatus::Active, StudyStatus::Paused]);
    /// println!("{} studies", open.page_size(50).collect_all().await?.len());
    /// # Ok(())
    /// # });
    /// ```
    pub fn state(self, states: impl IntoIterator<Item = StudyStatus>) -> Self {
        let states: Vec<_> = states.into_iter().collect();
        let names: Vec<&str> = states.iter().map(StudyStatus::as_str).collect();
        match &names[..] {
            [state] => self.with_query("state", *state),
            states => self.with_query("state", format!("({})", states.join("|"))),
        }
    }

    /// Lists only studies whose name or id matches a text. *(known from the official CLI only)*
    pub fn search(self, text: impl Into<String>) -> Self {
        self.with_query("search", text)
    }

    /// Lists only studies of a workspace. *(known from the official CLI only)*
    pub fn workspace_id(self, workspace_id: &WorkspaceId) -> Self {
        self.with_query("workspace_id", workspace_id.as_str())
    }
}

/// Sort order of [`Studies::submissions`](super::Studies::submissions).
#[derive(Debug)]
#[non_exhaustive]
pub struct StudySubmissionFilters {}

/// Sort keys of [`Studies::submissions`](super::Studies::submissions).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StudySubmissionKey {
    /// When the submission was started (the default). New submissions come last.
    StartedAt,
    /// When it was completed.
    CompletedAt,
    /// Its status.
    Status,
    /// The IP address.
    Ip,
    /// How long it took.
    TimeTaken,
    /// The participant.
    Participant,
    /// The completion code.
    StudyCode,
}

impl StudySubmissionKey {
    fn as_str(self) -> &'static str {
        match self {
            Self::StartedAt => "started_at",
            Self::CompletedAt => "completed_at",
            Self::Status => "status",
            Self::Ip => "ip",
            Self::TimeTaken => "time_taken",
            Self::Participant => "participant_id",
            Self::StudyCode => "study_code",
        }
    }
}

impl<T: Send + 'static> Pages<T, StudySubmissionFilters> {
    /// Sorts by a key, ascending.
    pub fn order_by(self, key: StudySubmissionKey) -> Self {
        self.with_query("ordering", key.as_str())
    }

    /// Sorts by a key, descending.
    pub fn order_by_descending(self, key: StudySubmissionKey) -> Self {
        self.with_query("ordering", format!("-{}", key.as_str()))
    }
}
