//! What is advised on pay, and the demographics of who took part.

use prolific_api::types;

use crate::{
    Minor, Result, StudyId, WorkspaceId,
    filters::{self, Filter},
    model::model,
    money::Currency,
    pages::{Pages, Paging, listed},
    request::body,
    resource::{resource, table},
    tables::Table,
};

const EXPORT: &str = "export-demographic-data";

model! {
    /// What hourly pay is advised, in pence or cents.
    pub struct RewardRecommendation from types::RewardRecommendation {
        /// The currency.
        pub currency: Option<Currency>,
        /// The least.
        pub min_reward_per_hour: Option<Minor>,
        /// What is advised.
        pub recommended_reward_per_hour: Option<Minor>,
    }
}

resource! {
    /// What can be done with pay and demographics. Made by
    /// [`Prolific::audience`](crate::Prolific::audience).
    Audience
}

impl Audience {
    /// What hourly pay is advised in a workspace. All of it comes at once. Safe: retried after any
    /// transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::money::Currency;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let recommended = prolific.audience().reward_recommendations(&workspace, Currency::Gbp);
    /// println!("{:?}", recommended.collect_all().await?);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "calculate-reward-recommendations")]
    pub fn reward_recommendations(
        &self,
        workspace_id: &WorkspaceId,
        currency: Currency,
    ) -> Pages<RewardRecommendation> {
        listed!(
            self,
            "calculate-reward-recommendations",
            Paging::Whole,
            [workspace_id, currency],
            |api, _page| {
                let call =
                    api.calculate_reward_recommendations().workspace_id(workspace_id.as_str());
                call.currency(currency.as_str())
            }
        )
    }

    /// The filters by which the demographics of a study were exported before. All of them come at
    /// once. Safe: retried after any transient failure.
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
    /// let exports = prolific.audience().demographic_exports(&study).collect_all().await?;
    /// println!("{} filters were exported", exports.len());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-demographic-export-history")]
    pub fn demographic_exports(&self, study_id: &StudyId) -> Pages<Filter> {
        listed!(self, "get-demographic-export-history", Paging::Whole, [study_id], |api, _page| {
            api.get_demographic_export_history().id(study_id.as_str())
        })
    }

    /// The demographics of the participants of a study: what they answered to some filters, or to
    /// the default ones (none). Its columns are not documented. A study may be exported by
    /// two combinations of at most 15 filters.
    ///
    /// Idempotent: retried after any transient failure. Known from the published specification; that
    /// the response is CSV from an example.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a filter can't
    /// mean anything; an error if the call fails.
    #[doc(alias = "export-demographic-data")]
    pub async fn export_demographics(
        &self,
        study_id: &StudyId,
        filters: impl IntoIterator<Item = Filter>,
    ) -> Result<Table> {
        let filters: Vec<_> = filters.into_iter().collect();
        filters::check(&filters).map_err(|error| error.of(EXPORT))?;
        let request = match filters.is_empty() {
            true => serde_json::json!({}),
            false => serde_json::json!({ "filters": filters }),
        };
        let call = self.prolific.api().export_demographic_data().id(study_id.as_str());
        let call = call.body(body::<types::DemographicExportQuery>(request, EXPORT)?);
        table(&self.prolific, call.send().await, EXPORT).await
    }
}
