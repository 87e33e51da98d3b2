use std::collections::HashSet;

use super::Studies;
use crate::{ParticipantId, Result, StudyId, submissions::SubmissionStatus};

impl Studies {
    /// Lists the participants of a study with a submission in one of `statuses`, or in any if that
    /// is empty. Each participant comes once, in the order of the list; one of several submissions
    /// is enough.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if a page can't be read; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # simulator.submit(&id)?;
    /// use prolific_api_ext::submissions::SubmissionStatus;
    ///
    /// let waiting = [SubmissionStatus::AwaitingReview];
    /// let participants = prolific.studies().participants(&id, waiting).await?;
    /// assert_eq!(participants.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    pub async fn participants(
        &self,
        id: &StudyId,
        statuses: impl IntoIterator<Item = SubmissionStatus>,
    ) -> Result<Vec<ParticipantId>> {
        let statuses: HashSet<_> = statuses.into_iter().collect();
        let mut submissions = self.submissions(id);
        let mut seen = HashSet::new();
        let mut participants = Vec::new();
        while let Some(submission) = submissions.next().await {
            let submission = submission?;
            let is_asked_for = statuses.is_empty()
                || submission.status.is_some_and(|status| statuses.contains(&status));
            let Some(participant) = submission.participant_id.filter(|_| is_asked_for) else {
                continue;
            };
            if seen.insert(participant.clone()) {
                participants.push(participant);
            }
        }
        Ok(participants)
    }
}
