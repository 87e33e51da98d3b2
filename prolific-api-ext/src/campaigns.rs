//! Campaigns, which bring participants of your own to Prolific.

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
        /// Where participants sign up.
        pub sign_up_link: Option<String>,
    }
}

resource! {
    /// What can be done with campaigns. Made by [`Prolific::campaigns`](crate::Prolific::campaigns).
    Campaigns
}

impl Campaigns {
    /// The campaigns of a workspace. Safe: each page is retried after any transient failure.
    /// *Published nowhere: known from the official CLI only, and may vanish without notice.*
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// for campaign in prolific.campaigns().list(&workspace).collect_all().await? {
    ///     println!("{campaign:?}");
    /// }
    /// # Ok(())
    /// # }
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
