use super::StudyStatus;
use crate::{WorkspaceId, pages::Pages};

/// The filters of [`Studies::list`](super::Studies::list).
#[derive(Debug)]
#[non_exhaustive]
pub struct StudyFilters {}

impl<T: Send + 'static> Pages<T, StudyFilters> {
    /// Lists the studies that are in one of these states.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyStatus;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let open = prolific.studies().list().state([StudyStatus::Active, StudyStatus::Paused]);
    /// println!("{} studies", open.page_size(50).collect_all().await?.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn state(self, states: impl IntoIterator<Item = StudyStatus>) -> Self {
        let states: Vec<_> = states.into_iter().collect();
        let names: Vec<&str> = states.iter().map(StudyStatus::as_str).collect();
        match &names[..] {
            [state] => self.with_query("state", *state),
            states => self.with_query("state", format!("({})", states.join("|"))),
        }
    }

    /// Lists the studies whose name or id matches a text. *(Known from the official CLI only.)*
    pub fn search(self, text: impl Into<String>) -> Self {
        self.with_query("search", text)
    }

    /// Lists the studies of a workspace. *(Known from the official CLI only.)*
    pub fn workspace_id(self, workspace_id: &WorkspaceId) -> Self {
        self.with_query("workspace_id", workspace_id.as_str())
    }
}

/// The order of [`Studies::submissions`](super::Studies::submissions).
#[derive(Debug)]
#[non_exhaustive]
pub struct StudySubmissionFilters {}

/// What [`Studies::submissions`](super::Studies::submissions) is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StudySubmissionKey {
    /// When a submission was started: the default, in which new submissions come last.
    StartedAt,
    /// When it was completed.
    CompletedAt,
    /// Its status.
    Status,
    /// The address that it came from.
    Ip,
    /// How long it took.
    TimeTaken,
    /// The participant.
    Participant,
    /// The code that was entered.
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
    /// Sorts by a key, the least first.
    pub fn order_by(self, key: StudySubmissionKey) -> Self {
        self.with_query("ordering", key.as_str())
    }

    /// Sorts by a key, the greatest first.
    pub fn order_by_descending(self, key: StudySubmissionKey) -> Self {
        self.with_query("ordering", format!("-{}", key.as_str()))
    }
}
