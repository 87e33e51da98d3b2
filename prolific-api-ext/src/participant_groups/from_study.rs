use super::{MembershipChange, ParticipantGroups, membership_change::added};
use crate::{ParticipantGroupId, Prolific, Result, StudyId, Whole, submissions::SubmissionStatus};

/// How many participants one call adds. No limit is documented.
const AT_ONCE: usize = 1_000;

impl ParticipantGroups {
    /// Adds the participants of a study to a group. Only those with a submission in one of `statuses`
    /// are added; if that is empty, all who have a submission. Those who are already in the group
    /// stay, so it can be called again. Awaiting it returns the [`MembershipChange`], which is empty
    /// if there is nobody to add.
    ///
    /// Idempotent: retried after any transient failure. Adds 1,000 participants at a time.
    ///
    /// # Errors
    ///
    /// Returns [`Partial`](crate::ErrorKind::Partial) if some of them are not in the group
    /// afterwards, unless that is [allowed](Whole::allow_partial); another
    /// [`ErrorKind`](crate::ErrorKind) if a call fails. Both have the [`MembershipChange`] as
    /// [`last_seen`](crate::Error::last_seen). After a call that failed, those of that call count as
    /// not added, although they may be in the group.
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
    /// let change = groups.add_from_study(&group.id, &study, statuses).await?;
    /// assert_eq!(change.members.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    pub fn add_from_study(
        &self,
        id: &ParticipantGroupId,
        study_id: &StudyId,
        statuses: impl IntoIterator<Item = SubmissionStatus>,
    ) -> Whole<MembershipChange> {
        let (prolific, id, study_id) = (self.prolific.clone(), id.clone(), study_id.clone());
        let statuses = statuses.into_iter().collect();
        let added = async move { add(&prolific, &id, &study_id, statuses).await };
        Whole::new(added, MembershipChange::not_added)
    }
}

async fn add(
    prolific: &Prolific,
    id: &ParticipantGroupId,
    study_id: &StudyId,
    statuses: Vec<SubmissionStatus>,
) -> Result<MembershipChange> {
    let mut left = prolific.studies().participants(study_id, statuses).await?;
    let mut change = MembershipChange::default();
    while !left.is_empty() {
        let later = left.split_off(AT_ONCE.min(left.len()));
        match added(prolific, id, left.clone()).await {
            Ok(part) => change.extend(part),
            Err(error) => {
                let all = change.done.len() + change.not_done.len() + left.len() + later.len();
                let done = format!(
                    "{} of {all} participants were added before the error",
                    change.done.len()
                );
                change.not_done.extend(left.into_iter().chain(later));
                let error = error.having_done(&done);
                return Err(error.with_last_seen("partial".to_owned(), change));
            }
        }
        left = later;
    }
    Ok(change)
}
