use crate::{pages::Pages, submissions::SubmissionStatus};

/// Filters and sort order of [`Submissions::list`](super::Submissions::list).
#[derive(Debug)]
#[non_exhaustive]
pub struct SubmissionFilters {}

/// Sort keys of [`Submissions::list`](super::Submissions::list).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubmissionKey {
    /// When the submission was started (the default). New submissions come last.
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
    /// Lists only submissions with this status.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::submissions::SubmissionStatus;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let waiting = prolific.submissions().list(&id).status(SubmissionStatus::AwaitingReview);
    /// for submission in waiting.collect_all().await? {
    ///     println!("{:?}", submission.id);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn status(self, status: SubmissionStatus) -> Self {
        // Of the values the filter writes those with a blank with an underscore.
        self.with_query("status", status.as_str().replace(' ', "_"))
    }

    /// Sorts by a key, ascending.
    pub fn order_by(self, key: SubmissionKey) -> Self {
        self.with_query("ordering", key.as_str())
    }

    /// Sorts by a key, descending. Rows that are inserted while the list is read shift the ones
    /// that follow.
    pub fn order_by_descending(self, key: SubmissionKey) -> Self {
        self.with_query("ordering", format!("-{}", key.as_str()))
    }
}
