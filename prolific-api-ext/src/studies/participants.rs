use std::collections::HashSet;

use super::Studies;
use crate::{ParticipantId, Result, StudyId, submissions::SubmissionStatus};

impl Studies {
    /// Who has a submission of one of these statuses in a study, each once, in the order of the list;
    /// everybody who has one at all where no status is given. Whoever has several submissions counts
    /// by any of them.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if a page can't be read.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// # simulator.submit(&id)?;
    /// use prolific_api_ext::submissions::SubmissionStatus;
    ///
    /// let waiting = [SubmissionStatus::AwaitingReview];
    /// let participants = prolific.studies().participants(&id, waiting).await?;
    /// assert_eq!(participants.len(), 1);
    /// # Ok(())
    /// # }
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
