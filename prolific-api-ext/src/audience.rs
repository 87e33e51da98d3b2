//! What is advised on pay, and what was asked of who took part.

use prolific_api::types;

use crate::{
    StudyId, WorkspaceId,
    money::Currency,
    pages::{Pages, Paging, listed},
    resource::resource,
};

resource! {
    /// What can be done with pay and demographics here. Everything else is reached through
    /// [`Prolific::api`](crate::Prolific::api). Made by [`Prolific::audience`](crate::Prolific::audience).
    Audience
}

impl Audience {
    /// What hourly pay is advised in a workspace, in minor units of the currency. All of it comes at
    /// once.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "calculate-reward-recommendations")]
    pub fn reward_recommendations(
        &self,
        workspace: &WorkspaceId,
        currency: Currency,
    ) -> Pages<types::RewardRecommendation> {
        listed!(
            self,
            "calculate-reward-recommendations",
            Paging::Whole,
            [workspace, currency],
            |api, _page| {
                let call = api.calculate_reward_recommendations().workspace_id(workspace.as_str());
                call.currency(currency)
            }
        )
    }

    /// The filters by which the demographics of a study were exported before. All of them come at
    /// once.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-demographic-export-history")]
    pub fn demographic_exports(&self, study: &StudyId) -> Pages<types::FilterAnswer> {
        listed!(self, "get-demographic-export-history", Paging::Whole, [study], |api, _page| {
            api.get_demographic_export_history().id(study.as_str())
        })
    }
}
