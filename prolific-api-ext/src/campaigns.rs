//! Campaigns, which bring your own participants to Prolific.

use prolific_api::types;

use crate::{
    CampaignId, WorkspaceId,
    model::model,
    pages::{Pages, Paging, listed},
    resource::resource,
};

model! {
    /// A campaign.
    pub struct Campaign from types::Campaign {
        /// The id.
        key id: CampaignId,
        /// The name.
        pub name: Option<String>,
        /// The sign-up URL for participants.
        pub sign_up_link: Option<String>,
    }
}

resource! {
    /// Operations on campaigns. Returned by [`Prolific::campaigns`](crate::Prolific::campaigns).
    Campaigns
}

impl Campaigns {
    /// Lists the campaigns of a workspace. *(not published: known from the official CLI only, and
    /// may vanish without notice)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// for campaign in prolific.campaigns().list(&workspace).collect_all().await? {
    ///     println!("{campaign:?}");
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-campaigns")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<Campaign> {
        listed!(self, "get-campaigns", Paging::UNBOUNDED, [workspace_id], |api, page| {
            let call = api.get_campaigns().workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }
}
