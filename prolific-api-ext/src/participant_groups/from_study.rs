use super::{Membership, ParticipantGroups};
use crate::{ParticipantGroupId, Result, StudyId, submissions::SubmissionStatus};

/// How many are added by one call. No limit is documented.
const AT_ONCE: usize = 1_000;

impl ParticipantGroups {
    /// Adds those who have a submission of one of these statuses in a study (everybody who has one at
    /// all where no status is given) to a group, and returns who is in it. None where nobody has
    /// such a submission. Those who are in it already stay, so it can be called again.
    ///
    /// Idempotent: retried after any transient failure, a thousand participants at a time.
    ///
    /// # Errors
    ///
    /// Returns an error if a call fails. Those of the parts before it are in the group.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
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
    /// # }
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
