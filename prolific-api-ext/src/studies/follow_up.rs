use super::{Studies, Study, StudyChange};
use crate::{ParticipantGroupId, Result, StudyId};

impl Studies {
    /// Creates the next part of a longitudinal study, as a draft: a copy of a study for the members
    /// of a participant group only. The other filters of the study, or its filter set, are dropped,
    /// as the members met them already; participants of the study are not excluded.
    ///
    /// Change what is different this time, such as name and URL, and publish the draft.
    ///
    /// Unsafe: every call creates another draft, so it is retried only if the server did not act.
    /// If the draft can't be restricted to the group, it is deleted again, so that it isn't
    /// published to everyone.
    ///
    /// # Errors
    ///
    /// Returns an error if one of the calls fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # use prolific_api_ext::participant_groups::NewParticipantGroup;
    /// # let group = NewParticipantGroup::new("Wave 1").workspace_id(simulator.workspace_id()?);
    /// # let group = prolific.participant_groups().create(group).await?.id;
    /// use prolific_api_ext::studies::StudyChange;
    ///
    /// let draft = prolific.studies().create_follow_up(&study, &group).await?;
    /// let change = StudyChange::default().name("Birds, the second part");
    /// let draft = prolific.studies().update(&draft.id, change).await?;
    /// assert_eq!(draft.filters.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    pub async fn create_follow_up(
        &self,
        id: &StudyId,
        group_id: &ParticipantGroupId,
    ) -> Result<Study> {
        let draft = self.duplicate(id, false).await?;
        let members = StudyChange::new().only_groups([group_id]);
        // A study has either filters or a filter set: those of the copied study would conflict.
        let change = match &draft.filter_set_id {
            Some(_) => members.no_filter_set(),
            None => members,
        };
        let given = self.update(&draft.id, change).await;
        if given.is_err()
            && let Err(error) = self.delete(&draft.id).await
        {
            let draft = &draft.id;
            tracing::warn!(%draft, %error, "a draft that is open to everyone could not be deleted");
        }
        given
    }
}
