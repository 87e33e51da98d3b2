use crate::{pages::Pages, submissions::SubmissionStatus};

/// The filters and the order of [`Submissions::list`](super::Submissions::list).
#[derive(Debug)]
#[non_exhaustive]
pub struct SubmissionFilters {}

/// What [`Submissions::list`](super::Submissions::list) is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubmissionKey {
    /// When a submission was started: the default, in which new submissions come last.
    StartedAt,
    /// The reward.
    Reward,
    /// The name of the study.
    StudyName,
}

impl SubmissionKey {
    fn as_str(self) -> &'static str {
        match self {
            Self::StartedAt => "started_at",
            Self::Reward => "submission_reward",
            Self::StudyName => "study_name",
        }
    }
}

impl<T: Send + 'static> Pages<T, SubmissionFilters> {
    /// Lists the submissions of a status alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::submissions::SubmissionStatus;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// let waiting = prolific.submissions().list(&id).status(SubmissionStatus::AwaitingReview);
    /// for submission in waiting.collect_all().await? {
    ///     println!("{:?}", submission.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(self, status: SubmissionStatus) -> Self {
        // Of the values the filter writes those with a blank with an underscore.
        self.with_query("status", status.as_str().replace(' ', "_"))
    }

    /// Sorts by a key, the least first.
    pub fn order_by(self, key: SubmissionKey) -> Self {
        self.with_query("ordering", key.as_str())
    }

    /// Sorts by a key, the greatest first. Rows that are inserted while the list is read come before
    /// those that were read.
    pub fn order_by_descending(self, key: SubmissionKey) -> Self {
        self.with_query("ordering", format!("-{}", key.as_str()))
    }
}
