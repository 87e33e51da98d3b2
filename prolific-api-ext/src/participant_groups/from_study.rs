use super::{Membership, ParticipantGroups};
use crate::{ParticipantGroupId, Result, StudyId, submissions::SubmissionStatus};

/// How many participants one call adds. No limit is documented.
const AT_ONCE: usize = 1_000;

impl ParticipantGroups {
    /// Adds the participants of a study to a group, and returns the participants of the group. Only
    /// those with a submission in one of `statuses` are added; if that is empty, all who have a
    /// submission. Returns `None` if there is nobody to add. Those who are already in the group
    /// stay, so it can be called again.
    ///
    /// Idempotent: retried after any transient failure. Adds 1,000 participants at a time.
    ///
    /// # Errors
    ///
    /// Returns an error if a call fails; see [`ErrorKind`](crate::ErrorKind). Participants of
    /// earlier calls are then in the group.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # simulator.submit(&study)?;
    /// use prolific_api_ext::{participant_groups::NewParticipantGroup, submissions::SubmissionStatus};
    ///
    /// let groups = prolific.participant_groups();
    /// let workspace = simulator.workspace_id()?;
    /// let group = NewParticipantGroup::new("Wave 1").workspace_id(workspace);
    /// let group = groups.create(group).await?;
    /// let statuses = [SubmissionStatus::AwaitingReview, SubmissionStatus::Approved];
    /// let members = groups.add_from_study(&group.id, &study, statuses).await?;
    /// assert_eq!(members.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    pub async fn add_from_study(
        &self,
        id: &ParticipantGroupId,
        study_id: &StudyId,
        statuses: impl IntoIterator<Item = SubmissionStatus>,
    ) -> Result<Vec<Membership>> {
        let participants = self.prolific.studies().participants(study_id, statuses).await?;
        let mut members = Vec::new();
        for part in participants.chunks(AT_ONCE) {
            members = self.add(id, part).await?;
        }
        Ok(members)
    }
}
